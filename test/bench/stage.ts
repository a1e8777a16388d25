// What a bench stands on: a little world, a throw-away Postgres, and Errand's halves as processes of their own, started
// exactly as an operator starts them.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { createLog } from '../../src/log.ts';
import { createWorld, type World } from '../../src/playground/world.ts';
import { openEmbeddedPostgres } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore, type Store } from '../../src/store/store.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What `npm run errand` runs, without npm around it. */
const ERRAND = z
  .object({ scripts: z.object({ errand: z.string() }) })
  .parse(packageJson)
  .scripts.errand.split(' ')
  .slice(1);
const SCRIPTED_AGENT = fileURLToPath(new URL('../support/scripted-agent.ts', import.meta.url));

export const AGENT_COMMAND: readonly string[] = [process.execPath, SCRIPTED_AGENT];

/** A half of Errand in its own process. */
export type Half = Readonly<{ pid: number; stop(): Promise<void> }>;

export type Stage = Awaited<ReturnType<typeof setStage>>;

export async function setStage() {
  const dir = await mkdtemp(join(tmpdir(), 'errand-bench-'));
  await chmod(dir, 0o711);
  const log = createLog({ level: 'silent' });
  const postgres = await openEmbeddedPostgres({
    home: join(dir, 'postgres'),
    log,
    fsync: false,
    keepData: false,
  });
  const databaseUrl = postgres.connectionString;
  await migrate({ url: databaseUrl, log });
  const world = await createWorld({ dir: join(dir, 'github') });
  const store = await openStore({ url: databaseUrl, log, supervise: false });
  const halves = new Set<Half>();

  /** Starts `errand bot` or `errand runner` and waits until it says that it is ready. */
  async function startHalf(
    which: 'bot' | 'runner',
    env: Readonly<Record<string, string>> = {},
  ): Promise<Half> {
    const child = execa(process.execPath, [...ERRAND, which], {
      cwd: ROOT,
      extendEnv: false,
      env: {
        PATH: process.env['PATH'],
        HOME: dir,
        ...world.env,
        DATABASE_URL: databaseUrl,
        ERRAND_HOME: join(dir, 'home'),
        ERRAND_AGENT: AGENT_COMMAND.join(' '),
        ERRAND_PLAN: 'off',
        ERRAND_REVIEW: 'off',
        ERRAND_SANDBOX: 'none',
        LOG_LEVEL: 'info',
        ...env,
      },
      buffer: false,
      reject: false,
    });
    const { stdout, stderr } = child;
    await untilLogged({ stdout, stderr, ended: child }, `${which}.started`);
    const half: Half = {
      pid: child.pid ?? 0,
      async stop() {
        halves.delete(half);
        child.kill('SIGTERM');
        await child;
      },
    };
    halves.add(half);
    return half;
  }

  return {
    dir,
    world,
    store: store satisfies Store,
    startHalf,
    async close() {
      for (const half of halves) await half.stop();
      await store.close();
      await world.stop();
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

type Outputs = Readonly<{
  stdout: NodeJS.ReadableStream;
  stderr: NodeJS.ReadableStream;
  ended: Promise<unknown>;
}>;

async function untilLogged({ stdout, stderr, ended: exit }: Outputs, event: string): Promise<void> {
  let said = '';
  stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = exit.then(() => {
    throw new Error(`The process ended before ${event}: ${said.slice(-2_000)}`);
  });
  const heard = new Promise<void>((resolve) => {
    stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(`"msg":"${event}"`)) resolve();
      if (said.length > 100_000) said = said.slice(-50_000);
    });
  });
  await Promise.race([heard, ended]);
}

/** Resident memory of a process in MB, as Linux counts it. */
export async function readRssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return Number(kb) / 1024;
}

/** Waits until `count` jobs are in one of these statuses; looks at the database at every change. */
export async function untilJobs(
  stage: { store: Store },
  statuses: readonly string[],
  count: number,
): Promise<void> {
  const { store } = stage;
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const unlisten = store.changes.listen(() => {
        unlisten();
        resolve();
      });
    });
    const { rows } = await store.db.sql.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM jobs WHERE status = ANY($1)',
      [statuses],
    );
    if ((rows[0]?.n ?? 0) >= count) return;
    await changed;
  }
}

/** Percentile of a list, nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** Types a command as Ann; throws when Slack told her that it failed. */
export async function typeCommand(world: World, text: string): Promise<number> {
  const outcome = await world.slack.slashCommand({
    user: world.people.ann,
    channel: world.channel,
    command: '/agent',
    text,
  });
  if (outcome.error) throw new Error(`/agent ${text} failed: ${outcome.error}`);
  return outcome.ackMs;
}
