// What may go of that which lies under $ERRAND_HOME, and why the rest stays. Pure. The rule above all others: what may be
// the only copy of somebody's work stays.
import { basename } from 'node:path';
import { mayForgetFiles, willForgetFiles } from '../../job/kept-files.ts';
import { HOME_LIFETIME_MS } from '../../job/timing.ts';
import type { SandboxLeftover } from '../../sandbox/leftovers.ts';
import type { IdleState } from '../../store/idle-jobs.ts';
import type { StoredPatches } from '../../store/patches.ts';
import type { JobFolder, MirrorFolder, Survey } from '../../workspace/survey.ts';
import { TEMP_LIFETIME_MS } from '../../workspace/temp-folders.ts';

export type GcItem = Readonly<{
  part: 'tree' | 'home' | 'kept' | 'snapshot' | 'mirror' | 'temp' | 'sandbox' | 'diffs';
  /** `J-12`, or `acme/shop`; a snapshot names both. A folder's own name, and a runner's process for its sandboxes. */
  name: string;
  path: string;
  ageMs: number;
  remove: boolean;
  /** Why it goes, or why it stays. */
  why: string;
}>;

/** A mirror is a cache: fetched again when it is needed, at the cost of a clone. */
const MIRROR_LIFETIME_MS = 30 * 24 * 60 * 60_000;

type Known = ReadonlyMap<string, IdleState>;
type Verdict = Readonly<{ remove: boolean; why: string }>;

/** `states` are all jobs of the database by the name of their folder. */
export function judge(
  survey: Survey & Readonly<{ sandboxes: readonly SandboxLeftover[] }>,
  states: Known,
  { now, lifetimeMs }: Readonly<{ now: Date; lifetimeMs: number }>,
): readonly GcItem[] {
  const ageOf = (at: Date) => Math.max(0, now.getTime() - at.getTime());
  const folders = survey.jobs.flatMap((job) => judgeFolder(job, states.get(job.name), ageOf(job.usedAt)));
  const mirrors = survey.mirrors.flatMap((mirror): GcItem[] => {
    const { dir: path, repo } = mirror;
    const ageMs = ageOf(mirror.usedAt);
    const kept = mirror.snapshots.map((name): GcItem => {
      const verdict = judgeSnapshot(states.get(name));
      return { part: 'snapshot', name: `${name} in ${repo}`, path, ageMs, ...verdict };
    });
    const keeps = kept.some(({ remove }) => !remove);
    return [
      ...kept,
      { part: 'mirror', name: repo, path, ageMs, ...judgeMirror(mirror, { ageMs, keeps, states }) },
    ];
  });
  const kept = survey.kept.map(
    ({ name, dir: path, usedAt }): GcItem => ({
      part: 'kept',
      name,
      path,
      ageMs: ageOf(usedAt),
      ...judgeKept(states.get(name), { ageMs: ageOf(usedAt), lifetimeMs }),
    }),
  );
  const temps = survey.temps.map(({ dir, usedAt }): GcItem => {
    const ageMs = ageOf(usedAt);
    return { part: 'temp', name: basename(dir), path: dir, ageMs, ...judgeTemp(ageMs) };
  });
  const sandboxes = survey.sandboxes.map(({ pid, marker, writtenAt, lives }): GcItem => {
    const verdict = lives
      ? stay('its runner runs')
      : go('its runner was killed: relays, sockets, certificates');
    return { part: 'sandbox', name: `process ${pid}`, path: marker, ageMs: ageOf(writtenAt), ...verdict };
  });
  return [...folders, ...kept, ...mirrors, ...temps, ...sandboxes];
}

/** The diffs for the pages of jobs, which lie in the database and not on this disk. */
export function judgePatches(
  { isOld, turns, ageMs }: StoredPatches,
  { lifetimeMs }: Readonly<{ lifetimeMs: number }>,
): GcItem {
  const days = Math.round(lifetimeMs / (24 * 60 * 60_000));
  const verdict = isOld
    ? go(`their jobs were over ${days} days ago; GitHub shows their pulls`)
    : stay(`pages of jobs show them; they stay for ${days} days after a job is over`);
  const name = `${turns} ${turns === 1 ? 'turn' : 'turns'}`;
  return { part: 'diffs', name, path: 'turn_patches', ageMs, ...verdict };
}

function judgeTemp(ageMs: number): Verdict {
  if (ageMs < TEMP_LIFETIME_MS) return stay('whoever made it may still be at work: it stays for an hour');
  return go('left by a process that was killed');
}

function judgeFolder(job: JobFolder, state: IdleState | undefined, ageMs: number): readonly GcItem[] {
  const { name, dir } = job;
  const home: GcItem = { part: 'home', name, path: dir, ageMs, ...judgeHome(state, ageMs) };
  return job.hasTree
    ? [{ part: 'tree', name, path: `${dir}/tree`, ageMs, ...judgeTree(state) }, home]
    : [home];
}

function judgeTree(state: IdleState | undefined): Verdict {
  if (state?.status === 'running') return stay('a runner works on it');
  return go('nobody works on it; its files are kept as a snapshot first');
}

function judgeHome(state: IdleState | undefined, ageMs: number): Verdict {
  if (state?.status === 'running') return stay('a runner works on it');
  if (ageMs < HOME_LIFETIME_MS) return stay('its agent may go on: it stays for 7 days after the last turn');
  return go('no turn for 7 days; an agent that goes on is told the story');
}

function judgeSnapshot(state: IdleState | undefined): Verdict {
  if (state === undefined)
    return stay('this database does not know the job: it may be the only copy of its work');
  if (state.status === 'merged' || state.status === 'rejected') return go(`the job is ${state.status}`);
  if (state.status === 'cancelled') return stay('the job was stopped: this is the only copy of its work');
  return stay(`the job is ${state.status} and goes on from here`);
}

/** Nothing but a person can tell whether anybody misses it; `errand gc` never removes it while the job goes on. */
function judgeKept(
  state: IdleState | undefined,
  { ageMs, lifetimeMs }: Readonly<{ ageMs: number; lifetimeMs: number }>,
): Verdict {
  const age = { ageMs: Math.min(ageMs, state?.quietMs ?? 0), lifetimeMs };
  if (state && mayForgetFiles(state.status, age)) return go(`the job is ${state.status}`);
  if (state && willForgetFiles(state.status)) {
    const days = Math.round(lifetimeMs / (24 * 60 * 60_000));
    return stay(`files in it are in no snapshot; it stays for ${days} days after the job ended`);
  }
  return stay('files in it are in no snapshot: too large, or a repository of their own; remove it by hand');
}

function judgeMirror(
  { repo, worktrees }: MirrorFolder,
  given: { ageMs: number; keeps: boolean; states: Known },
): Verdict {
  if (given.keeps) return stay('it keeps snapshots');
  if (worktrees > 0) return stay('trees rest on it');
  const isOpen = [...given.states.values()].some(
    (state) => state.repo.toLowerCase() === repo && !isOver(state),
  );
  if (isOpen) return stay('a job in this repository is not over');
  if (given.ageMs < MIRROR_LIFETIME_MS) return stay('it was used in the last 30 days');
  return go('unused for 30 days; it is fetched again when needed');
}

function isOver({ status }: IdleState): boolean {
  return ['merged', 'rejected', 'cancelled', 'done'].includes(status);
}

function stay(why: string): Verdict {
  return { remove: false, why };
}

function go(why: string): Verdict {
  return { remove: true, why };
}
