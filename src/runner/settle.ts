// Makes GitHub do what a human decided: merge exactly the SHA they saw, or comment, close and delete. Everything here may
// be repeated; each answer of GitHub becomes a named event of the job.
import { isRefusal, PermanentError, TransientError, toError } from '../errors.ts';
import type { MergeOutcome } from '../github/merge-outcome.ts';
import { type Job, jobName, type PullLink } from '../job/job.ts';
import { buildCommitMessage } from '../job/pull-text.ts';
import { tameForGitHub } from '../job/tame.ts';
import { MERGE_POLL_MS, QUEUE_POLL_MOST_MS } from '../job/timing.ts';
import type { JobEvent } from '../job/transition.ts';
import { readDecisionAgeMs } from '../store/events.ts';
import { applyEvent, loadJob, lockJob } from '../store/jobs.ts';
import { LostJobError } from '../store/lost-job.ts';
import type { WorkItem, WorkOutcome } from '../store/queue.ts';
import { audited } from './audited.ts';
import { knownCoAuthors } from './co-authors.ts';
import type { RunnerContext } from './context.ts';
import { DecisionGoneError, fenced } from './fenced.ts';
import { chooseMergeMethod } from './merge-method.ts';
import { refuseDecision } from './permissions.ts';
import { removeBranch, tidy } from './tidy.ts';

/** After this long without a clear answer a human looks at it again. */
const UNCLEAR_LIMIT_MS = 10 * 60_000;
const BROKEN_PAUSE_MS = 30_000;

export async function runSettle(runner: RunnerContext, item: WorkItem): Promise<WorkOutcome> {
  const job = await loadJob(runner.store.db.sql, item.jobId);
  if (job?.pull === undefined || (job.status !== 'merging' && job.status !== 'closing')) return 'done';
  const context = fenced(audited(runner, job), job, item.signal);
  const log = context.log.child({ jobId: job.id });
  try {
    if (job.status === 'closing') return await close(context, job, job.pull);
    return job.stop ? await withdraw(context, job, job.pull) : await merge(context, job, job.pull);
  } catch (thrown) {
    const error = toError(thrown);
    if (error instanceof DecisionGoneError || error instanceof LostJobError) {
      log.info({ err: error }, 'runner.settle.gone');
      return 'done';
    }
    if (error instanceof TransientError) return await delay(context, job, { pull: job.pull, error });
    if (error instanceof PermanentError)
      return giveBack(context, job, { code: error.code, say: error.message });
    log.error({ err: error }, 'runner.settle.broken');
    if (!(await isPatienceOver(context, job))) return { againInMs: BROKEN_PAUSE_MS };
    return giveBack(context, job, {
      code: 'internal',
      say: 'Something broke inside Errand while it did this at GitHub (see its log). Look at the pull request there, then decide again.',
    });
  }
}

/** Leads back to the human, with the reason. */
async function giveBack(
  context: RunnerContext,
  job: Job,
  why: { code: string; say: string; headSha?: string; base?: string },
): Promise<WorkOutcome> {
  context.log.info({ jobId: job.id, ...why }, 'runner.settle.refused');
  await tell(context, job, { type: 'settle_refused', ...why });
  return 'done';
}

/** A decision that nobody can tell the outcome of must not hold the job for ever. */
async function isPatienceOver({ store }: RunnerContext, job: Job): Promise<boolean> {
  return (await readDecisionAgeMs(store.db.sql, job.id)) > UNCLEAR_LIMIT_MS;
}

/** Tries again, ever more rarely and with the reason on the card; in the end the human decides anew. */
async function delay(
  context: RunnerContext,
  job: Job,
  { pull, error }: { pull: PullLink; error: TransientError },
): Promise<WorkOutcome> {
  context.log.warn({ err: error, jobId: job.id }, 'runner.settle.later');
  // What stands in GitHub's queue may take hours and can be stopped by hand.
  const mayWait = job.problem?.code === 'merge_under_way' && job.stop === undefined;
  if (!mayWait && (await isPatienceOver(context, job))) return giveUp(context, job, { pull, error });
  if (job.problem?.reason !== error.message) {
    await tell(context, job, { type: 'settle_delayed', say: error.message });
  }
  return { againInMs: Math.max(error.retryAfterMs ?? 0, await pollPause(context, job)) };
}

