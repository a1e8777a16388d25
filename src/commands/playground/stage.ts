// Everything the playground needs, in a folder of its own: Postgres, the local Slack and GitHub, the real bot in this process,
// the real runner in another, and the page. Whatever was started is cleared away again.
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { startBot } from '../../app.ts';
import { readConfig } from '../../config.ts';
import { type Refusal, refuse } from '../../errors.ts';
import { createLog } from '../../log.ts';
import { servePage } from '../../playground/page/server.ts';
import { createWorld, type World } from '../../playground/world.ts';
import { createRedactor } from '../../redact.ts';
import { openEmbeddedPostgres } from '../../store/embedded.ts';
import { migrate } from '../../store/migrate.ts';
import { keepForOwnWorld } from './environment.ts';
import { readManifest } from './manifest.ts';
import type { OwnRepository } from './own-repository.ts';
import { startRunnerProcess } from './runner-process.ts';

const SCRIPTED_AGENT = fileURLToPath(new URL('../../playground/agent.ts', import.meta.url));
/** Nobody else on the network has a say in a playground. */
const HOST = '127.0.0.1';
/** A lost webhook is made up for by the next look; nobody at a playground waits half a minute for it. */
const LOOK_EVERY_S = '5';

export type Playground = Readonly<{ url: string; world: World; stop(): Promise<void> }>;

type Environment = Readonly<Record<string, string | undefined>>;
export type PlaygroundOptions = Readonly<{
  environment: Environment;
  /** What the person wants as agent; the scripted one without it. */
  realAgent?: string | undefined;
  repository?: OwnRepository | undefined;
  /** 0: any free one. */
  port: number;
}>;

/** Starts it all; a refusal where a setting is wrong. */
export async function openPlayground(options: PlaygroundOptions): Promise<Playground | Refusal> {
  const dir = await mkdtemp(join(tmpdir(), 'errand-playground-'));
  // As root, Postgres runs as another user, who must be able to walk in.
  await chmod(dir, 0o711);
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(dir, { recursive: true, force: true }));
  const { repository } = options;
  const world = await createWorld({
    dir: join(dir, 'github'),
    guest: true,
    login: 'errand',
    ...(repository ? { repository } : {}),
  });
  opened.defer(world.stop);
  const secret = randomUUID();
  const webPort = await getPort({ host: HOST });
  const environment = settle(options, {
    ...world.env,
    ERRAND_HOME: join(dir, 'home'),
    GITHUB_WEBHOOK_SECRET: secret,
    PUBLIC_URL: `http://${HOST}:${webPort}`,
    SLACK_CLIENT_ID: world.slack.clientId,
    SLACK_CLIENT_SECRET: world.slack.clientSecret,
  });
  const config = readConfig({ env: environment });
  if ('problems' in config)
    return refuse('bad_settings', `The playground cannot start: ${config.problems.join('; ')}.`);
  const redactor = createRedactor(config.secrets);
  const log = createLog({ level: config.logLevel, redactor });
  const postgres = await openEmbeddedPostgres({
    home: join(dir, 'postgres'),
    log,
    fsync: false,
    keepData: false,
  });
  opened.defer(postgres.stop);
  const databaseUrl = postgres.connectionString;
  await migrate({ url: databaseUrl, log });
  const runner = await startRunnerProcess({ ...environment, DATABASE_URL: databaseUrl });
  opened.defer(runner.stop);
  const { github, slack, agent } = config;
  const bot = await startBot({
    databaseUrl,
    github,
    log,
    redactor,
    slack,
    agent,
    cardIntervalMs: CARD_INTERVAL_MS,
    port: webPort,
    host: HOST,
    publicUrl: config.web.publicUrl,
  });
  opened.defer(bot.stop);
  world.github.webhooks.pointTo({ url: `${environment['PUBLIC_URL']}/webhooks/github`, secret });
  const page = await openPage(options, world, runner.kill);
  opened.defer(page.stop);
  const all = opened.move();
  return { url: page.url, world, stop: () => all.disposeAsync() };
}

/** The local Slack has no limit on edits, so the card may move as the agent does. */
const CARD_INTERVAL_MS = 500;

/** What the person's machine and agent need, with what the playground says about itself. */
function settle({ environment, realAgent }: PlaygroundOptions, own: Environment): Environment {
  const scripted = { ERRAND_AGENT: `${process.execPath} ${SCRIPTED_AGENT}`, ERRAND_SANDBOX: 'none' };
  return {
    LOG_LEVEL: 'silent',
    ERRAND_POLL_S: LOOK_EVERY_S,
    ...keepForOwnWorld(environment),
    ...own,
    ...(realAgent === undefined ? scripted : {}),
  };
}

async function openPage(options: PlaygroundOptions, world: World, killRunner: () => Promise<void>) {
  const { slack, github, repo, channel, githubUrl } = world;
  const agent = options.realAgent ?? 'a script, no model (ERRAND_AGENT=claude brings a real one)';
  return servePage(
    {
      slack,
      github,
      githubUrl,
      repo: `${repo.owner}/${repo.name}`,
      me: 'ann',
      channel,
      ...(await readManifest()),
      notes: ['Everything here runs on this machine; closing it leaves nothing behind.', `Agent: ${agent}.`],
      killRunner,
    },
    options.port,
  );
}
