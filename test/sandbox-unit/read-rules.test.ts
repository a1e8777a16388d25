// Which folders are opened for a program, and what is hidden, without any sandbox.
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closedToOthers } from '../../src/sandbox/host-files.ts';
import { buildReadRules, installFolder, openAround, programFolders } from '../../src/sandbox/read-rules.ts';

describe('what a command may read', () => {
  let home: string;
  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'errand-read-rules-')));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  test('A program in node_modules opens the outermost such folder, a runtime its prefix, any other its folder', () => {
    expect(installFolder('/h/.npm-global/lib/node_modules/a/node_modules/b/cli.js')).toBe(
      '/h/.npm-global/lib/node_modules',
    );
    expect(installFolder('/h/.nvm/versions/node/v24.1.0/bin/node')).toBe('/h/.nvm/versions/node/v24.1.0');
    expect(installFolder('/h/.local/bin/goose')).toBe('/h/.local/bin');
  });

  test('A linked program opens the folder of the link and the one it leads to', async () => {
    const [bin, modules] = [join(home, '.npm-global/bin'), join(home, '.npm-global/lib/node_modules')];
    await mkdir(bin, { recursive: true });
    await mkdir(join(modules, 'agent'), { recursive: true });
    await writeFile(join(modules, 'agent', 'cli.js'), '');
    await symlink('../lib/node_modules/agent/cli.js', join(bin, 'agent'));
    expect(programFolders({ argv: ['agent'], path: bin, home })).toEqual([bin, modules]);
    expect(programFolders({ argv: [join(bin, 'agent')], path: '', home })).toEqual([bin, modules]);
  });

  test('A program right in a home does not open the home, nor a root on the PATH the disk', async () => {
    await writeFile(join(home, 'agent'), '');
    expect(programFolders({ argv: [join(home, 'agent')], path: `/:${home}::relative`, home })).toEqual([]);
  });

  test('A hidden folder on the PATH stays hidden', () => {
    const options = { argv: ['sh'], jobDir: '/x/jobs/1', writable: [], home, readable: [] };
    const rules = buildReadRules({ ...options, path: '/x:/x/tools:/y', denyRead: ['/x', '/y/secret'] });
    expect(rules.allow).toContain('/x/tools');
    expect(rules.allow).not.toContain('/x');
    expect(rules.allow).not.toContain('/y');
  });

  test('A folder above a writable one is opened around it, entry by entry', async () => {
    for (const folder of ['a', 'b/tree', 'b/notes']) await mkdir(join(home, folder), { recursive: true });
    const opened = openAround(home, [join(home, 'b', 'tree')]);
    expect(opened.sort()).toEqual([join(home, 'a'), join(home, 'b', 'notes')]);
    expect(openAround(join(home, 'a'), [join(home, 'b', 'tree')])).toEqual([join(home, 'a')]);
  });

  test('The home and what the caller names are hidden, what is opened is open', () => {
    const options = { argv: ['/bin/sh'], path: '/bin', jobDir: '/x/jobs/1', writable: [], home };
    const rules = buildReadRules({ ...options, denyRead: ['/x'], readable: ['/x/repos/objects'] });
    expect(rules.deny).toEqual(
      expect.arrayContaining(
        [home, '/x', '/root', '/home'].filter(
          (path) => process.platform === 'linux' || path === home || path === '/x',
        ),
      ),
    );
    expect(rules.allow).toEqual(expect.arrayContaining(['/x/jobs/1', '/x/repos/objects']));
    expect(rules.allow).not.toContain(home);
  });

  test('What cannot be looked at stays hidden, and nothing fails', async () => {
    const [loop, behind] = [join(home, 'loop'), join(home, 'loop', 'secret')];
    await symlink('loop', loop);
    const options = { argv: ['sh'], jobDir: '/x/jobs/1', writable: [], home: '/nowhere/else', readable: [] };
    const rules = buildReadRules({ ...options, path: join(behind, 'bin'), denyRead: [loop, behind] });
    expect(rules.deny).toEqual(expect.arrayContaining([loop, behind]));
    expect(closedToOthers(loop, 3)).toEqual([]);
  });

  test('Of a Linux machine only the system itself is open', () => {
    const options = { argv: ['sh'], path: '', jobDir: '/x', writable: [], home, readable: [], denyRead: [] };
    const { deny } = buildReadRules(options);
    const hidden =
      process.platform === 'linux' ? ['/home', '/root', '/run', '/tmp', '/var', '/etc/shadow'] : ['/Users'];
    expect(deny).toEqual(expect.arrayContaining(hidden));
    for (const open of ['/', '/usr', '/bin', '/etc', '/proc', '/dev']) expect(deny).not.toContain(open);
  });

  test('What only some may read is hidden, and a link is judged where it leads', async () => {
    for (const folder of ['open/deep', 'closed', 'open/team'])
      await mkdir(join(home, folder), { recursive: true });
    for (const file of ['open/key', 'open/deep/key', 'open/all', 'closed/all'])
      await writeFile(join(home, file), '');
    for (const file of ['open/key', 'open/deep/key']) await chmod(join(home, file), 0o640);
    await chmod(join(home, 'closed'), 0o700);
    await chmod(join(home, 'open/team'), 0o771);
    await symlink('/etc/shadow', join(home, 'open/link'));
    const closed = (depth: number) =>
      closedToOthers(home, depth)
        .map((path) => path.slice(home.length + 1))
        .sort();
    expect(closed(5)).toEqual(['closed', 'open/deep/key', 'open/key', 'open/team']);
    expect(closed(2)).toEqual(['closed', 'open/key', 'open/team']);
    expect(closed(1)).toEqual(['closed']);
  });

  test('A folder with too much that only some may read, or with too many entries, is hidden as a whole', async () => {
    for (const folder of ['many', 'few', 'few/deep']) await mkdir(join(home, folder));
    const names = Array.from({ length: 500 }, (_, at) => `key-${'x'.repeat(20)}-${at}`);
    await Promise.all(names.map((name) => writeFile(join(home, 'many', name), '', { mode: 0o600 })));
    for (const name of ['key', 'deep/key']) await writeFile(join(home, 'few', name), '', { mode: 0o600 });
    const closed = (mostEntries?: number) =>
      closedToOthers(home, 5, mostEntries)
        .map((path) => path.slice(home.length))
        .sort();
    expect(closed()).toEqual(['/few/deep/key', '/few/key', '/many']);
    expect(closed(100)).toEqual(['/few/deep/key', '/few/key', '/many']);
    expect(closed(1), 'Nothing of it could be looked at.').toEqual(['']);
  });

  test('A script opens its package and what it imports, and a hidden file in there stays hidden', async () => {
    await mkdir(join(home, 'agent/src'), { recursive: true });
    await mkdir(join(home, 'elsewhere'));
    await writeFile(join(home, 'agent/package.json'), '{}');
    await writeFile(join(home, 'agent/src/main.ts'), '');
    await writeFile(join(home, 'agent/key.pem'), '');
    await symlink(join(home, 'elsewhere'), join(home, 'agent/node_modules'));
    const argv = ['/bin/node', join(home, 'agent/src/main.ts')];
    const options = { argv, path: '', jobDir: '/x', writable: [], home: '/nowhere/else', readable: [] };
    const { allow, deny } = buildReadRules({ ...options, denyRead: [join(home, 'agent/key.pem')] });
    expect(allow).toEqual(expect.arrayContaining([join(home, 'agent'), join(home, 'elsewhere')]));
    expect(deny).toContain(join(home, 'agent/key.pem'));
  });
});
