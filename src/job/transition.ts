// The only function that changes a job's status. Pure; every answer is a new job or a refusal that a person may read.

import { isRefusal, type Refusal, refuse } from '../errors.ts';
import { approve, delaySettling, loseMerge, merge, refuseSettling, reject, settle } from './deciding.ts';
import { type FollowUpEvent, followUp, heardPerson, noteCorrection } from './follow-up.ts';
import {
  isFinal,
  type Job,
  jobName,
  type Phase,
  type PullLink,
  type Status,
  type TurnResult,
} from './job.ts';
import { type LearnedEvent, learn } from './learning.ts';
import { nextTurn } from './next-turn.ts';
import { type OfTurn, refuseOtherTurn } from './other-turn.ts';
import { followOutside, forgetTold, mark, type OutsideEvent } from './outside.ts';
import { decidePlan, dropPlan, type PlanEvent, refuseAfterSplit } from './plan-decisions.ts';
import { awaited } from './planning.ts';

type By = Readonly<{ by: string }>;

/** Everything that can happen to a job. */
export type JobEvent =
  /** A runner (`host:pid`, for the record) took the queue item `workId`. */
  | Readonly<{ type: 'taken'; workId: string; runner?: string }>
  | Readonly<{ type: 'phase'; phase: Phase }>
  /** Things the runner learned on the way and everybody should see. */
  | LearnedEvent
  /** The turn ended; with a pull where there is one. */
  | Readonly<{ type: 'turn_ended'; result: TurnResult; pull?: PullLink }>
  /** The runner could not go on for now (GitHub is down, it is shutting down); the work so far is kept. */
  | Readonly<{ type: 'put_back'; code: string; say: string }>
  /** Words by a person: in the thread, by *Request changes*, or by *Retry*. */
  | (Readonly<{ type: 'reply' }> & By & OfTurn)
  | (Readonly<{ type: 'interrupt' }> & By & OfTurn)
  | (Readonly<{ type: 'stop' }> & By & OfTurn)
  | (Readonly<{ type: 'retry' }> & By & OfTurn)
  /** What people do with a plan that waits for them. */
  | PlanEvent
  /**
   * `sha` and `base` as the message showed them; older messages showed no base. `login` is the approver's at GitHub.
   * `knowing`: the message showed what is blocking, too.
   */
  | (Readonly<{ type: 'approve'; sha: string; base?: string; login?: string; knowing?: boolean }> & By)
  | (Readonly<{ type: 'reject'; reason: string; sha?: string }> & By & OfTurn)
  | Readonly<{ type: 'merge_under_way'; say: string; ticket?: string }>
  /** Nobody knows what became of the merge: it is asked for anew. */
  | Readonly<{ type: 'merge_lost' }>
  /** GitHub does not answer, say: it is tried again, and shown meanwhile. */
  | Readonly<{ type: 'settle_delayed'; say: string }>
  /** `login`: who did it, where it was not us. */
  | Readonly<{ type: 'merged'; sha: string; login?: string }>
  | Readonly<{ type: 'closed' }>
  /** GitHub refused what was decided. `headSha` where the pull's head is no longer the one that was shown. */
  | Readonly<{ type: 'settle_refused'; code: string; say: string; headSha?: string; base?: string }>
  | FollowUpEvent
  /** What people did at GitHub, seen afterwards. */
  | OutsideEvent;

/** What to do about a job that is over. */
export const NEXT_JOB = 'Start the next one with `/agent fix ISSUE` or `/agent do TASK`.';

/** What comes next of a job when something happens to it at `now`: `job` itself where nothing does. Never mutates it. */
export function transition(job: Job, event: JobEvent, now: Date): Job | Refusal {
  if (isFinal(job.status)) return refuseFinal(job, event);
  const next = decide(job, event, now.toISOString());
  return isRefusal(next) || next === job
    ? next
    : { ...next, ...(isFinal(next.status) ? { endedAt: now.toISOString() } : {}) };
}

