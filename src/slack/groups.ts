// Who is in the user groups that rules name. Slack is asked, the database remembers: runners, who cannot ask Slack, read
// it there and note what they miss.
import type { WebClient } from '@slack/web-api';
import { toError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { type KnownGroup, listWantedGroups, loadGroups, saveGroup } from '../store/rules.ts';
import { asOurError, slackErrorCode } from './call-errors.ts';

/** People change groups rarely; decisions look anew. */
const REMEMBERED_MS = 60_000;

/** Slack's words for a group that will not be told however often it is asked for. */
const CLOSED = new Set(['missing_scope', 'no_such_subteam', 'unknown_method', 'not_allowed_token_type']);

export type Groups = ReturnType<typeof createGroups>;

export function createGroups(options: { client: WebClient; sql: Sql; log: Log; teamId: () => string }) {
  const { client, sql, log, teamId } = options;

  async function look(id: string): Promise<KnownGroup> {
    const group = await ask(client, id);
    if (group.problem !== undefined) {
      // Nobody is let in by a group that cannot be seen.
      log.warn({ group: id, problem: group.problem }, 'slack.group.unreadable');
    }
    await saveGroup(sql, teamId(), group);
    return group;
  }

  return {
    /** Those of `ids` that the person is in. Throws TransientError when Slack does not answer. */
    async of(
      person: string,
      ids: readonly string[],
      { fresh = false }: { fresh?: boolean } = {},
    ): Promise<readonly string[]> {
      const team = teamId();
      const known = fresh ? [] : await loadGroups(sql, { team, ids, maxAgeMs: REMEMBERED_MS });
      const missing = ids.filter((id) => !known.some((group) => group.id === id));
      const found = [...known, ...(await Promise.all(missing.map(look)))];
      return found.filter((group) => group.members.includes(person)).map((group) => group.id);
    },
    /** Looks at the groups that runners wait for. Never throws; call it every few seconds. */
    async lookUpWanted(): Promise<void> {
      try {
        for (const id of await listWantedGroups(sql, teamId())) await look(id);
      } catch (thrown) {
        log.warn({ err: toError(thrown) }, 'slack.groups.not_looked_up');
      }
    },
  };
}

async function ask(client: WebClient, id: string): Promise<KnownGroup> {
  try {
    const { users = [] } = await client.usergroups.users.list({ usergroup: id });
    return { id, members: users };
  } catch (thrown) {
    const code = slackErrorCode(thrown);
    if (code !== undefined && CLOSED.has(code)) return { id, members: [], problem: code };
    throw asOurError(thrown);
  }
}
