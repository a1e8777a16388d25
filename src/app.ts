// Wires the two halves over the given settings. main.ts and the tests call the same functions; nothing else knows both
// halves. The bot writes wishes into Postgres and shows what Postgres says; the runner makes the wishes true.
// Each half is loaded when it is started: a bot alone needs no room for what drives agents (30 MB less, measured).
import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import { createAgentChoice, refuseUnknownAgent } from './app/agents.ts';
import { createLookups } from './app/lookups.ts';
import { openPages } from './app/pages.ts';
import { type Grounds, watchStanding } from './app/standing.ts';
import type { AgentConfig, RunnerConfig } from './config/agent.ts';
import type { GitHubConfig } from './config/github.ts';
import type { SlackConfig } from './config/slack.ts';
import { createGitHub, type GitHub } from './github/github.ts';
import { AGENT_START_LIMIT_MS, CANCEL_GRACE_MS, REMARKS_QUIET_MS } from './job/timing.ts';
import type { Log } from './log.ts';
import type { Redactor } from './redact.ts';
import type { createSlackIn } from './slack/bolt.ts';
import { readDeploymentId } from './store/deployment.ts';
import { saveDeploymentRules } from './store/rules.ts';
import { openStore, type Store } from './store/store.ts';
import { createHealthRoutes } from './web/health.ts';
import { serveHealth, type WebRoute } from './web/server.ts';

type Shared = Readonly<{
  databaseUrl: string;
  github: GitHubConfig;
  log: Log;
  /** Knows this deployment's secrets; the log has the same. */
  redactor: Redactor;
  now?: () => Date;
}>;

export type BotSettings = Shared &
  Readonly<{
    slack: SlackConfig;
    /** The port of the web server, where one is wanted. */
    port?: number | undefined;
    /** The one address it listens at; every address of the machine without it. */
    host?: string;
    /** Where people reach that web server. */
    publicUrl?: string | undefined;
    /** How long a question about the repository waits for its answer. */
    choiceLifetimeMs?: number | undefined;
    /** How far apart the edits of a card are at the least; 3 s by default, as Slack's limits want it. */
    cardIntervalMs?: number | undefined;
    /** True where the same process runs agents, too. */
    withRunner?: boolean;
    /** What the runner in the same process wants to be known, for health pages. */
    note?: () => string | undefined;
    /** Absent when agents are installed on other machines: then only their names can be checked. */
    agent?: AgentConfig;
  }>;

export type RunnerSettings = Shared &
  Readonly<{
    home: string;
    /** Files with secrets of the deployment, hidden from agents. */
    secretFiles: readonly string[];
    agent: AgentConfig;
    runner: RunnerConfig;
    /** True where runners on other machines share the database. */
    shareSnapshots: boolean;
    /** The port of its health pages, where nobody else in this process serves them. */
    port?: number | undefined;
  }>;

/** A running half. `stop` finishes what is in hand and lets go of everything; safe to call twice. */
export type Running = Readonly<{ stop(): Promise<void> }>;

/** Of the machine's memory, what all jobs of a runner may take together unless a setting says otherwise. */
const SHARE_OF_MEMORY = 0.75;

/** How often the bot looks for pickers that nobody answered and for requests that a dead bot left behind. */
const TEND_EVERY_MS = 5_000;

/** Starts the half that listens to Slack and shows jobs there. */
export async function startBot(
  settings: BotSettings,
): Promise<Running & { store: Store; port: number | undefined }> {
  const { log, redactor, slack, now = () => new Date() } = settings;
  const { createSlackIn } = await import('./slack/bolt.ts');
  const { createShow, createShowClient } = await import('./slack/show.ts');
  // What was opened is closed again when a later step fails; a half-started process would never end.
  await using opened = new AsyncDisposableStack();
  const store = await openStore({ url: settings.databaseUrl, log, supervise: false });
  opened.defer(() => store.close());
  const github = openGitHub(settings, now);
  const port = slack.mode === 'http' ? slack.port : settings.port;
  const context = { store, now, rules: slack.rules };
  const pages = await openPages({ ...settings, port, context });
  const slackIn = createSlackIn({
    config: slack,
    apiUrl: slack.apiUrl,
    context,
    redactor,
    lookups: createLookups(github, settings.agent),
    serverUrl: settings.github.serverUrl,
    choiceLifetimeMs: settings.choiceLifetimeMs,
    homeIntervalMs: settings.cardIntervalMs,
    ...(port === undefined ? {} : { listen: { port, ...(settings.host ? { host: settings.host } : {}) } }),
    pages: pages?.routes,
    routes: await botRoutes(settings, store, { pulse: () => slackIn.pulse(), trouble: () => show.trouble() }),
    log,
    now,
  });
  const client = createShowClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, redactor, log });
  const { cardIntervalMs } = settings;
  const show = createShow({
    store,
    client,
    log,
    now,
    holder: randomUUID(),
    cardIntervalMs,
    pagesUrl: pages?.url,
  });
  opened.defer(show.stop);
  opened.defer(slackIn.stop);
  opened.defer(async () => pages?.close());
  const { port: listening } = await slackIn.start();
  await saveDeploymentRules(store.db.sql, slackIn.identity().teamId, slack.rules);
  show.start();
  const tend = setInterval(() => void tendTo(slackIn), TEND_EVERY_MS);
  opened.defer(async () => clearInterval(tend));
  log.info({ mode: slack.mode }, 'bot.started');
  return {
    store,
    /** Where Slack and health pages are served, in case the system chose. */
    port: listening,
    stop: stopper(opened.move()),
  };
}

