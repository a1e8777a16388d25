// What one person sees in the app's home: the jobs that they may see, and which of the buttons are theirs.
import { RESTING_STATUSES, sortBoard } from '../job/board.ts';
import { type Job, OPEN_STATUSES, type Status } from '../job/job.ts';
import type { Ask } from '../job/permissions.ts';
import { formatRepo } from '../job/repo.ts';
import { listJobs } from '../store/jobs.ts';
import type { Desk } from './desk.ts';
import type { HomeBoard } from './home-view.ts';

/** More are not looked through: who has as many open jobs has other worries than this list. */
const MOST = { open: 200, recent: 40 } as const;

export type BoardMeans = Pick<Desk, 'actions' | 'places' | 'rights' | 'identity'>;

export async function readHomeBoard(means: BoardMeans, person: string): Promise<HomeBoard> {
  const { sql } = means.actions.store.db;
  const team = means.identity().teamId;
  const at = (statuses: readonly Status[]) => ({ team, statuses, latestFirst: true });
  const [open, recent] = await Promise.all([
    listJobs(sql, { ...at(OPEN_STATUSES), limit: MOST.open }),
    listJobs(sql, { ...at(RESTING_STATUSES), limit: MOST.recent }),
  ]);
  const seen = await readableChannels(means, person, [...open, ...recent]);
  const visible = (jobs: readonly Job[]) => jobs.filter((job) => seen.has(placeOf(job, person)));
  const mine = { open: visible(open), recent: visible(recent) };
  const glance = rememberingGlance(means, person);
  const may = new Map(
    await Promise.all(mine.open.map(async (job) => [job.id, await readRights(glance, job)] as const)),
  );
  const rightsOf = ({ id }: Job) => may.get(id) ?? new Set<Ask>();
  return { ...sortBoard(mine, (job) => isTheirs(job, rightsOf(job), person)), rightsOf };
}

/** Their own jobs of a channel count apart from those of others. */
function placeOf(job: Pick<Job, 'channel' | 'requester'>, person: string): string {
  return `${job.channel} ${job.requester === person ? 'own' : 'other'}`;
}

async function readableChannels(
  { places }: BoardMeans,
  person: string,
  jobs: readonly Job[],
): Promise<ReadonlySet<string>> {
  const asked = new Map(
    jobs.map((job) => [placeOf(job, person), { channel: job.channel, isOwn: job.requester === person }]),
  );
  const seen = await Promise.all(
    [...asked].map(async ([key, { channel, isOwn }]) =>
      (await mayRead(places, person, { channel, isOwn })) ? [key] : [],
    ),
  );
  return new Set(seen.flat());
}

/** Where nobody tells who is in a private channel, it is for those alone whose own it is. */
async function mayRead(
  places: BoardMeans['places'],
  person: string,
  { channel, isOwn }: Readonly<{ channel: string; isOwn: boolean }>,
): Promise<boolean> {
  if ((await places.isPublic(channel)) || (await places.isKnownMember(channel, person))) return true;
  return isOwn && places.hasMember(channel, person);
}

const ASKS: Partial<Record<Status, readonly Ask[]>> = {
  queued: ['stop'],
  running: ['stop'],
  merging: ['stop'],
  waiting: ['steer'],
  in_review: ['approve', 'reject'],
};

type Glance = (ask: Ask, job: Job) => Promise<boolean>;

/** Of the jobs of one repository, channel and side most look alike to the rules: each kind is looked up once. */
function rememberingGlance({ rights }: BoardMeans, person: string): Glance {
  const known = new Map<string, Promise<boolean>>();
  return (ask, job) => {
    const key = [ask, formatRepo(job.repo), job.base, placeOf(job, person)].join(' ');
    const judged = known.get(key) ?? rights.wouldMay(ask, { speaker: { id: person }, job, isGlance: true });
    known.set(key, judged);
    return judged;
  };
}

async function readRights(glance: Glance, job: Job): Promise<ReadonlySet<Ask>> {
  const asks = ASKS[job.status] ?? [];
  const may = await Promise.all(asks.map((ask) => glance(ask, job)));
  return new Set(asks.filter((_ask, index) => may[index]));
}

/** Whoever may only reject decides as well. Others may answer a question, too, but it is for whoever asked for the job. */
function isTheirs(job: Job, may: ReadonlySet<Ask>, person: string): boolean {
  if (job.status === 'in_review') return may.has('approve') || may.has('reject');
  return job.requester === person && may.has('steer');
}
