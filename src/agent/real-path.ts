// Where a path really leads when links are followed, also for a file that does not exist yet. Only reads.
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Resolves the existing part of an absolute path and appends the rest. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPath(parent), basename(path));
  }
}
