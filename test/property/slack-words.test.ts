// What people type, in any shape: commands, Slack's formatting, buttons, forms, events. Never a crash: a command, a named
// refusal, or nothing; the same delivery always under the same key.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import { parseJobName, replyPolicySchema } from '../../src/job/job.ts';
import { formatRepo, parseRepo } from '../../src/job/repo.ts';
import { steers } from '../../src/job/steering.ts';
import {
  decodeText,
  mentionedIds,
  mentions,
  opensWithOtherMention,
  withoutMention,
} from '../../src/slack/decode.ts';
import { buildButtonValue, parseButtonValue } from '../../src/slack/ids.ts';
import { readRequest } from '../../src/slack/inbox-key.ts';
import { readTaskPlace } from '../../src/slack/modals.ts';
import { asCode, escapePlaceholders, oneLine } from '../../src/slack/mrkdwn.ts';
import { parseCommand } from '../../src/slack/parse-command.ts';
import { clickSchema, commandSchema, fieldOf, readPost, submissionSchema } from '../../src/slack/payloads.ts';
import { cutText, escapeMrkdwn, fitMrkdwn, link, tameMarkdown } from '../../src/slack/text-limits.ts';
import { auditLines } from '../../src/slack/words/audit-lines.ts';
import { readEntry } from '../../src/store/audit.ts';
import { anyJson, anyText, broken, CALL_LIMIT_MS, nearly, repeated } from './hostile.ts';

const BOT = { teamId: 'T1', botUserId: 'U0BOT' };
const typed = nearly(
  'fix',
  'do',
  'status',
  'audit',
  'plan',
  'plan=ask',
  'list',
  'stop',
  'retry',
  'repo',
  'replies',
  'help',
  '#12',
  'J-12',
  'acme/shop#12',
  'https://github.com/acme/shop/issues/12',
  'repo=acme/shop',
  'base=main',
  'agent=claude',
  'model="x y"',
  'replies=all',
  'mine',
  '`',
  '—repo=',
  'FIX',
  '<https://github.com/a/b/issues/1|#1>',
  '<@U0BOT>',
);

describe('a command', () => {
  test.each([true, false])('is understood or refused with a sentence (free words: %s)', (freeWords) => {
    fc.assert(
      fc.property(fc.oneof(typed, anyText), (text) => {
        const command = parseCommand(text, { freeWords, serverUrl: 'https://github.com' });
        if (!isRefusal(command)) return;
        expect(command.code).toMatch(/^[a-z_]+$/);
        expect(command.refusal.length).toBeGreaterThan(10);
        expect(command.refusal.length).toBeLessThan(2_000);
      }),
    );
  });

  test('takes no time, however long and repetitive it is', () => {
    fc.assert(
      fc.property(repeated('repo=', 'a ', '`', '"', '/', '#1,', 'fix ', '- '), (text) => {
        const before = performance.now();
        parseCommand(text.slice(0, 8_000), { freeWords: true, serverUrl: 'https://github.com' });
        parseCommand(`fix ${text}`.slice(0, 8_000), { freeWords: false, serverUrl: 'https://github.com' });
        expect(performance.now() - before).toBeLessThan(CALL_LIMIT_MS);
      }),
      { numRuns: 30 },
    );
  });

  test('names of jobs and repositories read back as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (id) => {
        expect(parseJobName(`J-${id}`)).toBe(id);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(anyText, nearly('acme', '/', 'shop', '..', '.git')), (text) => {
        const repo = parseRepo(text);
        if (repo) expect(formatRepo(repo)).toBe(text);
      }),
    );
  });
});

