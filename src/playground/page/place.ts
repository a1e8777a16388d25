// Where a viewer is: who they play, which channel and thread they look at, and what of GitHub. It stands in the page's
// address, so that a reload shows the same. Pure.
import { z } from 'zod';
import type { LocalSlack } from '../slack/local-slack.ts';

const GITHUB_VIEW = /^(overview|issues|pulls|commits|(issue|pull)\/\d{1,9}|commit\/[0-9a-f]{7,40})$/;

const placeSchema = z.object({
  /** A user's name. */
  me: z.string().max(80).catch(''),
  /** A channel's id, `home`, or `dm` for the conversation with the bot. */
  channel: z.string().max(40).catch(''),
  /** The ts of a thread's first message; empty for none. */
  thread: z
    .string()
    .regex(/^\d{1,12}\.\d{1,9}$/)
    .catch(''),
  github: z.string().regex(GITHUB_VIEW).catch('overview'),
});

export type Place = Readonly<z.infer<typeof placeSchema>> &
  Readonly<{
    /** The id of who looks. */
    userId: string;
    /** The id of the channel that is shown; undefined at the app's home. */
    channelId: string | undefined;
  }>;

/** Reads an address; what is unknown or out of reach becomes what a newcomer sees. */
export function readPlace(
  query: Readonly<Record<string, string | undefined>>,
  slack: LocalSlack,
  fallback: Readonly<{ me: string; channel: string }>,
): Place {
  const asked = placeSchema.parse(query);
  const people = slack.users().filter(({ isBot }) => !isBot);
  const me = people.find(({ name }) => name === asked.me) ?? people.find(({ name }) => name === fallback.me);
  const userId = me?.id ?? '';
  const common = { ...asked, me: me?.name ?? '', userId };
  if (asked.channel === 'home') return { ...common, thread: '', channelId: undefined };
  if (asked.channel === 'dm') return { ...common, channelId: slack.openDm(userId).id };
  const known = slack.channels().find(({ id, members }) => id === asked.channel && members.has(userId));
  const channel = known?.id ?? fallback.channel;
  return { ...common, channel, channelId: channel };
}
