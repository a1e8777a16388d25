// Slack's way in: builds Bolt over the inbox, registers the listener table, starts and stops.
import { App } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { ActionContext } from '../actions/act.ts';
import { PermanentError, toError } from '../errors.ts';
import { CHOICE_LIFETIME_MS } from '../job/timing.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redact.ts';
import type { Sql } from '../store/database.ts';
import { noteAcknowledged } from '../store/inbox.ts';
import { sayDueAnswers } from './answer.ts';
import { createBoltLogger } from './bolt-log.ts';
import { asOurError, slackErrorCode } from './call-errors.ts';
import { CALL_RETRIES, CALL_TIMEOUT_MS } from './call-limits.ts';
import { expireDueChoices } from './choices.ts';
import { createConnection, type Listen, type Route, type SlackConfig } from './connect.ts';
import type { Desk, Identity, Request } from './desk.ts';
import { createGroups, type Groups } from './groups.ts';
import { createHomes } from './homes.ts';
import { createInboxReceiver, type InboxReceiver, type RequestNote } from './inbox-receiver.ts';
import { LISTENERS, type Listener } from './listeners.ts';
import type { Lookups } from './lookups.ts';
import { createPeople } from './people.ts';
import { createPlaces } from './places.ts';
import { createRedactedFetch } from './redacted-fetch.ts';
import type { MenuOption } from './repository-menu.ts';
import { createRights } from './rights.ts';
import { readSlackTrouble } from './slack-errors.ts';
import { createTakeUp } from './take-up.ts';
import { createTroubleHandler } from './trouble.ts';
import { createViewers, type Viewers } from './viewers.ts';

export type SlackInOptions = Readonly<{
  config: SlackConfig;
  /** Where to serve HTTP; in HTTP mode the port of `config` unless told otherwise. `routes` need it in Socket Mode. */
  listen?: Listen;
  /** Further pages on the same port, e.g. `/health`. */
  routes?: readonly Route[];
  /** Pages for people, which ask Slack about them. */
  pages?: ((viewers: Viewers) => readonly Route[]) | undefined;
  /** Slack's Web API, default `https://slack.com/api/`. */
  apiUrl?: string;
  /** Where the repositories live, default `https://github.com`. */
  serverUrl?: string;
  context: ActionContext;
  redactor?: Redactor;
  lookups: Lookups;
  /** How long a question about the repository waits, ten minutes by default. */
  choiceLifetimeMs?: number | undefined;
  /** How far apart two redraws of one person's home are at the least, 5 s by default. */
  homeIntervalMs?: number | undefined;
  log: Log;
  now: () => Date;
}>;

/** A request that was begun is finished before the process ends, but not for ever. */
const SETTLE_MS = { beforeClosing: 2_000, afterwards: 8_000 } as const;
/** As many as the pool has connections. */
const WARM_QUERIES = 10;

