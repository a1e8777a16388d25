// Files that were set aside because no snapshot could take them: they go when their job was decided, or some days after it
// ended otherwise. Never those of work that goes on, or of a job that the database does not know.
import { toError } from '../errors.ts';
import { mayForgetFiles } from '../job/kept-files.ts';
import type { Database } from '../store/database.ts';
import { whileIdle } from '../store/idle-jobs.ts';
import type { Workspaces } from '../workspace/workspaces.ts';
import type { RunnerContext } from './context.ts';

/** Removes what may go of one job, judged anew while nobody can take the job; false where it stays. */
export async function forgetKeptFiles(
  {
    db,
    workspaces,
    now,
    lifetimeMs,
  }: Readonly<{
    db: Database;
    workspaces: Pick<Workspaces, 'listKept' | 'forgetSetAside'>;
    now: Date;
    lifetimeMs: number;
  }>,
  name: string,
): Promise<boolean> {
  let isGone = false;
  await whileIdle(db, name, async (states) => {
    const kept = (await workspaces.listKept()).find((one) => one.name === name);
    if (kept === undefined || states.length === 0) return;
    const lies = now.getTime() - kept.usedAt.getTime();
    const may = states.every(({ status, quietMs }) =>
      mayForgetFiles(status, { ageMs: Math.min(quietMs, lies), lifetimeMs }),
    );
    if (!may) return;
    await workspaces.forgetSetAside(name);
    isGone = true;
  });
  return isGone;
}

/** The same for all that lies on this disk. One job's trouble is logged and does not stop the others. */
export async function sweepKeptFiles(context: RunnerContext): Promise<void> {
  const { store, workspaces, log, now, keptLifetimeMs: lifetimeMs } = context;
  for (const { name } of await workspaces.listKept()) {
    try {
      const isGone = await forgetKeptFiles({ db: store.db, workspaces, now: now(), lifetimeMs }, name);
      if (isGone) log.info({ name }, 'runner.kept_files.swept');
    } catch (thrown) {
      log.warn({ err: toError(thrown), name }, 'runner.kept_files.failed');
    }
  }
}
