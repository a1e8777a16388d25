// What a process and all it started take, and that none of them outlives its end: as root and as nobody.
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, test, vi } from 'vitest';
import { parsePs } from '../../src/sandbox/running.ts';
import { listUsers } from '../support/other-user.ts';

vi.setConfig({ testTimeout: 90_000 });
const PROBE = fileURLToPath(new URL('../support/process-tree-probe.ts', import.meta.url));
/** Ends by itself after a thousand processes, should nobody stop it. */
const FORK_BOMB = 'bomb() { [ $1 -gt 0 ] && { bomb $(($1-1)) & bomb $(($1-1)) & }; sleep 60; }; bomb 9';

async function probe(prefix: readonly string[], script: string, wanted: number, teller = 'proc') {
  const [program = '', ...args] = [...prefix, process.execPath, PROBE, script, String(wanted), teller];
  const { stdout } = await execa(program, args, { cwd: '/' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe.each(listUsers())('started by $name', ({ prefix }) => {
  test.concurrent.each([
    ['a plain family', 'sleep 70 & sleep 71 & sleep 72', 3],
    ['children in sessions of their own', 'for i in $(seq 20); do setsid sleep 73 & done; sleep 74', 20],
    ['a fork bomb', FORK_BOMB, 200],
  ])('%s is counted and ended as a whole', async (_what, script, wanted) => {
    expect(await probe(prefix, script, wanted)).toMatchObject({ reached: true, gone: true, left: 0 });
  });

  test.concurrent('daemons that were never seen are found by their environment', async () => {
    const script = '(setsid nohup sh -c "sleep 75 & sleep 76" >/dev/null 2>&1 &) ; sleep 0.3; exec sleep 77';
    expect(await probe(prefix, script, 1)).toMatchObject({ gone: true, left: 0 });
  });
});

test('memory that processes share counts once', async () => {
  const fork = 'for i in $(seq 10); do sleep 78 & done; sleep 79';
  const { exact } = await probe([], fork, 11);
  expect(Number(exact)).toBeLessThan(20_000_000);
  expect(Number(exact)).toBeGreaterThan(0);
});

test('a family is counted and ended by what ps tells, as on macOS', async () => {
  const script = 'for i in $(seq 20); do setsid sh -c "sleep 80 & sleep 81" & done; sleep 82';
  expect(await probe([], script, 50, 'ps')).toMatchObject({ reached: true, gone: true, left: 0 });
});

test('where there is no /proc, ps tells', () => {
  const said = `    1     0     1  12345 Ss   Mon Mar  2 09:00:00 2026
  501   500   500    900 Z    Mon Mar  2 09:00:01 2026
  502     1   502   2048 S+   Mon Mar  2 09:00:02 2026
`;
  expect(parsePs(said)).toEqual([
    {
      pid: 1,
      parent: 0,
      group: 1,
      session: 0,
      startedAt: 'Mon Mar  2 09:00:00 2026',
      threads: 1,
      residentBytes: 12_641_280,
    },
    {
      pid: 502,
      parent: 1,
      group: 502,
      session: 0,
      startedAt: 'Mon Mar  2 09:00:02 2026',
      threads: 1,
      residentBytes: 2_097_152,
    },
  ]);
});