function decide(job: Job, event: JobEvent, at: string): Job | Refusal {
  switch (event.type) {
    case 'taken':
      return take(job, event.workId, at);
    case 'phase':
      return onlyWhen(job, ['running'], () => ({ ...job, phase: event.phase }));
    case 'learned':
      return onlyWhen(job, ['running'], () => learn(job, event, at));
    case 'turn_ended':
      return onlyWhen(job, ['running'], () => endTurn(job, event, at));
    case 'put_back':
      return onlyWhen(job, ['running'], () => putBack(job, event, at));
    case 'reply':
      return refuseOtherTurn(job, event) ?? reply(job, event.by);
    case 'interrupt':
      return refuseOtherTurn(job, event) ?? interrupt(job, event.by, at);
    case 'stop':
      return refuseOtherTurn(job, event) ?? stop(job, event.by, at);
    case 'retry':
      return refuseOtherTurn(job, event) ?? retry(job);
    case 'plan_run':
    case 'plan_answered':
    case 'plan_split':
    case 'plan_dropped':
    case 'plan_expired':
      return decidePlan(job, event, at);
    case 'approve':
      return approve(job, event, at);
    case 'reject':
      return refuseOtherTurn(job, event) ?? reject(job, event, at);
    case 'merge_under_way':
      return onlyWhen(job, ['merging'], () => ({
        ...job,
        problem: { code: 'merge_under_way', reason: event.say },
        ...(event.ticket === undefined ? {} : { mergeTicket: event.ticket }),
      }));
    case 'settle_delayed':
      return onlyWhen(job, ['merging', 'closing'], () => delaySettling(job, event.say));
    case 'merge_lost':
      return onlyWhen(job, ['merging'], () => loseMerge(job));
    case 'merged':
      return onlyWhen(job, ['merging', 'in_review', 'closing', 'failed', 'waiting'], () =>
        merge(event.login === undefined ? job : mark(job, { mergedBy: event.login }), event.sha),
      );
    case 'closed':
      return onlyWhen(job, ['closing', 'in_review', 'failed'], () => settle(job, 'rejected'));
    case 'settle_refused':
      return onlyWhen(job, ['merging', 'closing'], () => refuseSettling(job, event, at));
    case 'follow_up':
    case 'update_branch':
    case 'mute':
    case 'unmute':
      return ('turn' in event ? refuseOtherTurn(job, event) : undefined) ?? followUp(job, event, at);
    default:
      return followOutside(job, event, at);
  }
}

function take(job: Job, workId: string, at: string): Job | Refusal {
  const takeover = job.status === 'running' && job.workId === workId;
  if (job.status !== 'queued' && !takeover) {
    return refuse('nothing_to_take', `${jobName(job)} is ${job.status}; there is nothing to take.`);
  }
  return {
    ...job,
    status: 'running',
    phase: 'prepare',
    workId,
    attempt: job.attempt + 1,
    turnStartedAt: takeover ? (job.turnStartedAt ?? at) : at,
  };
}

function endTurn(job: Job, event: Extract<JobEvent, { type: 'turn_ended' }>, at: string): Job {
  const {
    phase: _p,
    workId: _w,
    stop: _s,
    interrupt: _i,
    steerable: _st,
    putBacks: _b,
    problem: _pr,
    handedOver,
    occasion,
    ...others
  } = job;
  const rest = { ...others, ...(occasion && event.result.outcome === 'failed' ? { occasion } : {}) };
  const pull = event.pull ?? job.pull;
  const told = event.pull ? forgetTold(rest, occasion) : rest;
  const result = { ...event.result, ...(handedOver ? { handedOver } : {}) };
  const ended = { ...told, results: [...job.results, result], ...(pull ? { pull } : {}) };
  switch (event.result.outcome) {
    case 'pull':
      return { ...ended, status: 'in_review' };
    case 'answer':
    case 'review':
      return { ...ended, status: pull ? 'in_review' : 'done' };
    case 'plan':
      // Whoever pressed Stop in the last moment has said what they think of it.
      return job.stop
        ? { ...ended, status: 'cancelled', planEnd: { how: 'dropped', by: job.stop.by, at } }
        : { ...ended, status: 'waiting' };
    case 'failed':
      return { ...ended, status: 'failed' };
    case 'stopped':
      return { ...ended, status: pull ? 'in_review' : 'cancelled' };
  }
}

