// The incoming half of the bot, for tests: a local Slack, a real database, and repositories that exist only in memory.
import { onTestFinished } from 'vitest';
import type { DeploymentRules } from '../../src/job/permissions.ts';
import { createLog, type Log } from '../../src/log.ts';
import { createLocalSlack, type LocalSlackOptions } from '../../src/playground/slack/local-slack.ts';
import { createSlackIn, type SlackInOptions } from '../../src/slack/bolt.ts';
import type { IssueInfo, Lookups } from '../../src/slack/lookups.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createTestDatabase } from './database.ts';

export type World = {
  repositories: string[];
  issues: Record<string, IssueInfo>;
  branches: string[];
  agents: string[];
  /** `.agents/config.yml` by repository. */
  settings: Record<string, string>;
  /** Logins with write access. */
  writers: string[];
};

/** What GitHub and the agents would say. Tests change it as they like. */
export function createWorld(changes: Partial<World> = {}): World {
  const url = (number: number) => `https://github.com/acme/shop/issues/${number}`;
  return {
    repositories: ['acme/shop'],
    issues: {
      'acme/shop#1': { kind: 'open', number: 1, title: 'Totals are wrong', url: url(1) },
      'acme/shop#2': { kind: 'closed', number: 2, title: 'Old news', url: url(2) },
      'acme/shop#3': { kind: 'pull', number: 3, url: 'https://github.com/acme/shop/pull/3' },
    },
    branches: ['main', 'release'],
    agents: ['claude'],
    settings: {},
    writers: [],
    ...changes,
  };
}

function createLookups(world: World): Lookups {
  const info = (name: string) => {
    const [owner = '', repo = ''] = name.split('/');
    return { repo: { owner, name: repo }, url: `https://github.com/${name}`, defaultBranch: 'main' };
  };
  const named = (repo: { owner: string; name: string }) => `${repo.owner}/${repo.name}`;
  return {
    repositories: async ({ query, limit }) =>
      world.repositories
        .filter((name) => name.includes(query))
        .slice(0, limit)
        .map(info),
    repository: async (repo) => world.repositories.filter((name) => name === named(repo)).map(info)[0],
    pull: async () => undefined,
    issue: async (repo, number) => world.issues[`${named(repo)}#${number}`] ?? { kind: 'not_found' },
    branch: async (_repo, branch) => (world.branches.includes(branch) ? { sha: '0'.repeat(40) } : undefined),
    settings: async (repo, _branch, knownSha) => {
      const { settings } = world;
      const content = settings[named(repo)];
      // Every text is a commit of its own.
      const sha = content ?? 'none';
      return sha === knownSha ? 'same' : { sha, ...(content === undefined ? {} : { content }) };
    },
    account: async (login) => (login === 'ghost' ? undefined : { login, id: 123 }),
    accountRights: async (_repo, { login }) => ({ mayWrite: world.writers.includes(login) }),
    checkAgent: async (name) =>
      name === undefined || world.agents.includes(name)
        ? undefined
        : { refusal: `There is no agent ${name}.`, code: 'agent_unknown' },
  };
}

export type Front = Awaited<ReturnType<typeof startFront>>;

/** Starts Slack, the store and the incoming half; everything ends with the test. */
export async function startFront(
  options: {
    world?: World;
    slack?: LocalSlackOptions;
    lookups?: Partial<Lookups>;
    rules?: DeploymentRules;
    now?: () => Date;
    mode?: 'socket' | 'http';
    log?: Log;
    routes?: SlackInOptions['routes'];
  } = {},
) {
  const log = options.log ?? createLog({ level: 'silent' });
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const store = await openStore({ url: database.url, log, supervise: false });
  onTestFinished(() => store.close());
  const slack = createLocalSlack(options.slack);
  const { apiUrl } = await slack.start();
  onTestFinished(() => slack.stop());
  const world = options.world ?? createWorld();
  const createBot = (lookups: Partial<Lookups> = {}) =>
    createSlackIn({
      config:
        options.mode === 'http'
          ? { mode: 'http', botToken: slack.botToken, signingSecret: slack.signingSecret, port: 0 }
          : { mode: 'socket', botToken: slack.botToken, appToken: slack.appToken },
      ...(options.mode === 'http' || options.routes ? { listen: { port: 0, host: '127.0.0.1' } } : {}),
      routes: options.routes ?? [],
      apiUrl,
      context: { store, now: options.now ?? (() => new Date()), rules: options.rules ?? { approvers: [] } },
      lookups: { ...createLookups(world), ...lookups },
      log,
      now: options.now ?? (() => new Date()),
    });
  const slackIn = createBot(options.lookups);
  const { port } = await slackIn.start();
  onTestFinished(() => slackIn.stop());
  if (options.mode === 'http') {
    await slack.connectHttp({ requestUrl: `http://127.0.0.1:${port}/slack/events` });
  }
  const ada = slack.addUser({ name: 'ada', realName: 'Ada' });
  const bob = slack.addUser({ name: 'bob', realName: 'Bob' });
  const general = slack.addChannel({ name: 'general' });
  return {
    slack,
    slackIn,
    store,
    world,
    apiUrl,
    port,
    log,
    ada,
    bob,
    general,
    /** One more bot over the same database; it sees the world as it is, whatever `lookups` the first one has. */
    async addBot() {
      const bot = createBot();
      await bot.start();
      onTestFinished(() => bot.stop());
      return bot;
    },
  };
}

/** Runs a query until it answers what is awaited; fails after `withinMs`. */
export async function eventually<T>(
  look: () => Promise<T>,
  isIt: (value: T) => boolean,
  withinMs = 5_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await look();
    if (isIt(value)) return value;
    if (performance.now() > deadline) throw new Error(`Not in time: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits until every request that was stored so far has been handled. */
export async function inboxSettled(store: Store, atLeast = 1): Promise<void> {
  await eventually(
    async () => {
      const { rows } = await store.db.sql.query<{ all: string; open: string }>(
        'SELECT count(*) AS all, count(*) FILTER (WHERE handled_at IS NULL) AS open FROM inbox',
      );
      return { all: Number(rows[0]?.all), open: Number(rows[0]?.open) };
    },
    ({ all, open }) => all >= atLeast && open === 0,
  );
}
