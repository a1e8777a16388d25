// The whole of Errand for a scenario: a little world (Slack, GitHub), a real Postgres, the real bot and runner, real agent
// processes. Its verbs are those of people; nothing in here looks inside unless its name says so.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBot, startRunner } from '../../src/app.ts';
import { createLog } from '../../src/log.ts';
import { createWorld } from '../../src/playground/world.ts';
import { createRedactor } from '../../src/redact.ts';
import { readEvents, type StoredEvent } from '../../src/store/events.ts';
import { loadPatch } from '../../src/store/patches.ts';
import { createTestDatabase } from './database.ts';
import { configure, describeEnvironment, type ErrandOptions, WEBHOOK_SECRET } from './errand-options.ts';
import { createJobThread, type JobThread } from './job-thread.ts';
import { expectNothingLeft } from './nothing-left.ts';

/** Nobody reads these cards: a tenth of what Slack's limits want, and of what a test would wait for. */
const CARD_INTERVAL_MS = 300;

type Half = Awaited<ReturnType<typeof startBot>>;

export type { ErrandOptions };
export type Errand = Awaited<ReturnType<typeof openErrand>>;

/** Starts everything. Call `close` in the end: it stops all and fails where something was left behind. */
export async function openErrand(options: ErrandOptions = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'errand-scenario-'));
  const database = await createTestDatabase();
  const world = await createWorld({
    dir: join(dir, 'github'),
    ...(options.slack ? { slack: options.slack } : {}),
    ...(options.asyncMerge === undefined ? {} : { asyncMerge: options.asyncMerge }),
    ...(options.app ? { app: options.app } : {}),
  });
  const environment = describeEnvironment(world, options, dir);
  const config = configure(environment, options);
  const redactor = createRedactor(config.secrets);
  const log = createLog({ level: process.env['LOG_LEVEL'] ?? 'silent', redactor });
  const shared = { databaseUrl: database.url, github: config.github, log, redactor };
  const running = new Set<Half>();
  const keep = <T extends Half>(half: T): T => {
    running.add(half);
    return half;
  };

  /** One more bot over the same database. */
  const addBot = async () =>
    keep(
      await startBot({
        ...shared,
        slack: config.slack,
        ...config.web,
        choiceLifetimeMs: options.limits?.choiceLifetimeMs,
        cardIntervalMs: options.limits?.cardIntervalMs ?? CARD_INTERVAL_MS,
        agent: config.agent,
      }),
    );
  /** One more runner; `home` is its machine's disk, a fresh one unless it is named. */
  const addRunner = async (home = 'home') =>
    keep(await startRunner({ ...shared, ...config, home: join(dir, home), shareSnapshots: true }));
  const end = async (half: Half) => {
    running.delete(half);
    await half.stop();
  };

  const halves = options.halves ?? ['bot', 'runner'];
  let runner = halves.includes('runner') ? await addRunner() : undefined;
  let bot = halves.includes('bot') ? await addBot() : undefined;
  const webhookUrl = () => `http://127.0.0.1:${bot?.port}/webhooks/github`;
  const hearWebhooks = () => {
    if (options.webhooks && bot) world.github.webhooks.pointTo({ url: webhookUrl(), secret: WEBHOOK_SECRET });
  };
  hearWebhooks();
  const { slack, channel } = world;
  /** Cards are told apart by when they appear, so people who ask at the same time are let in one by one. */
  let door: Promise<unknown> = Promise.resolve();
  const oneByOne = <T>(ask: () => Promise<T>): Promise<T> => {
    const asked = door.then(ask);
    door = asked.catch(() => {});
    return asked;
  };

  return {
    world,
    slack,
    github: world.github,
    repo: `${world.repo.owner}/${world.repo.name}`,
    channel,
    ann: world.people.ann,
    bob: world.people.bob,
    databaseUrl: database.url,
    query: database.query,
    /** What the world's GitHub lets in. */
    githubToken: world.env['GITHUB_TOKEN'] ?? '',
    /** Where runners and repositories keep their files. */
    dir,
    config,
    /** What a process of Errand's must find in its environment to live here; DATABASE_URL comes on top. */
    environment,
    addBot,
    addRunner,
    stopHalf: end,
    /** Stops a half in an orderly way and starts it anew over the same database and disk. */
    async restartBot() {
      if (bot) await end(bot);
      bot = await addBot();
      hearWebhooks();
    },
    /** Where the first bot hears GitHub's webhooks. */
    webhookUrl,
    async stopBot() {
      if (bot) await end(bot);
      bot = undefined;
    },
    async restartRunner() {
      if (runner) await end(runner);
      runner = await addRunner();
    },
    /** Stops the runner; `addRunner` starts another. */
    async stopRunner() {
      if (runner) await end(runner);
      runner = undefined;
    },

    /** Somebody types a slash command; answers what Slack told them and the private answers that followed. */
    async types(text: string, by: { user?: string; channel?: string } = {}) {
      const user = by.user ?? world.people.ann;
      const place = by.channel ?? channel;
      const before = slack.ephemerals(user).length;
      const [command = '', ...words] = text.split(' ');
      const outcome = await slack.slashCommand({ user, channel: place, command, text: words.join(' ') });
      return {
        ...outcome,
        /** Waits for the next private answer and gives its text. */
        answer: async () => {
          const found = await slack.waitFor(
            { description: `a private answer to ${text}`, check: () => slack.ephemerals(user)[before] },
            { timeoutMs: 15_000 },
          );
          return slack.renderEphemeral(found);
        },
      };
    },

    /** Types a command that starts a job and waits for its card. */
    asks(text: string, by: { user?: string; channel?: string } = {}): Promise<JobThread> {
      return oneByOne(() => this.asksAtOnce(text, by));
    },

    async asksAtOnce(text: string, by: { user?: string; channel?: string } = {}): Promise<JobThread> {
      const place = by.channel ?? channel;
      const user = by.user ?? world.people.ann;
      const before = new Set(slack.messages(place).map((message) => message.ts));
      const outcome = await this.types(text, { user, channel: place });
      if (outcome.error) throw new Error(`${text} failed in Slack: ${outcome.error}`);
      const card = await slack.waitFor(
        {
          description: `the card of ${text}`,
          check: () =>
            slack.messages(place).find((one) => one.isByBot && !one.threadTs && !before.has(one.ts)),
        },
        { timeoutMs: 20_000 },
      );
      return createJobThread({ world, channel: place, threadTs: card.ts, cardTs: card.ts, requester: user });
    },

    /** Asks for a task whose agent follows these directives (see scripted-agent.ts). */
    asksScript(
      directives: readonly string[],
      by: {
        user?: string;
        channel?: string;
        options?: string;
        /** What sessions of other parts are to do: `script reviewer: …`. */
        others?: readonly string[];
      } = {},
    ): Promise<JobThread> {
      const lines = [`script: ${directives.join(' ;; ')}`, ...(by.others ?? [])];
      return this.asks(`/agent do ${by.options ? `${by.options} ` : ''}${lines.join('\n')}`, by);
    },

    /** Somebody mentions the bot (`@errand …`), in a thread where one is named; waits for the card of the job. */
    async mentions(
      text: string,
      by: { user?: string; channel?: string; threadTs?: string } = {},
    ): Promise<JobThread> {
      const place = by.channel ?? channel;
      const user = by.user ?? world.people.ann;
      const thread = by.threadTs === undefined ? {} : { threadTs: by.threadTs };
      const { ts } = slack.post({ user, channel: place, text: `@errand ${text}`, ...thread });
      return this.jobIn({ channel: place, threadTs: by.threadTs ?? ts, after: ts, requester: user });
    },

    /** Waits for the card of a job that lives in a thread of people. */
    async jobIn(at: {
      channel: string;
      threadTs: string;
      after?: string;
      requester?: string;
    }): Promise<JobThread> {
      const card = await slack.waitFor(
        {
          description: 'a card in the thread',
          check: () =>
            slack
              .thread(at.channel, at.threadTs)
              .find((one) => one.isByBot && /^J-\d+/.test(one.text) && one.ts > (at.after ?? '')),
        },
        { timeoutMs: 20_000 },
      );
      return createJobThread({
        world,
        channel: at.channel,
        threadTs: at.threadTs,
        cardTs: card.ts,
        requester: at.requester ?? world.people.ann,
      });
    },

    /** How many jobs were ever stored. */
    async countJobs(): Promise<number> {
      const { rows } = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM jobs');
      return rows[0]?.count ?? 0;
    },

    /** Root messages and replies of the bot in a channel that carry a job's name. */
    cardsIn: (place: string = channel) =>
      slack.messages(place).filter((message) => message.isByBot && /^J-\d+/.test(message.text)),

    /** Adds an issue whose agent follows these directives; answers its number. */
    files(issue: { title: string; directives?: readonly string[]; body?: string }): number {
      const script = issue.directives ? `script: ${issue.directives.join(' ;; ')}` : '';
      return world.github.addIssue({
        repo: `${world.repo.owner}/${world.repo.name}`,
        title: issue.title,
        body: [issue.body ?? '', script].filter(Boolean).join('\n\n'),
        author: 'carla',
      }).number;
    },

    /** Looks inside: the job's record. */
    eventsInside(job: JobThread): Promise<readonly StoredEvent[]> {
      const [half] = running;
      if (!half) throw new Error('Nothing runs that could read the record.');
      return readEvents(half.store.db.sql, job.number);
    },

    /** Looks inside: what a turn of the job changed or looked at, as its page shows it. */
    patchInside(job: JobThread, turn: number) {
      const [half] = running;
      if (!half) throw new Error('Nothing runs that could read the record.');
      return loadPatch(half.store.db.sql, job.number, turn);
    },

    /** The files of the job's branch at GitHub. */
    pushed: (job: JobThread, path: string) =>
      world.github.readFile(`${world.repo.owner}/${world.repo.name}`, `errand/${job.name}`, path),

    async close() {
      for (const half of [...running].toReversed()) await end(half);
      await world.stop();
      await database.drop();
      try {
        await expectNothingLeft(dir);
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
  };
}
