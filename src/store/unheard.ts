// Words that no agent will get: refused by the rules, or left over when the job ended. Each is answered in the thread once,
// marked, and in the record; all in one transaction.
import type { Job } from '../job/job.ts';
import type { Denial } from '../job/permissions.ts';
import { lateWords, refusedWords } from '../job/unheard.ts';
import type { Tx } from './database.ts';
import { appendEvent } from './events.ts';
import { addNotice } from './messages.ts';
import { pendingReplies, type Reply, refuseReplies } from './replies.ts';

export type RefusedReply = Readonly<{ reply: Reply; denial: Denial }>;

/** Each author is told once a turn. Fenced: throws LostJobError when the job's attempt is no longer the newest. */
export async function refuseWords(tx: Tx, job: Job, refused: readonly RefusedReply[]): Promise<void> {
  await refuseReplies(
    tx,
    job,
    refused.map(({ reply }) => reply.id),
  );
  for (const { reply, denial } of refused) {
    const data = { name: 'words_refused', by: reply.author, why: denial.why, reply: reply.id };
    await appendEvent(tx, job, { kind: 'note', data });
    await addNotice(tx, {
      jobId: job.id,
      slot: `notice:refused:${job.turn}:${reply.author}`,
      channel: job.channel,
      wanted: { text: refusedWords(job, reply, denial) },
    });
  }
  // The marks on the messages change, also where a notice stood already.
  await tx.query('UPDATE jobs SET updated_at = now() WHERE id = $1', [job.id]);
}

/** For a job that has just ended for good, under its lock. */
export async function answerLeftWords(tx: Tx, job: Job): Promise<void> {
  const left = await pendingReplies(tx, job.id);
  if (left.length === 0) return;
  await refuseReplies(
    tx,
    job,
    left.map(({ id }) => id),
  );
  for (const { author, id } of left) {
    await appendEvent(tx, job, { kind: 'note', data: { name: 'words_unheard', by: author, reply: id } });
  }
  await addNotice(tx, {
    jobId: job.id,
    slot: 'notice:unheard',
    channel: job.channel,
    wanted: { text: lateWords(job, left) },
  });
}
