// The pure parts of the pages: the time line, patches made safe, edits in a few lines, the numbers of the last weeks.
import { describe, expect, test } from 'vitest';
import { describeEdit } from '../../src/agent/edit-text.ts';
import { showHidden } from '../../src/job/hidden-text.ts';
import type { StoredEvent } from '../../src/store/events.ts';
import type { Counted } from '../../src/store/overview.ts';
import { safePatch } from '../../src/web/job/patch-text.ts';
import { readTimeLine } from '../../src/web/job/time-line.ts';
import { figure } from '../../src/web/overview/figures.ts';
import { duration, shown, shownLine, webAddress } from '../../src/web/pages/text.ts';

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 9, 0, second));

describe('the time line', () => {
  const event = (
    second: number,
    data: Record<string, unknown>,
    more: Partial<StoredEvent> = {},
  ): StoredEvent =>
    ({ id: second, turn: 1, attempt: 1, at: at(second), kind: 'status', data, ...more }) as StoredEvent;

  test('tells phases, who began a turn, a takeover and the end', () => {
    const lines = readTimeLine([
      event(0, { event: 'created', by: 'U1' }, { attempt: 0 }),
      event(1, { event: 'taken' }),
      event(2, { event: 'phase', phase: 'implement' }),
      event(5, { event: 'taken' }, { attempt: 2 }),
      event(6, { event: 'phase', phase: 'publish' }, { attempt: 2 }),
      event(9, { event: 'turn_ended' }, { attempt: 2 }),
      event(20, { event: 'reply', by: 'U2' }, { turn: 2, attempt: 2 }),
      event(21, { event: 'phase', phase: 'implement' }, { turn: 2, attempt: 3 }),
    ]);
    expect(lines).toEqual([
      {
        turn: 1,
        by: 'U1',
        began: at(0),
        ended: at(9),
        spans: [
          { phase: 'implement', from: at(2), to: at(6), attempt: 1 },
          { phase: 'publish', from: at(6), to: at(9), attempt: 2 },
        ],
        marks: [{ what: 'taken_over', at: at(5) }],
      },
      {
        turn: 2,
        by: 'U2',
        began: at(20),
        spans: [{ phase: 'implement', from: at(21), attempt: 3 }],
        marks: [],
      },
    ]);
  });
});

describe('a patch', () => {
  const head = 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n';

  test('keeps lines of a file apart from its own', () => {
    expect(safePatch(`${head} a\n--- a/y\n+++ b/y\n`)).toBe(`${head} a\n-\u2060-- a/y\n+\u2060++ b/y\n`);
  });

  test('names what hides, and leaves line ends of Windows alone', () => {
    expect(safePatch(`${head} a\r\n-b\u202ec\n+d\re\n`)).toBe(`${head} a\n-b[U+202E]c\n+d[U+000D]e\n`);
  });
});

describe('an edit', () => {
  test('shows what differs, with a little around it', () => {
    const text = (middle: string) => `1\n2\n3\n4\n${middle}\n6\n7\n8\n9\n`;
    expect(describeEdit(text('five'), text('5'), 1_000)).toBe(' 2\n 3\n 4\n-five\n+5\n 6\n 7\n 8');
    expect(describeEdit('', 'new\n', 1_000)).toBe('+new');
    expect(describeEdit('old', '', 1_000)).toBe('-old');
    expect(describeEdit('same', 'same', 1_000)).toBe(' same');
    expect(describeEdit('', 'x'.repeat(50), 10)).toHaveLength(10);
  });
});

describe('the numbers', () => {
  const job = (fields: Partial<Counted>): Counted => ({
    channel: 'C1',
    requester: 'U1',
    repo: 'acme/shop',
    status: 'merged',
    createdAt: at(0),
    endedAt: at(600),
    pulledAt: at(120),
    pulls: 1,
    cost: 0,
    ...fields,
  });

  test('count what came through, how fast, how often right at once and for how much', () => {
    const counted = [
      job({ cost: 0.5 }),
      job({ pulls: 2, pulledAt: at(360), cost: 1.5 }),
      job({ status: 'rejected', pulledAt: at(240) }),
      job({ status: 'running', pulledAt: undefined, endedAt: undefined }),
    ];
    const numbers = figure(counted, { now: at(700), days: 3 });
    expect(numbers).toEqual({
      mergedPerDay: [0, 0, 2],
      merged: 2,
      minutesToPull: [4, 6, 2],
      medianMinutesToPull: 4,
      unchanged: 1,
      costs: [1.5, 0.5],
      meanCost: 1,
    });
  });

  test('are none where nothing happened', () => {
    expect(figure([], { now: at(0), days: 2 })).toEqual({
      mergedPerDay: [0, 0],
      merged: 0,
      minutesToPull: [],
      unchanged: 0,
      costs: [],
    });
  });
});

describe('what others wrote', () => {
  test('loses the colours of terminals and shows what hides', () => {
    expect(shown('\u001b[31mred\u001b[0m\r\n\u202eturned')).toBe('red\n[U+202E]turned');
    expect(shownLine('a\n  b\u0007', 10)).toBe('a b[U+000…');
    expect(showHidden('tab\tand\nline')).toBe('tab\tand\nline');
    expect(shown('x'.repeat(30), 10)).toContain('20 more characters');
  });

  test('leads only to the web', () => {
    expect(webAddress('https://github.test/acme')).toBe('https://github.test/acme');
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '/own', undefined])
      expect(webAddress(url)).toBeUndefined();
  });

  test('times are said as people say them', () => {
    expect([900, 61_000, 3_600_000, 3_900_000, 3 * 86_400_000].map(duration)).toEqual([
      '1 s',
      '1 min 1 s',
      '1 h',
      '1 h 5 min',
      '3 days',
    ]);
  });
});
