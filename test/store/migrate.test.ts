// Migrating is safe for everybody who starts, however many and however often.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { listMigrations, MIGRATIONS, migrate } from '../../src/store/migrate.ts';
import { createTestDatabase } from '../support/database.ts';
import { silent, tenTimes } from '../support/store-room.ts';

/** A database with nothing in it. */
async function emptyDatabase(): Promise<string> {
  const database = await createTestDatabase({ template: 'empty', migrate: async () => {} });
  onTestFinished(() => database.drop());
  return database.url;
}

test('ten processes may migrate an empty database at once, and one of them does', async () => {
  const url = await emptyDatabase();
  const applied = await tenTimes(() => migrate({ url, log: silent }));
  expect(applied.flat()).toEqual(await listMigrations());
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const { rows } = await client.query('SELECT name FROM pgboss.queue ORDER BY name');
  expect(rows.map((row) => row.name)).toEqual(expect.arrayContaining(['settle', 'turn']));
});

test('migrating again changes nothing and keeps what is there', async () => {
  const url = await emptyDatabase();
  expect(await migrate({ url, log: silent })).toEqual(await listMigrations());
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`INSERT INTO channels (team, channel, default_repo) VALUES ('T', 'C', 'a/b')`);
  expect(await migrate({ url, log: silent })).toEqual([]);
  expect((await client.query('SELECT default_repo FROM channels')).rows).toEqual([{ default_repo: 'a/b' }]);
});

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test('a database of a newer version is refused with the names of what it has more, and left as it is', async () => {
  const url = await emptyDatabase();
  await migrate({ url, log: silent });
  const client = await connected(url);
  await client.query(`INSERT INTO errand_migrations (name, run_on) VALUES ('9999_future', now())`);
  const refused = migrate({ url, log: silent });
  await expect(refused).rejects.toMatchObject({ code: 'schema_newer' });
  await expect(refused).rejects.toThrow(/9999_future.*Update Errand here/s);
});

test('a migration steps aside for work in hand: who reads meanwhile does not wait for it, and it gets its turn', async () => {
  const url = await emptyDatabase();
  await migrate({ url, log: silent });
  const [worker, reader] = [await connected(url), await connected(url)];
  const dir = await mkdtemp(join(tmpdir(), 'errand-migrate-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await cp(MIGRATIONS, dir, { recursive: true });
  await writeFile(join(dir, '9000_priority.sql'), 'ALTER TABLE jobs ADD COLUMN priority integer');
  await worker.query('BEGIN');
  await worker.query('SELECT count(*) FROM jobs');
  const migrating = migrate({ url, log: silent, dir });
  const isWaiting = `SELECT 1 FROM pg_stat_activity WHERE application_name = 'errand-migrate' AND wait_event_type = 'Lock'`;
  await expect.poll(async () => (await reader.query(isWaiting)).rowCount, { timeout: 10_000 }).toBe(1);
  const askedAt = Date.now();
  await reader.query('SELECT count(*) FROM jobs');
  expect(Date.now() - askedAt).toBeLessThan(6_000);
  await worker.query('COMMIT');
  expect(await migrating).toEqual(['9000_priority']);
});
