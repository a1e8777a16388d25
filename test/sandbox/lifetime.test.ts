// How sandboxed commands begin and end: their environment, many at once, a killed runner and what it leaves behind.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSandbox } from '../../src/sandbox/check.ts';
import { sweepSandboxLeftovers } from '../../src/sandbox/leftovers.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  canSandbox,
  createSandboxHome,
  runScript,
  runWrapped,
  type SandboxHome,
  until,
  wrapOf,
} from '../support/sandbox-job.ts';

const log = pino({ level: 'silent' });
const RUNNER = resolve(import.meta.dirname, '..', 'support', 'sandbox-runner-process.ts');
/** Variables which the library sets for its proxy and itself (0.0.83), and what a shell sets. */
const LIBRARY =
  /^(SANDBOX_RUNTIME|PWD|_|\w*proxy|(?!NODE_)\w*PROXY(_\w+)?|CLOUDSDK_\w+|CLAUDE_CODE_HOST_\w+|GIT_SSH_COMMAND|GIT_CONFIG_PARAMETERS|JAVA_TOOL_OPTIONS)$/;
/** Those that name its certificate go by their value. */
const CERTIFICATE = /\/srt-ca-\w+\//;

describe.runIf(canSandbox())('the life of a sandboxed command', () => {
  let sandbox: Sandbox;
  let home: SandboxHome;
  beforeAll(async () => {
    sandbox = await createSandbox({ mode: 'srt', log });
    home = await createSandboxHome();
  });
  afterAll(async () => {
    await sandbox.close();
    await home.remove();
  });

  test('A command gets exactly the environment it was given, and the library’s own', async () => {
    process.env['ERRAND_TEST_SECRET'] = 'host secret';
    const job = await home.job('J-1');
    const env = { MINE: "it's\na $value", LANG: 'C' };
    const { stdout } = await runScript(sandbox, home.root, job, '', { argv: ['/usr/bin/env', '-0'], env });
    delete process.env['ERRAND_TEST_SECRET'];
    const pairs = stdout
      .split('\0')
      .filter(Boolean)
      .map((line) => line.split(/=(.*)/s).slice(0, 2));
    const own = pairs.filter(([name = '', value = '']) => !LIBRARY.test(name) && !CERTIFICATE.test(value));
    expect(Object.fromEntries(own)).toEqual({
      ...env,
      PATH: process.env['PATH'],
      HOME: job.home,
      TMPDIR: job.tmp,
      NODE_USE_ENV_PROXY: '1',
    });
  });

  test('Variables that would act on the host’s shell only act inside', async () => {
    const job = await home.job('J-2');
    const env = { LD_PRELOAD: '/nowhere.so', IFS: 'x', BASH_ENV: '/etc/passwd' };
    const { stdout } = await runScript(sandbox, home.root, job, 'echo $LD_PRELOAD', { env });
    expect(stdout).toBe('/nowhere.so');
  });

  test('Standard input reaches the command and its exit code comes back', async () => {
    const job = await home.job('J-3');
    const wrapped = await sandbox.wrap(
      wrapOf(home.root, job, { argv: ['/bin/sh', '-c', 'read line; echo "got $line"; exit 7'] }),
    );
    const [file = '', ...args] = wrapped.argv;
    const options = {
      cwd: job.dir,
      env: wrapped.env,
      extendEnv: false,
      reject: false,
      input: 'a frame\n',
    } as const;
    const done = await execa(file, args, options);
    await wrapped.release();
    expect(done).toMatchObject({ stdout: 'got a frame', exitCode: 7 });
  });

  test('Twenty commands at once keep to themselves', async () => {
    const jobs = await Promise.all(Array.from({ length: 20 }, (_, at) => home.job(`P-${at}`)));
    const started = performance.now();
    const all = await Promise.all(
      jobs.map((job) =>
        runScript(sandbox, home.root, job, 'cat secret.txt; echo; echo mine > tree/f; ls ..', {}),
      ),
    );
    const took = performance.now() - started;
    for (const [at, done] of all.entries())
      expect(done.stdout.split('\n')).toEqual([`secret of P-${at}`, `P-${at}`]);
    process.stdout.write(`20 sandboxes at once: ${Math.round(took)} ms\n`);
  });

  test('Starting a sandbox costs little', async () => {
    const job = await home.job('J-4');
    const times = [];
    for (let round = 0; round < 10; round += 1) {
      const start = performance.now();
      const wrapped = await sandbox.wrap(wrapOf(home.root, job, { argv: ['/bin/true'] }));
      const wrappedAt = performance.now();
      await runWrapped(wrapped, job.dir);
      times.push({ wrap: wrappedAt - start, run: performance.now() - wrappedAt });
      await wrapped.release();
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[5] ?? 0;
    const [wrap, run] = [median(times.map((t) => t.wrap)), median(times.map((t) => t.run))];
    process.stdout.write(`wrap ${wrap.toFixed(1)} ms, start to end of /bin/true ${run.toFixed(1)} ms\n`);
    expect(wrap + run).toBeLessThan(2_000);
  });

  test('A killed command takes everything it started with it', async () => {
    const job = await home.job('J-5');
    const wrapped = await sandbox.wrap(
      wrapOf(home.root, job, { argv: ['/bin/sh', '-c', 'sleep 601 & echo up; sleep 602'] }),
    );
    const [file = '', ...args] = wrapped.argv;
    const child = execa(file, args, { cwd: job.dir, env: wrapped.env, extendEnv: false, reject: false });
    await until('the sleepers run', () => processesWith('sleep\x00602').length > 0);
    child.kill('SIGKILL');
    await child;
    await until(
      'the sleepers are gone',
      () => processesWith('sleep\x00601').length + processesWith('sleep\x00602').length === 0,
    );
    await wrapped.release();
  });

  test('kill -9 of the runner ends the command, and the sweep removes what is left, never a live runner’s', async () => {
    const runner = execa(process.execPath, [RUNNER, 'sleep 603'], { reject: false });
    let said = '';
    runner.stdout.on('data', (text) => (said += text));
    await until('the runner has started', () => said.includes('\n'));
    const { root } = JSON.parse(said) as { root: string };
    await until('the sleeper runs', () => processesWith('sleep\x00603').length > 0);
    const socket = relaySocketOf(runner.pid);
    await sweepSandboxLeftovers();
    expect(existsSync(socket)).toBe(true);
    runner.kill('SIGKILL');
    await runner;
    await until('the sleeper is gone', () => processesWith('sleep\x00603').length === 0);
    expect(processesWith(socket).length).toBeGreaterThan(0);
    expect((await sweepSandboxLeftovers()).runners).toBeGreaterThan(0);
    await until('the relay is gone', () => processesWith(socket).length === 0);
    expect(existsSync(socket)).toBe(false);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`srt-mux-${runner.pid}-`))).toEqual([]);
    const job = await home.job('J-6');
    expect((await runScript(sandbox, home.root, job, 'echo still here')).stdout).toBe('still here');
    await rm(root, { recursive: true, force: true });
  }, 60_000);

  test('A runner of another container that shares the temp folder is judged by its relay', async () => {
    const folder = join(tmpdir(), `errand-sandbox-${process.getuid?.()}`);
    const own = readdirSync(folder).find((file) => file.startsWith(`${process.pid}-`)) ?? 'none';
    const marker = JSON.parse(readFileSync(join(folder, own), 'utf8')) as { paths: string[] };
    const foreign = join(folder, `${process.pid}-foreign.json`);
    await writeFile(foreign, JSON.stringify({ ...marker, world: 'pid:[1]' }));
    await sweepSandboxLeftovers();
    expect(existsSync(foreign)).toBe(true);
    const dead = [join(tmpdir(), 'claude-http-0123456789abcdef.sock')];
    await writeFile(foreign, JSON.stringify({ ...marker, paths: dead, world: 'pid:[1]' }));
    await sweepSandboxLeftovers();
    expect(existsSync(foreign)).toBe(false);
    expect(marker.paths.every((path) => existsSync(path))).toBe(true);
  });

  test('A closed sandbox leaves nothing in the temp folder, and the next one works', async () => {
    const job = await home.job('J-7');
    await sandbox.close();
    const left = readdirSync(join(tmpdir(), `errand-sandbox-${process.getuid?.()}`));
    expect(left.filter((name) => name.startsWith(`${process.pid}-`))).toEqual([]);
    sandbox = await createSandbox({ mode: 'srt', log });
    expect((await runScript(sandbox, home.root, job, 'echo again')).stdout).toBe('again');
  });

  test('The check says how commands are held in', async () => {
    expect(await checkSandbox()).toMatchObject({ ok: true });
  });

  test('A machine that forbids namespaces is told how to allow them', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'errand-fake-bwrap-'));
    const refusal =
      '#!/bin/sh\necho "bwrap: Creating new namespace failed: Operation not permitted" >&2\nexit 1\n';
    await writeFile(join(bin, 'bwrap'), refusal, { mode: 0o755 });
    const code = `import { checkSandbox } from '${resolve('src/sandbox/check.ts')}';
      console.log(JSON.stringify(await checkSandbox()));`;
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    const { stdout } = await execa(process.execPath, ['--input-type=module-typescript', '-e', code], {
      env,
      extendEnv: false,
    });
    await rm(bin, { recursive: true });
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ ok: false, problem: expect.stringContaining('Operation not permitted') });
    expect(told.mend).toContain('docker run --security-opt seccomp=unconfined');
  });

  test('Sandboxes of one process share a manager, which lives as long as one of them', async () => {
    const job = await home.job('J-8');
    const [second] = await Promise.all([createSandbox({ mode: 'srt', log }), sandbox.close()]);
    expect((await runScript(second, home.root, job, 'echo second')).stdout).toBe('second');
    const [third] = await Promise.all([
      second.close().then(() => createSandbox({ mode: 'srt', log })),
      second.close(),
    ]);
    expect((await runScript(third, home.root, job, 'echo third')).stdout).toBe('third');
    await expect(createSandbox({ mode: 'srt', log, plainHttpMasks: true })).rejects.toMatchObject({
      code: 'sandbox_differs',
    });
    sandbox = third;
  });

  test('Without its programs the sandbox does not start and says what to install', async () => {
    const code = `import { createSandbox } from '${resolve('src/sandbox/sandbox.ts')}';
      const log = (await import('pino')).pino({ level: 'silent' });
      await createSandbox({ mode: 'srt', log }).catch((error) => console.log(error.code, error.message));`;
    const env = { PATH: '/nowhere' };
    const { stdout } = await execa(process.execPath, ['--input-type=module-typescript', '-e', code], {
      env,
      extendEnv: false,
    });
    expect(stdout).toContain('sandbox_missing The sandbox for agents needs bwrap, socat and rg');
    expect(stdout).toContain('apt-get install -y bubblewrap socat ripgrep');
  });
});

/** Ids of the processes on this machine whose command line holds `text`. */
function processesWith(text: string): number[] {
  return readdirSync('/proc').flatMap((name) =>
    commandLine(Number(name)).includes(text) ? [Number(name)] : [],
  );
}

function commandLine(pid: number): string {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return pid === process.pid || line.startsWith(process.execPath) ? '' : line;
  } catch {
    return '';
  }
}

function relaySocketOf(runner: number | undefined): string {
  const folder = join(tmpdir(), `errand-sandbox-${process.getuid?.()}`);
  const name = readdirSync(folder).find((file) => file.startsWith(`${runner}-`)) ?? 'none';
  const { paths } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { paths: string[] };
  return paths.find((path) => path.endsWith('.sock')) ?? 'none';
}
