// Writes the few files that make a git dir. By hand rather than by `git init`: no template, no sample hooks, no process.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes `dir` a git dir whose HEAD is `branch`. `config` is the whole text of its configuration file; `borrow` is a folder of
 * objects to read besides its own.
 */
export async function writeGitDir(
  dir: string,
  options: { branch: string; config: string; borrow?: string },
): Promise<void> {
  const folders = ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info'];
  await Promise.all(folders.map((folder) => mkdir(join(dir, folder), { recursive: true })));
  await writeFile(join(dir, 'config'), options.config);
  if (options.borrow !== undefined) {
    await writeFile(join(dir, 'objects', 'info', 'alternates'), `${JSON.stringify(options.borrow)}\n`);
  }
  // HEAD comes last: a folder without it is no repository, so a half-made one is never taken for whole.
  await writeFile(join(dir, 'HEAD'), `ref: refs/heads/${options.branch}\n`);
}
