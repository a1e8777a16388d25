// Emoji on messages. Changes the given list only.
import { SlackFailure } from './failure.ts';

export type Reactions = { readonly name: string; readonly users: string[] }[];

/** Throws `already_reacted`. */
export function addReaction(reactions: Reactions, name: string, user: string): void {
  const reaction = reactions.find((candidate) => candidate.name === name);
  if (reaction?.users.includes(user)) throw new SlackFailure('already_reacted');
  if (reaction) reaction.users.push(user);
  else reactions.push({ name, users: [user] });
}

/** Throws `no_reaction`. */
export function removeReaction(reactions: Reactions, name: string, user: string): void {
  const index = reactions.findIndex((one) => one.name === name && one.users.includes(user));
  const reaction = reactions[index];
  if (!reaction) throw new SlackFailure('no_reaction');
  reaction.users.splice(reaction.users.indexOf(user), 1);
  if (reaction.users.length === 0) reactions.splice(index, 1);
}
