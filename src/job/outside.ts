// What happens at GitHub without us, and what it does to a job: the one rule that tells from a job and from what GitHub
// says now which events there were. Pure; it compares, so looking twice, late or out of order changes nothing.
import { z } from 'zod';
import { type Refusal, refuse } from '../errors.ts';
import { isFinal, type Job, jobName, type Outside } from './job.ts';
import { formatRepo } from './repo.ts';
import { CLOSED_LIFETIME_MS, PUSH_SETTLES_MS } from './timing.ts';
import type { JobEvent } from './transition.ts';

const repoSchema = z.object({ owner: z.string(), name: z.string() });

/** A pull as GitHub showed it. `repo` is the repository's name today, which may be a new one. */
export const pullSightingSchema = z.object({
  repo: repoSchema,
  repoUrl: z.string(),
  url: z.string(),
  state: z.enum(['open', 'closed', 'merged']),
  headRef: z.string(),
  headSha: z.string(),
  baseRef: z.string(),
  mergedBy: z.string().optional(),
  /** How it stands to its base; absent while GitHub has not worked it out. */
  freshness: z.enum(['current', 'conflicts', 'behind']).optional(),
});
export type PullSighting = Readonly<z.infer<typeof pullSightingSchema>>;

export const issueSightingSchema = z.object({
  state: z.enum(['open', 'closed']),
  closedBy: z.string().optional(),
});
export type IssueSighting = Readonly<z.infer<typeof issueSightingSchema>>;

/** What somebody said may have changed at GitHub. It is only ever a reason to look again. */
export const hintSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['pull', 'issue']), repo: repoSchema, number: z.number() }),
  z.object({ kind: z.literal('branch'), repo: repoSchema, branch: z.string() }),
  z.object({ kind: z.literal('everything') }),
]);
export type Hint = Readonly<z.infer<typeof hintSchema>>;

/** What was seen at one moment; absent parts were not looked at. `gone`: GitHub shows us no such thing. */
export type Sighting = Readonly<{ pull?: PullSighting | 'gone'; issue?: IssueSighting | 'gone' }>;

/** Things that people do at GitHub. `login` is who, where GitHub tells. */
export type OutsideEvent =
  | Readonly<{ type: 'pull_closed'; login?: string }>
  | Readonly<{ type: 'pull_reopened' }>
  | Readonly<{ type: 'pull_pushed'; headSha: string; login?: string }>
  | Readonly<{ type: 'pull_retargeted'; base: string }>
  | Readonly<{ type: 'repo_renamed'; repo: Job['repo']; repoUrl: string; pullUrl: string }>
  | Readonly<{ type: 'pull_gone' }>
  | Readonly<{ type: 'pull_back' }>
  | Readonly<{ type: 'issue_closed'; login?: string }>
  | Readonly<{ type: 'issue_reopened' }>
  | Readonly<{ type: 'pull_outdated'; how: 'conflicts' | 'behind' }>
  | Readonly<{ type: 'pull_current' }>
  /** Checks on the pull's head; no names: none is red (any more). */
  | Readonly<{ type: 'checks_seen'; sha: string; names: readonly string[]; known: readonly string[] }>;

/** How long ago, by a clock that all runners share; absent where it never was. */
export type Ages = Readonly<{
  /** That the pull was seen closed, last. */
  closedMs?: number;
  /** That a turn ended, last. */
  resultMs?: number;
}>;

/**
 * The events that lie between a job and what GitHub says now, in the order they should be applied; none when the job
 * knows it all. The sighting must be younger than the job: whoever looked at GitHub first and at the job later may not ask.
 */
