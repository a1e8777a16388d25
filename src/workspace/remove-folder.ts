// Removes a folder that a stranger filled. Never follows a link out of it.
import { randomUUID } from 'node:crypto';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Like `rm -rf`, and also gets rid of folders that were made read-only (Go's module cache is) or lie deeper than a path
 * may be long.
 */
export async function removeFolder(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
    await flatten(path);
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes every folder below writable and lifts it to the top, so that no path stays long. */
async function flatten(path: string): Promise<void> {
  await chmod(path, 0o700);
  const folders = [path];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const lifted = join(path, randomUUID());
      await chmod(join(folder, entry.name), 0o700);
      await rename(join(folder, entry.name), lifted);
      folders.push(lifted);
    }
  }
}
