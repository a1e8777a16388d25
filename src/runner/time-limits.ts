// The two clocks of a turn: how long it may take at all, and how long an agent may show no sign of life. Measured with a
// clock that nobody sets: when the machine's own jumps, no healthy turn ends and none is let run on.
import { PermanentError } from '../errors.ts';
import { type JobLimits, sayHowToRaise } from '../job/limits.ts';

/** However much of a turn's time is used up, whoever takes it over has this part of the limit to finish it. */
const LEAST_SHARE = 0.25;

type Times = Pick<JobLimits, 'turnMs' | 'silenceMs'>;

/**
 * `expired` rejects with `turn_limit` or `agent_silent`; it never resolves. Call `stop` in the end. `usedMs` is what
 * earlier attempts at the turn have taken.
 */
export function startTimeLimits(options: {
  limits: Times;
  /** What the deployment allows at most, where that is more. */
  deployment?: Times;
  usedMs: number;
  silentForMs: () => number;
  clock?: () => number;
}): { expired: Promise<never>; stop(): void } {
  const { limits, deployment = limits, clock = () => performance.now() } = options;
  const used = Math.min(Math.max(options.usedMs, 0), limits.turnMs * (1 - LEAST_SHARE));
  const beganAt = clock() - used;
  const { promise: expired, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting on it at the moment it fires.
  expired.catch(() => {});
  const check = () => {
    if (clock() - beganAt >= limits.turnMs) {
      reject(tooLong(limits.turnMs, sayHowToRaise('turnMs', limits, deployment)));
    } else if (options.silentForMs() >= limits.silenceMs) {
      reject(tooQuiet(limits.silenceMs, sayHowToRaise('silenceMs', limits, deployment)));
    }
  };
  const timer = setInterval(check, Math.max(50, Math.min(1_000, limits.silenceMs / 4, limits.turnMs / 4)));
  return { expired, stop: () => clearInterval(timer) };
}

function tooLong(limitMs: number, raise: string): PermanentError {
  return new PermanentError(
    'turn_limit',
    `The agent worked for ${minutes(limitMs)} without finishing, so it was stopped. Its work so far is kept: press Retry to go on, or reply with a smaller task. ${raise}`,
  );
}

function tooQuiet(limitMs: number, raise: string): PermanentError {
  return new PermanentError(
    'agent_silent',
    `The agent showed no sign of life for ${minutes(limitMs)}, so it was stopped. Its work so far is kept: press Retry to go on. ${raise}`,
  );
}

function minutes(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  const count = Math.round(ms / 60_000);
  return count === 1 ? 'a minute' : `${count} minutes`;
}
