// errand demo: plays the whole story on this machine, with the real bot and a local Slack and GitHub. Exits 0 only if the
// merged tree on the git server passes its own test.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type Running, startBot, startRunner } from '../app.ts';
import { type Config, formatProblems, readConfig, readEnvironment } from '../config.ts';
import { toError } from '../errors.ts';
import { parseJobName } from '../job/job.ts';
import { createLog } from '../log.ts';
import { playStory, type TalePart } from '../playground/story.ts';
import { createWorld, type World } from '../playground/world.ts';
import { createRedactor } from '../redact.ts';
import { openEmbeddedPostgres } from '../store/embedded.ts';
import { readEvents } from '../store/events.ts';
import { loadJob } from '../store/jobs.ts';
import { migrate } from '../store/migrate.ts';
import type { Store } from '../store/store.ts';
import { surroundings } from '../surroundings.ts';
import { createTeller } from './demo-teller.ts';
import { keepForOwnWorld } from './playground/environment.ts';
import { listenForStop } from './signals.ts';

const SCRIPTED_AGENT = fileURLToPath(new URL('../playground/agent.ts', import.meta.url));
/** A model takes its time; a script does not. */
const PATIENCE = {
  scripted: { resultMs: 90_000, settleMs: 30_000 },
  real: { resultMs: 20 * 60_000, settleMs: 60_000 },
} as const;

type Stage = Readonly<{ world: World; store: Store; dir: string; stop(): Promise<void> }>;

/** Returns the exit code. `json` prints one object a line, the verdict last. */
export async function runDemo(options: { json: boolean }): Promise<number> {
  // From the first moment: whatever stops the demo, all that it started is cleared away.
  const { asked } = listenForStop();
  const teller = createTeller(options);
  // Settings for a real Slack and GitHub say nothing of this story; only who names an agent for it wants its keys from there.
  const real = readEnvironment({ file: false })['ERRAND_AGENT'];
  const environment = readEnvironment({ file: real !== undefined });
  const began = Date.now();
  let stage: Stage | undefined;
  try {
    teller.intro(real);
    stage = await setStage(environment, real);
    if (stage === undefined) return 1;
    const { world, store, dir } = stage;
    const patience = real ? PATIENCE.real : PATIENCE.scripted;
    const parts = await unlessStopped(asked, playStory(world, { tell: teller.step, patience }));
    const test = await testMerged(world, dir);
    teller.step('merged_tree_tested', { passed: test.passed });
    for (const part of parts) teller.thread(world.slack.renderThread(world.channel, part.threadTs));
    const jobs = await Promise.all(parts.map((part) => describeJob(store, part)));
    const ok = test.passed && parts.every(keptPromises);
    teller.verdict({ ok, jobs, tookMs: Date.now() - began, ...(test.passed ? {} : { why: test.said }) });
    return ok ? 0 : 1;
  } catch (thrown) {
    teller.verdict({ ok: false, jobs: [], tookMs: Date.now() - began, why: toError(thrown).message });
    return 1;
  } finally {
    await stage?.stop();
  }
}

/** People were asked once, and what they approved is what was merged. */
function keptPromises({ status, mergedSha, shownSha, notifications }: TalePart): boolean {
  return notifications === 1 && (status !== 'merged' || mergedSha === shownSha);
}

/** Ctrl-C ends the story early. */
function unlessStopped<T>(asked: Promise<string>, work: Promise<T>): Promise<T> {
  const stopped = asked.then((name) => {
    throw new Error(`Stopped by ${name}.`);
  });
  return Promise.race([work, stopped]);
}

/** Everything the story needs: Postgres, the world, the bot and the runner, in a folder of its own. */
export async function setStage(
  environment: Readonly<Record<string, string | undefined>>,
  realAgent: string | undefined,
): Promise<Stage | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'errand-demo-'));
  // As root, Postgres runs as another user, who must be able to walk in.
  await chmod(dir, 0o711);
  const cleanups: (() => Promise<unknown>)[] = [() => rm(dir, { recursive: true, force: true })];
  const stop = async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  };
  try {
    const home = join(dir, 'home');
    const world = await createWorld({ dir: join(dir, 'github') });
    cleanups.push(world.stop);
    const config = readDemoConfig(
      { ...keepForOwnWorld(environment), ...world.env, ERRAND_HOME: home },
      realAgent,
    );
    if (config === undefined) {
      await stop();
      return undefined;
    }
    const redactor = createRedactor(config.secrets);
    const log = createLog({ level: environment['LOG_LEVEL'] ?? 'silent', redactor });
    const postgres = await openEmbeddedPostgres({
      home: join(dir, 'postgres'),
      log,
      fsync: false,
      keepData: false,
    });
    cleanups.push(postgres.stop);
    const databaseUrl = postgres.connectionString;
    await migrate({ url: databaseUrl, log });
    const shared = { databaseUrl, github: config.github, log, redactor };
    const runner: Running = await startRunner({ ...shared, ...config, home, shareSnapshots: false });
    cleanups.push(runner.stop);
    const bot = await startBot({ ...shared, slack: config.slack, agent: config.agent });
    cleanups.push(bot.stop);
    return { world, store: bot.store, dir, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

function readDemoConfig(
  environment: Readonly<Record<string, string | undefined>>,
  realAgent: string | undefined,
): Config | undefined {
  const scripted = { ERRAND_AGENT: `${process.execPath} ${SCRIPTED_AGENT}`, ERRAND_SANDBOX: 'none' };
  const config = readConfig({ env: { ...environment, ...(realAgent ? {} : scripted) } });
  if (!('problems' in config)) return config;
  process.stderr.write(formatProblems(config.problems));
  return undefined;
}

/** What matters in the end: a stranger checks out the merged branch and its test passes. */
async function testMerged(world: World, dir: string): Promise<{ passed: boolean; said: string }> {
  const tree = join(dir, 'merged');
  await world.github.checkout(`${world.repo.owner}/${world.repo.name}`, 'main', tree);
  const done = await execa('npm', ['test'], {
    cwd: tree,
    env: surroundings(),
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { passed: done.exitCode === 0, said: `The merged tree's own test failed:\n${done.all}` };
}

async function describeJob(store: Store, part: TalePart) {
  const { threadTs: _thread, ms, mergedSha, ...told } = part;
  const id = parseJobName(part.id) ?? 0;
  const job = await loadJob(store.db.sql, id);
  const [first] = await readEvents(store.db.sql, id, { kinds: ['prompt'], limit: 1 });
  const prompted = job && first ? first.at.getTime() - Date.parse(job.createdAt) : null;
  const { ack, card, result, settled } = ms;
  return { ...told, mergedSha: mergedSha ?? null, ms: { ack, card, prompted, result, settled } };
}

export type DemoJob = Awaited<ReturnType<typeof describeJob>>;
