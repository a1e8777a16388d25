// A fresh database for a test file in some 30 ms: a clone of a template that is migrated once in a vitest run.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { migrateTemplate } from './migrate-template.ts';

export type TestDatabase = Readonly<{
  url: string;
  /** Looks at what is stored, over a connection of its own. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
  /** Deletes the database, closing whatever is still connected to it. */
  drop(): Promise<void>;
}>;

type TemplateOptions = Readonly<{
  /** Tells templates of different content apart; a plain word. */
  template?: string;
  migrate?: (url: string) => Promise<void>;
}>;

/** Clones the template; whichever vitest worker comes first makes it, the others wait for it. */
export async function createTestDatabase(options: TemplateOptions = {}): Promise<TestDatabase> {
  const { migrate = migrateTemplate } = options;
  const template = templateName(options.template ?? 'main');
  const name = `${inject('testRun')}_${randomBytes(6).toString('hex')}`;
  await withMaintenance(async (client) => {
    await makeTemplateOnce({ client, template, migrate });
    await client.query(`create database ${name} template ${template}`);
  });
  return {
    url: urlOf(name),
    query: (sql, values) => withConnection(urlOf(name), (client) => client.query(sql, values)),
    drop: () => withMaintenance(async (client) => void (await client.query(dropStatement(name)))),
  };
}

async function makeTemplateOnce(options: {
  client: pg.Client;
  template: string;
  migrate: (url: string) => Promise<void>;
}): Promise<void> {
  const { client, template } = options;
  await client.query('select pg_advisory_lock(hashtext($1))', [template]);
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (found.rowCount) return;
    const unfinished = `${template}_unfinished`;
    await client.query(dropStatement(unfinished));
    await client.query(`create database ${unfinished}`);
    await options.migrate(urlOf(unfinished));
    await client.query(`alter database ${unfinished} rename to ${template}`);
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [template]);
  }
}

/** Named after the run, so that on a lasting server nobody meets the template of an older schema. */
function templateName(content: string): string {
  return `${inject('testRun')}_template_${content}`;
}

function dropStatement(name: string): string {
  return `drop database if exists ${name} with (force)`;
}

function urlOf(name: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

function withMaintenance<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withConnection(inject('postgresUrl'), work);
}

async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