/** Looks once what became of it; what GitHub does not tell now either, the reconciler sees later. */
async function giveUp(
  context: RunnerContext,
  job: Job,
  { pull, error }: { pull: PullLink; error: TransientError },
): Promise<WorkOutcome> {
  const seen = await context.github.pull(job.repo, pull.number).catch(() => undefined);
  if (seen?.headRef === job.branch) {
    if (seen.state === 'merged')
      return finishMerge(context, job, { sha: seen.headSha, login: seen.mergedBy });
    if (seen.state === 'closed' && job.status === 'closing') return finishClose(context, job, pull);
  }
  const what = job.status === 'closing' ? 'Not closed' : 'Not merged';
  const say = `${what}, as far as we know: ${error.message.replace(/\.?$/, '.')} Look at the pull request on GitHub, then decide again.`;
  return giveBack(context, job, { code: 'settle_unclear', say });
}

async function merge(context: RunnerContext, job: Job, pull: PullLink): Promise<WorkOutcome> {
  const { github, redactor } = context;
  const coAuthors = await knownCoAuthors(context, job);
  const sha = job.decision?.sha ?? pull.headSha;
  const at = { repo: job.repo, number: pull.number, sha };
  const underWay = job.problem?.code === 'merge_under_way';
  if (!underWay) {
    // GitHub's merge names a head but no base: what was approved for one branch must not land on another.
    const { baseRef, headRef, state } = await github.pull(job.repo, pull.number);
    if (headRef !== job.branch) return giveBack(context, job, STRANGE_PULL);
    if (state === 'open' && baseRef !== job.base)
      return giveBack(context, job, { code: 'retargeted', say: retargetedWords(baseRef), base: baseRef });
    // What was merged before we crashed is merged.
    const refused = state === 'open' ? await refuseDecision(context, job) : undefined;
    if (refused) return giveBack(context, job, refused);
  }
  const outcome = underWay
    ? await github.mergeStatus({ ...at, ...(job.mergeTicket ? { ticket: job.mergeTicket } : {}) })
    : await github.merge({
        ...at,
        method: await chooseMergeMethod(context, job),
        ...redactor.deep(mergeWords(job, pull, coAuthors)),
      });
  context.log.info({ jobId: job.id, outcome: outcome.kind }, 'runner.merge.answered');
  return follow(context, job, outcome);
}

function mergeWords(
  job: Job,
  pull: PullLink,
  coAuthors: RunnerContext['coAuthors'],
): { title: string; message: string } {
  const summary = job.results.findLast((result) => result.summary)?.summary;
  if (!summary) return { title: `${jobName(job)} (#${pull.number})`, message: '' };
  const [title = '', ...rest] = buildCommitMessage({ job, summary, coAuthors }).split('\n');
  return { title: `${title} (#${pull.number})`, message: rest.join('\n').trim() };
}

/** Another repository has taken the name, say: nothing there is ours to touch. */
const STRANGE_PULL = {
  code: 'pull_gone',
  say: 'The pull request of this job is no longer where it was. If its repository was moved, wait a moment and decide again.',
};

function retargetedWords(base: string): string {
  return `Not merged: somebody changed the pull request to go into \`${base}\`. Approve again if that is what you want.`;
}

/** Somebody pressed Stop while GitHub was busy with the merge. What cannot be taken back is said, and seen by the reconciler. */
async function withdraw(context: RunnerContext, job: Job, pull: PullLink): Promise<WorkOutcome> {
  const sha = job.decision?.sha ?? pull.headSha;
  const left = await context.github.leaveQueue({ repo: job.repo, number: pull.number });
  const outcome = await context.github.mergeStatus({ repo: job.repo, number: pull.number, sha });
  if (outcome.kind === 'merged' || outcome.kind === 'already_merged') return follow(context, job, outcome);
  const say =
    left === 'left'
      ? "Stopped: the pull request left GitHub's merge queue. Decide again when you like."
      : 'Stopped here, but GitHub may still merge it: look at the pull request there.';
  return giveBack(context, job, { code: 'withdrawn', say });
}

