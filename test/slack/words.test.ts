// Our own words: inside sentences, and around those of a thread.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ACTION, ANSWER_ACTIONS, SHORTCUT, VIEW } from '../../src/slack/ids.ts';
import { LISTENERS, type Listener } from '../../src/slack/listeners.ts';
import { asCode, escapePlaceholders, withoutFormatting } from '../../src/slack/mrkdwn.ts';
import { createRemembered } from '../../src/slack/remembered.ts';
import { boundContext } from '../../src/slack/thread-context.ts';

describe('words inside sentences', () => {
  it('cannot become mentions, links or formatting', () => {
    expect(asCode('<!channel> `x`')).toBe("`&lt;!channel&gt; 'x'`");
    expect(escapePlaceholders('`fix <issue>` for <@U1>, <https://a.b|c>')).toBe(
      '`fix &lt;issue&gt;` for <@U1>, <https://a.b|c>',
    );
  });

  it('lose their formatting where Slack renders none', () => {
    expect(withoutFormatting('Press *Reject*: `fix <issue>` or <https://a.b|that>')).toBe(
      'Press Reject: fix <issue> or that (https://a.b)',
    );
  });
});

describe('the context of a thread', () => {
  const message = (n: number, length = 10) => ({ author: 'ann', text: `${n}`.padEnd(length, '.') });

  it('keeps the newest thirty', () => {
    const kept = boundContext(Array.from({ length: 40 }, (_, n) => message(n)));
    expect(kept).toHaveLength(30);
    expect(kept.at(-1)).toEqual(message(39));
  });

  it('keeps 6,000 characters and cuts the oldest that still fits in part', () => {
    const kept = boundContext([message(1, 5_000), message(2, 3_000), message(3, 2_000)]);
    expect(kept.map((one) => one.text[0])).toEqual(['1', '2', '3']);
    expect(kept[0]?.text.endsWith('…')).toBe(true);
    const total = kept.reduce((sum, one) => sum + one.author.length + one.text.length, 0);
    expect(total).toBeLessThanOrEqual(6_000);
  });
});

describe('what was just asked', () => {
  it('is asked once by many, again after a failure, and again when it is old', async () => {
    let time = 0;
    const remembered = createRemembered<number>({ limit: 2, lifetimeMs: 10, now: () => new Date(time) });
    let asked = 0;
    const ask = async () => {
      asked += 1;
      if (asked === 1) throw new Error('away');
      return asked;
    };
    await expect(Promise.all([remembered.get('a', ask), remembered.get('a', ask)])).rejects.toThrow('away');
    expect(await Promise.all([remembered.get('a', ask), remembered.get('a', ask)])).toEqual([2, 2]);
    time = 11;
    expect(await remembered.get('a', ask)).toBe(3);
    await remembered.get('b', ask);
    await remembered.get('c', ask);
    expect(await remembered.get('a', ask)).toBe(6);
  });
});

describe('the listener table', () => {
  const idsOf = (kind: Listener['kind']) => LISTENERS.filter((one) => one.kind === kind).map((one) => one.id);

  it('is what the manifest subscribes to', () => {
    const source = readFileSync(join(import.meta.dirname, '../../manifest.yml'), 'utf8');
    // Also what only an agent subscribes to.
    const manifest = parse(source.replace(/^( *)# AGENT: /gm, '$1'));
    const { slash_commands: commands, shortcuts } = manifest.features;
    expect(commands.map((one: { command: string }) => one.command)).toEqual(idsOf('command'));
    expect(shortcuts.map((one: { callback_id: string }) => one.callback_id)).toEqual(idsOf('shortcut'));
    const events: string[] = manifest.settings.event_subscriptions.bot_events;
    expect([...new Set(events.map((name) => name.replace(/^message\..*/, 'message')))].sort()).toEqual(
      idsOf('event').sort(),
    );
  });

  it('answers every button, form and shortcut that exists', () => {
    expect(idsOf('action').sort()).toEqual([...Object.values(ACTION), ...ANSWER_ACTIONS].sort());
    expect(idsOf('view').sort()).toEqual(Object.values(VIEW).sort());
    expect(idsOf('shortcut')).toEqual(Object.values(SHORTCUT));
  });
});
