// Where a seed plays: a little world (Slack, GitHub) on localhost, a fresh database, two machines with a disk each, two
// bots and two runners as processes of their own.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { createWorld } from '../../src/playground/world.ts';
import { type Disk, openDisk } from './disk.ts';
import { createJournal } from './journal.ts';
import type { Plan } from './plan.ts';
import { type Postgres, queryOnce } from './postgres.ts';
import { createUnit, type Unit } from './unit.ts';

const SCRIPTED_AGENT = fileURLToPath(new URL('../support/scripted-agent.ts', import.meta.url));
/** Slack tries again at once, after 1 and after 5 minutes (FACTS §1.1). Here the last tries come sooner, but after the worst. */
const SLACK_RETRIES_MS = [0, 3_000, 10_000, 30_000, 60_000];
const ASK_AGAIN_MS = 250;
const START_PATIENCE_MS = 120_000;

export type Stage = Awaited<ReturnType<typeof setStage>>;

export async function setStage(options: { plan: Plan; postgres: Postgres; root: string }) {
  const { plan, postgres } = options;
  const dir = await mkdtemp(join(tmpdir(), `errand-chaos-${plan.seed}-`));
  await chmod(dir, 0o711);
  const tmp = join(dir, 'tmp');
  await mkdir(tmp);
  const world = await createWorld({
    dir: join(dir, 'github'),
    asyncMerge: plan.seed % 2 === 0,
    slack: { retryDelaysMs: SLACK_RETRIES_MS },
  });
  const database = `chaos_${process.pid}_${plan.seed}`;
  const databaseUrl = await postgres.createDatabase(database);
  const journal = createJournal();
  const { slack, github, channel, people } = world;
  slack.invite({ user: people.ann, channel, invitee: slack.botUserId });

  const unit = (half: 'bot' | 'runner', number: number, home: string): Unit =>
    createUnit({
      name: `${half}-${number}`,
      half,
      root: options.root,
      dir,
      env: {
        PATH: process.env['PATH'],
        HOME: dir,
        TMPDIR: tmp,
        ...world.env,
        DATABASE_URL: databaseUrl,
        ERRAND_HOME: home,
        ERRAND_AGENT: `${process.execPath} ${SCRIPTED_AGENT} --diligent --steering=${plan.seed % 4 === 1 ? 'none' : 'native'}`,
        ERRAND_PLAN: plan.reviewed ? 'auto' : 'off',
        ERRAND_REVIEW: plan.reviewed ? 'on' : 'off',
        ERRAND_SANDBOX: plan.sandboxed ? 'srt' : 'none',
        ERRAND_APPROVERS: people.bob,
        // The machines' disks are small (disk.ts): as much stays free as anything else needs to go on.
        ERRAND_FREE_DISK_MB: '4',
        // What people do at GitHub is seen within the time in which a seed must settle.
        ERRAND_POLL_S: '5',
        LOG_LEVEL: 'debug',
      },
      onCrash: (say) => journal.violations.push({ rule: 'no process ends by itself', say }),
    });
  const homes = [join(dir, 'machine-1'), join(dir, 'machine-2')] as const;
  const disks: readonly [Disk, Disk] = [await openDisk(homes[0]), await openDisk(homes[1])];
  const bots = [unit('bot', 1, join(dir, 'bot-1-home')), unit('bot', 2, join(dir, 'bot-2-home'))] as const;
  const runners = [unit('runner', 1, homes[0]), unit('runner', 2, homes[1])] as const;
  const units: readonly Unit[] = [...bots, ...runners];

  return {
    plan,
    dir,
    tmp,
    homes,
    slack,
    github,
    channel,
    approver: people.bob,
    repo: `${world.repo.owner}/${world.repo.name}`,
    world,
    postgres,
    database,
    journal,
    disks,
    bots,
    runners,
    units,
    /** Looks into the database, never writes; tries again while it is away. */
    async read<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
      const deadline = Date.now() + START_PATIENCE_MS;
      for (;;) {
        try {
          return await queryOnce<Row>(postgres.urlOf(database), sql, values);
        } catch (thrown) {
          if (Date.now() > deadline) throw thrown;
          await delay(ASK_AGAIN_MS);
        }
      }
    },
    /** Starts all processes and waits until each does its work. */
    async start(): Promise<void> {
      for (const one of units) one.start();
      await untilUp(units);
      journal.note('all processes are up');
    },
    /** Takes everything away at once, in the middle of whatever goes on. */
    async abandon(): Promise<void> {
      for (const one of units) one.abandon();
      for (const disk of disks) await disk.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
    /** Takes everything away again. `keep` leaves the logs for somebody to look at. */
    async close(keep: boolean): Promise<void> {
      for (const one of units) {
        one.thaw();
        await one.terminate({ forGood: true });
        one.closeLog();
      }
      await world.stop();
      await postgres.dropDatabase(database);
      for (const disk of disks) await disk.close();
      if (keep) return;
      await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Waits until every process does its work. */
export async function untilUp(units: readonly Unit[]): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS;
  while (!units.every((one) => one.isUp())) {
    if (Date.now() > deadline) {
      const down = units.filter((one) => !one.isUp()).map(({ name }) => name);
      throw new Error(`Not up after ${START_PATIENCE_MS / 1_000} s: ${down.join(', ')}`);
    }
    await delay(ASK_AGAIN_MS);
  }
}
