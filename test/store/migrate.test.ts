// Migrating is safe for everybody who starts, however many and however often.
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
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
  expect(applied.flat()).toEqual(['0001_jobs', '0002_outside']);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const { rows } = await client.query('SELECT name FROM pgboss.queue ORDER BY name');
  expect(rows.map((row) => row.name)).toEqual(expect.arrayContaining(['settle', 'turn']));
});

test('migrating again changes nothing and keeps what is there', async () => {
  const url = await emptyDatabase();
  expect(await migrate({ url, log: silent })).toEqual(['0001_jobs', '0002_outside']);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query(`INSERT INTO channels (team, channel, default_repo) VALUES ('T', 'C', 'a/b')`);
  expect(await migrate({ url, log: silent })).toEqual([]);
  expect((await client.query('SELECT default_repo FROM channels')).rows).toEqual([{ default_repo: 'a/b' }]);
});
