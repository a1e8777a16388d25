// The lock between runners that share a disk: whoever holds it keeps it, and a dead holder keeps nobody out.
import { mkdir, mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createLock } from '../../src/workspace/lock.ts';

/** The shortest that proper-lockfile takes. */
const STALE_MS = 2_000;
const HOUR_MS = 3_600_000;

const log = createLog({ level: 'silent' });
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'errand-lock-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

it('is taken from a dead holder though the clock was set back since', async () => {
  const path = join(dir, 'mirror');
  await mkdir(`${path}.lock`);
  const later = new Date(Date.now() + 2 * HOUR_MS);
  await utimes(`${path}.lock`, later, later);
  expect(await createLock({ log, staleMs: STALE_MS }).hold(path, async () => 'ours')).toBe('ours');
});

it('is left to a holder that lives, however long it takes', async () => {
  const path = join(dir, 'mirror');
  const said: string[] = [];
  const begun = Promise.withResolvers<void>();
  const first = createLock({ log, staleMs: STALE_MS }).hold(path, async () => {
    begun.resolve();
    const touched = new Set<number>();
    const seeTouch = async () => expect(touched.add((await stat(`${path}.lock`)).mtimeMs).size).toBe(6);
    // It is touched twice in the time after which it would be dead: we outlast that.
    await vi.waitFor(seeTouch, { timeout: 20_000 });
    said.push('first');
  });
  await begun.promise;
  await createLock({ log, staleMs: STALE_MS }).hold(path, async () => said.push('second'));
  await first;
  expect(said).toEqual(['first', 'second']);
});
