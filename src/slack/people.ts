// Who is speaking: name and standing of a Slack user, asked once in five minutes. Decides who may command at all.
import type { WebClient } from '@slack/web-api';
import { type Refusal, TransientError, toError } from '../errors.ts';
import type { Standing } from '../job/permissions.ts';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { listWantedPeople, saveStanding } from '../store/people.ts';
import { asOurError, slackErrorCode } from './call-errors.ts';
import type { NameOf } from './decode.ts';
import { createRemembered } from './remembered.ts';
import { guestsMayNot, strangersMayNot } from './words/refusals.ts';

/** `teams` are the person's workspaces, as far as Slack tells them. */
export type Person = Readonly<{
  id: string;
  name: string;
  standing: Standing;
  teams: readonly string[];
  /** Slack does not say who they are: whoever it lets use the app counts as a member there, and nowhere else. */
  isUntold?: true;
  askedAtMs?: number;
}>;

/** `fresh`: asked now. `mostAgeMs`: not longer ago. `mustBeTold`: whom Slack does not tell of is a stranger. */
type Care = Readonly<{ fresh?: boolean; mostAgeMs?: number; mustBeTold?: boolean }>;

/** Who spoke, and of which workspace Slack's own request says they are. */
export type Speaker = Readonly<{ id: string; team?: string | undefined }>;

/** A message that mentions more people than this keeps ids for the rest. */
const MOST_NAMES = 20;

export type People = ReturnType<typeof createPeople>;

/** `teamId` and `botUserId` are the bot's own. What Slack says is noted in `sql` for runners, who cannot ask it. */
export function createPeople(options: {
  client: WebClient;
  now: () => Date;
  teamId: () => string;
  botUserId: () => string;
  sql: Sql;
  log: Log;
}) {
  const { client, sql, log, teamId } = options;
  /** Whether Slack tells who people are; behind a gateway that lets only some methods through it may not. */
  let tells = false;
  const known = createRemembered<Person>({ limit: 1_000, lifetimeMs: 5 * 60_000, now: options.now });

  /** Nobody is let in by an answer that lacks the person where others have one: that is trouble of Slack's. */
  async function askOf(id: string): Promise<Person> {
    const person = await ask(client, { id, teamId: teamId() });
    if (!person.isUntold) {
      tells ||= person.standing !== 'stranger';
      return person;
    }
    tells ||= !(await ask(client, { id: options.botUserId(), teamId: teamId() })).isUntold;
    if (tells) throw new TransientError('Slack did not say who somebody is.');
    log.warn({ person: id }, 'slack.people.untold');
    return person;
  }

  /** Throws TransientError when Slack does not answer. */
  function look(id: string): Promise<Person> {
    return known.get(id, async () => {
      const askedAtMs = options.now().getTime();
      const person = { ...(await askOf(id)), askedAtMs };
      await saveStanding(sql, { team: teamId(), person: id }, person.standing).catch((thrown: unknown) =>
        log.warn({ err: toError(thrown) }, 'slack.people.not_noted'),
      );
      return person;
    });
  }

  /**
   * What the speaker is here. A request that names another workspace comes from a stranger, unless Slack says that the
   * person is of ours too (in an organisation people have several). `fresh`: asked now, not remembered.
   */
  async function standingOf(
    { id, team }: Speaker,
    { fresh = false, mostAgeMs, mustBeTold = false }: Care = {},
  ): Promise<Standing> {
    if (fresh) known.forget(id);
    let person = await look(id);
    if (mostAgeMs !== undefined && options.now().getTime() - (person.askedAtMs ?? 0) > mostAgeMs) {
      known.forget(id);
      person = await look(id);
    }
    const { standing, teams, isUntold } = person;
    if (isUntold && mustBeTold) return 'stranger';
    const ours = options.teamId();
    const isForeign = team !== undefined && team !== ours && !teams.includes(ours);
    return isForeign && standing !== 'bot' ? 'stranger' : standing;
  }

  return {
    look,
    standingOf,
    /** A refusal for guests, bots and people of other organisations. */
    async mayNotCommand(who: string | Speaker): Promise<Refusal | undefined> {
      const standing = await standingOf(typeof who === 'string' ? { id: who } : who);
      if (standing === 'member') return undefined;
      return standing === 'guest' ? guestsMayNot() : strangersMayNot();
    },
    /** Looks at the people that runners wait for. Never throws; call it every few seconds. */
    async lookUpWanted(): Promise<void> {
      try {
        for (const id of await listWantedPeople(sql, teamId())) {
          known.forget(id);
          await look(id);
        }
      } catch (thrown) {
        log.warn({ err: toError(thrown) }, 'slack.people.not_looked_up');
      }
    },
    /** The person's name, for others to read; undefined where Slack does not tell it. */
    async nameOf(id: string): Promise<string | undefined> {
      const person = await look(id).catch(() => undefined);
      return person?.name === id ? undefined : person?.name;
    },
    /** Names of those who are mentioned; whom Slack does not tell keeps the id. */
    async names(ids: readonly string[]): Promise<NameOf> {
      const people = await Promise.all(ids.slice(0, MOST_NAMES).map((id) => look(id).catch(() => undefined)));
      const names = new Map(people.flatMap((person) => (person ? [[person.id, person.name]] : [])));
      return (id) => names.get(id);
    },
  };
}

async function ask(client: WebClient, who: { id: string; teamId: string }): Promise<Person> {
  try {
    const { user } = await client.users.info({ user: who.id });
    const name = user?.profile?.display_name || user?.real_name || user?.name || who.id;
    // An answer without a user: `users.info` is out of the bot's reach (say, behind a gateway that lets only some methods
    // through). Nobody can be told apart then, and whoever Slack lets use the app may.
    const teams = [user?.team_id, ...(user?.enterprise_user?.teams ?? [])].filter(
      (team) => team !== undefined,
    );
    return {
      id: who.id,
      name,
      teams,
      ...(user === undefined
        ? { standing: 'member', isUntold: true }
        : { standing: readStanding(user, who.teamId) }),
    };
  } catch (thrown) {
    // Whom Slack hides from the bot is of another organisation, and refused.
    const code = slackErrorCode(thrown);
    if (code === 'user_not_found' || code === 'user_not_visible') {
      return { id: who.id, name: who.id, standing: 'stranger', teams: [] };
    }
    // Out of reach, as above.
    if (code === 'unknown_method')
      return { id: who.id, name: who.id, standing: 'member', teams: [], isUntold: true };
    throw asOurError(thrown);
  }
}

type SlackUser = NonNullable<Awaited<ReturnType<WebClient['users']['info']>>['user']>;

function readStanding(user: SlackUser, teamId: string): Standing {
  if (user.is_bot || user.id === 'USLACKBOT') return 'bot';
  const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
  const foreign = user.team_id !== undefined && !teams.includes(teamId);
  if (user.deleted || foreign || (user as { is_stranger?: boolean }).is_stranger) return 'stranger'; // missing in the SDK's type
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}
