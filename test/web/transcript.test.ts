// The transcript as items: what an agent said in pieces is one message, however the pieces came.
import { describe, expect, test } from 'vitest';
import type { StoredEvent } from '../../src/store/events.ts';
import { joinPieces } from '../../src/web/job/pieces.ts';
import { drawItems, openPieces } from '../../src/web/job/transcript.ts';

let nextId = 0;

function event(kind: StoredEvent['kind'], data: object, more: Partial<StoredEvent> = {}): StoredEvent {
  nextId += 1;
  const at = new Date(Date.UTC(2026, 2, 1));
  return { id: nextId, turn: 1, attempt: 1, at, kind, data, ...more } as StoredEvent;
}

const say = (text: string, more: Partial<StoredEvent> = {}) =>
  event('agent', { kind: 'message', text }, more);
const hear = (part: string, text: string) =>
  event('note', { name: 'session', part, update: { kind: 'message', text } });
const names = (id: string) => id;
const draw = (events: readonly StoredEvent[]) => drawItems(events, names).map(({ html }) => String(html));

describe('what an agent says in pieces', () => {
  test('is one message, and its Markdown holds across them', () => {
    const [one, ...others] = draw([
      say('Look at `a'),
      say('.js`:\n```\nif (*a*'),
      say(') {}\n```\n**done**'),
    ]);
    expect(others).toEqual([]);
    expect(one).toContain('<code>a.js</code>');
    expect(one).toContain('<pre><code>if (*a*) {}\n</code></pre>');
    expect(one).toContain('<strong>done</strong>');
  });

  test('is still one when the runner noted something for itself meanwhile', () => {
    const pieces = [say('**o'), event('status', { event: 'learned' }), say('ne**')];
    expect(draw(pieces)).toHaveLength(1);
    expect(draw(pieces)[0]).toContain('<strong>one</strong>');
  });

  test('ends where something else happens, another speaks, thinks, or another turn begins', () => {
    const tool = event('agent', { kind: 'tool', id: 't', title: 'ls', toolKind: 'read', status: 'pending' });
    const thought = event('agent', { kind: 'thought', text: 'hm' });
    const all = [
      say('a'),
      tool,
      say('b'),
      thought,
      say('c'),
      say('d', { turn: 2 }),
      say('e', { attempt: 2 }),
    ];
    expect(draw(all)).toHaveLength(7);
    expect(draw([hear('reviewer', 'a'), hear('reviewer', 'b'), hear('planner', 'c'), say('d')])).toHaveLength(
      3,
    );
  });

  test('goes on under the same key as it grows, told only when it grew', () => {
    const [first, second, third] = [say('One '), say('two '), say('three')];
    const [begun] = drawItems([first, second], names);
    const open = openPieces([first, second]);
    expect(open).toEqual([first, second]);
    const [grown] = drawItems([...open, third], names);
    expect(grown?.key).toBe(begun?.key);
    expect([begun?.last, grown?.last]).toEqual([second.id, third.id]);
    expect(grown?.first).toBe(first.id);
    expect(String(grown?.html)).toContain('One two three');
    expect(openPieces([first, event('status', { event: 'phase', phase: 'check' })])).toEqual([]);
  });

  test('is parted when it goes on and on, always at the same place', () => {
    const pieces = Array.from({ length: 100 }, () => say('x'.repeat(1_000)));
    const joined = joinPieces(pieces);
    expect(joined.map(({ pieces: { length } }) => length)).toEqual([16, 16, 16, 16, 16, 16, 4]);
    expect(openPieces(pieces)).toEqual(pieces.slice(96));
  });
});

test('of very much that was said the newest is drawn as Markdown, and the rest as it was written', () => {
  const turns = Array.from({ length: 40 }, (_none, turn) => say(`**${'x'.repeat(3_900)}**`, { turn }));
  const drawn = draw(turns);
  expect(drawn.at(-1)).toContain('<strong>');
  expect(drawn[0]).toContain('**xxx');
  expect(drawn.filter((one) => one.includes('<strong>'))).toHaveLength(25);
});
