// After the faults: everything has a bounded time to come to rest.
import { setTimeout as delay } from 'node:timers/promises';
import { whatMoves } from './record.ts';
import type { Stage } from './stage.ts';

const LOOK_MS = 500;
/** Nothing may move for this long before it counts as rest. */
const QUIET_MS = 1_500;

/** Waits until nothing moves; answers what still did when the time was up. `isOver` says when. */
export async function settle(stage: Stage, isOver: () => boolean): Promise<readonly string[]> {
  let quietSince: number | undefined;
  for (;;) {
    // Slack's later deliveries need not be waited for once all is well.
    await stage.slack.retryNow();
    const moving = await whatMoves(stage);
    if (moving.length > 0) quietSince = undefined;
    else quietSince ??= Date.now();
    if (quietSince !== undefined && Date.now() - quietSince >= QUIET_MS) return [];
    if (isOver()) return moving.length > 0 ? moving : [];
    await delay(LOOK_MS);
  }
}