/** Nothing happens before `start`. `client` is the one to share with whoever shows things in Slack. */
export function createSlackIn(options: SlackInOptions) {
  const { config, context } = options;
  const log = options.log.child({ part: 'slack' });
  const logger = createBoltLogger(log);
  const clientOptions: WebClientOptions = {
    logger,
    timeout: CALL_TIMEOUT_MS,
    fetch: createRedactedFetch(options.redactor),
    ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
  };
  let known: Identity | undefined;
  const identity = () => {
    if (known === undefined) throw new Error('Slack was used before it was started.');
    return known;
  };
  const { desk, groups } = buildDesk(options, { clientOptions, log, identity });
  const { client } = desk;
  const connection = createConnection({
    config,
    listen: options.listen ?? (config.mode === 'http' ? { port: config.port } : undefined),
    routes: [...(options.routes ?? []), ...(options.pages?.(createViewers(desk)) ?? [])],
    log,
    logger,
    clientOptions,
  });
  const receiver = createInboxReceiver(connection.receiver, {
    sql: context.store.db.sql,
    log,
    identity,
    redactor: options.redactor,
  });
  const takeUp = createTakeUp(desk, receiver);
  const app = buildApp({ desk, receiver, botToken: config.botToken, clientOptions });

  return {
    client,
    identity,
    isConnected: connection.isConnected,
    /** When Slack was heard last. */
    pulse: connection.pulse,
    /** Ends repository questions that nobody answered; call it every few seconds. Returns how many there were. */
    expireDue: () => expireDueChoices(desk),
    /** Takes up requests that a bot acknowledged and did not live to finish; call it every few seconds. */
    takeUp,
    /** Says what Slack did not take before; call it every few seconds. */
    sayDue: () => sayDueAnswers(desk),
    /** Looks at the people and user groups that runners wait for; call it every few seconds. */
    lookUpWanted: () => Promise.all([desk.people.lookUpWanted(), groups.lookUpWanted()]),
    /** Asks Slack who we are, opens the port and the sockets. Returns the port, where there is one. */
    async start(): Promise<{ port: number | undefined }> {
      known = await readIdentity(
        new WebClient(config.botToken, { ...clientOptions, retryConfig: CALL_RETRIES }),
        log,
      );
      await warmUp(context.store.db.sql);
      const port = await connection.listen();
      await app.start().catch(async (thrown: unknown) => {
        await connection.closePort();
        throw explainStart(thrown, 'app');
      });
      desk.homes.start();
      log.info({ mode: config.mode, port, team: known.teamId }, 'slack.started');
      return { port };
    },
    /** Takes nothing new and lets what was begun end. */
    async stop(): Promise<void> {
      await receiver.settle(SETTLE_MS.beforeClosing);
      await receiver.stop();
      await connection.closePort();
      await receiver.settle(SETTLE_MS.afterwards);
      await desk.homes.stop();
    },
  };
}

function buildDesk(
  { config, context, lookups, now, ...options }: SlackInOptions,
  given: { clientOptions: WebClientOptions; log: Log; identity: () => Identity },
): { desk: Desk; groups: Groups } {
  const { log, identity } = given;
  // The SDK's own pause at a limit would hold up all calls, also those of methods that Slack still answers.
  const connect = (retryConfig: NonNullable<WebClientOptions['retryConfig']>) =>
    new WebClient(config.botToken, {
      ...given.clientOptions,
      retryConfig,
      rejectRateLimitedCalls: true,
    });
  const client = connect(CALL_RETRIES);
  const teamId = () => identity().teamId;
  const botUserId = () => identity().botUserId;
  const people = createPeople({ client, now, teamId, botUserId, sql: context.store.db.sql, log });
  const places = createPlaces({ client, now });
  const groups = createGroups({ client, sql: context.store.db.sql, log, teamId });
  const rights = createRights({ actions: context, lookups, people, places, groups, identity, log });
  const means = {
    client,
    voice: connect({ retries: 0 }),
    actions: context,
    lookups,
    log,
    identity,
    serverUrl: options.serverUrl ?? 'https://github.com',
    choiceLifetimeMs: options.choiceLifetimeMs ?? CHOICE_LIFETIME_MS,
    people,
    places,
    rights,
  };
  const homes = createHomes(means, { everyMs: options.homeIntervalMs });
  return { desk: { ...means, homes }, groups };
}

function buildApp(options: {
  desk: Desk;
  receiver: InboxReceiver;
  botToken: string;
  clientOptions: WebClientOptions;
}): App {
  const { desk, botToken } = options;
  const app = new App({
    receiver: options.receiver,
    clientOptions: options.clientOptions,
    ...(options.clientOptions.logger ? { logger: options.clientOptions.logger } : {}),
    // One workspace, one token: who we are was asked at the start.
    authorize: async () => {
      const { botId, botUserId, teamId } = desk.identity();
      return { botToken, botId, botUserId, teamId };
    },
    convoStore: false,
    extendedErrorHandler: true,
  });
  app.error(createTroubleHandler(desk));
  for (const listener of LISTENERS) register(app, desk, listener);
  return app;
}

