// A process of its own that opens the embedded Postgres over a home, says so and stays until it is told to go or killed.
// usage: node embedded-postgres-process.ts HOME
import { createLog } from '../../src/log.ts';
import { openEmbeddedPostgres } from '../../src/store/embedded.ts';

const [, , home = ''] = process.argv;
const postgres = await openEmbeddedPostgres({ home, log: createLog({ level: 'silent' }), fsync: false });
process.stdout.write(`${JSON.stringify({ url: postgres.connectionString, adopted: postgres.adopted })}\n`);
process.stdin.once('data', async () => {
  await postgres.stop();
  process.exit(0);
});
