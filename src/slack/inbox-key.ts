// What kind of request Slack sent, and the key that is the same for every delivery of it. Pure. (FACTS §1.1)
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { InboxKind } from '../store/inbox.ts';
import { mentions } from './decode.ts';
import { commandKey, commandSchema, postKey, readPost } from './payloads.ts';

/** How a request is acknowledged: at once, or (a form) with an answer of its own. */
type RequestForm = 'event' | 'command' | 'click' | 'shortcut' | 'form';
export type KeyedRequest = Readonly<{ key: string; kind: InboxKind; form: RequestForm }>;

/**
 * `chatter`: people talking to each other in a channel, edits, joins, other bots. It is acknowledged and never stored.
 * Undefined: needs no inbox (the options of a menu, a form that was closed).
 */
export type Reading = KeyedRequest | 'chatter' | undefined;

const eventSchema = z.object({ event_id: z.string(), event: z.looseObject({ type: z.string() }) });
const interactionSchema = z.looseObject({ type: z.string() });
const clickSchema = z.object({
  user: z.object({ id: z.string() }),
  trigger_id: z.string().default(''),
  container: z.object({ message_ts: z.string().optional(), view_id: z.string().optional() }).default({}),
  actions: z.array(z.object({ action_id: z.string(), action_ts: z.string().default('') })).min(1),
});
const formSchema = z.object({
  view: z.object({ id: z.string(), hash: z.string().default(''), state: z.unknown() }),
});
const shortcutSchema = z.object({ trigger_id: z.string() });

export function readRequest(body: unknown, bot: { teamId: string; botUserId: string }): Reading {
  const event = eventSchema.safeParse(body).data;
  if (event) return readEvent(event, bot);
  const command = commandSchema.safeParse(body).data;
  if (command) return { key: commandKey(command), kind: 'command', form: 'command' };
  switch (interactionSchema.safeParse(body).data?.type) {
    case 'block_actions':
      return readClick(body);
    case 'view_submission':
      return readForm(body);
    case 'message_action':
    case 'shortcut': {
      const shortcut = shortcutSchema.safeParse(body).data;
      return shortcut && { key: `shortcut:${shortcut.trigger_id}`, kind: 'interaction', form: 'shortcut' };
    }
    default:
      return undefined;
  }
}

/**
 * One post that mentions the bot arrives as `message` and as `app_mention`, each with an event id of its own; under
 * the post's key the second is a duplicate of the first.
 */
function readEvent(
  { event, event_id: eventId }: z.infer<typeof eventSchema>,
  bot: { teamId: string; botUserId: string },
): Reading {
  // Only our own coming opens a channel.
  if (event.type === 'member_joined_channel' && event['user'] !== bot.botUserId) return 'chatter';
  if (event.type !== 'message' && event.type !== 'app_mention') {
    return { key: `event:${eventId}`, kind: 'event', form: 'event' };
  }
  const post = readPost(event, bot.teamId);
  if (post === undefined) return 'chatter';
  const mayConcernUs = post.isDm || post.threadTs !== undefined || mentions(post.text, bot.botUserId);
  return mayConcernUs ? { key: postKey(post), kind: 'event', form: 'event' } : 'chatter';
}

function readClick(body: unknown): Reading {
  const click = clickSchema.safeParse(body).data;
  const [action] = click?.actions ?? [];
  if (click === undefined || action === undefined) return undefined;
  const place = click.container.message_ts ?? click.container.view_id ?? '';
  const key = ['click', place, action.action_id, action.action_ts, click.user.id, click.trigger_id].join(':');
  return { key, kind: 'interaction', form: 'click' };
}

/** The same form may be sent off again after an error, with other words: these are different requests. */
function readForm(body: unknown): Reading {
  const form = formSchema.safeParse(body).data;
  if (form === undefined) return undefined;
  const words = createHash('sha256')
    .update(JSON.stringify(form.view.state) ?? '')
    .digest('hex')
    .slice(0, 16);
  return { key: `form:${form.view.id}:${form.view.hash}:${words}`, kind: 'interaction', form: 'form' };
}
