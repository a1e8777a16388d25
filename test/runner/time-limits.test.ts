// The two clocks of a turn, on a clock that the test moves.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTimeLimits } from '../../src/runner/time-limits.ts';

const MINUTE_MS = 60_000;
const limits = { turnMs: 60 * MINUTE_MS, silenceMs: 10 * MINUTE_MS };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A turn in which an hour of the monotonic clock is what the test says it is. */
function begin(usedMs = 0) {
  let ms = 5_000;
  let heardAt = ms;
  const clocks = startTimeLimits({ limits, usedMs, silentForMs: () => ms - heardAt, clock: () => ms });
  let ended: unknown = 'nothing';
  clocks.expired.catch((thrown: unknown) => {
    ended = thrown;
  });
  return {
    /** Time passes; the agent says something every minute unless it is silent. */
    async pass(minutes: number, { silent = false } = {}) {
      for (let minute = 0; minute < minutes; minute += 1) {
        ms += MINUTE_MS;
        if (!silent) heardAt = ms;
        await vi.advanceTimersByTimeAsync(MINUTE_MS);
      }
    },
    ended: () => ended,
    stop: clocks.stop,
  };
}

test.each([-60, 60])('A jump of the wall clock by %i minutes ends no healthy turn', async (minutes) => {
  const turn = begin();
  await turn.pass(5);
  vi.setSystemTime(Date.now() + minutes * MINUTE_MS);
  await turn.pass(50);
  expect(turn.ended()).toBe('nothing');
  turn.stop();
});

test.each([-60, 60])('A jump of the wall clock by %i minutes extends no limit', async (minutes) => {
  const turn = begin();
  await turn.pass(55);
  vi.setSystemTime(Date.now() + minutes * MINUTE_MS);
  await turn.pass(5);
  expect(turn.ended()).toMatchObject({ code: 'turn_limit' });
  turn.stop();
  const silent = begin();
  await silent.pass(1);
  vi.setSystemTime(Date.now() + minutes * MINUTE_MS);
  await silent.pass(10, { silent: true });
  expect(silent.ended()).toMatchObject({ code: 'agent_silent' });
  silent.stop();
});

test('Whoever takes a turn over goes on with its time', async () => {
  const turn = begin(30 * MINUTE_MS);
  await turn.pass(29);
  expect(turn.ended()).toBe('nothing');
  await turn.pass(1);
  expect(turn.ended()).toMatchObject({ code: 'turn_limit' });
  turn.stop();
});

test.each([-500, 500])(
  'A start that seems to lie %i minutes back leaves a quarter to the whole of the limit',
  async (usedMin) => {
    const turn = begin(usedMin * MINUTE_MS);
    await turn.pass(14);
    expect(turn.ended()).toBe('nothing');
    await turn.pass(46);
    expect(turn.ended()).toMatchObject({ code: 'turn_limit' });
    turn.stop();
  },
);
