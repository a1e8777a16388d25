// The flow of updates: order, joining, pace and bounds, with a clock of its own.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createUpdateFlow } from '../../src/agent/update-flow.ts';
import type { AgentUpdate, Usage } from '../../src/job/agent-update.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const say = (text: string): AgentUpdate => ({ kind: 'message', text });
const tool = (id: string, status: 'pending' | 'completed' = 'pending'): AgentUpdate => ({
  kind: 'tool',
  id,
  title: id,
  toolKind: 'read',
  status,
  paths: [],
});

function start() {
  const out: AgentUpdate[] = [];
  return { out, flow: createUpdateFlow({ emit: (update) => out.push(update) }) };
}

describe('the flow of updates', () => {
  it('joins pieces of text that follow each other', () => {
    const { out, flow } = start();
    for (const piece of ['I ', 'look ', 'around.']) flow.push(say(piece));
    expect(out).toEqual([]);
    vi.advanceTimersByTime(600);
    expect(out).toEqual([say('I look around.')]);
  });

  it('keeps the order of what was said and what was done', () => {
    const { out, flow } = start();
    flow.push(say('before'));
    flow.push(tool('read a'));
    flow.push(say('after'));
    flow.endTurn();
    expect(out).toEqual([say('before'), tool('read a'), say('after')]);
  });

  it('lets a short burst pass at once and holds a steady pace after it', () => {
    const { out, flow } = start();
    for (let index = 0; index < 40; index += 1) flow.push(tool(`t${index}`));
    expect(out).toHaveLength(16);
    vi.advanceTimersByTime(1_000);
    expect(out.length).toBeGreaterThanOrEqual(19);
    expect(out.length).toBeLessThanOrEqual(21);
  });

  it('sends only the newest state of a tool that still waits', () => {
    const { out, flow } = start();
    for (let index = 0; index < 16; index += 1) flow.push(tool(`t${index}`));
    flow.push(tool('x'));
    flow.push(tool('x', 'completed'));
    flow.endTurn();
    expect(out.filter((update) => update.kind === 'tool' && update.id === 'x')).toEqual([
      tool('x', 'completed'),
    ]);
  });

  it('cuts long text into updates of 4,000 characters', () => {
    const { out, flow } = start();
    flow.push(say('x'.repeat(9_000)));
    flow.endTurn();
    expect(out.map((update) => update.kind === 'message' && update.text.length)).toEqual([
      4_000, 4_000, 1_000,
    ]);
  });

  it('stops keeping text after 256,000 characters, says so once, and starts anew with the next turn', () => {
    const { out, flow } = start();
    for (let index = 0; index < 400; index += 1) {
      flow.push(say('y'.repeat(1_000)));
      vi.advanceTimersByTime(1_000);
    }
    flow.endTurn();
    const kept = out.reduce((sum, update) => sum + (update.kind === 'message' ? update.text.length : 0), 0);
    expect(kept).toBe(256_000);
    expect(out.filter((update) => update.kind === 'stderr')).toHaveLength(1);
    flow.push(say('next turn'));
    flow.endTurn();
    expect(out.at(-1)).toEqual(say('next turn'));
  });

  const usage = (numbers: Usage): AgentUpdate => ({ kind: 'usage', usage: numbers });
  const told = (out: readonly AgentUpdate[]) => out.filter(({ kind }) => kind === 'usage');

  it('lets usage through after any flood, at once and before all that waits', () => {
    const { out, flow } = start();
    for (let index = 0; index < 5_000; index += 1) {
      flow.push(tool(`t${index}`));
      if (index % 4 === 0) vi.advanceTimersByTime(1_000);
    }
    const full = usage({ contextUsed: 95, contextSize: 100 });
    flow.push(full);
    expect(out.at(-1)).toEqual(full);
    flow.push(usage({ totalTokens: 5_000_000, cost: { amount: 50, currency: 'USD' } }));
    vi.advanceTimersByTime(250);
    expect(told(out)).toHaveLength(2);
    flow.endTurn();
    expect(told(out)).toHaveLength(2);
  });

  it('joins reports of usage that follow each other, and loses no number of them', () => {
    const { out, flow } = start();
    flow.push(usage({ contextUsed: 1 }));
    flow.push(usage({ contextUsed: 2, contextSize: 100 }));
    flow.push(usage({ totalTokens: 7 }));
    flow.push(usage({ contextUsed: 3 }));
    expect(told(out)).toEqual([usage({ contextUsed: 1 })]);
    flow.endTurn();
    expect(told(out)).toEqual([
      usage({ contextUsed: 1 }),
      usage({ contextUsed: 3, contextSize: 100, totalTokens: 7 }),
    ]);
  });

  it('does not hold text back for the usage that waits with it', () => {
    const { out, flow } = start();
    flow.push(usage({ contextUsed: 1 }));
    flow.push(usage({ contextUsed: 2 }));
    flow.push(say('Hello'));
    vi.advanceTimersByTime(600);
    expect(out).toEqual([usage({ contextUsed: 1 }), usage({ contextUsed: 2 }), say('Hello')]);
  });
});
