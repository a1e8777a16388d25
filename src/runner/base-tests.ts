// How many tests a repository's checks run on the base, noted beside the mirror: one run for each base commit and command.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CheckResult, CheckRun } from '../job/checks.ts';
import { runsTests } from '../job/test-loss.ts';
import { type TestCounts, testCountsSchema } from '../job/test-report.ts';
import type { Prepared } from './phases/prepare.ts';
import type { TurnRun } from './turn-run.ts';

/** By the name of the check; undefined where a run on the base did not say. */
export type BaseTests = Map<string, TestCounts | undefined>;

/** A commit stays what it is, and so does a note on it: `null` where its run told nothing. */
const noteSchema = z.object({ tests: testCountsSchema.nullable() });

/** Whether it is worth a run on the base: it says how many tests it ran, or one would expect it to. */
export function wantsCount(run: CheckRun): boolean {
  return run.outcome === 'passed' && (run.tests !== undefined || runsTests(run));
}

/** Adds to `tests` what is noted; answers with those that nobody has counted yet. */
export async function recallTests<T extends CheckResult>(
  turn: TurnRun,
  prepared: Prepared,
  { wanted, tests }: { wanted: readonly T[]; tests: BaseTests },
): Promise<readonly T[]> {
  const unknown: T[] = [];
  for (const each of wanted) {
    const key = keyOf(prepared, each);
    const note = noteSchema.safeParse(await turn.context.workspaces.readNote(turn.job().repo, key));
    if (note.success) tests.set(each.name, note.data.tests ?? undefined);
    else unknown.push(each);
  }
  return unknown;
}

/**
 * Keeps what runs on the base came to. One that was not done in time is not tried again either; one that was not run at all
 * (its set-up found no network today) says nothing of tomorrow.
 */
export async function noteTests(
  turn: TurnRun,
  prepared: Prepared,
  { unknown, ran, tests }: { unknown: readonly CheckRun[]; ran: readonly CheckRun[]; tests: BaseTests },
): Promise<void> {
  for (const each of unknown) {
    const found = ran.find(({ name }) => name === each.name);
    const isWhole = found?.outcome === 'passed' || found?.outcome === 'failed';
    const counted = isWhole ? found?.tests : undefined;
    tests.set(each.name, counted);
    if (!isWhole && found?.outcome !== 'timed_out') continue;
    const value = { tests: counted ?? null };
    await turn.context.workspaces.writeNote(turn.job().repo, keyOf(prepared, each), value);
  }
}

function keyOf({ workspace, settings }: Prepared, { name, command }: CheckResult): string {
  const { setup, services } = settings;
  const what = [workspace.baseSha, name, command, setup, services];
  return `tests:${createHash('sha256').update(JSON.stringify(what)).digest('hex')}`;
}
