// Wires the two halves over the given settings. main.ts and the tests call the same functions; nothing else knows both
// halves. The bot writes wishes into Postgres and shows what Postgres says; the runner makes the wishes true.
// Each half is loaded when it is started: a bot alone needs no room for what drives agents (30 MB less, measured).

import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir, totalmem } from 'node:os';
import which from 'which';
import { chooseAgent, requireKnownName } from './agent/registry.ts';
import type { AgentConfig, RunnerConfig } from './config/agent.ts';
import type { GitHubConfig } from './config/github.ts';
import type { SlackConfig } from './config/slack.ts';
import { PermanentError, type Refusal, refuse } from './errors.ts';
import { createGitHub, type GitHub } from './github/github.ts';
import type { Repo } from './job/repo.ts';
import { DEFAULT_BRANCH, REPO_SETTINGS_PATH } from './job/repo-settings.ts';
import { AGENT_START_LIMIT_MS, CANCEL_GRACE_MS } from './job/timing.ts';
import type { Log } from './log.ts';
import type { Redactor } from './redact.ts';
import type { AgentChoice } from './runner/context.ts';
import type { Lookups } from './slack/lookups.ts';
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
    /** How long a question about the repository waits for its answer. */
    choiceLifetimeMs?: number | undefined;
    /** True where the same process runs agents, too. */
    withRunner?: boolean;
    /** Absent when agents are installed on other machines: then only their names can be checked. */
    agent?: AgentConfig;
  }>;

export type RunnerSettings = Shared &
  Readonly<{
    home: string;
    agent: AgentConfig;
    runner: RunnerConfig;
    /** True where runners on other machines share the database. */
    shareSnapshots: boolean;
    /** The port of its health pages, where nobody else in this process serves them. */
    port?: number | undefined;
  }>;

/** A running half. `stop` finishes what is in hand and lets go of everything; safe to call twice. */
export type Running = Readonly<{ stop(): Promise<void> }>;

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
  const halves = settings.withRunner ? (['bot', 'runner'] as const) : (['bot'] as const);
  const slackIn = createSlackIn({
    config: slack,
    apiUrl: slack.apiUrl,
    context,
    redactor,
    lookups: createLookups(github, settings.agent),
    serverUrl: settings.github.serverUrl,
    choiceLifetimeMs: settings.choiceLifetimeMs,
    ...(port === undefined ? {} : { listen: { port } }),
    routes: [
      ...createHealthRoutes({
        sql: store.db.sql,
        halves,
        pulse: () => slackIn.pulse(),
        trouble: () => show.trouble(),
      }),
      ...(await webhookRoutes(settings, store)),
    ],
    log,
    now,
  });
  const client = createShowClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, redactor, log });
  const show = createShow({ store, client, log, now, holder: randomUUID() });
  opened.defer(show.stop);
  opened.defer(slackIn.stop);
  const { port: listening } = await slackIn.start();
  await saveDeploymentRules(store.db.sql, slackIn.identity().teamId, slack.rules);
  show.start();
  const tend = setInterval(
    () => void Promise.all([slackIn.expireDue(), slackIn.takeUp(), slackIn.sayDue(), slackIn.lookUpGroups()]),
    TEND_EVERY_MS,
  );
  opened.defer(async () => clearInterval(tend));
  log.info({ mode: slack.mode }, 'bot.started');
  return {
    store,
    /** Where Slack and health pages are served, in case the system chose. */
    port: listening,
    stop: stopper(opened.move()),
  };
}

/** Starts the half that runs agents and settles decisions at GitHub. */
export async function startRunner(
  settings: RunnerSettings,
): Promise<Running & { store: Store; port: number | undefined }> {
  const { log, home, now = () => new Date() } = settings;
  refuseUnknownAgent(settings.agent);
  const { createRunner } = await import('./runner/runner.ts');
  const { createTotals } = await import('./runner/totals.ts');
  const { createSandbox } = await import('./sandbox/sandbox.ts');
  const { createWorkspaces } = await import('./workspace/workspaces.ts');
  await using opened = new AsyncDisposableStack();
  const sandbox = await createSandbox({ mode: settings.agent.sandbox, log });
  opened.defer(sandbox.close);
  const store = await openStore({ url: settings.databaseUrl, log, supervise: true });
  opened.defer(() => store.close({ timeoutMs: 10_000 }));
  const { serverUrl } = settings.github;
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
      limits: {
        turnMs: settings.runner.turnLimitMs,
        silenceMs: settings.runner.silenceLimitMs,
        agentStartMs: AGENT_START_LIMIT_MS,
        cancelGraceMs: CANCEL_GRACE_MS,
        lookEveryMs: settings.runner.lookEveryMs,
        ...settings.runner.jobLimits,
      },
      totals: createTotals({
        ...settings.runner.totalLimits,
        memoryBytes: settings.runner.totalLimits.memoryBytes ?? 0.75 * totalmem(),
      }),
      mergeMethod: settings.runner.mergeMethod,
      coAuthors: settings.runner.coAuthors,
      home,
      shareSnapshots: settings.shareSnapshots,
    },
    { slots: settings.runner.slots },
  );
  opened.defer(runner.stop);
  await runner.start();
  const routes = [
    ...createHealthRoutes({ sql: store.db.sql, halves: ['runner'] }),
    ...(await webhookRoutes(settings, store)),
  ];
  const web = settings.port === undefined ? undefined : await serveHealth({ port: settings.port, routes });
  if (web) opened.defer(web.close);
  return { store, port: web?.port, stop: stopper(opened.move()) };
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

