// Who is no full member of the workspace, and what such people are told.
import type { Errand } from './errand.ts';

/** What they are told where they are told anything. */
export const REFUSED = /full members of this workspace|my own workspace/;

/** Each kind by name, with what makes somebody of it for `slack.addUser`. */
export const KINDS = [
  ['a guest', { isRestricted: true }],
  ['a guest of one channel', { isUltraRestricted: true }],
  ['a Slack Connect stranger', { isStranger: true }],
  ['a bot', { isBot: true }],
  ['somebody deactivated', { isDeleted: true }],
] as const;

/** The newest private answer to somebody, once there is one more than before. */
export async function toldAfter({ slack }: Errand, user: string, act: () => unknown): Promise<string> {
  const before = slack.ephemerals(user).length;
  await act();
  const found = await slack.waitFor({
    description: 'a private answer',
    check: () => slack.ephemerals(user)[before],
  });
  return slack.renderEphemeral(found);
}
