// What somebody with write access does at GitHub in the midst of it all: merges a pull without asking, closes one and thinks
// better of it.
import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedFault } from '../plan.ts';
import type { Stage } from '../stage.ts';

const LOOK_MS = 100;
/** How long to wait for a pull: an agent's whole turn comes before it. */
const PULL_PATIENCE_MS = 60_000;
const BY = 'carla';

type Play = (stage: Stage, fault: PlannedFault) => Promise<boolean>;

/** A pull of Errand's that is open and no draft, as soon as there is one. */
async function findPull({ github, repo }: Stage, dice: number) {
  const deadline = Date.now() + PULL_PATIENCE_MS;
  while (Date.now() < deadline) {
    const open = github.pulls(repo).filter(({ state, draft }) => state === 'open' && !draft);
    if (open.length > 0) return open[dice % open.length];
    await delay(LOOK_MS);
  }
  return undefined;
}

export const HAND_FAULTS = {
  async 'merged-by-hand'(stage, { dice }) {
    const { github, repo, journal } = stage;
    const pull = await findPull(stage, dice);
    if (!pull) return false;
    // Before it is asked for: Errand may see the merge sooner than we hear of it.
    journal.handMerges.add(pull.number);
    try {
      await github.mergePullByHand(repo, pull.number, { by: BY });
    } catch (thrown) {
      journal.handMerges.delete(pull.number);
      journal.note(`pull #${pull.number} is not merged by hand: ${String(thrown)}`);
      return false;
    }
    journal.note(`pull #${pull.number} is merged by hand`);
    return true;
  },
  async 'closed-by-hand'(stage, { dice, forMs }) {
    const { github, repo, journal } = stage;
    const pull = await findPull(stage, dice);
    if (!pull) return false;
    github.closePullByHand(repo, pull.number, BY);
    journal.note(`pull #${pull.number} is closed by hand`);
    const until = Date.now() + 2 * forMs;
    while (Date.now() < until) await delay(LOOK_MS);
    const how = await github.reopenPullByHand(repo, pull.number, BY).then(
      () => 'open again',
      (thrown: unknown) => `not opened again: ${String(thrown)}`,
    );
    journal.note(`pull #${pull.number} is ${how}`);
    return true;
  },
} as const satisfies Record<string, Play>;