/** What git itself needs of the operator's environment. */
function gitSurroundings({ environment }: AgentConfig): Record<string, string> {
  const { PATH } = environment;
  return PATH ? { PATH } : {};
}

function createAgentChoice(agent: AgentConfig): AgentChoice {
  const { PATH } = agent.environment;
  return {
    choose(wanted) {
      // A job's agent was typed by a person; only the operator's own setting may be a command line.
      if (wanted !== undefined && wanted !== agent.agent) requireKnownName(wanted);
      return chooseAgent({
        wanted: wanted ?? agent.agent,
        find: (binary) => which.sync(binary, { nothrow: true, ...(PATH ? { path: PATH } : {}) }) ?? undefined,
        env: agent.environment,
        customKeys: agent.customKeys,
        hasFile: (path) => existsSync(path.replace(/^~(?=\/)/, homedir())),
      });
    },
    env: agent.environment,
    userHome: homedir(),
    egress: agent.egress,
    repositoryEgress: agent.repositoryEgress,
  };
}

/** A misspelt ERRAND_AGENT would fail every job; one that is not installed yet may come later. */
function refuseUnknownAgent(agent: AgentConfig): void {
  const trouble = checkAgent(agent, undefined);
  if (trouble?.code !== 'agent_unknown') return;
  throw new PermanentError(trouble.code, `ERRAND_AGENT cannot be used. ${trouble.refusal}`);
}

function createLookups(github: GitHub, agent: AgentConfig | undefined): Lookups {
  return {
    async repositories({ query, limit }) {
      return (await github.listRepositories({ query })).slice(0, limit);
    },
    async repository(repo) {
      const answer = await github.repository(repo);
      return 'kind' in answer ? undefined : answer;
    },
    async issue(repo, number) {
      const answer = await github.issue(repo, number);
      switch (answer.kind) {
        case 'issue':
          return { kind: 'open', number, title: answer.title, url: answer.url };
        case 'closed':
        case 'pull':
          return { ...answer, number };
        case 'not_found':
          return answer;
      }
    },
    async branch(repo, branch) {
      const sha = await github.branchSha(repo, branch);
      return sha === undefined ? undefined : { sha };
    },
    async settings(repo, branch, knownSha) {
      const name = branch === DEFAULT_BRANCH ? await github.defaultBranch(repo) : branch;
      const sha = name && (await github.branchSha(repo, name));
      if (!sha) return undefined;
      if (sha === knownSha) return 'same';
      return readSettings(github, repo, sha);
    },
    account: (login) => github.account(login),
    mayWrite: (repo, login) => github.mayWrite(repo, login),
    async checkAgent(name) {
      return checkAgent(agent, name);
    },
  };
}

/** Says that no settings can be read there: what is no plain file must not count as no rules. */
const NO_PLAIN_FILE = 'not a plain file';

async function readSettings(
  github: GitHub,
  repo: Repo,
  sha: string,
): Promise<Readonly<{ sha: string; content?: string }>> {
  const file = await github.fileAt({ repo, sha, path: REPO_SETTINGS_PATH });
  if (file.kind === 'none') return { sha };
  return { sha, content: file.kind === 'file' ? file.content : NO_PLAIN_FILE };
}

/** Without agents of its own the bot can only tell names apart; the runner then says what is not installed. */
function checkAgent(agent: AgentConfig | undefined, name: string | undefined): Refusal | undefined {
  try {
    if (agent) createAgentChoice(agent).choose(name);
    else if (name !== undefined) requireKnownName(name);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof PermanentError) return refuse(thrown.code, thrown.message);
    throw thrown;
  }
}

/** Closes what was opened, the newest first; whoever asks again waits for the same end. */
function stopper(opened: AsyncDisposableStack): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= opened.disposeAsync();
    return stopping;
  };
}
