// What every test database starts with.
import { createLog } from '../../src/log.ts';
import { migrate } from '../../src/store/migrate.ts';

/** Brings the template database to today's schema. Runs once in a vitest run. */
export async function migrateTemplate(url: string): Promise<void> {
  await migrate({ url, log: createLog({ level: 'silent' }) });
}
