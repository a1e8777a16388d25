// The small signs on people's replies: eyes when the words are stored, a check mark when an agent has them.
import type { WebClient } from '@slack/web-api';
import { toError } from '../errors.ts';
import { CARD_INTERVAL_MS } from '../job/timing.ts';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { markReplyShown, type Reply, repliesToShow } from '../store/replies.ts';
import { slackErrorCode } from './call-errors.ts';
import { pauseMs, readSlackTrouble } from './slack-errors.ts';

/** Answers that mean the reaction is already as wanted, or that there is nothing left to react to. */
const FINE = new Set([
  'already_reacted',
  'no_reaction',
  'message_not_found',
  'too_many_reactions',
  'too_many_emoji',
]);

type ReactionsContext = Readonly<{ sql: Sql; client: WebClient; log: Log; now: () => Date }>;

export type ShowReactions = ReturnType<typeof createReactions>;

/**
 * Creates what brings all reactions of a job up to date; it answers undefined when that is done, else how long to wait.
 * A pause that Slack asks for is kept in here (it is one of the method, so of all jobs): a result is never held back by it.
 */
export function createReactions(context: ReactionsContext) {
  const { sql, client, log, now } = context;
  let restUntilMs = 0;

  return async function showReactions(jobId: number): Promise<number | undefined> {
    for (const reply of await repliesToShow(sql, jobId)) {
      if (restUntilMs > now().getTime()) return CARD_INTERVAL_MS;
      try {
        await react(client, reply);
      } catch (thrown) {
        const trouble = readSlackTrouble(thrown);
        log.warn({ err: toError(thrown), jobId }, 'slack.reaction.trouble');
        // A verdict of Slack's (no scope for it, for one) must not hold up the job's messages for a mere sign.
        if (slackErrorCode(thrown) === undefined && trouble.kind === 'later') {
          restUntilMs = now().getTime() + pauseMs(trouble);
          return CARD_INTERVAL_MS;
        }
      }
      await markReplyShown(sql, reply.id, wantedReaction(reply));
    }
    return undefined;
  };
}

function wantedReaction(reply: Reply): string {
  return reply.deliveredAt ? 'white_check_mark' : 'eyes';
}

async function react(client: WebClient, reply: Reply): Promise<void> {
  if (reply.message === undefined) return;
  const { channel, ts: timestamp } = reply.message;
  const name = wantedReaction(reply);
  await unlessFine(client.reactions.add({ channel, timestamp, name }));
  if (name === 'white_check_mark')
    await unlessFine(client.reactions.remove({ channel, timestamp, name: 'eyes' }));
}

async function unlessFine(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    const code = slackErrorCode(thrown);
    if (code === undefined || !FINE.has(code)) throw thrown;
  }
}