function putBack(job: Job, event: Extract<JobEvent, { type: 'put_back' }>, at: string): Job {
  // Whoever pressed Stop does not want the turn to begin again by itself.
  if (job.stop) return endStopped(job, job.stop.by, at);
  const { phase: _phase, workId: _work, steerable: _steerable, interrupt: _interrupt, ...rest } = job;
  return {
    ...rest,
    status: 'queued',
    // A restart of ours is nobody's trouble and must not use up the job's patience.
    putBacks: (job.putBacks ?? 0) + (event.code === 'restart' ? 0 : 1),
    problem: { code: event.code, reason: event.say },
  };
}

/** Words reach a job in every status but the final ones; what they do depends on where it rests. */
function reply(job: Job, by: string): Job | Refusal {
  const heard = addParticipant(heardPerson(job), by);
  switch (job.status) {
    case 'queued':
      return heard;
    case 'running':
      // It will end as stopped for good: nobody would ever answer.
      if (job.stop && !job.pull) return refuse('stopping', `${jobName(job)} is being stopped. ${NEXT_JOB}`);
      return heard;
    case 'waiting':
    case 'in_review':
    case 'failed':
    case 'done':
      return refuseAfterSplit(job) ?? nextTurn(noteCorrection(heard));
    default:
      return refuse(
        'deciding',
        `${jobName(job)} is being ${job.status === 'merging' ? 'merged' : 'closed'} right now, so the agent can't take more words.`,
      );
  }
}

function addParticipant(job: Job, by: string): Job {
  if (by === job.requester || job.participants.includes(by)) return job;
  return { ...job, participants: [...job.participants, by] };
}

function interrupt(job: Job, by: string, at: string): Job | Refusal {
  if (job.status !== 'running')
    return refuse('not_running', `${jobName(job)} isn't running, so there is nothing to interrupt.`);
  return { ...job, interrupt: { by, at } };
}

function stop(job: Job, by: string, at: string): Job | Refusal {
  switch (job.status) {
    case 'running':
      return job.stop ? job : { ...job, stop: { by, at } };
    case 'queued':
      return endStopped(job, by, at);
    case 'waiting':
      return awaited(job) === undefined ? endStopped(job, by, at) : dropPlan(job, by, at);
    case 'merging':
      // Only what GitHub is still busy with can be taken back.
      if (job.problem?.code === 'merge_under_way') return job.stop ? job : { ...job, stop: { by, at } };
      return refuseStop(job);
    case 'failed':
    case 'done':
      if (job.pull)
        return refuse('has_pull', `Nothing is running. Press *Reject* to close the pull of ${jobName(job)}.`);
      return { ...job, status: 'cancelled' };
    default:
      return refuseStop(job);
  }
}

function refuseStop(job: Job): Refusal {
  const way =
    job.status === 'in_review'
      ? 'Press *Reject* to close its pull.'
      : 'It is being settled with GitHub right now.';
  return refuse('not_running', `${jobName(job)} isn't running. ${way}`);
}

/** Ends a turn that no agent is working on. */
function endStopped(job: Job, by: string, at: string): Job {
  const result: TurnResult = { turn: job.turn, outcome: 'stopped', endedAt: at, stoppedBy: by, usage: {} };
  return endTurn(job, { type: 'turn_ended', result }, at);
}

function retry(job: Job): Job | Refusal {
  if (job.status !== 'failed') {
    return refuse(
      'not_failed',
      `${jobName(job)} has not failed, so there is nothing to retry. Reply in its thread to ask for more.`,
    );
  }
  return nextTurn(heardPerson(job));
}

function onlyWhen(job: Job, statuses: readonly Status[], next: () => Job): Job | Refusal {
  if (statuses.includes(job.status)) return next();
  return refuse('wrong_status', `${jobName(job)} is ${job.status}, so this no longer applies.`);
}

function refuseFinal(job: Job, event: JobEvent): Refusal {
  const code = event.type === 'reply' ? 'final' : 'already_final';
  return refuse(code, `${jobName(job)} is already ${job.status}, and that is final. ${NEXT_JOB}`);
}
