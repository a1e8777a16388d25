// Brings answers to remarks to GitHub: a reply in each thread, and threads that were addressed resolved. What is stored is
// posted once, by the turn itself or, where that was cut off, with a later look.
import { createHash } from 'node:crypto';
import { PermanentError, toError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Remark, RemarkAnswer } from '../job/remarks.ts';
import { tameForGitHub } from '../job/tame.ts';
import { holdAnswers, markPosted, type Unposted, unpostedAnswers } from '../store/remarks.ts';
import type { RunnerContext } from './context.ts';

/** Throws as GitHub's verbs do; what stands there by then is not posted again. */
export async function postAnswers(context: RunnerContext, job: Job): Promise<void> {
  const { db } = context.store;
  const number = job.pull?.number;
  if (number === undefined || (await unpostedAnswers(db.sql, job.id)).length === 0) return;
  // Two looks at once would both find that nothing stands there yet. Whoever comes second leaves it to the first.
  await holdAnswers(db, job.id, () => postAll(context, job, number));
}

async function postAll(context: RunnerContext, job: Job, number: number): Promise<void> {
  const { store, github } = context;
  const waiting = await unpostedAnswers(store.db.sql, job.id);
  if (waiting.length === 0) return;
  for (const one of waiting) {
    await post(context, job, { number, ...one }).catch((thrown: unknown) => {
      // GitHub will say no to it for ever; whoever looks at the thread finds the change all the same.
      if (!(thrown instanceof PermanentError)) throw thrown;
      context.log.warn({ err: thrown, jobId: job.id, key: one.remark.key }, 'runner.answer.refused');
    });
  }
  const threads = waiting.flatMap(({ remark, answer }) =>
    answer.did === 'addressed' && remark.thread !== undefined ? [remark.thread] : [],
  );
  await github.resolveThreads({ repo: job.repo, number, threads }).catch((thrown: unknown) => {
    // The answer stands there; a thread that stays open only asks people to look once more.
    context.log.warn({ err: toError(thrown), jobId: job.id }, 'runner.threads.unresolved');
  });
  for (const { remark } of waiting) await markPosted(store.db.sql, job.id, remark);
}

async function post(
  { github, redactor }: RunnerContext,
  job: Job,
  { number, remark, answer }: Unposted & Readonly<{ number: number }>,
): Promise<void> {
  const { repo } = job;
  const said = redactor.deep(tameForGitHub(answer.say));
  const marker = markerOf(job, remark);
  if (remark.thread !== undefined) {
    const body = `${LEAD[answer.did]}${said}`;
    await github.answerThread({ repo, number, thread: remark.thread, body, marker });
    return;
  }
  const body = `[What ${remark.author} said](${remark.url}): ${LEAD[answer.did]}${said}`;
  await github.comment({ repo, number, body, marker });
}

const LEAD: Readonly<Record<RemarkAnswer['did'], string>> = {
  addressed: 'Done. ',
  answered: '',
  declined: 'Not done: ',
};

/** An answer belongs to a text: words that were written anew get another one. */
function markerOf(job: Pick<Job, 'branch'>, { key, text }: Remark): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `errand:${job.branch.replace(/^errand\//, '')}:${key}:${digest}`;
}
