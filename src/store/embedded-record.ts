// What of the embedded Postgres outlives the process that started it, and the lock under which it is changed.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import type { Log } from '../log.ts';

/**
 * `<home>/postgres.json` (0600). `ownerPid` is the process that will stop the server; where it is `lent`, a command started
 * it for a moment, and whoever means to stay takes it over.
 */
const recordSchema = z.object({
  cluster: z.string(),
  port: z.number(),
  password: z.string(),
  ownerPid: z.number(),
  lent: z.literal(true).optional(),
});
export type ServerRecord = z.infer<typeof recordSchema>;

/** The lock of a killed process frees itself after this long; a first start takes about a second. */
const LOCK_STALE_MS = 10_000;
const LOCK_RETRIES = { retries: 600, factor: 1, minTimeout: 100, maxTimeout: 100 };

/** Does `work` while no other process starts, joins or stops the server over `home`, which must exist. */
export async function withLock<T>(home: string, log: Log, work: () => Promise<T>): Promise<T> {
  const release = await lock(home, {
    lockfilePath: join(home, 'postgres.lock'),
    stale: LOCK_STALE_MS,
    retries: LOCK_RETRIES,
    onCompromised: (error) => log.warn({ err: error }, 'postgres.lock.lost'),
  });
  try {
    return await work();
  } finally {
    await release().catch((error: unknown) => log.warn({ err: error }, 'postgres.lock.lost'));
  }
}

export function recordFile(home: string): string {
  return join(home, 'postgres.json');
}

/** Undefined where nothing was ever started. */
export async function loadRecord(home: string): Promise<ServerRecord | undefined> {
  const text = await readFile(recordFile(home), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : recordSchema.parse(JSON.parse(text));
}

export async function saveRecord(home: string, record: ServerRecord): Promise<void> {
  const unfinished = `${recordFile(home)}.unfinished`;
  await writeFile(unfinished, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, recordFile(home));
}
