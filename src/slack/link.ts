// `/agent link`: which Slack user is who at GitHub. Admins say so; everybody may look at their own.
import { isRefusal, type Refusal } from '../errors.ts';
import { appendDeploymentChange } from '../store/audit.ts';
import type { Tx } from '../store/database.ts';
import { forgetEffect, noteEffect } from '../store/effects.ts';
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
    await once(desk, place, async (tx) => {
      if (await removeLink(tx, { team, person }))
        await appendDeploymentChange(tx, team, { name: 'unlinked', by, person });
      return undefined;
    });
    desk.log.info({ person, by }, 'slack.link.removed');
    return linkRemoved(person);
  }
  const account = await findPerson(desk, { person, login });
  if (isRefusal(account)) return account;
  const takenBy = await once(desk, place, async (tx) => {
    const saved = await saveLink(tx, { team, person, account, by });
    if (saved.takenBy === undefined)
      await appendDeploymentChange(tx, team, { name: 'linked', by, person, account });
    return saved.takenBy;
  });
  if (takenBy !== undefined) return linkTaken(account.login, takenBy);
  desk.log.info({ person, by, login: account.login }, 'slack.link.set');
  return linkSet(person, account.login);
}

/** A command that comes again must not undo what was said since. `change` answers whose the login is, then nothing is noted. */
async function once(
  { actions }: Desk,
  { sourceKey }: CommandPlace,
  change: (tx: Tx) => Promise<string | undefined>,
): Promise<string | undefined> {
  return actions.store.db.transaction(async (tx) => {
    if (!(await noteEffect(tx, sourceKey))) return undefined;
    const takenBy = await change(tx);
    if (takenBy !== undefined) await forgetEffect(tx, sourceKey);
    return takenBy;
  });
}

async function findPerson(desk: Desk, wish: { person: string; login: string }) {
  if (!(await desk.rights.isMember(wish.person))) return strangersMayNot();
  return (await desk.lookups.account(wish.login)) ?? noSuchAccount(wish.login);
}
