// Reads what people and checks say of an open pull, as a part of every look at it, and asks for a turn where there is
// something to do. Nothing is read that cannot have changed; whatever is found twice is done once.
import { isRefusal } from '../errors.ts';
import { listensToPull } from '../job/follow-up.ts';
import type { Job } from '../job/job.ts';
import type { Ages } from '../job/outside.ts';
import { type ChecksVerdict, judgeChecks } from '../job/red-checks.ts';
import { isForAgent } from '../job/remarks.ts';
import { formatRepo } from '../job/repo.ts';
import { REPO_SETTINGS_PATH } from '../job/repo-settings.ts';
import { CHECKS_EXPECTED_MS, READ_PULL_EVERY_MS } from '../job/timing.ts';
import type { JobEvent } from '../job/transition.ts';
import { applyEvent, lockJob } from '../store/jobs.ts';
import { addNotice } from '../store/messages.ts';
import { newRemarks, noteRemarks, waitingRemarks } from '../store/remarks.ts';
import type { SeenBefore } from '../store/watches.ts';
import { postAnswers } from './answering.ts';
import { ask } from './conditional.ts';
import type { RunnerContext } from './context.ts';
import { heardRemarks } from './hearing.ts';
import { readRulesNow } from './permissions.ts';

/** More red checks than this have one cause, or are no work for one turn. */
const MOST_RED = 10;

type Look = Readonly<{
  before: SeenBefore;
  /** GitHub says that something about the pull is new. */
  pullIsNew: boolean;
  /** How many webhooks spoke of the job. */
  hints: number;
  ages: Ages;
}>;

type PartSeen = Pick<SeenBefore, 'runs' | 'statuses' | 'said' | 'read'>;

/** `againInMs`: when there should be another look, where that is not a matter of course. */
export async function followPull(
  context: RunnerContext,
  job: Job,
  look: Look,
): Promise<{ seen: PartSeen; againInMs?: number }> {
  const { before } = look;
  const { runs, statuses, said, read } = before;
  // While a turn runs its answers are its own to post.
  if (job.status !== 'running') await postAnswers(context, job);
  // What is said meanwhile is read once somebody listens again.
  if (!listensToPull(job) || job.pull === undefined) return { seen: { runs, statuses, said } };
  const now = context.now();
  const ageMs = now.getTime() - Date.parse(read?.at ?? '');
  const isDue =
    look.pullIsNew || !read?.settled || read.hints !== look.hints || !(Math.abs(ageMs) < READ_PULL_EVERY_MS);
  if (!isDue) return { seen: { runs, statuses, said, read } };
  const heard = await hearRemarks(context, job, said);
  const checks = await seeChecks(context, job, before);
  const { verdict } = checks;
  const events = [
    ...(heard.startTurn ? [{ type: 'follow_up', occasion: { kind: 'remarks' } } as const] : []),
    ...(await judgeRed(context, job, verdict)),
  ];
  await tell(context, job, events);
  const expected =
    verdict.count === 0 && (look.ages.resultMs ?? Number.POSITIVE_INFINITY) < CHECKS_EXPECTED_MS;
  const settled = verdict.settled && !expected && heard.againInMs === undefined;
  return {
    seen: {
      runs: checks.runs,
      statuses: checks.statuses,
      said: heard.said,
      read: { at: now.toISOString(), hints: look.hints, settled },
    },
    ...(heard.againInMs === undefined ? {} : { againInMs: heard.againInMs }),
  };
}

/** Stores what is new and by whom it counts; a turn begins once nothing was added for a while. */
async function hearRemarks(
  context: RunnerContext,
  job: Job,
  before: SeenBefore['said'],
): Promise<{ said: SeenBefore['said']; startTurn: boolean; againInMs?: number }> {
  const { github, store, limits } = context;
  const { sql } = store.db;
  const number = job.pull?.number ?? 0;
  const of = `${formatRepo(job.repo)}#${number}`;
  const known = before?.of === of ? before.tags : {};
  const { said, tags } = await github.readRemarks({ repo: job.repo, number }, known);
  if (said.length > 0) {
    const { login } = await github.whoAmI();
    const meant = said.filter((one) => isForAgent(one, login));
    const fresh = await newRemarks(sql, job.id, meant);
    // Nobody can tell who may steer: it is said once, and read again once the file is mended.
    if (fresh.length > 0 && (await readRulesNow(context, job, { waits: true })).kind === 'broken') {
      await tellUnheard(context, job);
      return { said: before, startTurn: false };
    }
    const heard = await heardRemarks(context, job, fresh);
    const count = await noteRemarks(
      sql,
      job.id,
      heard.map(({ isPerson: _person, isOurs: _ours, review: _review, ...remark }) => remark),
    );
    if (count > 0) context.log.info({ jobId: job.id, count }, 'runner.remarks.heard');
  }
  const now = { of, tags: { ...tags } };
  const waiting = await waitingRemarks(sql, job.id);
  if (waiting.count === 0) return { said: now, startTurn: false };
  const againInMs = Math.max(0, limits.remarksQuietMs - waiting.quietMs);
  return againInMs > 0 ? { said: now, startTurn: false, againInMs } : { said: now, startTurn: true };
}

