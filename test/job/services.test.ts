// What runs beside a check: the script that starts services, waits for them, runs the command and stops them again.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { besideServices, type ServiceSettings } from '../../src/job/services.ts';

let tree: string;
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'errand-services-'));
});
afterAll(() => rm(tree, { recursive: true, force: true }));

async function run(command: string, services: ServiceSettings) {
  const [file = '', ...args] = besideServices({ tree, command, services });
  const { exitCode, all = '' } = await execa(file, args, { all: true, reject: false, timeout: 60_000 });
  return { exitCode, said: all };
}
const log = () => readFile(join(tree, 'log'), 'utf8');

test('without services a command runs in its tree and keeps its exit code', async () => {
  expect(await run(`test "$PWD" = "${tree}" && echo "it's here: $((1 + 1))" && exit 7`, {})).toEqual({
    exitCode: 7,
    said: "it's here: 2",
  });
});

test('services start in their order, are there while the command runs, and stop the other way round', async () => {
  const services = {
    one: { start: 'echo one up >> log', stop: 'echo one down >> log' },
    two: { start: 'echo two up >> log', stop: 'echo two down >> log' },
  };
  expect((await run('echo check >> log; exit 3', services)).exitCode).toBe(3);
  expect((await log()).trim().split('\n')).toEqual(['one up', 'two up', 'check', 'two down', 'one down']);
});

test('one that stays in the foreground is waited for until it is ready, and gone afterwards', async () => {
  const start = "trap 'kill $!; touch gone; exit' TERM; touch up; sleep 600 & wait";
  const { exitCode } = await run('test -e up -a ! -e gone', { server: { start, ready: 'test -e up' } });
  expect(exitCode).toBe(0);
  await expect.poll(() => existsSync(join(tree, 'gone')), { timeout: 10_000 }).toBe(true);
});

test.each([
  [{ start: 'exit 9' }, 'The service db did not start (exit code 9).'],
  [{ start: 'exit 9', ready: 'false' }, 'The service db did not start (exit code 9).'],
])('with %j the command is not run, and it says so', async (db, said) => {
  const before = { start: 'true', stop: 'echo stopped > stopped' };
  const ran = await run('echo command ran', { before, db });
  expect(ran.exitCode).toBe(1);
  expect(ran.said).toContain(said);
  expect(ran.said).not.toContain('command ran');
  expect(await readFile(join(tree, 'stopped'), 'utf8')).toBe('stopped\n');
});
