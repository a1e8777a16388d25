// The wish "and also…": words for a job, from its thread, from *Request changes* or from a follow-up command.
import { isRefusal, type Refusal } from '../errors.ts';
import { isFinal, type Job } from '../job/job.ts';
import type { Tx } from '../store/database.ts';
import { applyEvent, lockJob } from '../store/jobs.ts';
import { addNotice } from '../store/messages.ts';
import { insertReply, isKnownReply } from '../store/replies.ts';
import { type ActionContext, judge, noSuchJob, type Standpoint } from './act.ts';

export type ReplyWish = Readonly<{
  jobId: number;
  team: string;
  /** The same for every delivery, e.g. `msg:T1:C1:1700000000.000100` or `view:V1:hash`. */
  key: string;
  by: string;
  from: Standpoint;
  /** Display name of the person, for the agent. */
  byName?: string;
  text: string;
  /** The turn that a button stood for; words of a thread mean the one that runs. */
  turn?: number;
  /** The Slack message, where there is one: it shows 👀 and ✅. */
  message?: Readonly<{ channel: string; ts: string }>;
}>;

/** What became of the words. `repeated`: this delivery came twice. */
export type ReplyOutcome =
  | Readonly<{ kind: 'steering' | 'next_turn' | 'repeated'; job: Job }>
  | Readonly<{ kind: 'refused'; refusal: Refusal; job?: Job }>;

/** Stores the words first; then they steer the running turn or start the next one. */
export async function replyToJob(context: ActionContext, wish: ReplyWish): Promise<ReplyOutcome> {
  const { store, now } = context;
  return store.db.transaction(async (tx): Promise<ReplyOutcome> => {
    const job = await lockJob(tx, wish.jobId);
    if (job === undefined || job.team !== wish.team)
      return { kind: 'refused', refusal: noSuchJob(wish.jobId) };
    // The lock makes deliveries of the same words wait for each other.
    if (await isKnownReply(tx, wish.key)) return { kind: 'repeated', job };
    const refusal = judge(context, job, { ...wish, ask: 'steer' });
    if (refusal) return { kind: 'refused', refusal, job };
    const seen = wish.turn === undefined ? {} : { turn: wish.turn };
    const event = { type: 'reply', by: wish.by, ...seen } as const;
    const next = await applyEvent(tx, store.queue, { job, event, now: now() });
    if (isRefusal(next)) {
      await tellFinal(tx, job, { by: wish.by, refusal: next, inThread: wish.message !== undefined });
      return { kind: 'refused', refusal: next, job };
    }
    const { jobId, key, by, byName, text, message } = wish;
    await insertReply(tx, {
      jobId,
      key,
      author: by,
      ...(byName === undefined ? {} : { authorName: byName }),
      text,
      ...(message ? { message } : {}),
    });
    const isSteering = job.status === 'running' || job.status === 'queued';
    return { kind: isSteering ? 'steering' : 'next_turn', job: next };
  });
}

/** A person who only talks on in a finished thread is told once how to go on, not at every message. */
async function tellFinal(
  tx: Tx,
  job: Job,
  said: { by: string; refusal: Refusal; inThread: boolean },
): Promise<void> {
  if (!isFinal(job.status) || !said.inThread) return;
  await addNotice(tx, {
    jobId: job.id,
    slot: `notice:final:${said.by}`,
    channel: job.channel,
    wanted: { text: said.refusal.refusal },
  });
}
