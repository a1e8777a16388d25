// What is written into an agent's home stays in there, whatever an earlier turn's agent left behind.
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { clearLogins, fillAgentHome, type HomeOptions, lendsLogin } from '../../src/runner/agent-home.ts';

const KEPT = 'of the host';

/** An agent's home beside a folder of the host, and an operator who is logged in. */
async function openHomes() {
  const dir = await mkdtemp(join(tmpdir(), 'errand-home-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const at = { home: join(dir, 'home'), host: join(dir, 'host'), userHome: join(dir, 'operator') };
  await Promise.all(
    [at.home, at.host, join(at.userHome, '.codex')].map((one) => mkdir(one, { recursive: true })),
  );
  await writeFile(join(at.host, 'secret'), KEPT);
  await writeFile(join(at.userHome, '.codex/auth.json'), 'login');
  const fill = (changes: Partial<HomeOptions> = {}) =>
    fillAgentHome({
      home: at.home,
      spec: {
        keys: ['OPENAI_API_KEY'],
        login: { files: [{ from: '~/.codex/auth.json', to: '.codex/auth.json' }], how: 'log in' },
      },
      files: [{ path: '.config/agent/settings.json', content: '{}' }],
      env: {},
      userHome: at.userHome,
      log: createLog({ level: 'silent' }),
      ...changes,
    });
  const read = (path: string) => readFile(join(at.home, path), 'utf8');
  return { ...at, fill, read };
}

test('settings and the login are written for this user alone, every turn anew', async () => {
  const { home, fill, read } = await openHomes();
  await fill();
  await writeFile(join(home, '.codex/auth.json'), 'spoilt by the agent');
  await fill();
  expect(await read('.config/agent/settings.json')).toBe('{}');
  expect(await read('.codex/auth.json')).toBe('login');
  expect((await lstat(join(home, '.codex/auth.json'))).mode & 0o777).toBe(0o600);
});

test.each(['.codex', '.codex/auth.json', '.config', '.config/agent', '.config/agent/settings.json'])(
  'a link at %s is replaced, and what it leads to stays as it is',
  async (path) => {
    const { home, host, fill, read } = await openHomes();
    const link = join(home, path);
    await mkdir(dirname(link), { recursive: true });
    await symlink(path.endsWith('.json') ? join(host, 'secret') : host, link);
    await fill();
    expect((await lstat(link)).isSymbolicLink()).toBe(false);
    expect(await readdir(host)).toEqual(['secret']);
    expect(await readFile(join(host, 'secret'), 'utf8')).toBe(KEPT);
    expect(await read('.codex/auth.json')).toBe('login');
    expect(await read('.config/agent/settings.json')).toBe('{}');
  },
);

test('a link to nothing, a file for a folder and a folder for a file give way', async () => {
  const { home, host, fill, read } = await openHomes();
  await symlink(join(host, 'new'), join(home, '.codex'));
  await writeFile(join(home, '.config'), 'a file');
  await fill();
  await rm(join(home, '.codex/auth.json'));
  await mkdir(join(home, '.codex/auth.json/deep'), { recursive: true });
  await fill();
  expect(await read('.codex/auth.json')).toBe('login');
  expect(await readdir(host)).toEqual(['secret']);
});

test('a login stays outside where a key is set, and is not missed where there is none', async () => {
  const { home, userHome, fill } = await openHomes();
  await fill({ env: { OPENAI_API_KEY: 'k' } });
  expect(await readdir(home)).toEqual(['.config']);
  await rm(join(userHome, '.codex/auth.json'));
  await fill();
  expect(await readdir(home)).toEqual(['.config']);
});

test('a path that leaves the home is refused', async () => {
  const { fill } = await openHomes();
  const files = [{ path: '../host/secret', content: 'x' }];
  await expect(fill({ files })).rejects.toThrow('no path inside');
});

test('the login goes when the turn is over, and nothing that a link leads to', async () => {
  const { home, host, fill, read } = await openHomes();
  await fill();
  await clearLogins(home);
  expect(await readdir(join(home, '.codex'))).toEqual([]);
  expect(await read('.config/agent/settings.json')).toBe('{}');
  await writeFile(join(host, 'auth.json'), KEPT);
  await rm(join(home, '.codex'), { recursive: true });
  await symlink(host, join(home, '.codex'));
  await clearLogins(home);
  expect(await readFile(join(host, 'auth.json'), 'utf8')).toBe(KEPT);
});

test('a login is lent where the operator has one and no key, so that code of strangers can be kept from it', async () => {
  const { userHome } = await openHomes();
  const files = [{ from: '~/.codex/auth.json', to: '.codex/auth.json' }];
  const spec = { keys: ['OPENAI_API_KEY'], login: { files, how: 'log in' } };
  expect(await lendsLogin({ spec, env: {}, userHome })).toBe(true);
  expect(await lendsLogin({ spec, env: { OPENAI_API_KEY: 'sk-1' }, userHome })).toBe(false);
  expect(await lendsLogin({ spec, env: {}, userHome: join(userHome, 'elsewhere') })).toBe(false);
  expect(await lendsLogin({ spec: { keys: [] }, env: {}, userHome })).toBe(false);
});
