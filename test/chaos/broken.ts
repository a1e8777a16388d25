// Builds that are broken on purpose: a copy of the sources in which one promise is taken out. The suite must notice, or it
// would notice nothing else either.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan, PlannedFault, Story } from './plan.ts';
import { CHECKOUT } from './unit.ts';

/** A piece of text that stands exactly once in a file, and what takes its place. */
type Patch = Readonly<{ file: string; from: string; to: string }>;

export type BrokenBuild = Readonly<{
  name: string;
  what: string;
  patches: readonly Patch[];
  /** A schedule that aims at what was broken. */
  plan: (seed: number) => Plan;
  /** The rules by which it counts as caught. */
  caughtBy: readonly string[];
  withinSeeds: number;
}>;

const story: Story = {
  name: 'p1',
  atMs: 0,
  way: 'do',
  workS: 0,
  steers: false,
  followUps: [],
  decision: 'approve',
  pushesByHand: false,
};
const several = (count: number, change: (index: number) => Partial<Story>): Story[] =>
  Array.from({ length: count }, (_, index) => ({ ...story, name: `p${index + 1}`, ...change(index) }));
const fault = (planned: Partial<PlannedFault> & Pick<PlannedFault, 'kind'>): PlannedFault => ({
  atMs: 2_000,
  which: 0,
  forMs: 1_000,
  dice: 0,
  ...planned,
});
const planOf = (seed: number, rest: Pick<Plan, 'faults' | 'stories'>): Plan => ({
  seed,
  sandboxed: false,
  reviewed: false,
  ...rest,
});

export const BROKEN_BUILDS: readonly BrokenBuild[] = [
  {
    name: 'inbox-after-ack',
    what: 'requests are acknowledged first and committed afterwards',
    patches: [
      {
        file: 'src/slack/inbox-receiver.ts',
        from: 'const committed = commit(arrival, request);',
        to: 'await arrival.event.ack(); const committed = commit(arrival, request);',
      },
    ],
    // Commands while Postgres is away: who is told yes then is told wrong.
    plan: (seed) =>
      planOf(seed, {
        faults: [fault({ kind: 'kill-postgres', atMs: 1_000, forMs: 6_000 })],
        stories: several(4, (index) => ({ atMs: 1_500 + 700 * index })),
      }),
    caughtBy: ['every accepted command is exactly one job'],
    withinSeeds: 3,
  },
  {
    name: 'no-fencing',
    what: 'a runner that lost its job goes on writing',
    patches: [
      {
        file: 'src/store/jobs.ts',
        from: 'options.attempt !== undefined && options.attempt !== job.attempt',
        to: 'options.attempt === -1',
      },
      {
        file: 'src/store/jobs.ts',
        from: `WHERE id = $1 AND attempt = $2 AND status = 'running'`,
        to: 'WHERE id = $1 AND $2::integer IS NOT NULL',
      },
      {
        file: 'src/store/events.ts',
        from: 'SELECT id, attempt FROM jobs WHERE id = $1 AND attempt = $2 FOR NO KEY UPDATE',
        to: 'SELECT id, $2::integer AS attempt FROM jobs WHERE id = $1 FOR NO KEY UPDATE',
      },
      {
        file: 'src/store/replies.ts',
        from: 'WHERE id = $1 AND attempt = $2 FOR NO KEY UPDATE',
        to: 'WHERE id = $1 AND $2::integer IS NOT NULL FOR NO KEY UPDATE',
      },
      {
        file: 'src/runner/turn-run.ts',
        from: `now?.attempt === attempt && now.status === 'running'`,
        to: 'now !== undefined',
      },
      // Nor does it hear from anybody that the job is somebody else's.
      {
        file: 'src/runner/turn-run.ts',
        from: 'options.item.signal, options.shutdown',
        to: 'options.shutdown',
      },
      {
        file: 'src/runner/watch.ts',
        from: `job === undefined || job.attempt !== attempt || job.status !== 'running'`,
        to: 'job === undefined',
      },
    ],
    // A runner sleeps while its agents are at work, so that it loses their jobs and wakes up again.
    plan: (seed) =>
      planOf(seed, {
        faults: [
          fault({
            kind: 'freeze-runner',
            atMs: 1_000,
            moment: 'work',
            which: seed % 2 === 0 ? 0 : 1,
            forMs: 15_000,
          }),
        ],
        stories: several(4, () => ({ workS: 14 })),
      }),
    caughtBy: [
      'a runner that lost a job changes nothing',
      'the audit trail explains every change of status',
      'one card a job and one result a turn',
    ],
    withinSeeds: 4,
  },
  {
    name: 'merge-without-sha',
    what: 'a merge no longer names the commit that was approved',
    patches: [
      {
        file: 'src/github/merge-routes.ts',
        from: `      merge_action: 'default',\n      sha: ask.sha,\n`,
        to: `      merge_action: 'default',\n`,
      },
      {
        file: 'src/github/merge-routes.ts',
        from: `      merge_method: ask.method,\n      sha: ask.sha,\n`,
        to: `      merge_method: ask.method,\n`,
      },
    ],
    // Somebody pushes in the moment of the approval.
    plan: (seed) => planOf(seed, { faults: [], stories: several(2, () => ({ pushesByHand: true })) }),
    caughtBy: ['the merged SHA is the approved SHA'],
    withinSeeds: 4,
  },
];

/** Throws with the names there are. */
export function readBrokenBuild(name: string): BrokenBuild {
  const found = BROKEN_BUILDS.find((build) => build.name === name);
  if (found) return found;
  throw new Error(
    `There is no broken build "${name}": ${BROKEN_BUILDS.map((build) => build.name).join(', ')}.`,
  );
}

/** Copies the product, takes the promise out and hands over the folder. Throws when a patch does not fit exactly. */
export async function withBrokenBuild(
  build: BrokenBuild,
  work: (root: string) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'errand-broken-'));
  try {
    for (const part of ['src', 'bin', 'migrations', 'package.json'])
      await cp(join(CHECKOUT, part), join(root, part), { recursive: true });
    await symlink(join(CHECKOUT, 'node_modules'), join(root, 'node_modules'));
    for (const patch of build.patches) await apply(root, patch);
    await work(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function apply(root: string, { file, from, to }: Patch): Promise<void> {
  const path = join(root, file);
  const text = await readFile(path, 'utf8');
  const times = text.split(from).length - 1;
  if (times !== 1)
    throw new Error(
      `${file} holds the text to break ${times} times instead of once: ${JSON.stringify(from)}`,
    );
  await writeFile(
    path,
    text.replace(from, () => to),
  );
}
