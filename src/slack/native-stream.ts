// The stream of a running turn: started once, told what changed, ended and taken away. Whatever goes wrong on the way ends it,
// because the plain card says the same.
import { z } from 'zod';
import type { Progress } from '../job/agent-update.ts';
import type { Job } from '../job/job.ts';
import { CARD_INTERVAL_MS } from '../job/timing.ts';
import {
  noteStreamed,
  noteStreamGone,
  noteStreamNotPosted,
  noteStreamOver,
  noteStreamPosting,
  type ShownSession,
  type Stream,
} from '../store/sessions.ts';
import { contextBlock } from './card.ts';
import { callNatively, type NativeMeans } from './native-call.ts';
import type { Behind, Rests } from './show-job.ts';
import { isOutcomeUnknown, pauseMs, type SlackTrouble } from './slack-errors.ts';
import { asStreamed, buildTasks, changedTasks, sessionTitle, taskPrefix } from './stream-tasks.ts';
import { streamEnded } from './words/session.ts';

type Shown = Readonly<{ session: ShownSession; progress: Progress; rests: Rests }>;
type Means = NativeMeans & Readonly<{ cardIntervalMs?: number | undefined }>;

/** The card is due again: it says less, or more, than before. */
const CARD_CHANGED: Behind = { pauseMs: 0 };

export async function startStream(
  means: Means,
  job: Job,
  { session, progress, rests }: Shown,
): Promise<Behind | undefined> {
  const { sql, client, lease } = means;
  // A start that nobody heard the answer of is not tried again: the card says it all.
  if (session.stream?.postingAt) return giveUp(means, job);
  if (rests.has('chat.startStream')) return { pauseMs: CARD_INTERVAL_MS };
  if (!(await noteStreamPosting(sql, lease, job.turn))) return CARD_CHANGED;
  const tasks = buildTasks(job, progress, {});
  const outcome = await callNatively(means, job.id, 'chat.startStream', () =>
    client.chat.startStream({
      channel: job.channel,
      thread_ts: job.threadTs ?? '',
      ...recipientOf(job),
      task_display_mode: 'plan',
      chunks: [{ type: 'plan_update', title: sessionTitle(job) }, ...tasks],
    }),
  );
  if ('answer' in outcome && outcome.answer.ts !== undefined) {
    await noteStreamed(sql, job.id, { ts: outcome.answer.ts, streamed: asStreamed(tasks) });
    return CARD_CHANGED;
  }
  if ('trouble' in outcome && outcome.isElsewhere) return CARD_CHANGED;
  if ('trouble' in outcome && !isOutcomeUnknown(outcome.trouble)) await noteStreamNotPosted(sql, job.id);
  return giveUp(means, job);
}

/** Slack wants to know whom a stream in a channel is for; in a direct message there is only one. */
function recipientOf({ channel, requester, team }: Job) {
  return channel.startsWith('D') ? {} : { recipient_user_id: requester, recipient_team_id: team };
}

export async function appendToStream(
  means: Means,
  job: Job,
  { stream, progress }: Shown & Readonly<{ stream: Stream & Readonly<{ ts: string }> }>,
): Promise<Behind | undefined> {
  const { sql, client } = means;
  const { ts, streamed } = stream;
  const tasks = buildTasks(job, progress, streamed);
  const changed = changedTasks(tasks, streamed);
  if (changed.length === 0) return undefined;
  const early =
    (means.cardIntervalMs ?? CARD_INTERVAL_MS) - (stream.streamedAgoMs ?? Number.POSITIVE_INFINITY);
  if (early > 0) return { pauseMs: early };
  const outcome = await callNatively(means, job.id, 'chat.appendStream', () =>
    client.chat.appendStream({ channel: job.channel, ts, chunks: [...changed] }),
  );
  if ('trouble' in outcome) return outcome.isElsewhere ? CARD_CHANGED : giveUp(means, job);
  await noteStreamed(sql, job.id, { ts, streamed: { ...streamed, ...asStreamed(tasks) } });
  return undefined;
}

/** From here on the card says everything; the next look takes the stream away. */
async function giveUp({ sql }: Means, job: Job): Promise<Behind> {
  await noteStreamOver(sql, job.id, job.turn);
  return CARD_CHANGED;
}

/** Ends the stream and takes its message away. Asks as often as it takes: nobody else would. */
export async function endStream(
  means: Means,
  job: Job,
  { stream, rests }: Readonly<{ stream: Stream; rests: Rests }>,
): Promise<Behind | undefined> {
  const { sql, client } = means;
  await noteStreamOver(sql, job.id, stream.turn);
  const found = stream.ts === undefined ? await findStream(means, job, stream) : { ts: stream.ts };
  if ('trouble' in found) return behindFor(found.trouble);
  const { ts } = found;
  if (ts !== undefined) {
    const place = { channel: job.channel, ts };
    if (!rests.has('chat.stopStream'))
      // It may have died by itself: then there is nothing to stop.
      await callNatively(means, job.id, 'chat.stopStream', () => client.chat.stopStream(place));
    if (rests.has('chat.delete')) return { pauseMs: CARD_INTERVAL_MS };
    const gone = await callNatively(means, job.id, 'chat.delete', () => client.chat.delete(place));
    if ('trouble' in gone && isPassing(gone.trouble)) return behindFor(gone.trouble);
    if ('trouble' in gone && gone.trouble.kind === 'refused') await leaveWord(means, job, ts);
  }
  await noteStreamGone(sql, job.id);
  return CARD_CHANGED;
}

/** Some workspaces let nobody delete anything. */
async function leaveWord(means: Means, job: Job, ts: string): Promise<void> {
  const text = streamEnded();
  const blocks = [contextBlock([text])];
  await callNatively(means, job.id, 'chat.update', () =>
    means.client.chat.update({ channel: job.channel, ts, text, blocks }),
  );
}

function isPassing({ kind }: SlackTrouble): boolean {
  return kind === 'later' || kind === 'locked_out';
}

function behindFor(trouble: SlackTrouble): Behind {
  if (trouble.kind === 'locked_out') return { pauseMs: 0, lockedOut: trouble.say };
  return { pauseMs: pauseMs(trouble) };
}

/** How far our database's clock and Slack's may be apart. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

const pageSchema = z.object({
  messages: z.array(z.object({ ts: z.string(), blocks: z.array(z.unknown()).default([]) })).default([]),
});

/** A start was sent once and its answer never came: the message is known by the ids of its tasks. */
async function findStream(
  means: Means,
  job: Job,
  { turn, postingAt }: Stream,
): Promise<Readonly<{ ts: string | undefined } | { trouble: SlackTrouble }>> {
  const { threadTs, channel } = job;
  if (postingAt === undefined || threadTs === undefined) return { ts: undefined };
  const oldest = String((postingAt.getTime() - CLOCKS_DIFFER_MS) / 1_000);
  const outcome = await callNatively(means, job.id, 'conversations', () =>
    means.client.conversations.replies({ channel, ts: threadTs, oldest, limit: 200 }),
  );
  if ('trouble' in outcome) return isPassing(outcome.trouble) ? outcome : { ts: undefined };
  const prefix = taskPrefix({ id: job.id, turn });
  const { messages } = pageSchema.parse(outcome.answer);
  return { ts: messages.find(({ blocks }) => JSON.stringify(blocks).includes(`"${prefix}`))?.ts };
}