export function judgeSighting(job: Job, seen: Sighting, ages: Ages): readonly JobEvent[] {
  if (isFinal(job.status)) return [];
  const pull = seen.pull;
  if (pull === undefined) return judgeIssue(job, seen.issue);
  // Another repository may have taken the name; its pull of the same number is none of ours.
  if (pull === 'gone' || pull.headRef !== job.branch) return job.outside?.gone ? [] : [{ type: 'pull_gone' }];
  const back: readonly JobEvent[] = job.outside?.gone ? [{ type: 'pull_back' }] : [];
  if (pull.state === 'merged' && mayEnd(job)) {
    const by = pull.mergedBy === undefined ? {} : { login: pull.mergedBy };
    return [...back, { type: 'merged', sha: pull.headSha, ...by }];
  }
  return [...back, ...judgeRepo(job, pull), ...judgePull(job, pull, ages), ...judgeIssue(job, seen.issue)];
}

/** A turn that waits or runs ends by itself, and tells its requester, when it finds the pull merged. */
function mayEnd({ status }: Job): boolean {
  return status !== 'queued' && status !== 'running';
}

function judgeRepo(job: Job, pull: PullSighting): readonly JobEvent[] {
  // A running turn has its tree under the old name; GitHub leads both names to the same place meanwhile.
  if (job.status === 'running' || formatRepo(pull.repo) === formatRepo(job.repo)) return [];
  return [{ type: 'repo_renamed', repo: pull.repo, repoUrl: pull.repoUrl, pullUrl: pull.url }];
}

/** While a turn runs, or GitHub carries a decision out, the head and the state of the pull are ours to move. */
function judgePull(job: Job, pull: PullSighting, ages: Ages): readonly JobEvent[] {
  const { status, outside } = job;
  if (status === 'running' || status === 'merging' || status === 'closing') return [];
  const events: JobEvent[] = [];
  if (pull.state === 'closed' && !outside?.closed) events.push({ type: 'pull_closed' });
  if (pull.state === 'open' && outside?.closed) events.push({ type: 'pull_reopened' });
  if (pull.baseRef !== job.base) events.push({ type: 'pull_retargeted', base: pull.baseRef });
  // Elsewhere nobody decides by the head, and the next turn itself tells what is new on the branch.
  const isShown = status === 'in_review' && pull.headSha !== job.pull?.headSha;
  if (isShown && !isEcho(job, pull.headSha, ages))
    events.push({ type: 'pull_pushed', headSha: pull.headSha });
  if (pull.state === 'closed' && isForgotten(job, ages)) events.push({ type: 'closed' });
  return [...events, ...judgeFreshness(job, pull)];
}

/** Of the head that people see, and while they could do something about it. */
function judgeFreshness(job: Job, { state, freshness, headSha }: PullSighting): readonly JobEvent[] {
  if (state !== 'open' || freshness === undefined || headSha !== job.pull?.headSha) return [];
  if (job.status !== 'in_review' && job.status !== 'failed') return [];
  const known = job.outside?.outdated?.how;
  if (freshness === 'current') return known === undefined ? [] : [{ type: 'pull_current' }];
  return freshness === known ? [] : [{ type: 'pull_outdated', how: freshness }];
}

/** GitHub answers a moment late: the head of an earlier turn, just after a newer one was pushed. */
function isEcho(job: Job, headSha: string, { resultMs = 0 }: Ages): boolean {
  if (resultMs > PUSH_SETTLES_MS) return false;
  return job.results.slice(0, -1).some((result) => result.headSha === headSha);
}

/** A closed pull that nobody came back to. */
function isForgotten({ status, outside }: Job, { closedMs = 0 }: Ages): boolean {
  if (outside?.closed === undefined || (status !== 'in_review' && status !== 'failed')) return false;
  return closedMs > CLOSED_LIFETIME_MS;
}

function judgeIssue(job: Job, issue: Sighting['issue']): readonly JobEvent[] {
  if (issue === undefined || job.issue === undefined) return [];
  const isClosed = issue === 'gone' || issue.state === 'closed';
  if (isClosed === (job.outside?.issueClosed !== undefined)) return [];
  if (!isClosed) return [{ type: 'issue_reopened' }];
  const by = issue === 'gone' || issue.closedBy === undefined ? {} : { login: issue.closedBy };
  return [{ type: 'issue_closed', ...by }];
}

