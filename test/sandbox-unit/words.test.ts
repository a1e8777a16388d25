// What the sandbox says where it cannot start, and how a command is quoted for it.
import { execa } from 'execa';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { describeMissing } from '../../src/sandbox/binaries.ts';
import { explainFailure } from '../../src/sandbox/check.ts';
import { buildCommandLine, replaceInEnv } from '../../src/sandbox/command-line.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';

describe('the words of the sandbox', () => {
  test('What is missing is named with the command that installs it', () => {
    expect(describeMissing({ rg: '/usr/bin/rg', bwrap: '/usr/bin/bwrap' }, 'linux')).toEqual({
      problem: 'The sandbox for agents needs socat, which is not installed.',
      mend: 'Run `sudo apt-get install -y socat` (Homebrew: `brew install socat`), or set ERRAND_SANDBOX=none to run agents without one.',
    });
    expect(describeMissing({}, 'linux')?.problem).toContain('bwrap, socat and rg, which are not installed');
    expect(describeMissing({ rg: '/a', bwrap: '/b', socat: '/c' }, 'linux')).toBeUndefined();
    expect(describeMissing({}, 'darwin')).toBeUndefined();
    expect(describeMissing({}, 'win32')?.mend).toContain('ERRAND_SANDBOX=none');
  });

  test('What bubblewrap says in Docker is answered with the flags for docker run', () => {
    const said =
      'bwrap: No permissions to create a new namespace, likely because the kernel does not allow it.';
    expect(explainFailure(said).mend).toContain('--security-opt seccomp=unconfined');
    expect(
      explainFailure("bwrap: Can't mount proc on /newroot/proc: Operation not permitted").mend,
    ).toContain('systempaths=unconfined');
    expect(explainFailure('bwrap: setting up uid map: Permission denied').mend).toContain(
      'apparmor_restrict_unprivileged_userns',
    );
    expect(explainFailure('').problem).toContain('it said nothing');
  });

  test('A bubblewrap that does not know an option is answered with a newer one', () => {
    expect(explainFailure('bwrap: Unknown option --new').mend).toContain('Install bubblewrap 0.7.0 or newer');
  });
});

describe('a command line for the sandbox', () => {
  test('Every word arrives as it is', async () => {
    const words = ["it's", '$HOME', 'a b', '', '*', '`x`', 'line\nbreak', '"'];
    const argv = [
      process.execPath,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      ...words,
    ];
    const { script, env } = buildCommandLine({ argv, env: { PATH: '/usr/bin:/bin' }, relays: [] });
    const { stdout } = await execa('/bin/sh', ['-c', script], { env, extendEnv: false });
    expect(JSON.parse(stdout)).toEqual(words);
  });

  test('What would act on the host’s shell or is set by the library goes inside, all else outside', () => {
    const wanted = { LD_PRELOAD: '/x.so', TMPDIR: '/j/tmp', PATH: '/bin', LANG: 'C' };
    const { script, env } = buildCommandLine({ argv: ['true'], env: wanted, relays: [] });
    expect(env).toEqual({ PATH: '/bin', LANG: 'C' });
    expect(script).toMatch(/export TMPDIR='\/j\/tmp'; export LD_PRELOAD='\/x.so'; exec 'true'$/);
  });

  test('A secret is replaced wherever it is written', () => {
    const env = replaceInEnv({ KEY: 'real', CONFIG: '{"a":"real","b":["real"]}' }, 'real', 'fake');
    expect(env).toEqual({ KEY: 'fake', CONFIG: '{"a":"fake","b":["fake"]}' });
  });
});

test('Without a sandbox a command is run as it is, with what its shell bounds', async () => {
  const sandbox = await createSandbox({ mode: 'none', log: pino({ level: 'silent' }) });
  const wanted = { argv: ['agent', '--acp'], env: { A: '1' } };
  const ceilings = { tasks: 50, fileBytes: 5_120, scratchBytes: 1e6 };
  const wrapped = await sandbox.wrap({
    ...wanted,
    jobDir: '/j',
    writable: [],
    denyRead: [],
    egress: [],
    ceilings,
  });
  expect({ mode: sandbox.mode, env: wrapped.env }).toEqual({ mode: 'none', env: wanted.env });
  const [shell, flag, script, ...rest] = wrapped.argv;
  expect([shell, flag, ...rest]).toEqual(['/bin/sh', '-c', 'sh', 'agent', '--acp']);
  expect(script).toMatch(/oom_score_adj.*ulimit -c 0; ulimit -f 10; exec "\$@"$/);
  await wrapped.release();
  await sandbox.close();
});
