// errand gc: where the disk went, what can go and why the rest stays; with --yes it goes. Safe beside running runners: a
// job is locked in the database while something of it is removed, and a mirror on the disk.
import { join } from 'node:path';
import { execa } from 'execa';
import { formatProblems, readConfig } from '../config.ts';
import { toError } from '../errors.ts';
import { HOME_LIFETIME_MS } from '../job/timing.ts';
import { createLog, type Log } from '../log.ts';
import { clearLogins } from '../runner/agent-home.ts';
import { forgetKeptFiles } from '../runner/kept-files.ts';
import { listSandboxLeftovers, sweepSandboxLeftovers } from '../sandbox/leftovers.ts';
import type { Database } from '../store/database.ts';
import { readDeploymentId } from '../store/deployment.ts';
import { readJobStates, whileIdle } from '../store/idle-jobs.ts';
import { forgetOldPatches, weighPatches } from '../store/patches.ts';
import { surroundings } from '../surroundings.ts';
import { checkHome } from '../workspace/owner.ts';
import { createWorkspaces, type Workspaces } from '../workspace/workspaces.ts';
import { withCommandDatabase } from './database.ts';
import { type GcItem, judge, judgePatches } from './gc/judge.ts';
import { formatGc, formatGcJson, type Outcome, type Weighed } from './gc/report.ts';

type Means = Readonly<{
  db: Database;
  home: string;
  workspaces: Workspaces;
  now: Date;
  /** How long set-aside files outlive a job that ended without a decision, and diffs one that is over. */
  lifetimeMs: number;
  log: Log;
}>;

/** Shows, and with `yes` does it. Answers the exit code: 0, or 1 when something could not be removed. */
export async function runGc(options: {
  json: boolean;
  yes: boolean;
  write?: (text: string) => void;
}): Promise<number> {
  const config = readConfig({ needs: ['database', 'agent'] });
  if ('problems' in config) {
    process.stderr.write(formatProblems(config.problems));
    return 1;
  }
  const { write = (text) => void process.stdout.write(text) } = options;
  const log = createLog({ level: 'silent' });
  return withCommandDatabase({ ...config, log, maxConnections: 2 }, async (db) => {
    const { PATH } = config.agent.environment;
    const workspaces = createWorkspaces({
      home: config.home,
      // Nothing is fetched or pushed here.
      serverUrl: 'https://github.com',
      log,
      env: PATH ? { PATH } : {},
    });
    // A job that this database does not know would be nobody's.
    await checkHome(config.home, await readDeploymentId(db.sql));
    const lifetimeMs = config.runner.keptLifetimeMs;
    const means = { db, home: config.home, workspaces, now: new Date(), lifetimeMs, log };
    const found = { ...(await workspaces.survey()), sandboxes: await listSandboxLeftovers() };
    const items = judge(found, await readJobStates(db.sql), means);
    const weighed: Weighed[] = [];
    for (const item of items) weighed.push({ ...item, bytes: await weigh(item) });
    for (const diffs of await weighPatches(db.sql, lifetimeMs))
      weighed.push({ ...judgePatches(diffs, means), bytes: diffs.bytes });
    const done = options.yes ? await removeAll(means, weighed) : weighed;
    write(options.json ? formatGcJson(done) : formatGc(done, options));
    return done.some(({ failed }) => failed !== undefined) ? 1 : 0;
  });
}

/** Bytes on disk; a snapshot is part of its mirror. */
async function weigh({ part, path }: GcItem): Promise<number> {
  if (part === 'snapshot') return 0;
  const { stdout } = await execa('du', ['-sk', '--', path], {
    env: surroundings(),
    extendEnv: false,
    reject: false,
  });
  return (Number.parseInt(stdout, 10) || 0) * 1024;
}

async function removeAll(means: Means, items: readonly Weighed[]): Promise<Weighed[]> {
  const done: Weighed[] = [];
  // Trees and homes go first: they put snapshots into the mirrors.
  for (const item of items) {
    if (!item.remove) done.push(item);
    else {
      const outcome = await remove(means, item).catch((thrown: unknown) => ({
        failed: toError(thrown).message,
      }));
      done.push({ ...item, ...outcome });
    }
  }
  return done;
}

async function remove(means: Means, item: GcItem): Promise<Outcome> {
  const { workspaces } = means;
  switch (item.part) {
    case 'tree':
    case 'home':
      return sweepOne(means, item);
    case 'kept':
      return (await forgetKeptFiles(means, item.name)) ? { removed: true } : { failed: 'its job goes on' };
    case 'snapshot':
      await workspaces.forgetSnapshot(item.path, item.name.split(' ')[0] ?? '');
      return { removed: true };
    case 'diffs':
      await forgetOldPatches(means.db.sql, means.lifetimeMs);
      return { removed: true };
    case 'mirror':
      return (await workspaces.removeMirror(item.path)) ? { removed: true } : { failed: 'it is used again' };
    case 'temp':
      await workspaces.removeTemp(item.path);
      return { removed: true };
    case 'sandbox':
      // Those of all runners that were killed; the others are left alone.
      await sweepSandboxLeftovers();
      return { removed: true };
  }
}

async function sweepOne({ db, home, workspaces, now }: Means, item: GcItem): Promise<Outcome> {
  let wasIdle = true;
  const swept = await workspaces.sweep({
    only: item.name,
    keepTrees: new Set(),
    keepHomesNewerThanMs: item.part === 'home' ? HOME_LIFETIME_MS : Number.POSITIVE_INFINITY,
    now,
    guard: async (name, work) => {
      wasIdle = await whileIdle(db, name, work);
      return wasIdle;
    },
    // No runner's sweep looks for them once the tree is gone.
    beforeTreeGoes: (name) => clearLogins(join(home, 'jobs', name, 'home')),
  });
  const gone = item.part === 'home' ? swept.homes : swept.trees;
  if (gone.includes(item.name)) return { removed: true };
  return { failed: wasIdle ? 'it could not be removed, or is gone already' : 'a runner has taken it' };
}
