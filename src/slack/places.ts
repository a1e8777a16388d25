// Where the bot may speak. Joins public channels by itself, because thread replies reach only members.
import type { WebClient } from '@slack/web-api';
import { type Refusal, TransientError } from '../errors.ts';
import { asOurError, slackErrorCode } from './call-errors.ts';
import { createRemembered } from './remembered.ts';
import { readSlackTrouble } from './slack-errors.ts';
import { archivedChannel, inviteMe, notHere } from './words/refusals.ts';

type Place = Readonly<{
  kind: 'public' | 'private' | 'group' | 'dm' | 'unknown';
  isMember: boolean;
  isArchived: boolean;
}>;

const UNKNOWN: Place = { kind: 'unknown', isMember: false, isArchived: false };

export type Places = ReturnType<typeof createPlaces>;

export function createPlaces(options: { client: WebClient; now: () => Date }) {
  const { client } = options;
  // Short, because people do remove bots; long enough that a burst of commands is one question (tier 3).
  const entered = createRemembered<void>({ limit: 1_000, lifetimeMs: 60_000, now: options.now });
  const looked = createRemembered<Place | undefined>({
    limit: 1_000,
    lifetimeMs: 5 * 60_000,
    now: options.now,
  });

  /** Once Slack has told who is in some channel, an answer without members is trouble and no gateway. */
  let tellsMembers = false;
  async function rosterOf(channel: string): Promise<ReadonlySet<string> | 'unknown'> {
    const roster = await readRoster(client, channel);
    if (roster === 'unknown' && tellsMembers)
      throw new TransientError('Slack did not say who is in a channel.');
    tellsMembers ||= roster !== 'unknown' && roster.size > 0;
    return roster;
  }

  const rosters = createRemembered<ReadonlySet<string> | 'unknown'>({
    limit: 100,
    lifetimeMs: 60_000,
    now: options.now,
  });

  /** Whether everybody in the workspace may read along. What cannot be seen is not public. */
  async function isPublic(channel: string): Promise<boolean> {
    if (channel.startsWith('D')) return false;
    const place = await looked.get(channel, () => look(client, channel)).catch(() => undefined);
    return place?.kind === 'public';
  }

  return {
    /** Whether a person is in a channel; at most a minute old. */
    async hasMember(channel: string, person: string): Promise<boolean> {
      const roster = await rosters.get(channel, () => rosterOf(channel));
      return roster === 'unknown' || roster.has(person);
    },
    /** The same for who would read along: where Slack does not tell the members, nobody is known to be one. */
    async isKnownMember(channel: string, person: string): Promise<boolean> {
      const roster = await rosters.get(channel, () => rosterOf(channel));
      return roster !== 'unknown' && roster.has(person);
    },
    /**
     * Makes sure that the bot can speak and listen in a channel; a refusal says how to let it in. `inDm`: the
     * request came from a one-to-one conversation, which nobody can be invited to.
     */
    async enter(channel: string, inDm = channel.startsWith('D')): Promise<Refusal | undefined> {
      try {
        await entered.get(channel, () => enter(client, channel, inDm));
        return undefined;
      } catch (thrown) {
        if (thrown instanceof Closed) return thrown.refusal;
        throw thrown;
      }
    },
    isPublic,
  };
}

/** Only keeps a refusal from being remembered: whoever was told to invite the bot does so and tries again. */
class Closed extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

async function enter(client: WebClient, channel: string, inDm: boolean): Promise<void> {
  const place = await look(client, channel);
  if (place === undefined) throw new Closed(inDm ? notHere() : inviteMe());
  if (place.isArchived) throw new Closed(archivedChannel());
  if (place.isMember || place.kind === 'dm') return;
  if (place.kind !== 'public' && place.kind !== 'unknown') throw new Closed(inviteMe());
  try {
    await client.conversations.join({ channel });
  } catch (thrown) {
    const code = slackErrorCode(thrown);
    if (code === undefined || isSlacksOwn(thrown)) throw asOurError(thrown);
    // Joining may be out of the bot's reach (a gateway that lets only some methods through). It may have been invited
    // all the same; speaking will show.
    if (code === 'unknown_method') return;
    throw new Closed(code === 'is_archived' ? archivedChannel() : inviteMe());
  }
}

/** Trouble that says nothing about the channel: Slack's own, or with the bot's token. */
function isSlacksOwn(thrown: unknown): boolean {
  const { kind } = readSlackTrouble(thrown);
  return kind === 'later' || kind === 'locked_out';
}

/** Slack hands out 1,000 at a time; who is in a larger channel can always speak from inside it. */
const ROSTER_PAGES = 20;

/** `unknown` where the method is out of the bot's reach, as behind a gateway; nobody can be told apart then. */
async function readRoster(client: WebClient, channel: string): Promise<ReadonlySet<string> | 'unknown'> {
  const members = new Set<string>();
  let cursor: string | undefined;
  try {
    for (let page = 0; page < ROSTER_PAGES; page += 1) {
      const read = await client.conversations.members({
        channel,
        limit: 1_000,
        ...(cursor ? { cursor } : {}),
      });
      if (read.members === undefined) return 'unknown';
      for (const member of read.members) members.add(member);
      cursor = read.response_metadata?.next_cursor;
      if (!cursor) break;
    }
    return members;
  } catch (thrown) {
    const code = slackErrorCode(thrown);
    if (code === 'unknown_method') return 'unknown';
    if (code === 'channel_not_found') return members;
    throw asOurError(thrown);
  }
}

/** Undefined for a conversation that the bot cannot see. */
async function look(client: WebClient, channel: string): Promise<Place | undefined> {
  try {
    const { channel: found } = await client.conversations.info({ channel });
    if (found === undefined) return UNKNOWN;
    return {
      kind: found.is_im ? 'dm' : found.is_mpim ? 'group' : found.is_private ? 'private' : 'public',
      isMember: found.is_member ?? false,
      isArchived: found.is_archived ?? false,
    };
  } catch (thrown) {
    const code = slackErrorCode(thrown);
    if (code === undefined || isSlacksOwn(thrown)) throw asOurError(thrown);
    // Where we may not look (a scope is missing) we may still be let in.
    return code === 'channel_not_found' ? undefined : UNKNOWN;
  }
}