/** One notice for each pull head. */
async function tellUnheard({ store }: RunnerContext, job: Job): Promise<void> {
  const text = `Somebody commented on the pull request on GitHub, and I can't hear it: \`${REPO_SETTINGS_PATH}\` on \`${job.base}\` or the default branch cannot be read, so nobody can tell who may steer. Mend the file, and I take the comments up by myself.`;
  const slot = `notice:unheard-remarks:${job.pull?.headSha ?? ''}`;
  await store.db.transaction((tx) =>
    addNotice(tx, { jobId: job.id, slot, channel: job.channel, wanted: { text } }),
  );
}

async function seeChecks(
  context: RunnerContext,
  job: Job,
  before: Pick<SeenBefore, 'runs' | 'statuses'>,
): Promise<Pick<SeenBefore, 'runs' | 'statuses'> & { verdict: ChecksVerdict }> {
  const { github } = context;
  const { repo } = job;
  const sha = job.pull?.headSha ?? '';
  const of = `${formatRepo(repo)}@${sha}`;
  const [runs, statuses] = await Promise.all([
    ask(before.runs, of, (etag) => github.seeCheckRuns({ repo, sha, etag })),
    ask(before.statuses, of, (etag) => github.seeStatuses({ repo, sha, etag })),
  ]);
  const lists = [runs, statuses].flatMap(({ value }) => (value === 'gone' ? [] : [value]));
  return { runs, statuses, verdict: judgeChecks(lists, context.now()) };
}

/** Red is told; a turn is for what is not red on the base as well. */
async function judgeRed(
  context: RunnerContext,
  job: Job,
  { settled, red }: ChecksVerdict,
): Promise<readonly JobEvent[]> {
  const sha = job.pull?.headSha ?? '';
  const told = job.outside?.red;
  if (red.length === 0) return told === undefined ? [] : [{ type: 'checks_seen', sha, names: [], known: [] }];
  if (!settled) return [];
  const names = [...new Set(red.map(({ name }) => name))].toSorted();
  const isTold = told?.sha === sha && JSON.stringify(told.names) === JSON.stringify(names);
  const known = isTold ? told.known : await redOnBase(context, job, names);
  const ours = red.filter(({ name }) => !known.includes(name));
  return [
    { type: 'checks_seen', sha, names, known },
    ...(ours.length > 0
      ? [{ type: 'follow_up', occasion: { kind: 'checks', sha, red: ours.slice(0, MOST_RED) } } as const]
      : []),
  ];
}

async function redOnBase(context: RunnerContext, job: Job, names: readonly string[]): Promise<string[]> {
  const { github } = context;
  const { repo, base } = job;
  const sha = await github.forkPoint(repo, { base, head: job.pull?.headSha ?? '' });
  const seen = await Promise.all([github.seeCheckRuns({ repo, sha }), github.seeStatuses({ repo, sha })]);
  const red = seen.flatMap((one) => (one.kind === 'seen' ? one.value.red.map(({ name }) => name) : []));
  return names.filter((name) => red.includes(name));
}

/** Where the job moved on while GitHub was asked, the next look tells. */
async function tell(context: RunnerContext, job: Job, events: readonly JobEvent[]): Promise<void> {
  const { store, now, redactor, log } = context;
  if (events.length === 0) return;
  await store.db.transaction(async (tx) => {
    let next = await lockJob(tx, job.id);
    if (next?.revision !== job.revision) return;
    for (const event of events) {
      const told = await applyEvent(tx, store.queue, { job: next, event: redactor.deep(event), now: now() });
      if (isRefusal(told)) log.debug({ jobId: job.id, refusal: told.code }, 'runner.follow.refused');
      else next = told;
    }
  });
}
