// Folders of a job as the workspace lays them out, and a way to run something in them behind the sandbox.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Sandbox, WrapOptions, Wrapped } from '../../src/sandbox/sandbox.ts';

export type SandboxHome = Awaited<ReturnType<typeof createSandboxHome>>;
export type SandboxJob = Awaited<ReturnType<SandboxHome['job']>>;

/** True where the sandbox's programs are there; says loudly what is skipped where they are not. */
export function canSandbox(): boolean {
  const programs = ['bwrap', 'socat', 'rg', 'openssl', 'git'];
  const missing = programs.filter((name) => spawnSync(name, ['--version']).error !== undefined);
  if (process.platform === 'linux' && missing.length === 0) return true;
  const reason = process.platform === 'linux' ? missing.join(', ') : 'Linux';
  process.stderr.write(
    `\nSKIPPED: the sandbox tests need ${reason} (apt: bubblewrap socat ripgrep openssl git).\n\n`,
  );
  return false;
}

/** Wide enough for whatever is not about them. */
export const CEILINGS = { tasks: 5_000, fileBytes: 1e9, scratchBytes: 1e9 } as const;

/** An `$ERRAND_HOME` of its own under the system's temp folder. */
export async function createSandboxHome() {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'errand-sandbox-test-')));
  const job = async (id: string) => {
    const dir = join(root, 'jobs', id);
    const [tree, home, tmp] = [join(dir, 'tree'), join(dir, 'home'), join(dir, 'tmp')];
    for (const folder of [tree, home, tmp]) await mkdir(folder, { recursive: true });
    await writeFile(join(dir, 'secret.txt'), `secret of ${id}`);
    return { id, dir, tree, home, tmp };
  };
  return { root, job, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Wrap options with what every job has; `more` adds or replaces. */
export function wrapOf(
  root: string,
  job: SandboxJob,
  more: Partial<WrapOptions> & Pick<WrapOptions, 'argv'>,
): WrapOptions {
  const env = { PATH: process.env['PATH'] ?? '', HOME: job.home, TMPDIR: job.tmp, ...more.env };
  const writable = more.writable ?? [job.tree, job.home, job.tmp];
  return { jobDir: job.dir, denyRead: [root], egress: [], ceilings: CEILINGS, ...more, writable, env };
}

/** Runs a wrapped command to its end, with nothing inherited. */
export async function runWrapped(wrapped: Wrapped, cwd: string) {
  const [file = '', ...args] = wrapped.argv;
  const options = { cwd, env: wrapped.env, extendEnv: false, reject: false, timeout: 30_000 } as const;
  return execa(file, args, options);
}

/** Wraps, runs and releases a shell script in a job. */
export async function runScript(
  sandbox: Sandbox,
  root: string,
  job: SandboxJob,
  script: string,
  more: Partial<WrapOptions> = {},
) {
  const denied: string[] = [];
  const wrapped = await sandbox.wrap(wrapOf(root, job, { argv: ['/bin/sh', '-c', script], ...more }));
  wrapped.onDenied((host) => denied.push(host));
  const { stdout, stderr, exitCode } = await runWrapped(wrapped, job.dir);
  await wrapped.release();
  return { stdout, stderr, exitCode, denied };
}

/** Waits for a condition, looking every few milliseconds. Throws after `deadlineMs`. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
