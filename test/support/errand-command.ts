// Commands that an operator types beside running halves: `errand audit`, `errand gc`, as processes of their own.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Runs one command over the scenario's database; `home` is the machine's disk, that of the first runner unless named. */
export async function runCommand(
  errand: Readonly<{
    dir: string;
    databaseUrl: string;
    environment: Readonly<Record<string, string | undefined>>;
  }>,
  words: readonly string[],
  home = 'home',
) {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [MAIN, ...words], {
    cwd: errand.dir,
    env: { ...errand.environment, DATABASE_URL: errand.databaseUrl, ERRAND_HOME: join(errand.dir, home) },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  const lines = stdout.split('\n').filter(Boolean);
  return {
    exitCode,
    stdout,
    stderr,
    /** The lines as JSON, for `--json`. */
    entries: (): readonly Record<string, unknown>[] => lines.map((line) => JSON.parse(line)),
  };
}
