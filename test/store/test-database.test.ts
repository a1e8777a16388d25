// The database that tests get: cloned from a template that is made once, whoever comes first.
import pg from 'pg';
import { expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('ten callers at once share one template and see nothing of each other', async () => {
  let migrations = 0;
  const migrate = async (url: string) => {
    migrations += 1;
    await query(url, 'create table t (n int)');
  };
  const all = await Promise.all(
    Array.from({ length: 10 }, () => createTestDatabase({ template: 'ten', migrate })),
  );
  expect(migrations).toBe(1);
  await Promise.all(all.map((database, n) => query(database.url, `insert into t values (${n})`)));
  const seen = await Promise.all(all.map((database) => query(database.url, 'select n from t')));
  expect(seen).toEqual(all.map((_, n) => [{ n }]));
  await Promise.all(all.map((database) => database.drop()));
  await expect(query(all[0]?.url ?? '', 'select 1')).rejects.toThrow(/does not exist/);
});

test("a test database has today's schema", async () => {
  const database = await createTestDatabase();
  expect(await query(database.url, 'select count(*)::int as n from jobs')).toEqual([{ n: 0 }]);
  await database.drop();
});
