// The embedded Postgres as `errand start` meets it: first start, restart, kill -9, two at once. Real processes only.
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createLog } from '../../src/log.ts';
import {
  type EmbeddedPostgres,
  joinEmbeddedPostgres,
  openEmbeddedPostgres,
} from '../../src/store/embedded.ts';

const log = createLog({ level: 'silent' });
const CHILD = join(import.meta.dirname, '../support/embedded-postgres-process.ts');
const openedSchema = z.object({ url: z.string(), adopted: z.boolean() });

let home: string;
let children: ReturnType<typeof spawnChild>[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'errand-embedded-'));
  await chmod(home, 0o711);
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.allSettled(children);
  const last = await openEmbeddedPostgres({ home, log, fsync: false, keepData: false });
  await last.stop();
  await rm(home, { recursive: true, force: true });
});

function open(): Promise<EmbeddedPostgres> {
  return openEmbeddedPostgres({ home, log, fsync: false });
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function spawnChild() {
  return execa(process.execPath, [CHILD, home], { reject: false, cleanup: true });
}

async function openInChild() {
  const child = spawnChild();
  children.push(child);
  const ended = child.then(({ stderr }) => Promise.reject(new Error(`The child ended early: ${stderr}`)));
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  return { child, ...openedSchema.parse(JSON.parse(String(line))) };
}

test('the first start makes a database that only its own password opens, on this machine only', async () => {
  const postgres = await open();
  expect(postgres.adopted).toBe(false);
  expect(await query(postgres.connectionString, 'show listen_addresses')).toEqual([
    { listen_addresses: '127.0.0.1' },
  ]);
  const guess = new URL(postgres.connectionString);
  guess.password = 'password';
  await expect(query(guess.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(home, 'postgres.json'))).mode & 0o777).toBe(0o600);
  await postgres.stop();
});

test('what was stored is there after a stop and a start, under the same address', async () => {
  const before = await open();
  await query(before.connectionString, 'create table t as select 7 as n');
  await before.stop();
  await expect(query(before.connectionString, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  const after = await open();
  expect(after.connectionString).toBe(before.connectionString);
  expect(await query(after.connectionString, 'select n from t')).toEqual([{ n: 7 }]);
  await after.stop();
});

test('the server left behind by a killed process is adopted and can be stopped', async () => {
  const first = await openInChild();
  await query(first.url, 'create table t as select 7 as n');
  first.child.kill('SIGKILL');
  await first.child;
  const next = await open();
  expect(next.adopted).toBe(true);
  expect(await query(next.connectionString, 'select n from t')).toEqual([{ n: 7 }]);
  await next.stop();
  await expect(query(next.connectionString, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
});

test('of two processes that start at once one starts the server, the other joins and does not stop it', async () => {
  const both = await Promise.all([openInChild(), openInChild()]);
  expect(both.map((one) => one.adopted).sort()).toEqual([false, true]);
  expect(both[0]?.url).toBe(both[1]?.url);
  const guest = both.find((one) => one.adopted);
  const owner = both.find((one) => !one.adopted);
  guest?.child.stdin?.write('go\n');
  await guest?.child;
  expect(await query(owner?.url ?? '', 'select 1 as n')).toEqual([{ n: 1 }]);
  owner?.child.stdin?.write('go\n');
  await owner?.child;
  await expect(query(owner?.url ?? '', 'select 1')).rejects.toThrow(/ECONNREFUSED/);
});

test('a server killed without warning recovers, also when its process id now belongs to another process', async () => {
  const postgres = await open();
  await query(postgres.connectionString, 'create table t as select 7 as n');
  const pidFile = join(await clusterFolder(), 'data/postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  process.kill(Number(lines[0]), 'SIGKILL');
  await gone(Number(lines[0]));
  await writeFile(pidFile, [String(process.pid), ...lines.slice(1)].join('\n'));
  const next = await open();
  expect(next.adopted).toBe(false);
  expect(await query(next.connectionString, 'select n from t')).toEqual([{ n: 7 }]);
  await next.stop();
});

test('a start that was killed while making its data begins again', async () => {
  const postgres = await open();
  await postgres.stop();
  const cluster = await clusterFolder();
  await execa('mv', [join(cluster, 'data'), join(cluster, 'data.unfinished')]);
  const next = await open();
  expect(await query(next.connectionString, 'select 1 as n')).toEqual([{ n: 1 }]);
  await next.stop();
});

test('a taken port is exchanged for a free one', async () => {
  const first = await open();
  const { port } = new URL(first.connectionString);
  const otherHome = await mkdtemp(join(tmpdir(), 'errand-embedded-'));
  await chmod(otherHome, 0o711);
  const other = await openEmbeddedPostgres({
    home: otherHome,
    log,
    port: Number(port),
    fsync: false,
    keepData: false,
  });
  expect(new URL(other.connectionString).port).not.toBe(port);
  await other.stop();
  expect(await readdir(otherHome)).toEqual([]);
  await rm(otherHome, { recursive: true });
  await first.stop();
});

test('a second process may join the running server; without one it is told what to do', async () => {
  await expect(joinEmbeddedPostgres({ home, log })).rejects.toThrow(/Run `errand start` there first/);
  const postgres = await open();
  expect(await joinEmbeddedPostgres({ home, log })).toEqual({ connectionString: postgres.connectionString });
  await postgres.stop();
  await expect(joinEmbeddedPostgres({ home, log })).rejects.toThrow(/set DATABASE_URL/);
});

test('a home that the database user may not enter gets its data elsewhere, and keeps them there', async () => {
  await chmod(home, 0o700);
  const closed = await open();
  await query(closed.connectionString, 'create table t as select 7 as n');
  await closed.stop();
  await chmod(home, 0o711);
  const opened = await open();
  expect(await query(opened.connectionString, 'select n from t')).toEqual([{ n: 7 }]);
  await opened.stop();
});

async function clusterFolder(): Promise<string> {
  const text = await readFile(join(home, 'postgres.json'), 'utf8');
  return z.object({ cluster: z.string() }).parse(JSON.parse(text)).cluster;
}

/** Waits until no process has this id (a killed postmaster's children follow it within moments). */
async function gone(pid: number): Promise<void> {
  await expect.poll(() => stat(`/proc/${pid}`).catch(() => 'gone'), { timeout: 10_000 }).toBe('gone');
}
