// Lets git look through a tree that was made to keep it out. Only called where git did not come to an end by itself.
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that git opens by itself wherever it meets them. A pipe under such a name blocks it for ever. */
const READ_BY_GIT = new Set(['.gitignore', '.gitattributes', '.gitmodules']);

/**
 * Removes what stands under a name that git reads and is neither file, folder nor link (it has no content, so no work is
 * lost), and makes folders readable again. Follows no link.
 */
export async function makeReadable(tree: string): Promise<void> {
  const folders = [tree];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await list(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (READ_BY_GIT.has(entry.name) && !entry.isFile() && !entry.isSymbolicLink())
        await rm(path, { force: true });
    }
  }
}

/** What lies in a folder; nothing where the path is too long for anybody, git included. */
async function list(folder: string) {
  const read = () => readdir(folder, { withFileTypes: true });
  return read()
    .catch(async () => {
      await chmod(folder, 0o700);
      return read();
    })
    .catch(() => []);
}
