// Every step of the schema with rows from its own time: what an earlier version stored, today's code reads. And the manners
// of the files: they only add, so that older processes work on while a newer one migrates.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { STATUSES } from '../../src/job/job.ts';
import { peekChoice } from '../../src/store/choices.ts';
import { readEvents } from '../../src/store/events.ts';
import { takeLeftBehind } from '../../src/store/inbox.ts';
import { listJobs, loadJob, loadProgress } from '../../src/store/jobs.ts';
import { leaseJobsToShow, loadMessages } from '../../src/store/messages.ts';
import { listMigrations, MIGRATIONS, migrate } from '../../src/store/migrate.ts';
import { pendingReplies, repliesToShow } from '../../src/store/replies.ts';
import { loadChannel } from '../../src/store/settings.ts';
import { createTestDatabase } from '../support/database.ts';
import { lintMigration } from '../support/migration-lint.ts';
import { happen, openAnother, silent } from '../support/store-room.ts';

const SAMPLES = new URL('migrations/', import.meta.url);
const names = await listMigrations();

async function readSample(name: string): Promise<string> {
  return readFile(new URL(`${name}.sql`, SAMPLES), 'utf8').catch(() => {
    throw new Error(
      `Write test/store/migrations/${name}.sql: INSERTs of a few rows as the version of migrations/${name}.sql stores them, at least one into every table that it makes. It is never edited afterwards.`,
    );
  });
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** A database that went through every step, each with its sample rows. */
async function growDatabase(): Promise<{ url: string; client: pg.Client }> {
  const database = await createTestDatabase({ template: 'empty', migrate: async () => {} });
  onTestFinished(() => database.drop());
  const dir = await mkdtemp(join(tmpdir(), 'errand-migrations-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const client = await connect(database.url);
  for (const name of names) {
    await cp(join(MIGRATIONS, `${name}.sql`), join(dir, `${name}.sql`));
    expect(await migrate({ url: database.url, log: silent, dir })).toEqual([name]);
    await client.query(await readSample(name));
  }
  return { url: database.url, client };
}

describe('rows from every step', () => {
  test("are read by today's code, and jobs go on from where they stood", async () => {
    const { url, client } = await growDatabase();
    const store = await openAnother(url);
    const { sql } = store.db;
    const { rows } = await client.query<{ id: string }>('SELECT id FROM jobs ORDER BY id');
    const jobs = await Promise.all(rows.map(({ id }) => loadJob(sql, Number(id))));
    expect(new Set(jobs.map((job) => job?.status))).toEqual(new Set(STATUSES));
    expect(await listJobs(sql, { limit: 100 })).toHaveLength(jobs.length);
    for (const { id } of rows) {
      await loadProgress(sql, Number(id));
      const events = await readEvents(sql, Number(id));
      expect(events.filter((event) => event.kind === 'note' && event.data.name === 'unreadable')).toEqual([]);
      await loadMessages(sql, Number(id));
    }
    expect((await readEvents(sql, 4)).map((event) => event.kind)).toContain('agent');
    expect((await pendingReplies(sql, 2)).map((reply) => reply.text)).toEqual(['Also the checkout.']);
    expect(await repliesToShow(sql, 2)).toEqual([]);
    expect(await loadChannel(sql, { team: 'T1', channel: 'C1' })).toMatchObject({ replyPolicy: 'mention' });
    expect(await peekChoice(sql, '00000000-0000-4000-8000-000000000001', 'click:1')).toMatchObject({
      person: 'U0ADA',
    });
    expect(await takeLeftBehind(sql, { busy: [], limit: 10 })).toHaveLength(1);
    const due = await leaseJobsToShow(sql, { holder: 'test', leaseMs: 1_000, limit: 100 });
    expect(due).toHaveLength(jobs.length);
    expect(await happen(store, 4, { type: 'reply', by: 'U0BOB' })).toMatchObject({
      status: 'queued',
      turn: 2,
    });
    expect(await happen(store, 7, { type: 'retry', by: 'U0ADA' })).toMatchObject({ status: 'queued' });
  });

  test('stand in every table', async () => {
    const { client } = await growDatabase();
    const { rows } = await client.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const empty: string[] = [];
    for (const { name } of rows) {
      const { rowCount } = await client.query(`SELECT 1 FROM ${name} LIMIT 1`);
      if (rowCount === 0) empty.push(name);
    }
    expect(empty, 'Add a row to the sample file of the migration that makes the table.').toEqual([]);
  });
});

describe('a migration', () => {
  test.for(names)('%s only adds', async (name) => {
    expect(lintMigration(await readFile(join(MIGRATIONS, `${name}.sql`), 'utf8'))).toEqual([]);
  });

  test('has a number of its own and a name that says what it is about', () => {
    expect(names.filter((name) => !/^\d{4}_[a-z][a-z_]*$/.test(name))).toEqual([]);
    expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length);
  });

  test.for([
    'ALTER TABLE jobs DROP COLUMN team',
    'DROP TABLE inbox',
    'ALTER TABLE jobs RENAME COLUMN team TO workspace',
    'ALTER TABLE jobs ALTER COLUMN team TYPE varchar(20)',
    'ALTER TABLE jobs ADD COLUMN owner text NOT NULL',
    'ALTER TABLE jobs ADD COLUMN a text DEFAULT $$x$$, ADD COLUMN b uuid DEFAULT gen_random_uuid()',
    'ALTER TABLE jobs ALTER COLUMN thread_ts SET NOT NULL',
    'ALTER TABLE jobs ADD CONSTRAINT short CHECK (length(team) < 20)',
    'CREATE TABLE fresh (a int); LOCK TABLE jobs',
    'UPDATE jobs SET team = $$T$$; COMMIT',
  ])('may not say: %s', (sql) => {
    expect(lintMigration(sql)).not.toEqual([]);
  });

  test.for([
    'ALTER TABLE jobs ADD COLUMN owner text',
    "ALTER TABLE jobs ADD COLUMN priority integer NOT NULL DEFAULT 0 -- don't DROP this",
    'ALTER TABLE jobs ADD CONSTRAINT short CHECK (length(team) < 20) NOT VALID',
    'CREATE TABLE fresh (id uuid NOT NULL DEFAULT gen_random_uuid()); ALTER TABLE fresh ADD COLUMN a int NOT NULL',
    "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM jobs; $$; INSERT INTO t VALUES ('DROP')",
    'CREATE INDEX jobs_by_team ON jobs (team)',
  ])('may say: %s', (sql) => {
    expect(lintMigration(sql)).toEqual([]);
  });
});
