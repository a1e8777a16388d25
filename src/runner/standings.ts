// What somebody is in the workspace at this moment: a runner cannot ask Slack, so it notes whom it wants to know about, and
// waits until a bot has looked.
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '../errors.ts';
import type { Standing } from '../job/permissions.ts';
import { loadStanding, wantStanding } from '../store/people.ts';
import type { RunnerContext } from './context.ts';

/** A bot asks Slack anew about whoever speaks, so words that go right on need nobody to be asked again. */
const STANDING_REMEMBERED_MS = 20_000;
/** A bot looks every 5 s. Where none does for so long, Slack is down, and what it said last holds. */
const STANDING_PATIENCE_MS = 20_000;
const STANDING_POLL_MS = 250;

/**
 * As Slack says now; a bot is asked to look where that is not known. Whom no bot can ask about is what they were, undefined
 * where nobody ever looked. Throws TransientError instead of waiting where `waits` is false.
 */
export async function standingNow(
  { store }: RunnerContext,
  who: Readonly<{ team: string; person: string }>,
  { waits, signal }: Readonly<{ waits: boolean; signal?: AbortSignal | undefined }>,
): Promise<Standing | undefined> {
  const { sql } = store.db;
  for (;;) {
    const known = await loadStanding(sql, who);
    if (known !== undefined && known.ageMs <= STANDING_REMEMBERED_MS) return known.standing;
    if ((await wantStanding(sql, who)) > STANDING_PATIENCE_MS) return known?.standing;
    if (!waits) throw new TransientError('Waiting to learn whether somebody is still a full member.');
    await sleep(STANDING_POLL_MS, undefined, { signal, ref: false });
  }
}
