// What the kernel holds a sandboxed command to while nobody looks: as root and as another user, each measured from inside.
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { chooseProcessCeiling } from '../../src/sandbox/process-ceiling.ts';
import { listUsers, type User } from '../support/other-user.ts';
import { canSandbox } from '../support/sandbox-job.ts';

const PROBE = fileURLToPath(new URL('../support/ceiling-probe.ts', import.meta.url));
const TASKS = 400;
/** Forks until the kernel refuses, and tells how often it did not. */
const FORKS = `read go; exec perl -e 'my $n = 0; while ($n < 2000) { my $p = fork(); last unless defined $p; if (!$p) { sleep 30; exit } $n++ } print "forked $n\\n"'`;
const TMPFS = `for place in /tmp /var/tmp /dev/shm /dev /home /run/user; do head -c 9000000 /dev/zero > $place/fill 2>/dev/null; echo $place $(cat $place/fill 2>/dev/null | wc -c); done; echo look; read go; read seen`;

async function probe(user: User, script: string) {
  const [program = '', ...args] = [...user.prefix, process.execPath, PROBE, String(TASKS), script];
  const { stdout } = await execa(program, args, { cwd: '/' });
  return JSON.parse(stdout) as Readonly<{
    held: boolean;
    said: readonly string[];
    fileMemory: number;
    threads: number;
    gone: boolean;
  }>;
}

describe.runIf(canSandbox()).each(listUsers())('a sandbox of $name', (user) => {
  test('starts no more processes than its ceiling, where the kernel has one for that user', async () => {
    const { held, said, gone } = await probe(user, FORKS);
    const forked = Number(/\d+/.exec(said[0] ?? '')?.[0]);
    const ceiling = chooseProcessCeiling({ uid: user.uid });
    expect({ held, gone }).toEqual({ held: ceiling !== 'none', gone: true });
    if (ceiling === 'none') expect(forked).toBe(2_000);
    else expect(forked).toBeLessThan(TASKS);
    expect(forked).toBeGreaterThan(200);
  });

  test('keeps no more in memory as files than it may, and what it keeps is seen', async () => {
    const { said, fileMemory } = await probe(user, TMPFS);
    const sizes = Object.fromEntries(said.map((line) => line.split(' ')));
    expect(sizes).toMatchObject({ '/dev': '0' });
    // A file ends at its own ceiling, 2 MB; one page less or more is the file system's business.
    for (const place of ['/tmp', '/var/tmp', '/dev/shm'])
      expect(Number(sizes[place])).toBeLessThan(2_100_000);
    expect(Number(sizes['/dev/shm'])).toBeGreaterThan(1_900_000);
    expect(Number(sizes['/home'])).toBeLessThan(1_100_000);
    expect(fileMemory).toBeGreaterThan(5_000_000);
    expect(fileMemory).toBeLessThan(12_000_000);
  });

  test('shares no System V memory with the machine, leaves no core file and is the first to go', async () => {
    const { said } = await probe(
      user,
      'ipcmk -M 4096 >/dev/null && ipcs -m | grep -c 4096; ulimit -c; cat /proc/self/oom_score_adj',
    );
    expect(said).toEqual(['1', '0', '1000']);
    const { stdout } = await execa('ipcs', ['-m']);
    expect(stdout).not.toMatch(/ 4096 +0 /);
  });
});

test.each([
  [{ platform: 'linux', kernel: '6.14.0-1', uid: 0 }, 'pid_max'],
  [{ platform: 'linux', kernel: '6.8.0-31-generic', uid: 0 }, 'none'],
  [{ platform: 'linux', kernel: '7.0.1', uid: 0 }, 'pid_max'],
  [{ platform: 'linux', kernel: '5.14.0', uid: 1_000 }, 'rlimit'],
  [{ platform: 'linux', kernel: '5.10.0', uid: 1_000 }, 'none'],
  [{ platform: 'darwin', kernel: '24.1.0', uid: 501 }, 'none'],
] as const)('%o has the ceiling %s', (machine, ceiling) => {
  expect(chooseProcessCeiling(machine)).toBe(ceiling);
});