/** Every member of the union is handled by name, so that a new one cannot be forgotten. */
async function follow(context: RunnerContext, job: Job, outcome: MergeOutcome): Promise<WorkOutcome> {
  const refused = (code: string, say: string, headSha?: string): Promise<WorkOutcome> =>
    giveBack(context, job, { code, say, ...(headSha ? { headSha } : {}) });
  switch (outcome.kind) {
    case 'merged':
      return finishMerge(context, job, { sha: outcome.sha });
    case 'already_merged':
      return finishMerge(context, job, { sha: outcome.headSha });
    case 'queued':
      // Where GitHub cannot say whether it still is, nobody would ever be told that it no longer is.
      if (!outcome.certain && (await isPatienceOver(context, job)))
        return refused(
          'merge_unclear',
          'GitHub took the pull request for its merge queue and does not say what became of it. Look there, then decide again.',
        );
      return waitFor(context, job, { say: "it is in GitHub's merge queue" });
    case 'pending':
      return waitFor(context, job, { say: 'GitHub is merging it', ticket: outcome.ticket });
    case 'unknown':
      context.log.warn({ jobId: job.id, say: outcome.say }, 'runner.merge.unknown');
      if (await isPatienceOver(context, job))
        return refused('merge_unclear', `Not merged, as far as we know: ${outcome.say}`);
      // A ticket that GitHub has forgotten says nothing any more; asking anew is safe, since the SHA is named.
      if (job.problem?.code === 'merge_under_way') await tell(context, job, { type: 'merge_lost' });
      return { againInMs: outcome.retryAfterMs ?? MERGE_POLL_MS };
    case 'head_moved':
      return refused('head_moved', movedWords(job, outcome.headSha), outcome.headSha);
    case 'closed':
      return refused(
        'pull_closed',
        'The pull request was closed on GitHub. Reopen it there to merge it, or press Reject.',
      );
    case 'conflict':
    case 'checks_pending':
    case 'checks_failed':
    case 'review_required':
    case 'not_permitted':
      return refused(outcome.kind, `Not merged: ${outcome.say}`);
  }
}

/** Which head it is now, and what changed, is said beside this where GitHub told. */
function movedWords(job: Job, headSha: string | undefined): string {
  const shown = job.decision?.sha?.slice(0, 7) ?? 'this message';
  const advice = headSha ? '' : ' Look at the difference on GitHub before you decide again.';
  return `Not merged: somebody pushed to the pull request after ${shown} was shown.${advice}`;
}

async function waitFor(
  context: RunnerContext,
  job: Job,
  news: { say: string; ticket?: string },
): Promise<WorkOutcome> {
  if (job.problem?.reason !== news.say || job.mergeTicket !== news.ticket) {
    await tell(context, job, { type: 'merge_under_way', ...news });
  }
  return { againInMs: await pollPause(context, job) };
}

/** A queue may take hours; who waits that long need not be asked for every five seconds. */
async function pollPause({ store }: RunnerContext, job: Job): Promise<number> {
  const waitedMs = await readDecisionAgeMs(store.db.sql, job.id);
  return Math.min(Math.max(MERGE_POLL_MS, waitedMs / 20), QUEUE_POLL_MOST_MS);
}

async function finishMerge(
  context: RunnerContext,
  job: Job,
  { sha, login }: { sha: string; login?: string | undefined },
): Promise<WorkOutcome> {
  await removeBranch(context, job, sha);
  await tell(context, job, { type: 'merged', sha, ...(login === undefined ? {} : { login }) });
  await tidy(context, job);
  return 'done';
}

async function close(context: RunnerContext, job: Job, pull: PullLink): Promise<WorkOutcome> {
  const { github } = context;
  const at = { repo: job.repo, number: pull.number };
  const now = await github.pull(job.repo, pull.number);
  if (now.headRef !== job.branch) return giveBack(context, job, STRANGE_PULL);
  if (now.state === 'merged') return finishMerge(context, job, { sha: now.headSha, login: now.mergedBy });
  const refused = now.state === 'open' ? await refuseDecision(context, job) : undefined;
  if (refused) return giveBack(context, job, refused);
  const reason = job.decision?.reason?.trim();
  if (reason) {
    const body = `Rejected in Slack:\n\n${tameForGitHub(reason).replaceAll(/^/gm, '> ')}`;
    await github.comment({
      ...at,
      body: context.redactor.text(body),
      marker: `<!-- errand:${jobName(job)}:rejected -->`,
    });
  }
  await github.closePull(at);
  return finishClose(context, job, pull);
}

async function finishClose(context: RunnerContext, job: Job, pull: PullLink): Promise<WorkOutcome> {
  await removeBranch(context, job, pull.headSha);
  await tell(context, job, { type: 'closed' });
  await tidy(context, job);
  return 'done';
}

/** Tells the job; a refusal means that somebody else told it the same before. */
async function tell(context: RunnerContext, job: Job, event: JobEvent): Promise<void> {
  const { store, now, redactor } = context;
  await store.db.transaction(async (tx) => {
    const locked = await lockJob(tx, job.id);
    if (locked === undefined) return;
    // What GitHub said to an earlier decision is no answer to a later one.
    if (!isFact(event) && locked.decision?.at !== job.decision?.at) return;
    const told = await applyEvent(tx, store.queue, { job: locked, event: redactor.deep(event), now: now() });
    if (isRefusal(told)) context.log.info({ jobId: job.id, refusal: told.code }, 'runner.settle.repeated');
  });
}

/** Merged is merged and closed is closed, whoever asked for it. */
function isFact(event: JobEvent): boolean {
  return event.type === 'merged' || event.type === 'closed';
}
