// What each command does, whether it was typed as `/agent …` or said to `@Errand`.
import { noSuchJob } from '../actions/act.ts';
import { retryJob } from '../actions/retry-job.ts';
import { stopJob } from '../actions/stop-job.ts';
import { isRefusal, type Refusal } from '../errors.ts';
import { type Job, OPEN_STATUSES, type Status } from '../job/job.ts';
import { DEFAULT_REPLY_POLICY } from '../job/steering.ts';
import { readNewestAudit } from '../store/audit.ts';
import type { Tx } from '../store/database.ts';
import { noteEffect } from '../store/effects.ts';
import { listChannels, listJobs, loadJob } from '../store/jobs.ts';
import { loadChannel, setDefaultRepo, setReplyPolicy } from '../store/settings.ts';
import { answer } from './answer.ts';
import { beginJob, findRepository } from './begin-job.ts';
import { noteOpen } from './channel-open.ts';
import { askWhichRepo } from './choices.ts';
import type { Desk } from './desk.ts';
import { link } from './link.ts';
import type { Command, ListKind, WorkCommand } from './parse-command.ts';
import type { Speaker } from './people.ts';
import { buildStartRequest, type Origin, recipientOf } from './start-request.ts';
import {
  defaultRepoIs,
  defaultRepoSet,
  helpText,
  repliesAre,
  repliesSet,
  retrying,
  stopping,
} from './words/answers.ts';
import { AUDIT_ENTRIES, auditLines } from './words/audit-lines.ts';
import { jobList, jobStatus } from './words/job-lines.ts';
import { whichJob } from './words/refusals.ts';

/** Where the command came from; `job` is the one whose thread it stands in. */
export type CommandPlace = Omit<Origin, 'context'> &
  Readonly<{
    askedAt: Date;
    /** The requester as Slack's request names them. */
    speaker: Speaker;
    job?: Job | undefined;
    /** Reads the earlier messages of the thread; only asked for when a job is started. */
    readContext: () => Promise<Origin['context']>;
  }>;

type Management = Exclude<Command, WorkCommand | { kind: 'plan' }>;

/** Makes a command happen and answers whoever gave it. A new job needs no answer: its card appears. */
export async function runCommand(desk: Desk, command: Command, place: CommandPlace): Promise<void> {
  const say = (words: string) => answer(desk, recipientOf(place), words);
  const refusal = await desk.people.mayNotCommand(place.speaker);
  if (refusal) return say(refusal.refusal);
  if (isWork(command)) return startWork(desk, command, place);
  if (command.kind === 'plan') return startPlans(desk, command.wishes, place);
  const told = await manage(desk, command, place);
  return say(isRefusal(told) ? told.refusal : told);
}

function isWork(command: Command): command is WorkCommand {
  return ['fix', 'do', 'ask', 'review'].includes(command.kind);
}

async function startWork(desk: Desk, command: WorkCommand, place: CommandPlace): Promise<void> {
  const closed = await desk.places.enter(place.channel);
  if (closed) return answer(desk, recipientOf(place), closed.refusal);
  await noteOpen(desk, place.channel);
  const { job: _job, askedAt: _at, speaker: _speaker, readContext, ...origin } = place;
  const request = buildStartRequest(command, { ...origin, context: await readContext() });
  const begun = await beginJob(desk, request);
  if (begun.kind === 'which_repo') return askWhichRepo(desk, request);
  if (begun.kind === 'refused') return answer(desk, recipientOf(place), begun.refusal.refusal);
  desk.log.info({ jobId: begun.job.id, created: begun.created, key: request.sourceKey }, 'slack.job.asked');
}

/** Several plans are jobs of their own, each with its own card. */
async function startPlans(desk: Desk, wishes: readonly WorkCommand[], place: CommandPlace): Promise<void> {
  const [only, ...more] = wishes;
  if (only !== undefined && more.length === 0) return startWork(desk, only, place);
  const { threadTs: _thread, ...rest } = place;
  for (const [index, wish] of wishes.entries()) {
    // The last one leaves the trace of the request itself: then all are there.
    const isLast = index === wishes.length - 1;
    const sourceKey = isLast ? place.sourceKey : `${place.sourceKey}#${index + 1}`;
    await startWork(desk, wish, { ...rest, sourceKey });
  }
}

