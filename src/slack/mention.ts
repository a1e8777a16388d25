// Every message of a person that may be meant for the bot: mentions, direct messages, replies in a job's thread.

import { setTimeout as delay } from 'node:timers/promises';
import { isRefusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { findJobByThread, hasStartedJob, isAwaitingThread } from '../store/jobs.ts';
import { answer } from './answer.ts';
import { noteOpen } from './channel-open.ts';
import { decodeCommand, mentionedIds, mentions, withoutMention } from './decode.ts';
import type { Desk, Request } from './desk.ts';
import { parseCommand } from './parse-command.ts';
import { type Post, postKey } from './payloads.ts';
import { hearReply } from './reply.ts';
import { type CommandPlace, runCommand } from './run-command.ts';
import { saidAt } from './said-at.ts';
import { recipientOf } from './start-request.ts';
import { readThreadContext } from './thread-context.ts';
import { filesNote } from './words/answers.ts';

/** `message` and `app_mention` come here alike; whichever comes first has the effect. */
export async function hearPost(desk: Desk, post: Post, { receivedAt }: Request): Promise<void> {
  const { botUserId } = desk.identity();
  if (post.user === botUserId) return;
  await noteOpen(desk, post.channel);
  const addressed = post.isDm || mentions(post.text, botUserId);
  const job = post.threadTs
    ? await findJob(desk, { channel: post.channel, threadTs: post.threadTs })
    : undefined;
  // Asked after the job was found: the words that started it come again, and are no reply to it.
  if (job && (await hasStartedJob(desk.actions.store.db.sql, postKey(post)))) return;
  const heard = { post, addressed, place: placeOf(desk, post, receivedAt), words: () => wordsOf(desk, post) };
  if (job && job.team === post.team) return hearReply(desk, { ...heard, job });
  if (addressed) return hearRequest(desk, heard);
}

/** Who replies the moment the card appears may be faster than our own note of where Slack put it. */
const OVERTAKEN = { waitMs: 100, mostMs: 5_000 } as const;

async function findJob(desk: Desk, place: { channel: string; threadTs: string }): Promise<Job | undefined> {
  const { sql } = desk.actions.store.db;
  const deadline = performance.now() + OVERTAKEN.mostMs;
  for (;;) {
    // In this order: a note that is written between the two questions is found in the next round.
    const isAwaited = await isAwaitingThread(sql, place.channel);
    const job = await findJobByThread(sql, place);
    if (job !== undefined || !isAwaited || performance.now() > deadline) return job;
    await delay(OVERTAKEN.waitMs);
  }
}

export type HeardPost = Readonly<{
  post: Post;
  /** The bot is mentioned, or it is a direct message. */
  addressed: boolean;
  place: CommandPlace;
  /** What was said, in plain words, without the bot's own mention. */
  words: () => Promise<string>;
}>;

async function hearRequest(desk: Desk, { place, words }: HeardPost): Promise<void> {
  const command = parseCommand(await words(), { freeWords: true, serverUrl: desk.serverUrl });
  if (isRefusal(command)) return answer(desk, recipientOf(place), command.refusal);
  await runCommand(desk, command, place);
}

/** The thread that a job lives in is the one of its message. */
function placeOf(desk: Desk, post: Post, receivedAt: Date): CommandPlace {
  const { team, channel, user: requester, ts, threadTs } = post;
  return {
    sourceKey: postKey(post),
    team,
    channel,
    requester,
    askedAt: saidAt(post.ts, receivedAt),
    speaker: { id: requester, team: post.userTeam },
    threadTs: threadTs ?? ts,
    ...(threadTs === undefined ? {} : { answerThreadTs: threadTs }),
    readContext: async () =>
      threadTs === undefined ? [] : readThreadContext(desk, { channel, threadTs, beforeTs: ts }),
  };
}

async function wordsOf(desk: Desk, post: Post): Promise<string> {
  const raw = withoutMention(post.text, desk.identity().botUserId);
  const words = decodeCommand(raw, await desk.people.names(mentionedIds(raw)));
  return post.fileNames.length === 0 ? words : `${words}\n${filesNote(post.fileNames)}`.trim();
}
