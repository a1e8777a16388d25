// `errand gc` and `errand audit` over Errand's own Postgres: beside a running Errand, with nothing running, and before
// anything ever ran.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import pg from 'pg';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import {
  borrowEmbeddedPostgres,
  joinEmbeddedPostgres,
  openEmbeddedPostgres,
} from '../../src/store/embedded.ts';
import { runCommand } from '../support/errand-command.ts';
import { silent } from '../support/store-room.ts';

const CHILD = join(import.meta.dirname, '../support/embedded-postgres-process.ts');

let dir: string;
let home: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'errand-own-database-'));
  home = join(dir, 'home');
  await chmod(dir, 0o711);
});
afterEach(async () => {
  if (existsSync(home)) {
    const last = await openEmbeddedPostgres({ home, log: silent, fsync: false, keepData: false });
    await last.stop();
  }
  await rm(dir, { recursive: true, force: true });
});

const errand = (...words: readonly string[]) =>
  runCommand({ dir, databaseUrl: '', environment: { PATH: process.env['PATH'], TMPDIR: dir } }, words);

async function isRunning(): Promise<boolean> {
  const record = JSON.parse(await readFile(join(home, 'postgres.json'), 'utf8'));
  return existsSync(join(z.object({ cluster: z.string() }).parse(record).cluster, 'data/postmaster.pid'));
}

async function answers(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query('select 1 as n')).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

test('before anything ever ran they say what to do, and make nothing', async () => {
  for (const word of ['gc', 'audit']) {
    const refused = await errand(word);
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^There is no database for .*home yet\. Run `errand start` first.*\n?$/);
  }
  expect(existsSync(home)).toBe(false);
});

test('with nothing running they start the database for the moment; two at once share it', async () => {
  const first = await errand('migrate');
  expect(first.stderr).toBe('');
  expect(await isRunning()).toBe(false);
  const both = await Promise.all([errand('audit', '--json'), errand('gc', '--json')]);
  expect(both.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(both[0].stderr).toContain('Nothing is recorded yet');
  expect(await isRunning(), 'The last one puts it out.').toBe(false);
});

test('a running Errand keeps its database, and so do those that joined one whose owner was killed', async () => {
  await errand('migrate');
  const child = execa(process.execPath, [CHILD, home], { reject: false });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await child;
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { url } = z.object({ url: z.string() }).parse(JSON.parse(String(line)));
  expect((await errand('audit')).exitCode).toBe(0);
  expect(await answers(url)).toEqual([{ n: 1 }]);
  child.kill('SIGKILL');
  await child;
  expect((await errand('audit')).exitCode).toBe(0);
  expect(await answers(url)).toEqual([{ n: 1 }]);
});

test('a database of another schema is told, not read', async () => {
  const empty = await openEmbeddedPostgres({ home, log: silent, fsync: false });
  await empty.stop();
  const refused = await errand('audit');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('Run `errand migrate` first');
  expect(await isRunning()).toBe(false);
});

test('whoever starts Errand meanwhile takes the database over; nobody else builds on it', async () => {
  const made = await openEmbeddedPostgres({ home, log: silent, fsync: false });
  await made.stop();
  const borrowed = await borrowEmbeddedPostgres({ home, log: silent });
  await expect(joinEmbeddedPostgres({ home, log: silent })).rejects.toThrow(/Run `errand start` there first/);
  const started = await openEmbeddedPostgres({ home, log: silent, fsync: false });
  expect(started.connectionString).toBe(borrowed.connectionString);
  await borrowed.stop();
  expect(await answers(started.connectionString)).toEqual([{ n: 1 }]);
  await started.stop();
  await expect(answers(started.connectionString)).rejects.toThrow(/ECONNREFUSED/);
});

test('of several that borrow it the last one stops it, whoever began', async () => {
  const made = await openEmbeddedPostgres({ home, log: silent, fsync: false });
  await made.stop();
  const first = await borrowEmbeddedPostgres({ home, log: silent });
  const second = await borrowEmbeddedPostgres({ home, log: silent });
  await first.stop();
  expect(await answers(second.connectionString)).toEqual([{ n: 1 }]);
  await second.stop();
  expect(await isRunning()).toBe(false);
});
