// What the playground's command is asked for: a port, a repository of one's own. And what it says to what cannot be.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameOf, readOwnRepository } from '../../src/commands/playground/own-repository.ts';
import { choosePort } from '../../src/commands/playground.ts';
import { isRefusal } from '../../src/errors.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'errand-own-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const git = (cwd: string, ...args: readonly string[]) =>
  execa('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], {
    cwd,
    env: { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: '/dev/null' },
    extendEnv: false,
  });

test('a port that was asked for is taken or refused by name', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const taken = typeof address === 'object' ? address?.port : 0;
  expect(await choosePort(String(taken))).toMatchObject({ refusal: expect.stringContaining('is taken') });
  server.close();
  for (const wrong of ['', '0', '70000', 'x', '8 0'])
    expect(await choosePort(wrong)).toMatchObject({ refusal: expect.stringContaining('--port takes') });
  expect(await choosePort(undefined)).toBeGreaterThanOrEqual(4600);
});

test('a folder that cannot be served is refused with what to do', async () => {
  const bare = join(dir, 'nothing');
  await mkdir(bare);
  const said = async (path: string) => {
    const answer = await readOwnRepository(path);
    return isRefusal(answer) ? answer.refusal : '';
  };
  expect(await said(join(dir, 'missing'))).toMatch(/There is no folder/);
  expect(await said(bare)).toMatch(/is no git repository.*git init/);
  const empty = join(dir, 'empty');
  await mkdir(empty);
  await git(empty, 'init', '--quiet', '--initial-branch=trunk');
  expect(await said(empty)).toMatch(/no commit yet/);
});

test('a repository is known by its folder, its branch and its root, also from below', async () => {
  const mine = join(dir, 'My Project!');
  await mkdir(join(mine, 'src'), { recursive: true });
  await git(mine, 'init', '--quiet', '--initial-branch=trunk');
  await writeFile(join(mine, 'src', 'a.txt'), 'a\n');
  await git(mine, 'add', '.');
  await git(mine, 'commit', '--quiet', '-m', 'First');
  const expected = { owner: 'you', name: 'My-Project', defaultBranch: 'trunk' };
  expect(await readOwnRepository(mine)).toMatchObject(expected);
  expect(await readOwnRepository(join(mine, 'src'))).toMatchObject(expected);
  await git(mine, 'switch', '--quiet', '--detach');
  expect(await readOwnRepository(mine)).toMatchObject({
    refusal: expect.stringContaining('no branch checked out'),
  });
});

test.for<[string, string]>([
  ['/x/shop.git', 'shop'],
  ['/x/..hidden', 'hidden'],
  ['/x/ä ö', 'repository'],
])('%s is called %s', ([folder, name]) => {
  expect(nameOf(folder)).toBe(name);
});