async function manage(desk: Desk, command: Management, place: CommandPlace): Promise<string | Refusal> {
  switch (command.kind) {
    case 'help':
      return helpText();
    case 'status':
      return status(desk, command.jobId ?? place.job?.id, place);
    case 'audit':
      return audit(desk, command.jobId ?? place.job?.id, place);
    case 'list':
      return list(desk, command.which, place);
    case 'stop':
    case 'retry': {
      const jobId = command.jobId ?? place.job?.id;
      if (jobId === undefined) return whichJob(command.kind);
      const { sourceKey: key, askedAt, speaker, channel } = place;
      const may = await desk.rights.forJob(command.kind, { jobId, speaker, channel });
      if (isRefusal(may)) return may;
      const wish = { jobId, team: place.team, by: place.requester, from: may.from, key, askedAt };
      const job = await (command.kind === 'stop' ? stopJob : retryJob)(desk.actions, wish);
      if (isRefusal(job)) return job;
      return command.kind === 'stop' ? stopping(job) : retrying(job);
    }
    case 'repo':
      return command.repo === undefined
        ? defaultRepoIs((await loadChannel(desk.actions.store.db.sql, place)).defaultRepo)
        : chooseDefaultRepo(desk, command.repo, place);
    case 'link':
      return link(desk, command, place);
    case 'replies': {
      const { sql } = desk.actions.store.db;
      if (command.policy === undefined) {
        return repliesAre((await loadChannel(sql, place)).replyPolicy ?? DEFAULT_REPLY_POLICY);
      }
      const refusal = await desk.rights.mayNot('configure', place);
      if (refusal) return refusal;
      const { policy } = command;
      await once(desk, place, (tx) => setReplyPolicy(tx, place, policy));
      return repliesSet(policy);
    }
  }
}

/** A command that comes again must not undo what was set since. */
async function once(
  { actions }: Desk,
  { sourceKey }: CommandPlace,
  change: (tx: Tx) => Promise<void>,
): Promise<void> {
  await actions.store.db.transaction(async (tx) => {
    if (await noteEffect(tx, sourceKey)) await change(tx);
  });
}

async function chooseDefaultRepo(
  desk: Desk,
  named: Parameters<typeof findRepository>[1],
  place: CommandPlace,
): Promise<string | Refusal> {
  const refusal = await desk.rights.mayNot('configure', place);
  if (refusal) return refusal;
  const found = await findRepository(desk.lookups, named);
  if (isRefusal(found)) return found;
  await once(desk, place, (tx) => setDefaultRepo(tx, place, found.repo));
  return defaultRepoSet(found.repo);
}

async function status(desk: Desk, jobId: number | undefined, place: CommandPlace): Promise<string | Refusal> {
  if (jobId === undefined) return list(desk, 'mine', place);
  const job = await loadJob(desk.actions.store.db.sql, jobId);
  if (job === undefined || job.team !== place.team || !(await maySee(desk, job, place)))
    return noSuchJob(jobId);
  return jobStatus(job);
}

async function audit(desk: Desk, jobId: number | undefined, place: CommandPlace): Promise<string | Refusal> {
  if (jobId === undefined) return whichJob('audit');
  const { sql } = desk.actions.store.db;
  const job = await loadJob(sql, jobId);
  if (job === undefined || job.team !== place.team || !(await maySee(desk, job, place)))
    return noSuchJob(jobId);
  return auditLines(jobId, await readNewestAudit(sql, jobId, AUDIT_ENTRIES));
}

/** A person must do something before it goes on. */
const WAITING: readonly Status[] = ['waiting', 'in_review', 'failed'];

async function list(desk: Desk, which: ListKind, place: CommandPlace): Promise<string> {
  const { sql } = desk.actions.store.db;
  const { team, requester } = place;
  const statuses = which === 'waiting' ? WAITING : OPEN_STATUSES;
  const whose =
    which === 'mine'
      ? { requester }
      : { seenBy: { person: requester, channels: await visibleChannels(desk, { ...place, statuses }) } };
  const jobs = await listJobs(sql, { team, statuses, ...whose });
  return jobList(jobs, LIST_WORDS[which]);
}

/** Of the channels with such jobs those that the person who asks may read in, as far as anybody there may. */
async function visibleChannels(
  { actions, places }: Desk,
  asked: Readonly<{ team: string; channel: string; statuses: readonly Status[] }>,
): Promise<readonly string[]> {
  const channels = await listChannels(actions.store.db.sql, asked);
  const seen = await Promise.all(
    channels.map((channel) => channel === asked.channel || places.isPublic(channel)),
  );
  return channels.filter((_channel, index) => seen[index]);
}

/** What was asked in a private conversation is nobody else's business. */
async function maySee(
  desk: Desk,
  job: Job,
  place: Pick<CommandPlace, 'channel' | 'requester'>,
): Promise<boolean> {
  if (job.requester === place.requester || job.channel === place.channel) return true;
  return desk.places.isPublic(job.channel);
}

const LIST_WORDS: Record<ListKind, { heading: string; empty: string }> = {
  mine: {
    heading: 'Your open jobs:',
    empty: 'You have no open jobs. Start one with `/agent fix <issue>` or `/agent do <task>`.',
  },
  all: { heading: 'Open jobs:', empty: 'No open jobs. Start one with `/agent fix <issue>`.' },
  waiting: { heading: 'Waiting for a person:', empty: 'Nothing is waiting for a person.' },
};
