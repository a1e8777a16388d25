// Holds a database at one step of a request's way, so that whoever is at work there can be killed exactly then.
import pg from 'pg';

export type Step = 'commit' | 'effect' | 'handled' | 'posting';

/** What is locked to hold that step: the request's own row, the jobs, the note that it was handled, or that of a post. */
const HOLD: Readonly<Record<Step, string>> = {
  commit: 'LOCK TABLE inbox IN SHARE MODE',
  effect:
    'LOCK TABLE jobs IN EXCLUSIVE MODE; LOCK TABLE choices IN EXCLUSIVE MODE; LOCK TABLE channels IN EXCLUSIVE MODE',
  posting: 'LOCK TABLE messages IN EXCLUSIVE MODE',
  handled: 'SELECT pg_advisory_xact_lock(4711)',
};

/** Until `release` nobody gets beyond `step`. */
export async function holdDatabase(url: string, step: Step) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  if (step === 'handled') {
    await client.query(`
      CREATE OR REPLACE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NEW; END $$;
      CREATE OR REPLACE TRIGGER held BEFORE UPDATE OF handled_at ON inbox FOR EACH ROW EXECUTE FUNCTION held()`);
  }
  await client.query(`BEGIN; ${HOLD[step]}`);
  return {
    /** Resolves once `count` others wait at the step. */
    async waitFor(count: number): Promise<void> {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const { rows } = await client.query<{ n: number }>(
          `SELECT count(DISTINCT pid)::int AS n FROM pg_locks WHERE NOT granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        if ((rows[0]?.n ?? 0) >= count) return;
        if (Date.now() > deadline) throw new Error(`Only ${rows[0]?.n} of ${count} wait at ${step}.`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    /** Lets go; whoever waited goes on, or what it asked for is done in its absence. */
    async letGo(): Promise<void> {
      await client.query('COMMIT');
      await client.end();
    },
    /** Lets go; with `drop`, whoever waits loses the connection first, as a server notices of a dead client sooner or later. */
    async release(): Promise<void> {
      await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      await client.query('COMMIT');
      await client.end();
    },
  };
}
