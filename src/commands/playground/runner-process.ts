// Keeps one runner of the playground alive, and can kill it as a crash would.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const HALF = fileURLToPath(new URL('runner-half.ts', import.meta.url));
/** A runner that has not let go by then is ended. */
const STOP_LIMIT_MS = 10_000;

export type RunnerProcess = Awaited<ReturnType<typeof startRunnerProcess>>;

/** Starts it; resolves once it takes work. `env` is all it gets. */
export async function startRunnerProcess(env: Readonly<Record<string, string | undefined>>) {
  let current = await begin(env);
  let turn: Promise<void> = Promise.resolve();
  let isStopped = false;
  return {
    /** Ends it without a word and starts another; one after another, however often it is asked for. */
    kill(): Promise<void> {
      turn = turn.then(async () => {
        if (isStopped) return;
        current.process.kill('SIGKILL');
        await current.process;
        current = await begin(env);
      });
      return turn;
    },
    /** Lets it finish and waits for its end. */
    async stop(): Promise<void> {
      isStopped = true;
      await turn.catch(() => {});
      current.process.stdin.end();
      const limit = setTimeout(() => current.process.kill('SIGKILL'), STOP_LIMIT_MS);
      await current.process;
      clearTimeout(limit);
    },
  };
}

async function begin(env: Readonly<Record<string, string | undefined>>) {
  const running = execa(process.execPath, [HALF], {
    env,
    extendEnv: false,
    reject: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
    buffer: false,
  });
  const lines = createInterface({ input: running.stdout });
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      if (line === 'ready') resolve();
      else process.stderr.write(`${line}\n`);
    });
  });
  const ended = once(lines, 'close').then(() => {
    throw new Error('The runner of the playground ended before it began.');
  });
  ended.catch(() => {});
  await Promise.race([ready, ended]);
  // A process is a promise of its end: in an object it is not waited for.
  return { process: running };
}