describe("Slack's formatting", () => {
  const raw = nearly(
    '<@U0BOT>',
    '<@U0BOT|errand>',
    '<!channel>',
    '<!subteam^S1|@ops>',
    '<#C1|x>',
    '<https://a.b|c>',
    '&lt;',
    '&amp;',
    '```',
    '`',
    'stop',
  );

  test('becomes plain words, and plain words stay what they are', () => {
    fc.assert(
      fc.property(fc.oneof(raw, anyText), (text) => {
        const words = decodeText(text);
        expect(words.length).toBeLessThanOrEqual(text.length * 2 + 10);
        // What is plain by now holds nothing more to decode, but for what a person wrote in angle brackets or entities.
        if (!/[<&]/.test(words)) expect(decodeText(words)).toBe(words);
        withoutMention(text, 'U0BOT');
        opensWithOtherMention(text, 'U0BOT');
        expect(mentions(withoutMention(text, 'U0BOT').replaceAll('<', ''), 'U0BOT')).toBe(false);
        expect(new Set(mentionedIds(text)).size).toBe(mentionedIds(text).length);
      }),
    );
  });

  test('takes no time to decode', () => {
    fc.assert(
      fc.property(repeated('<', '<@', '`', '```', '<a|', '&', '\u200d'), (text) => {
        const before = performance.now();
        decodeText(text);
        withoutMention(text, 'U0BOT');
        expect(performance.now() - before).toBeLessThan(CALL_LIMIT_MS);
      }),
      { numRuns: 30 },
    );
  });

  test('cannot be smuggled out: nothing that anybody wrote notifies, links or breaks out of its place', () => {
    fc.assert(
      fc.property(fc.oneof(raw, anyText), fc.integer({ min: 20, max: 200 }), (text, most) => {
        for (const shown of [escapeMrkdwn(text), oneLine(text, most), fitMrkdwn(text, most)]) {
          expect(shown).not.toMatch(/[<>]/);
          expect(shown).not.toMatch(/(?<!\w)@(channel|here|everyone)\b/i);
        }
        expect(fitMrkdwn(text, most).length).toBeLessThanOrEqual(most);
        expect(cutText(text, most).length).toBeLessThanOrEqual(most);
        expect(asCode(text, most).slice(1, -1)).not.toContain('`');
        expect(oneLine(text, most)).not.toContain('\n');
        expect(tameMarkdown(text, most).length).toBeLessThanOrEqual(most + 4);
        expect(tameMarkdown(text, most)).not.toMatch(/<[!@#]/);
        expect(link('https://x.test/1', text, most).match(/[<>|]/g)).toEqual(['<', '|', '>']);
        escapePlaceholders(text);
      }),
    );
  });
});

describe('a payload', () => {
  const event = {
    event_id: 'Ev1',
    event: {
      type: 'app_mention',
      channel: 'C1',
      user: 'U1',
      text: '<@U0BOT> hi',
      ts: '1.2',
      thread_ts: '1.1',
    },
  };
  const command = { command: '/agent', text: 'help', channel_id: 'C1', user_id: 'U1', trigger_id: '1.2.3' };
  const click = {
    type: 'block_actions',
    user: { id: 'U1' },
    trigger_id: 't',
    container: { message_ts: '1.2' },
    actions: [{ action_id: 'approve', action_ts: '3', value: '12' }],
  };
  const form = {
    type: 'view_submission',
    user: { id: 'U1' },
    view: {
      id: 'V1',
      hash: 'h',
      private_metadata: '{"jobId":1}',
      state: { values: { words: { a: { value: 'x' } } } },
    },
  };
  const bodies = [event, command, click, form, { type: 'message_action', trigger_id: 't' }];

  test('of any shape is keyed, chatter or nothing, and twice the same', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, ...bodies.map(broken)), (body) => {
        const first = readRequest(body, BOT);
        expect(readRequest(structuredClone(body), BOT)).toEqual(first);
        if (typeof first === 'object') expect(first.key.length).toBeGreaterThan(5);
        readPost(body, 'T1');
        clickSchema.safeParse(body);
        commandSchema.safeParse(body);
        const submission = submissionSchema.safeParse(body).data;
        if (submission) expect(typeof fieldOf(submission, 'words')).toBe('string');
      }),
      { numRuns: 300 },
    );
  });

  test("of a button and of a form's place read back as they are written, or not at all", () => {
    const sha = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), sha, (jobId, head) => {
        expect(parseButtonValue(buildButtonValue({ jobId, sha: head }))).toEqual({ jobId, sha: head });
        expect(parseButtonValue(buildButtonValue({ jobId }))).toEqual({ jobId });
      }),
    );
    fc.assert(
      fc.property(fc.oneof(anyText, fc.json()), (text) => {
        const value = parseButtonValue(text);
        if (value) expect(buildButtonValue(value)).toBe(text);
        readTaskPlace(text);
      }),
    );
  });
});

test('the reply policy decides about every message, and other people’s are left to them', () => {
  const id = fc.constantFrom('U1', 'U2', 'U3');
  fc.assert(
    fc.property(
      fc.record({
        requester: id,
        participants: fc.array(id),
        replyPolicy: fc.constantFrom(...replyPolicySchema.options),
      }),
      fc.record({ author: id, mentionsBot: fc.boolean(), opensWithOtherMention: fc.boolean() }),
      (job, message) => {
        const answer = steers(job, message);
        if (message.opensWithOtherMention) expect(answer).toBe(false);
        else if (message.mentionsBot || job.replyPolicy === 'all') expect(answer).toBe(true);
      },
    ),
  );
});

test('the audit trail is told within Slack’s limit and notifies nobody it should not, whatever was stored', () => {
  const row = fc.record({
    id: fc.nat().map(String),
    job_id: fc.constant('1'),
    at: fc.date({ noInvalidDate: true }),
    turn: fc.nat(),
    attempt: fc.nat(),
    kind: fc.constantFrom('status', 'note', 'agent'),
    data: fc.oneof(
      anyJson,
      broken({ event: 'approve', by: 'U1', sha: 'a', title: 'x', number: 3, result: { headSha: 'b' } }),
    ),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
      const told = auditLines(1, { entries: rows.map(readEntry), count: rows.length });
      expect(told.length).toBeLessThan(3_000);
      expect(told).not.toMatch(/<!(?!date\^)/);
    }),
  );
});
