// What Slack sends, as far as this folder reads it. Everything else in a payload is ignored.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Speaker } from './people.ts';

const team = z.object({ id: z.string() }).nullish();
const user = z.object({ id: z.string(), team_id: z.string().optional() });

/** A slash command. https://docs.slack.dev/interactivity/implementing-slash-commands */
export const commandSchema = z.object({
  command: z.string(),
  text: z.string().default(''),
  channel_id: z.string(),
  channel_name: z.string().default(''),
  user_id: z.string(),
  /** The workspace of whoever typed it; another one than ours in a channel that organisations share. */
  team_id: z.string().optional(),
  trigger_id: z.string(),
  response_url: z.string().optional(),
});
export type SlashCommand = z.infer<typeof commandSchema>;

/** Slack's triggers are unique; the words are in the key as well, because not every peer is so careful. */
export function commandKey(
  command: Pick<SlashCommand, 'trigger_id' | 'user_id' | 'channel_id' | 'text'>,
): string {
  const { user_id: person, channel_id: channel, text } = command;
  const words = createHash('sha256')
    .update(JSON.stringify([person, channel, text]))
    .digest('hex');
  return `command:${command.trigger_id}:${words.slice(0, 16)}`;
}

/** A button press or menu choice. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const clickSchema = z.object({
  team,
  user,
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  container: z.object({ channel_id: z.string().optional(), thread_ts: z.string().optional() }).default({}),
  /** Where something was pressed that stands in no message. */
  view: z.object({ type: z.string() }).optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        block_id: z.string().optional(),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});
export type Click = z.infer<typeof clickSchema>;

/** A form that was sent off. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const submissionSchema = z.object({
  team,
  user,
  view: z.object({
    id: z.string(),
    private_metadata: z.string(),
    state: z.object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            value: z.string().nullish(),
            selected_option: z.object({ value: z.string() }).nullish(),
          }),
        ),
      ),
    }),
  }),
});
export type Submission = z.infer<typeof submissionSchema>;

/** The wish of a form: sent off again after an error it is the same, whatever it says by now. */
export function formKey({ view }: Readonly<{ view: Readonly<{ id: string }> }>): string {
  return `view:${view.id}`;
}

/** Who pressed, chose or sent. */
export function speakerOf(request: Readonly<{ user: z.infer<typeof user> }>): Speaker {
  return { id: request.user.id, team: request.user.team_id };
}

/** What one field of a form holds; empty when it was left alone. */
export function fieldOf(submission: Submission, block: string): string {
  const [field] = Object.values(submission.view.state.values[block] ?? {});
  return (field?.value ?? field?.selected_option?.value ?? '').trim();
}

/** *Send to agent* on a message. */
export const messageShortcutSchema = z.object({
  team,
  user,
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.object({ id: z.string() }),
  message_ts: z.string(),
  message: z.object({
    text: z.string().default(''),
    ts: z.string(),
    thread_ts: z.string().optional(),
    user: z.string().optional(),
    bot_id: z.string().nullish(),
    files: z.array(z.object({ name: z.string().nullish() })).optional(),
  }),
});

export const homeSchema = z.object({ user: z.string(), tab: z.string().optional() });

/** Slack's own Stop button in a thread. */
export const sessionStoppedSchema = z.object({
  channel: z.string(),
  thread_ts: z.string(),
  user: z.string(),
  /** When it was pressed. */
  event_ts: z.string().optional(),
});

/** What a searchable menu asks for while somebody types. */
export const suggestionSchema = z.object({ user, value: z.string().default('') });

/** `message` and `app_mention` alike. https://docs.slack.dev/reference/events/message */
const postSchema = z.object({
  type: z.enum(['message', 'app_mention']),
  subtype: z.string().optional(),
  hidden: z.boolean().optional(),
  channel: z.string(),
  channel_type: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().nullish(),
  text: z.string().default(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
  files: z.array(z.object({ name: z.string().nullish() })).optional(),
  /** The author's workspace, in channels that organisations share (Slack Connect). */
  user_team: z.string().optional(),
  source_team: z.string().optional(),
});

/** A person's message, once it is clear that it is one. */
export type Post = Readonly<{
  team: string;
  channel: string;
  isDm: boolean;
  user: string;
  /** The author's own workspace, where Slack says that it may be another. */
  userTeam?: string;
  ts: string;
  /** Set for replies; the first message of a thread is not one. */
  threadTs?: string;
  /** As Slack sends it. */
  text: string;
  fileNames: readonly string[];
}>;

/** Undefined for edits, deletions, joins, bots and everything else that is no new message of a person. */
export function readPost(event: unknown, team: string): Post | undefined {
  const parsed = postSchema.safeParse(event);
  if (!parsed.success) return undefined;
  const { subtype, user: author, ts, thread_ts: threadTs, bot_id: botId } = parsed.data;
  const userTeam = parsed.data.user_team ?? parsed.data.source_team;
  const isNew = subtype === undefined || subtype === 'file_share' || subtype === 'thread_broadcast';
  if (!isNew || author === undefined || botId || parsed.data.hidden) return undefined;
  return {
    team,
    channel: parsed.data.channel,
    isDm: parsed.data.channel_type === 'im' || parsed.data.channel.startsWith('D'),
    user: author,
    ...(userTeam === undefined ? {} : { userTeam }),
    ts,
    text: parsed.data.text,
    fileNames: namesOf(parsed.data.files),
    ...(threadTs !== undefined && threadTs !== ts ? { threadTs } : {}),
  };
}

export function namesOf(
  files: readonly { name?: string | null | undefined }[] | undefined,
): readonly string[] {
  return (files ?? []).flatMap((file) => file.name ?? []);
}

/** The same key for `message` and `app_mention` of one post, and for every delivery of each. */
export function postKey(post: Pick<Post, 'team' | 'channel' | 'ts'>): string {
  return `msg:${post.team}:${post.channel}:${post.ts}`;
}
