// `/agent link`: which Slack user is who at GitHub. Admins say so; everybody may look at their own.
import { isRefusal, type Refusal } from '../errors.ts';
import { loadLink, removeLink, saveLink } from '../store/people.ts';
import type { Desk } from './desk.ts';
import type { Command } from './parse-command.ts';
import type { CommandPlace } from './run-command.ts';
import { linkIs, linkRemoved, linkSet } from './words/answers.ts';
import { linkTaken, noSuchAccount, strangersMayNot } from './words/refusals.ts';

export type LinkCommand = Extract<Command, { kind: 'link' }>;

export async function link(desk: Desk, command: LinkCommand, place: CommandPlace): Promise<string | Refusal> {
  const { sql } = desk.actions.store.db;
  const { team, requester: by } = place;
  if (command.person === undefined) return linkIs(await loadLink(sql, { team, person: by }));
  const { person, login } = command;
  const refusal = await desk.rights.mayNot('link', place);
  if (refusal) return refusal;
  if (login === undefined) {
    const removed = await removeLink(sql, { team, person });
    desk.log.info({ person, by, removed }, 'slack.link.removed');
    return linkRemoved(person);
  }
  const account = await findPerson(desk, { person, login });
  if (isRefusal(account)) return account;
  const { takenBy } = await saveLink(sql, { team, person, account, by });
  if (takenBy !== undefined) return linkTaken(account.login, takenBy);
  desk.log.info({ person, by, login: account.login }, 'slack.link.set');
  return linkSet(person, account.login);
}

async function findPerson(desk: Desk, wish: { person: string; login: string }) {
  if (!(await desk.rights.isMember(wish.person))) return strangersMayNot();
  return (await desk.lookups.account(wish.login)) ?? noSuchAccount(wish.login);
}
