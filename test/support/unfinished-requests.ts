// Makes requests that were handled look as if the bot that had them had died before it could note the end.

type Sql = Readonly<{ query(text: string, values?: unknown[]): Promise<{ rowCount: number | null }> }>;

/** Remembers requests as they came, since a handled one is kept without what it allowed us. Call it before they come. */
export async function rememberRequests(sql: Sql): Promise<void> {
  await sql.query(`
    CREATE TABLE IF NOT EXISTS raw_requests (id bigint PRIMARY KEY, body jsonb NOT NULL);
    CREATE OR REPLACE FUNCTION remember_request() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO raw_requests VALUES (NEW.id, NEW.body); RETURN NEW; END $$;
    CREATE OR REPLACE TRIGGER remember_request AFTER INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION remember_request();`);
}

/** The newest of them whose text ends like this is unfinished again, and older by so many seconds. Answers how many. */
export async function unfinish(
  sql: Sql,
  { ageS, text = '' }: { ageS: number; text?: string },
): Promise<number> {
  const { rowCount } = await sql.query(
    `UPDATE inbox SET handled_at = NULL, received_at = received_at - $1 * interval '1 s', body = raw_requests.body
     FROM raw_requests WHERE raw_requests.id = inbox.id
       AND inbox.id = (SELECT max(id) FROM inbox WHERE coalesce(body->>'text', '') LIKE '%' || $2)`,
    [ageS, text],
  );
  return rowCount ?? 0;
}