/** What one of these events makes of a job that is not final. Part of `transition`, which alone calls it. */
export function followOutside(job: Job, event: OutsideEvent, at: string): Job | Refusal {
  const by = 'login' in event && event.login !== undefined ? { by: event.login } : {};
  switch (event.type) {
    case 'pull_closed':
      return mark(job, { closed: { ...by, at } });
    case 'pull_reopened':
      return unmark(dropProblem(job, 'pull_closed'), 'closed');
    case 'pull_pushed':
      return isSettling(job) ? refuseNow(job) : movePull(job, { headSha: event.headSha, ...by }, at);
    case 'pull_retargeted':
      return isSettling(job) ? refuseNow(job) : retarget(job, event.base, at);
    case 'repo_renamed':
      return rename(job, event);
    case 'pull_gone':
      return mark(job, { gone: { at } });
    case 'pull_back':
      return unmark(job, 'gone');
    case 'issue_closed':
      return mark(job, { issueClosed: { ...by, at } });
    case 'issue_reopened':
      return unmark(job, 'issueClosed');
    case 'pull_outdated':
      return mark(job, { outdated: { how: event.how, at } });
    case 'pull_current':
      return unmark(job, 'outdated');
    case 'checks_seen':
      return seeChecks(job, event);
  }
}

function seeChecks(job: Job, { sha, names, known }: Extract<OutsideEvent, { type: 'checks_seen' }>): Job {
  const red = job.outside?.red;
  if (names.length === 0) return red === undefined ? job : unmark(job, 'red');
  const next = { sha, names: [...names], known: [...known] };
  return JSON.stringify(red) === JSON.stringify(next) ? job : mark(job, { red: next });
}

/** The pull shows another head than the newest result speaks of; `shown` stays what that one said. */
export function movePull(job: Job, moved: { headSha: string; by?: string }, at: string): Job {
  if (job.pull === undefined) return job;
  const { headSha, ...by } = moved;
  const shown = job.outside?.pushed?.shown ?? job.pull.headSha;
  const next = { ...job, pull: { ...job.pull, headSha } };
  return shown === headSha ? unmark(next, 'pushed') : mark(next, { pushed: { ...by, at, shown } });
}

/** The pull goes to another base; back to the first one is as if nothing had been. */
export function retarget(job: Job, base: string, at: string): Job {
  const from = job.outside?.retargeted?.from ?? job.base;
  const next = { ...job, base };
  return from === base ? unmark(next, 'retargeted') : mark(next, { retargeted: { from, at } });
}

function rename(job: Job, event: Extract<OutsideEvent, { type: 'repo_renamed' }>): Job | Refusal {
  if (job.status === 'running') return refuseNow(job);
  const { repo, repoUrl, pullUrl } = event;
  const next = { ...job, repo, repoUrl, ...(job.pull ? { pull: { ...job.pull, url: pullUrl } } : {}) };
  return mark(next, { renamedFrom: job.repo });
}

/** What a new result tells by itself need not be told beside it any more. */
export function forgetTold(job: Job, occasion?: Job['occasion']): Job {
  const more = occasion?.kind === 'update' ? (['outdated'] as const) : [];
  return unmark(job, 'pushed', 'retargeted', 'closed', 'red', ...more);
}

export function mark(job: Job, news: Outside): Job {
  return { ...job, outside: { ...job.outside, ...news } };
}

function unmark(job: Job, ...names: readonly (keyof Outside)[]): Job {
  const { outside, ...rest } = job;
  if (outside === undefined) return job;
  const kept = Object.entries(outside).filter(([name]) => !names.some((one) => one === name));
  return kept.length === 0 ? rest : { ...rest, outside: Object.fromEntries(kept) };
}

function dropProblem(job: Job, code: string): Job {
  const { problem, ...rest } = job;
  return problem?.code === code ? rest : job;
}

function isSettling({ status }: Job): boolean {
  return status === 'running' || status === 'merging' || status === 'closing';
}

function refuseNow(job: Job): Refusal {
  return refuse('wrong_status', `${jobName(job)} is ${job.status}, so this waits until that is over.`);
}
