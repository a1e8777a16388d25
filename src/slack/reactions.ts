// The small signs on people's replies: eyes when the words are stored, a check mark when an agent has them, a stop when none
// will get them.
import type { WebClient } from '@slack/web-api';
import { toError } from '../errors.ts';
import { CARD_INTERVAL_MS } from '../job/timing.ts';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { markReplyShown, type Reply, repliesToShow } from '../store/replies.ts';
import { noteRest } from '../store/rests.ts';
import { slackErrorCode } from './call-errors.ts';
import { readSlackTrouble } from './slack-errors.ts';

/** Answers that mean the reaction is already as wanted, or that there is nothing left to react to. */
const FINE = new Set([
  'already_reacted',
  'no_reaction',
  'message_not_found',
  'too_many_reactions',
  'too_many_emoji',
]);

type ReactionsContext = Readonly<{ sql: Sql; client: WebClient; log: Log }>;

export type ShowReactions = ReturnType<typeof createReactions>;

/** What rests after an HTTP 429; Slack counts all reactions together. */
const LIMITED = 'reactions';

/**
 * Creates what brings all reactions of a job up to date; it answers undefined when that is done, else how long to wait. A
 * result is never held back by a pause of theirs.
 */
export function createReactions({ sql, client, log }: ReactionsContext) {
  return async function showReactions(
    jobId: number,
    rests: ReadonlyMap<string, number>,
  ): Promise<{ pauseMs: number; lockedOut?: string } | undefined> {
    for (const reply of await repliesToShow(sql, jobId)) {
      if (rests.has(LIMITED)) return { pauseMs: CARD_INTERVAL_MS };
      try {
        await react(client, reply);
      } catch (thrown) {
        const trouble = readSlackTrouble(thrown);
        log.warn({ err: toError(thrown), jobId }, 'slack.reaction.trouble');
        if (trouble.kind === 'later') {
          await noteRest(sql, LIMITED, trouble.waitMs);
          return { pauseMs: CARD_INTERVAL_MS };
        }
        if (trouble.kind === 'locked_out') return { pauseMs: 0, lockedOut: trouble.say };
        // Any other verdict of Slack's: a mere sign is given up before it holds up anything.
      }
      await markReplyShown(sql, reply.id, wantedReaction(reply));
    }
    return undefined;
  };
}

function wantedReaction(reply: Reply): string {
  if (reply.deliveredAt) return 'white_check_mark';
  return reply.refusedAt ? 'no_entry_sign' : 'eyes';
}

async function react(client: WebClient, reply: Reply): Promise<void> {
  if (reply.message === undefined) return;
  const { channel, ts: timestamp } = reply.message;
  const name = wantedReaction(reply);
  await unlessFine(client.reactions.add({ channel, timestamp, name }));
  if (name !== 'eyes') await unlessFine(client.reactions.remove({ channel, timestamp, name: 'eyes' }));
}

async function unlessFine(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    const code = slackErrorCode(thrown);
    if (code === undefined || !FINE.has(code)) throw thrown;
  }
}
