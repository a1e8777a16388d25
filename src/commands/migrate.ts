// errand migrate: brings the database to this version's schema and says what it did.
import { formatProblems, readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { createRedactor } from '../redact.ts';
import { migrate } from '../store/migrate.ts';
import { openCommandDatabase } from './database.ts';

export async function runMigrate(): Promise<number> {
  const config = readConfig({ needs: ['database'] });
  if ('problems' in config) {
    process.stderr.write(formatProblems(config.problems));
    return 1;
  }
  const log = createLog({ level: config.logLevel, redactor: createRedactor(config.secrets) });
  const database = await openCommandDatabase({ ...config, how: 'own', log });
  try {
    const applied = await migrate({ url: database.url, log });
    const said =
      applied.length === 0 ? 'Nothing to do: the schema is up to date.' : `Applied ${applied.join(', ')}.`;
    process.stdout.write(`${said}\n`);
    return 0;
  } finally {
    await database.stop();
  }
}
