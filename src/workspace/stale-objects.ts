// What a git that was killed in the middle of writing leaves in a mirror: files that are no objects yet and never will be.
import { glob, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** No git of ours writes this long at one object; a fetch may, and holds the mirror's lock meanwhile. */
const STALE_MS = 60 * 60_000;

/** Removes half-written objects and packs from a mirror whose lock is held; answers how many. */
export async function removeStaleObjects(mirror: string): Promise<number> {
  const objects = join(mirror, 'objects');
  const nowMs = await readDiskTimeMs(mirror);
  let removed = 0;
  for await (const name of glob(['tmp_*', '*/tmp_*'], { cwd: objects })) {
    const path = join(objects, name);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined || nowMs - found.mtimeMs < STALE_MS) continue;
    await rm(path, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

/** By the clock that dates the files: ours may have jumped. */
async function readDiskTimeMs(dir: string): Promise<number> {
  const path = join(dir, `errand-clock-${process.pid}`);
  await writeFile(path, '');
  const { mtimeMs } = await stat(path);
  await rm(path, { force: true });
  return mtimeMs;
}
