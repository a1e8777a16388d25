// What agents, repositories, GitHub and operators write, in any shape: settings, updates, summaries, webhooks, rows. Never a
// crash: values, named mistakes, or nothing; bounded, and safe to apply twice where that is promised.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createUpdateParser } from '../../src/agent/parse-update.ts';
import { findMisspelt } from '../../src/config/misspelt.ts';
import { describeConfig } from '../../src/config/settings.ts';
import { formatProblems, readConfig } from '../../src/config.ts';
import { foldProgress, progressSchema } from '../../src/job/agent-update.ts';
import { cutHead } from '../../src/job/cut.ts';
import { parseRepoSettings } from '../../src/job/repo-settings.ts';
import { buildStory, STORY_LIMIT } from '../../src/job/story.ts';
import { parseSummary } from '../../src/job/summary.ts';
import { tameForGitHub, tameLine } from '../../src/job/tame.ts';
import { toJson } from '../../src/store/json.ts';
import { anyJson, anyText, broken, CALL_LIMIT_MS, nearly, repeated } from './hostile.ts';

/** The SDK lets nothing else through. */
function isUpdate(value: unknown): value is { sessionUpdate: string } {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'sessionUpdate') === 'string'
  );
}

describe('settings', () => {
  const names = describeConfig().map(({ name }) => name);
  const value = fc.oneof(
    anyText,
    nearly(
      'none',
      'srt',
      '1',
      '-1',
      '99999999999',
      'https://x.test',
      'postgres://a:b@c/d',
      'xoxb-1',
      'xapp-1',
      'U012ABC',
      ',',
      '*',
      '~/',
      '/',
      'squash',
    ),
  );

  test('of any kind are read, or every mistake is a sentence that opens with the name and never shows a secret', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12 }), (env) => {
        const config = readConfig({ env });
        if (!('problems' in config)) return;
        expect(config.problems.length).toBeGreaterThan(0);
        for (const problem of config.problems)
          expect(
            names.some((name) => problem.startsWith(`${name} `)),
            problem,
          ).toBe(true);
        const said = formatProblems(config.problems);
        for (const name of ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'GITHUB_TOKEN', 'DATABASE_URL'])
          if ((env[name]?.length ?? 0) > 12 && /^[a-z]{12,}$/.test(env[name] ?? ''))
            expect(said).not.toContain(env[name]);
      }),
    );
  });

  test('with any names are looked through for misspelt ones', () => {
    const name = nearly('ERRAND_', 'SLACK_', 'GITHUB_', 'TOKEN', 'AGENT', '__proto__', 'constructor');
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { maxKeys: 8 }), (env) => {
        for (const found of findMisspelt(env)) {
          expect(names).not.toContain(found.name);
          if (found.near !== undefined) expect(names).toContain(found.near);
        }
      }),
    );
  });

  test("of a repository are settings or mistakes with the file's name", () => {
    const yaml = nearly(
      'permissions:',
      '  start: [U012]',
      'limits:',
      '  minutes: 5',
      '- ',
      '&a',
      '*a',
      '<<: *a',
      '!!js/function',
      '{',
      '[',
      '"',
      '---',
      '\t',
      ': ',
      '0x1e',
      '.inf',
      '? ',
    );
    fc.assert(
      fc.property(fc.oneof(yaml, anyText, fc.json()), (text) => {
        const answer = parseRepoSettings(text);
        if (answer.kind === 'settings') return;
        expect(answer.mistakes.length).toBeGreaterThan(0);
        for (const mistake of answer.mistakes) expect(mistake).toContain('.agents/config.yml');
      }),
    );
    fc.assert(
      fc.property(repeated('[', '{a: ', '- ', '&a [*a, ', '  '), (text) => {
        const before = performance.now();
        parseRepoSettings(text.slice(0, 8_000));
        expect(performance.now() - before).toBeLessThan(4 * CALL_LIMIT_MS);
      }),
      { numRuns: 15 },
    );
  });
});

