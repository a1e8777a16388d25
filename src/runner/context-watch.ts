// How full the context of one session is: past the limit its work gets worse, and near the end the agent may lose what it
// knows. Pure but for what it remembers.
import { contextPercent, type Usage } from '../job/agent-update.ts';
import { CONTEXT_PERCENT } from '../job/hand-over.ts';
import type { RepoSettings } from '../job/repo-settings.ts';

/** Of what is left above the limit, this much may be filled before the agent is interrupted: 90 % where the limit is 60 %. */
const HARD_SHARE = 0.75;

export type ContextWatch = ReturnType<typeof createContextWatch>;

/** `known` is what was heard of the session in an earlier life, in percent. */
export function createContextWatch(limits: RepoSettings['limits'] = {}, known?: number) {
  const limit = limits.context_percent ?? CONTEXT_PERCENT;
  const hard = limit + HARD_SHARE * (100 - limit);
  let usage: Usage = {};
  let percent = known;
  return {
    add(news: Usage): void {
      usage = { ...usage, ...news };
      percent = contextPercent(usage) ?? percent;
    },
    /** Undefined while the agent has told nothing. */
    percent: () => percent,
    /** Past the limit: whatever comes next is better done by a fresh session. */
    isFull: () => percent !== undefined && percent >= limit,
    /** Waiting for the end of the step is no longer safe. */
    isOverflowing: () => percent !== undefined && percent >= hard,
  };
}