async function botRoutes(
  settings: BotSettings,
  store: Store,
  slack: Pick<Parameters<typeof createHealthRoutes>[0], 'pulse' | 'trouble'>,
): Promise<readonly WebRoute[]> {
  const halves = settings.withRunner ? (['bot', 'runner'] as const) : (['bot'] as const);
  const standing = watchStanding(groundsOf(settings));
  const { note } = settings;
  return [
    ...createHealthRoutes({ sql: store.db.sql, halves, note, standing, ...slack }),
    ...(await webhookRoutes(settings, store)),
  ];
}

/** Nothing of it throws. */
function tendTo(slackIn: ReturnType<typeof createSlackIn>): Promise<unknown> {
  return Promise.all([slackIn.expireDue(), slackIn.takeUp(), slackIn.sayDue(), slackIn.lookUpWanted()]);
}

/** A bot alone needs no agent. */
function groundsOf({ github, log, agent, withRunner }: BotSettings): Grounds {
  return { github, log, ...(withRunner && agent ? { agent } : {}) };
}

/** Starts the half that runs agents and settles decisions at GitHub. */
export async function startRunner(
  settings: RunnerSettings,
): Promise<Running & { store: Store; port: number | undefined; note: () => string | undefined }> {
  const { log, home, now = () => new Date() } = settings;
  refuseUnknownAgent(settings.agent);
  const { createRunner } = await import('./runner/runner.ts');
  const { createRoom } = await import('./runner/room.ts');
  const { createTotals } = await import('./runner/totals.ts');
  const { createSandbox } = await import('./sandbox/sandbox.ts');
  const { claimHome } = await import('./workspace/owner.ts');
  const { createWorkspaces } = await import('./workspace/workspaces.ts');
  await using opened = new AsyncDisposableStack();
  const sandbox = await createSandbox({ mode: settings.agent.sandbox, log });
  opened.defer(sandbox.close);
  const store = await openStore({ url: settings.databaseUrl, log, supervise: true });
  opened.defer(() => store.close({ timeoutMs: 10_000 }));
  await claimHome(home, await readDeploymentId(store.db.sql));
  const { serverUrl } = settings.github;
  const totals = createTotals({
    ...settings.runner.totalLimits,
    memoryBytes: settings.runner.totalLimits.memoryBytes ?? SHARE_OF_MEMORY * readMachineMemory(),
  });
  const room = createRoom({ home, totals, log });
  const runner = createRunner(
    {
      store,
      github: openGitHub(settings, now),
      workspaces: createWorkspaces({ home, serverUrl, log, env: gitSurroundings(settings.agent), now }),
      sandbox,
      agents: createAgentChoice(settings.agent),
      log,
      redactor: settings.redactor,
      now,
      limits: limitsOf(settings.runner),
      totals,
      room,
      keptLifetimeMs: settings.runner.keptLifetimeMs,
      mergeMethod: settings.runner.mergeMethod,
      verification: settings.runner.verification,
      findChecks: settings.runner.findChecks,
      coAuthors: settings.runner.coAuthors,
      home,
      secretFiles: settings.secretFiles,
      shareSnapshots: settings.shareSnapshots,
    },
    { slots: settings.runner.slots },
  );
  opened.defer(runner.stop);
  await runner.start();
  const routes = await runnerRoutes(settings, store, room.trouble);
  const web = settings.port === undefined ? undefined : await serveHealth({ port: settings.port, routes });
  if (web) opened.defer(web.close);
  return { store, port: web?.port, note: room.trouble, stop: stopper(opened.move()) };
}

async function runnerRoutes(
  settings: RunnerSettings,
  store: Store,
  note: () => string | undefined,
): Promise<readonly WebRoute[]> {
  const standing = watchStanding(settings);
  return [
    ...createHealthRoutes({ sql: store.db.sql, halves: ['runner'], note, standing }),
    ...(await webhookRoutes(settings, store)),
  ];
}

function limitsOf(runner: RunnerSettings['runner']) {
  return {
    turnMs: runner.turnLimitMs,
    silenceMs: runner.silenceLimitMs,
    agentStartMs: AGENT_START_LIMIT_MS,
    cancelGraceMs: CANCEL_GRACE_MS,
    lookEveryMs: runner.lookEveryMs,
    remarksQuietMs: runner.remarksQuietMs ?? REMARKS_QUIET_MS,
    planLifetimeMs: runner.planLifetimeMs,
    ...runner.jobLimits,
  };
}

/** Only where a secret says who may knock; without one Errand looks at GitHub by itself. */
async function webhookRoutes({ github, log }: Shared, store: Store): Promise<readonly WebRoute[]> {
  const { webhookSecret: secret } = github;
  if (secret === undefined) return [];
  const { createSignatureCheck, parseHint } = await import('./github/webhooks.ts');
  const { createWebhookRoute } = await import('./web/webhook-route.ts');
  const { receiveDelivery } = await import('./store/watches.ts');
  const isGenuine = createSignatureCheck({ secret });
  const receive = (delivery: Parameters<typeof receiveDelivery>[1]) => receiveDelivery(store.db, delivery);
  return [createWebhookRoute({ isGenuine, parseHint, receive, log })];
}

function openGitHub({ github, log }: Shared, now: () => Date): GitHub {
  return createGitHub({ auth: github.auth, apiUrl: github.apiUrl, serverUrl: github.serverUrl, log, now });
}

/** In a container the part of the machine's memory that it was given. */
function readMachineMemory(): number {
  const given = process.constrainedMemory();
  return given > 0 ? Math.min(given, totalmem()) : totalmem();
}

/** What git itself needs of the operator's environment. */
function gitSurroundings({ environment }: AgentConfig): Record<string, string> {
  const { PATH } = environment;
  return PATH ? { PATH } : {};
}

/** Closes what was opened, the newest first; whoever asks again waits for the same end. */
function stopper(opened: AsyncDisposableStack): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= opened.disposeAsync();
    return stopping;
  };
}