describe('what an agent says', () => {
  const update = {
    sessionUpdate: 'tool_call',
    toolCallId: 't1',
    title: 'Edit a file',
    kind: 'edit',
    status: 'completed',
    locations: [{ path: '/work/tree/a.js' }],
    content: [{ type: 'content', content: { type: 'text', text: 'ok' } }],
    rawInput: { command: ['npm', 'test'] },
    entries: [{ content: 'Look', status: 'pending' }],
    used: 5,
    size: 10,
    cost: { amount: 1, currency: 'USD' },
  };
  const kinds = [
    'tool_call',
    'tool_call_update',
    'agent_message_chunk',
    'agent_thought_chunk',
    'plan',
    'usage_update',
  ];
  const updates = fc.array(
    fc.oneof(
      anyJson,
      broken(update),
      fc.constantFrom(...kinds).chain((sessionUpdate) => broken({ ...update, sessionUpdate })),
    ),
    { maxLength: 6 },
  );

  test('is folded into progress that can be stored and read again, whatever it is', () => {
    fc.assert(
      fc.property(updates, (said) => {
        const parse = createUpdateParser('/work/tree');
        let progress = progressSchema.parse({});
        for (const one of said) {
          if (!isUpdate(one)) continue;
          const parsed = parse(one);
          if (parsed === undefined || parsed.kind === 'chunk') continue;
          expect(JSON.stringify(parsed).length).toBeLessThan(120_000);
          progress = foldProgress(progress, parsed, new Date());
        }
        expect(progressSchema.parse(JSON.parse(toJson(progress)))).toBeDefined();
      }),
    );
  });

  test('in the end becomes a summary with a title and within its limits', () => {
    const words = nearly(
      '## Title',
      '## What changed',
      '**Risks:** none',
      'Tests:',
      '```',
      '~~~',
      '- x',
      '# ',
      '**',
      'Fix the parser.',
    );
    fc.assert(
      fc.property(fc.oneof(words, anyText), anyText, (message, fallback) => {
        const { title, changed, checked, risks } = parseSummary(message, fallback);
        expect(title.length).toBeLessThanOrEqual(100);
        expect(title).not.toContain('\n');
        expect([changed.length <= 6_000, checked.length <= 3_000, risks.length <= 2_000]).toEqual([
          true,
          true,
          true,
        ]);
      }),
    );
    fc.assert(
      fc.property(repeated('**', '`', '```\n', '#', '\n', ':', '* '), (message) => {
        const before = performance.now();
        parseSummary(message, 'x');
        tameForGitHub(message);
        expect(performance.now() - before).toBeLessThan(CALL_LIMIT_MS);
      }),
      { numRuns: 30 },
    );
  });

  test('loses its power on GitHub', () => {
    const words = nearly(
      '@ann',
      'fixes #12',
      'closes acme/shop#1',
      '<!-- ',
      '```',
      '`',
      'Fixes:',
      '#12',
      'resolves GH-1',
      '@a/b',
    );
    fc.assert(
      fc.property(fc.oneof(words, anyText), (text) => {
        const line = tameLine(text);
        expect(line).not.toMatch(/(^|[^\w/])@(?=[A-Za-z0-9])/);
        expect(line).not.toMatch(/\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#\d/i);
        expect(line).not.toContain('<!--');
        expect((tameForGitHub(text).match(/^ {0,3}```/gm) ?? []).length).toBeLessThanOrEqual(
          text.split('```').length + 1,
        );
      }),
    );
  });

  test('is retold within the limit', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('prompt' as const), turn: fc.nat(), text: anyText }),
      fc.record({ kind: fc.constant('ended' as const), turn: fc.nat(), outcome: anyText, say: anyText }),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        expect((buildStory(events) ?? '').length).toBeLessThanOrEqual(STORY_LIMIT + 4_000);
      }),
    );
  });

  test('is cut without leaving half of a character', () => {
    const whole = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(whole, fc.nat({ max: 30 }), (text, most) => {
        const cut = cutHead(text, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut.isWellFormed()).toBe(true);
        expect(text.startsWith(cut)).toBe(true);
        expect(cutHead(cut, most)).toBe(cut);
      }),
    );
  });
});
