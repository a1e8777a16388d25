// The one place where a listener's failure ends: logged under an id, and the person who waits gets one sentence.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { TransientError, toError } from '../errors.ts';
import { isTransientDatabaseError } from '../store/database.ts';
import { giveBackTake } from '../store/inbox.ts';
import { isUnreadable } from '../store/newer-rows.ts';
import { answer } from './answer.ts';
import { asOurError, isSlackLimit } from './call-errors.ts';
import type { Desk } from './desk.ts';
import type { RequestNote } from './inbox-receiver.ts';
import { answerThread, readTaskPlace } from './modals.ts';
import { readSlackTrouble } from './slack-errors.ts';
import type { Address } from './tell.ts';
import { ourMistake, outsideIsDown } from './words/answers.ts';

type Failure = Readonly<{ error: Error; body: unknown; context: Readonly<Record<string, unknown>> }>;

/** What Bolt calls when a listener throws. Never throws itself. */
export function createTroubleHandler(means: Pick<Desk, 'voice' | 'log' | 'actions'>) {
  return async ({ error, body, context }: Failure): Promise<void> => {
    const cause = asOurError(unwrapped(error));
    const id = randomUUID().slice(0, 8);
    const note = context['request'] as RequestNote | undefined; // put there by the inbox receiver
    const isDatabase = !(cause instanceof TransientError) && isTransientDatabaseError(cause);
    const isShut = isSlackShut(cause);
    if (note && (isDatabase || isShut) && !isOpenForm(body, note)) {
      // It is stored and acknowledged: it is done in a while, and nobody has to ask for it again.
      means.log.warn({ err: cause, troubleId: id, key: note.key }, 'slack.request.left');
      note.isLeft = true;
      // An operator may need more time to mend a token than a request has takes.
      if (isShut)
        await giveBackTake(means.actions.store.db.sql, note.key).catch((thrown: unknown) =>
          means.log.warn({ err: toError(thrown), key: note.key }, 'slack.take.counted'),
        );
      return;
    }
    const outside = isDatabase || cause instanceof TransientError;
    const say = isUnreadable(cause) ? cause.message : outside ? outsideIsDown() : ourMistake(id);
    if (outside) means.log.warn({ err: cause, troubleId: id }, 'slack.outside_failed');
    else means.log.error({ err: cause, troubleId: id }, 'slack.listener_failed');
    if (note) note.trouble = { text: `${id}: ${cause.message}`, say };
    const to = addressOf(body, note);
    if (to) await answer(means, { ...to, key: `trouble:${note?.key ?? id}` }, say);
  };
}

/** Slack wants a pause, or refuses the bot until an operator mends its token: nothing that was asked for is wrong. */
function isSlackShut(cause: Error): boolean {
  return isSlackLimit(cause) || readSlackTrouble(cause).kind === 'locked_out';
}

/** A form that is still open shows its trouble itself, and its sender tries again. */
function isOpenForm(raw: unknown, note: RequestNote): boolean {
  return bodySchema.safeParse(raw).data?.type === 'view_submission' && !note.acknowledged;
}

/** Bolt wraps what it does not know in an error of its own. */
function unwrapped(error: Error): Error {
  const { original } = error as { original?: unknown }; // Bolt's CodedError
  return original === undefined ? error : toError(original);
}

const bodySchema = z.object({
  type: z.string().optional(),
  response_url: z.string().optional(),
  user_id: z.string().optional(),
  channel_id: z.string().optional(),
  user: z.object({ id: z.string() }).optional(),
  channel: z.object({ id: z.string() }).optional(),
  event: z
    .object({
      type: z.string(),
      user: z.string().optional(),
      channel: z.string().optional(),
      thread_ts: z.string().optional(),
    })
    .optional(),
  view: z.object({ private_metadata: z.string() }).optional(),
});

/** The event in what Slack sent; undefined for anything else. */
export function eventOf(raw: unknown): unknown {
  return bodySchema.safeParse(raw).data?.event === undefined ? undefined : (raw as { event: unknown }).event; // just read
}

/** Undefined where nobody waits in a channel: an open form shows its trouble itself, the home tab can be opened again. */
export function addressOf(
  raw: unknown,
  note: Pick<RequestNote, 'acknowledged'> | undefined,
): Address | undefined {
  const body = bodySchema.safeParse(raw).data;
  if (body?.type === 'view_submission') return note?.acknowledged ? senderOf(body) : undefined;
  if (body === undefined) return undefined;
  const channel = body.channel_id ?? body.channel?.id ?? body.event?.channel;
  const user = body.user_id ?? body.user?.id ?? body.event?.user;
  if (channel === undefined || user === undefined) return undefined;
  return { channel, user, threadTs: body.event?.thread_ts, responseUrl: body.response_url };
}

/** Who sent a form that is closed by now, at the message that the form was about. */
function senderOf({ user, view }: z.infer<typeof bodySchema>): Address | undefined {
  const place = readTaskPlace(view?.private_metadata ?? '');
  return user && place && { channel: place.channel, user: user.id, threadTs: answerThread(place) };
}
