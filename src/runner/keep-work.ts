// Before a tree goes, for whatever reason, its work is kept: as a snapshot, on the Git server too where there are several
// runners; and what no snapshot can take lies on this machine, which the thread is told.
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { toError } from '../errors.ts';
import { type Job, workName } from '../job/job.ts';
import { plainText } from '../job/plain.ts';
import type { Tx } from '../store/database.ts';
import { appendEvent } from '../store/events.ts';
import { addNotice } from '../store/messages.ts';
import type { SetAside } from '../workspace/set-aside.ts';
import type { RunnerContext } from './context.ts';
import { whenAborted } from './conversation.ts';
import { holdsSecret } from './gate-change.ts';
import { withGitCredentials } from './git-credentials.ts';
import type { Prepared } from './phases/prepare.ts';
import { ShutdownError, type TurnRun } from './turn-run.ts';

/** How long a runner that is asked to stop tries to share a snapshot with the others. */
const SHARE_LIMIT_MS = 6_000;
const MOST_NAMED = 3;
const DAY_MS = 24 * 60 * 60_000;

/** At the end of a turn that is not published. The agent is gone. */
export async function keepWork(turn: TurnRun, prepared: Prepared): Promise<void> {
  const { workspace } = prepared;
  const { workspaces, shareSnapshots } = turn.context;
  const kept = await workspaces.snapshot(workspace);
  const share = async () => {
    // A snapshot on the server is known to whoever may read there: a secret stays on this machine.
    if (await holdsSecret(turn, prepared)) return turn.log.warn('runner.snapshot.not_shared');
    const writing = { repo: workspace.repo, access: 'write', signal } as const;
    const isRefused = (isThere: boolean) => !isThere;
    await withGitCredentials(turn.context, { ...writing, isRefused }, async (credentials) => {
      await turn.assertHeld();
      return workspaces.pushSnapshot(workspace, { credentials, signal });
    });
  };
  // Whoever is shutting down cannot wait for a Git server that hangs: the snapshot is kept here in any case.
  const signal =
    turn.signal.reason instanceof ShutdownError ? AbortSignal.timeout(SHARE_LIMIT_MS) : undefined;
  if (kept && shareSnapshots) await Promise.race([share(), ...(signal ? [whenAborted(signal)] : [])]);
  // Last, because it may take the tree away.
  const { setAside } = await workspaces.retire(workspace);
  if (setAside) await tell(turn, setAside);
}

/** An attempt that died here left a tree: its work is kept before the tree is made anew. */
export async function salvage(turn: TurnRun): Promise<void> {
  const { workspaces } = turn.context;
  const left = await workspaces.open(workName(turn.job()));
  if (left === undefined) return;
  let setAside: SetAside | undefined;
  try {
    const kept = await workspaces.retire(left);
    turn.log.info({ kept: kept.snapshot }, 'runner.tree.salvaged');
    setAside = kept.setAside;
  } catch (thrown) {
    turn.log.warn({ err: toError(thrown) }, 'runner.tree.unsalvageable');
    setAside = await workspaces.setAside(left);
  }
  if (setAside) await tell(turn, setAside);
}

async function tell(turn: TurnRun, setAside: SetAside): Promise<void> {
  await turn.context.store.db.transaction((tx) => tellSetAside(tx, turn.context, turn.job(), setAside));
}

/** Puts a note into the job's record and a notice into its thread, once for each tree. `job` is as it stands now. */
export async function tellSetAside(
  tx: Tx,
  { redactor, home, keptLifetimeMs }: Pick<RunnerContext, 'redactor' | 'home' | 'keptLifetimeMs'>,
  job: Job,
  { dir, paths }: SetAside,
): Promise<void> {
  const place = dir.startsWith(`${home}/`) ? dir.slice(home.length + 1) : dir;
  const what = paths.map((path) => redactor.text(path));
  await appendEvent(tx, job, { kind: 'note', data: { name: 'files_set_aside', place, paths: what } });
  await addNotice(tx, {
    jobId: job.id,
    // One attempt may find a tree of an earlier one and leave its own.
    slot: `notice:aside:${basename(dir)}`,
    channel: job.channel,
    wanted: { text: words(job, { place, paths: what, days: keptLifetimeMs / DAY_MS }) },
  });
}

/** Said beside the result: the next turn does not have these files. */
function words(
  { turn }: Pick<Job, 'turn'>,
  { place, paths, days }: Readonly<{ place: string; paths: readonly string[]; days: number }>,
): string {
  const names = paths.slice(0, MOST_NAMED).map((path) => `\`${plainText(path)}\``);
  const more = paths.length > names.length ? ' and more' : '';
  return `Turn ${turn} left files that no snapshot can take (too large, or a repository of their own): ${names.join(', ')}${more}. They are not lost: they lie in \`${plainText(place, 200)}\` under ERRAND_HOME on \`${plainText(hostname())}\` until this job is merged or rejected, or for ${days} days after it has ended otherwise. Fetch them there if you need them; the next turn begins without them.`;
}
