// A Slack workspace on localhost with one installed app: a state model under a thin HTTP and WebSocket skin, faithful
// enough that Bolt cannot tell. This file only puts the parts together; it holds no rules.
import { createAgentSessions, type SessionOffer } from './agent-sessions.ts';
import { createBulletin } from './bulletin.ts';
import { createChanges } from './changes.ts';
import { createControls } from './controls.ts';
import { createDescribeMessage } from './describe-message.ts';
import { createDirectory } from './directory.ts';
import { createDispatch } from './dispatch.ts';
import { createEscaping } from './escaping.ts';
import { createEvents, RETRY_DELAYS_MS } from './events.ts';
import { createFaults } from './faults.ts';
import { createHttpDelivery } from './http-delivery.ts';
import { createTimestamps } from './ids.ts';
import { createMembership } from './membership.ts';
import { createMessages } from './messages.ts';
import { createOpenId } from './openid/openid.ts';
import { createPeople } from './people/people.ts';
import { createRender } from './render.ts';
import { createResponseUrls } from './response-urls.ts';
import { createSlackServer } from './server.ts';
import { createSockets } from './sockets.ts';
import { createStage } from './stage.ts';
import { createStreams } from './streams.ts';
import { createTriggers } from './triggers.ts';
import { createViews } from './views.ts';
import { createApi } from './web-api/api.ts';
import { createMethods } from './web-api/methods.ts';
import { DEFAULT_SCOPES } from './web-api/scopes.ts';

/** What the app's manifest subscribes to, unless told otherwise. */
const BOT_EVENTS = [
  'agent_session_stopped',
  'app_home_opened',
  'app_mention',
  'channel_unarchive',
  'group_unarchive',
  'member_joined_channel',
  'message.channels',
  'message.groups',
  'message.im',
  'message.mpim',
];

export type LocalSlackOptions = Readonly<{
  teamId?: string;
  appId?: string;
  botName?: string;
  botToken?: string;
  appToken?: string;
  signingSecret?: string;
  clientId?: string;
  clientSecret?: string;
  /** 0 (default) takes any free port. */
  port?: number;
  /** The workspace's clock: timestamps, triggers, response URLs. Acks are always measured in real time. */
  now?: () => Date;
  log?: (event: string, fields: Record<string, unknown>) => void;
  /** How long the app may take to acknowledge; Slack's 3 s by default. */
  ackTimeoutMs?: number;
  /** Waits before the retries of an unacknowledged event; Slack's by default. */
  retryDelaysMs?: readonly number[];
  /** Registered slash commands. */
  commands?: readonly string[];
  /** The manifest's `bot_events`; nothing else is sent. */
  botEvents?: readonly string[];
  /** The manifest's bot scopes; a method that needs another one answers `missing_scope`. */
  scopes?: readonly string[];
  /** Whether the workspace offers agent sessions and streams to this app, or how it refuses them; `unknown_method` by default. */
  agentSessions?: SessionOffer;
}>;

export type LocalSlack = ReturnType<typeof createLocalSlack>;

function createCore(options: LocalSlackOptions & { signingSecret: string }, baseUrl: () => string) {
  const now = options.now ?? (() => new Date());
  const { teamId = 'T0LOCAL0001', appId = 'A0ERRAND001', botName = 'errand' } = options;
  const ackTimeoutMs = options.ackTimeoutMs ?? 3000;
  const timestamps = createTimestamps(now);
  // The waiter prints threads, and the printer needs the state that the waiter watches.
  const changes = createChanges({ describe: () => render.renderAll() });
  const directory = createDirectory({ teamId, appId, botName, now, changes });
  const messages = createMessages({ now, timestamps, changes });
  const views = createViews({ now, changes });
  const render = createRender({ directory, messages });
  const describe = createDescribeMessage({ directory, messages });
  const sessions = createAgentSessions({ offer: options.agentSessions ?? 'unknown_method', changes });
  const streams = createStreams({ now });
  const faults = createFaults({ now });
  const sockets = createSockets({ appId, ackTimeoutMs, changes, faults });
  const http = createHttpDelivery({
    signingSecret: options.signingSecret,
    ackTimeoutMs,
  });
  const dispatch = createDispatch({ sockets, http, faults, changes });
  const subscriptions = new Set(options.botEvents ?? BOT_EVENTS);
  const events = createEvents({
    directory,
    subscriptions,
    retryDelaysMs: options.retryDelaysMs ?? RETRY_DELAYS_MS,
    isDoubled: () => faults.isDoubling,
    holdMs: () => faults.holdEventMs?.(),
    dispatch,
    timestamps,
    now,
  });
  const bulletin = createBulletin({ directory, messages, events, describe });
  const membership = createMembership({ directory, events, changes });
  const triggers = createTriggers({ now });
  const responseUrls = createResponseUrls({ now, messages, bulletin, baseUrl });
  const state = { directory, messages, views, describe, bulletin, membership, triggers, responseUrls };
  const native = { sessions, streams, hearsStop: subscriptions.has('agent_session_stopped') };
  return { ...state, ...native, now, changes, render, faults, sockets, http, dispatch, events };
}

/** Creates the workspace with the app's bot as its only user. Nothing listens before `start()`. */
export function createLocalSlack(options: LocalSlackOptions = {}) {
  let url = '';
  const baseUrl = () => url;
  const {
    botToken = 'xoxb-local-bot',
    appToken = 'xapp-local-app',
    signingSecret = 'local-signing-secret',
    clientId = '1111.2222',
    clientSecret = 'local-client-secret',
  } = options;
  const core = createCore({ ...options, signingSecret }, baseUrl);
  const { directory, changes, faults, sockets, events } = core;
  const openSocketUrl = () => `${url.replace('http', 'ws')}${sockets.issueTicket()}`;
  const methods = createMethods({ ...core, baseUrl, openSocketUrl });
  const scopes = options.scopes ?? DEFAULT_SCOPES;
  const api = createApi({ methods, faults, botToken, appToken, scopes, now: core.now, changes });
  const people = createPeople({
    ...core,
    escaping: createEscaping({ directory }),
    commands: options.commands ?? ['/agent'],
  });
  const server = createSlackServer({
    isDown: () => faults.isDown,
    api: api.answer,
    ownsResponseUrl: core.responseUrls.owns,
    respond: (path, body) => {
      const { httpStatus, error = 'internal_error' } = faults.take('response_url') ?? {};
      return httpStatus
        ? { status: httpStatus, answer: { ok: false, error } }
        : core.responseUrls.respond(path, body);
    },
    openId: createOpenId({ directory, now: core.now, baseUrl, clientId, clientSecret }),
    upgrade: sockets.upgrade,
    log: options.log ?? (() => {}),
  });

  return {
    botToken,
    appToken,
    signingSecret,
    clientId,
    clientSecret,
    teamId: directory.teamId,
    botUserId: directory.bot.id,
    botId: directory.botId,

    /** Starts listening on 127.0.0.1. `apiUrl` is what Bolt takes as `slackApiUrl`. */
    async start(): Promise<{ apiUrl: string; url: string }> {
      const port = await server.start(options.port ?? 0);
      url = `http://127.0.0.1:${port}`;
      return { apiUrl: `${url}/api/`, url };
    },
    async stop(): Promise<void> {
      events.stop();
      await sockets.close();
      await server.stop();
    },

    ...createStage(core),
    /** Every Web API call so far, oldest first, with arguments, time and answer. */
    get calls() {
      return api.calls();
    },
    ...people,
    ...createControls(core),
  };
}