function register(app: App, desk: Desk, entry: Listener): void {
  switch (entry.kind) {
    case 'command':
      app.command(entry.id, ({ body, context }) => entry.listener(desk, body, requestOf(context)));
      break;
    case 'event':
      app.event(entry.id, ({ event, context }) => entry.listener(desk, event, requestOf(context)));
      break;
    case 'shortcut':
      app.shortcut(entry.id, ({ body, context }) => entry.listener(desk, body, requestOf(context)));
      break;
    case 'action':
      app.action(entry.id, ({ body, context }) => entry.listener(desk, body, requestOf(context)));
      break;
    case 'view':
      app.view({ callback_id: entry.id, type: 'view_submission' }, ({ body, ack, context }) =>
        entry.listener(desk, body, {
          ...requestOf(context),
          ack: (answer) => (answer === undefined ? ack() : ack(answer)),
          closeEarly: () => closeEarly(desk, requestOf(context).key, ack),
        }),
      );
      break;
    case 'options':
      app.options(entry.id, async ({ body, ack }) => {
        await ack({ options: [...(await offer(desk, body, entry.listener))] });
      });
  }
}

/** Once this is noted, whoever lives longest brings the effect about; where it cannot be, the form stays open. */
async function closeEarly(desk: Desk, key: string, close: () => Promise<void>): Promise<void> {
  await noteAcknowledged(desk.actions.store.db.sql, key);
  await close();
}

/** The inbox receiver put it there. */
function requestOf(context: Readonly<Record<string, unknown>>): Request {
  return context['request'] as RequestNote;
}

/** A menu that cannot be filled is empty; whoever types on asks again. */
async function offer(
  desk: Desk,
  body: unknown,
  listener: Extract<Listener, { kind: 'options' }>['listener'],
): Promise<readonly MenuOption[]> {
  return listener(desk, body).catch((thrown: unknown) => {
    desk.log.warn({ err: toError(thrown) }, 'slack.options.failed');
    return [];
  });
}

/** The first burst of commands should not wait for connections to the database. */
async function warmUp(sql: Sql): Promise<void> {
  await Promise.all(Array.from({ length: WARM_QUERIES }, () => sql.query('SELECT 1')));
}

/** Without it nobody can be told from a guest, so nobody may command. */
const NEEDED_SCOPE = 'users:read';

async function readIdentity(client: WebClient, log: Log): Promise<Identity> {
  try {
    const { user_id: botUserId, bot_id: botId = '', team_id: teamId, ...rest } = await client.auth.test();
    const scopes = rest.response_metadata?.scopes; // the client puts Slack's x-oauth-scopes header there
    if (scopes && !scopes.includes(NEEDED_SCOPE)) log.error({ missing: NEEDED_SCOPE }, 'slack.scope_missing');
    if (botUserId && teamId) return { botUserId, botId, teamId };
  } catch (thrown) {
    throw explainStart(thrown, 'bot');
  }
  throw new PermanentError(
    'slack_not_a_bot',
    'SLACK_BOT_TOKEN is no bot token. It starts with `xoxb-`; copy it from *OAuth & Permissions* of your Slack app.',
  );
}

const TOKEN_PLACES = {
  bot: 'SLACK_BOT_TOKEN. Copy the *Bot User OAuth Token* (`xoxb-…`) from *OAuth & Permissions* of your Slack app',
  app: 'SLACK_APP_TOKEN. Make an *App-Level Token* (`xapp-…`) with `connections:write` under *Basic Information* of your Slack app',
} as const;

/** Slack's refusal of a token, with the place where the right one is found. */
function explainStart(thrown: unknown, token: keyof typeof TOKEN_PLACES): Error {
  const code = slackErrorCode(thrown);
  if (code === undefined || readSlackTrouble(thrown).kind === 'later') return asOurError(thrown);
  const say = `Slack refuses ${TOKEN_PLACES[token]} and start again. (Slack says: ${code})`;
  return new PermanentError('slack_token', say, { cause: thrown });
}
