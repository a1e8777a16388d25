// What everybody who serves a request from Slack has at hand. Only types.
import type { WebClient } from '@slack/web-api';
import type { ActionContext } from '../actions/act.ts';
import type { Log } from '../log.ts';
import type { Homes } from './homes.ts';
import type { Lookups } from './lookups.ts';
import type { People } from './people.ts';
import type { Places } from './places.ts';
import type { Rights } from './rights.ts';

/** Who the bot is, as `auth.test` says. */
export type Identity = Readonly<{ botUserId: string; botId: string; teamId: string }>;

/** The request that a listener serves. */
export type Request = Readonly<{
  /** The same for every delivery of it. */
  key: string;
  /** When its first delivery was stored, by the database's clock. */
  receivedAt: Date;
}>;

export type Desk = Readonly<{
  client: WebClient;
  /** Says words that could not be found again: it never repeats a call whose answer got lost. */
  voice: WebClient;
  actions: ActionContext;
  lookups: Lookups;
  people: People;
  places: Places;
  /** Who may do what. */
  rights: Rights;
  homes: Homes;
  log: Log;
  /** Where this deployment's repositories live, e.g. `https://github.com`. */
  serverUrl: string;
  identity: () => Identity;
  /** How long a question waits for its answer. */
  choiceLifetimeMs: number;
}>;
