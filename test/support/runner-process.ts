// A half as a process of its own, as `errand runner` on another machine: for what only a kill or a signal can show.
import { once } from 'node:events';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { User } from './other-user.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

type Surroundings = Readonly<{
  dir: string;
  databaseUrl: string;
  environment: Readonly<Record<string, string | undefined>>;
}>;

/** Starts `errand runner` below the scenario's folder; returns once it takes work. `as` is who runs it. */
export async function startRunnerProcess(errand: Surroundings, home: string, as?: User) {
  if (as?.uid !== undefined) {
    // Whoever else runs it must be able to come as far as its own home.
    await chmod(errand.dir, 0o711);
    await mkdir(join(errand.dir, home), { recursive: true });
    await chown(join(errand.dir, home), as.uid, as.uid);
  }
  return startHalf(errand, { half: 'runner', home, prefix: as?.prefix ?? [] });
}

/** Starts `errand bot`; returns once it listens. */
export const startBotProcess = (errand: Surroundings) =>
  startHalf(errand, { half: 'bot', home: 'bot-home', prefix: [] });

async function startHalf(
  errand: Surroundings,
  { half, home, prefix }: { half: 'bot' | 'runner'; home: string; prefix: readonly string[] },
) {
  const [program = '', ...args] = [...prefix, process.execPath, MAIN, half];
  const running = execa(program, args, {
    cwd: errand.dir,
    env: {
      ...errand.environment,
      DATABASE_URL: errand.databaseUrl,
      ERRAND_HOME: join(errand.dir, home),
      LOG_LEVEL: errand.environment['LOG_LEVEL'] ?? 'info',
    },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    buffer: false,
    all: true,
    // Only the test decides when it is killed.
    forceKillAfterDelay: false,
  });
  const lines = createInterface({ input: running.all });
  const said: string[] = [];
  const started = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.includes(`${half}.started`)) resolve();
    });
  });
  const ended = once(lines, 'close').then(() => {
    throw new Error(`errand ${half} ended before it began:\n${said.join('\n')}`);
  });
  ended.catch(() => {});
  await Promise.race([started, ended]);
  return {
    pid: running.pid ?? 0,
    /** Leaves it no time for a word. */
    async kill() {
      running.kill('SIGKILL');
      await running;
    },
    /** Holds it still without telling it, or lets it go on. */
    signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGINT') {
      running.kill(name);
    },
    /** Waits for its end; answers the exit code. */
    async ended(): Promise<number | undefined> {
      return (await running).exitCode;
    },
    /** What it logged so far. */
    said,
    /** Asks it to stop as an orchestrator does; answers its exit code once it has. */
    async terminate(): Promise<number | undefined> {
      running.kill('SIGTERM');
      return (await running).exitCode;
    },
  };
}
