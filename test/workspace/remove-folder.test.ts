// Folders that a stranger filled are removed, however they were filled.
import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { removeFolder } from '../../src/workspace/remove-folder.ts';

test.each([
  [
    'lies deeper than a path may be long',
    'for n in 1 2 3; do mkdir -p $(printf "d/%.0s" $(seq 900)) && cd $(printf "d/%.0s" $(seq 900)); done; echo deep > file',
  ],
  ['was made read-only', 'mkdir locked && echo kept > locked/file && chmod 500 locked'],
])('a folder that %s', async (_how, script) => {
  const dir = await mkdtemp(join(tmpdir(), 'errand-remove-'));
  await execa('bash', ['-c', script], { cwd: dir });
  await removeFolder(dir);
  await expect(access(dir)).rejects.toThrow('ENOENT');
});
