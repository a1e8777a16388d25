// Folders are opened where they really lie, and the links that lead there stay inside a sandbox that hides them.
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { followLinks, keepLinks } from '../../src/sandbox/links.ts';
import { buildReadRules } from '../../src/sandbox/read-rules.ts';

const LINE = 'bwrap --size 1 --tmpfs /run --tmpfs /run/x --dev /dev -- sh -c "a --tmpfs /run b"';

describe('links of a command line', () => {
  test('a hidden link is made again behind what hides it, and nothing else is', () => {
    const system = { at: '/run/current-system', target: '/nix/store/abc-nixos?24' };
    expect(keepLinks(LINE, [system, { at: '/opt/node', target: 'node-24' }])).toBe(
      `bwrap --size 1 --tmpfs /run --symlink '/nix/store/abc-nixos?24' '/run/current-system' --tmpfs /run/x --dev /dev -- sh -c "a --tmpfs /run b"`,
    );
  });

  test('a link below what is hidden twice is made behind both, and a quote in its name ends nothing', () => {
    expect(keepLinks('bwrap --tmpfs /run --tmpfs /run/x -- sh', [{ at: "/run/x/it's", target: '/b' }])).toBe(
      `bwrap --tmpfs /run --symlink '/b' '/run/x/it'\\''s' --tmpfs /run/x --symlink '/b' '/run/x/it'\\''s' -- sh`,
    );
  });

  test('a line without links stays as it was', () => {
    expect(keepLinks(LINE, [])).toBe(LINE);
    expect(keepLinks(LINE, [{ at: '/running/on', target: '/nix' }])).toBe(LINE);
  });
});

describe('links on the disk', () => {
  let home: string;
  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'errand-links-')));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const install = async (folder: string) => {
    await mkdir(join(home, folder, 'bin'), { recursive: true });
    await writeFile(join(home, folder, 'bin', 'node'), '', { mode: 0o755 });
  };
  const rulesOf = (options: { argv: readonly string[]; path: string; denyRead?: readonly string[] }) => {
    const { allow, links } = buildReadRules({
      denyRead: [],
      ...options,
      ...{ jobDir: '/x/jobs/1', writable: [], home: '/nowhere/else', readable: [] },
    });
    const below = (path: string) => path.startsWith(`${home}/`);
    const short = (path: string) => path.slice(home.length + 1);
    return {
      allow: allow.filter(below).map(short).sort(),
      links: links.filter(({ at }) => below(at)).map(({ at, target }) => `${short(at)} -> ${target}`),
    };
  };

  test('every link on the way is told as it is written, and what is not there leads to itself', async () => {
    await mkdir(join(home, 'real/24'), { recursive: true });
    await symlink('hop/./24', join(home, 'node'));
    await symlink(join(home, 'real'), join(home, 'hop'));
    await symlink('../hop', join(home, 'real/up'));
    expect(followLinks(join(home, 'node/bin'))).toEqual({
      real: join(home, 'real/24/bin'),
      links: [
        { at: join(home, 'node'), target: 'hop/./24' },
        { at: join(home, 'hop'), target: join(home, 'real') },
      ],
    });
    expect(followLinks(join(home, 'real/up/24')).real).toBe(join(home, 'real/24'));
    expect(followLinks(join(home, 'nothing/here'))).toEqual({ real: join(home, 'nothing/here'), links: [] });
  });

  test('a link that leads in circles leads to itself', async () => {
    await symlink('round', join(home, 'round'));
    expect(followLinks(join(home, 'round/bin'))).toEqual({ real: join(home, 'round/bin'), links: [] });
  });

  // macOS opens the name as well, which bubblewrap would refuse.
  const onLinux = (names: readonly string[]) => (process.platform === 'linux' ? names : []);

  test('a toolchain behind a link of a version manager is opened where it lies', async () => {
    await install('Cellar/node/24.1.0');
    await mkdir(join(home, 'opt'));
    await symlink('../Cellar/node/24.1.0', join(home, 'opt/node@24'));
    const { allow, links } = rulesOf({ argv: ['agent'], path: join(home, 'opt/node@24/bin') });
    expect(allow).toEqual(expect.arrayContaining(['Cellar/node/24.1.0', 'Cellar/node/24.1.0/bin']));
    expect(onLinux(allow)).not.toContain('opt/node@24/bin');
    expect(links).toEqual(['opt/node@24 -> ../Cellar/node/24.1.0']);
  });

  test('modules that are a link in a folder that is open are opened beside it, not on top of it', async () => {
    await mkdir(join(home, 'checkout'));
    await mkdir(join(home, 'main/node_modules/.bin'), { recursive: true });
    for (const file of ['checkout/package.json', 'checkout/agent.js', 'main/node_modules/.bin/node'])
      await writeFile(join(home, file), '');
    await symlink('../main/node_modules', join(home, 'checkout/node_modules'));
    const argv = ['node', join(home, 'checkout/agent.js')];
    const { allow } = rulesOf({ argv, path: join(home, 'checkout/node_modules/.bin') });
    expect(allow).toEqual(expect.arrayContaining(['checkout', 'main/node_modules']));
    expect(onLinux(allow)).not.toContain('checkout/node_modules');
  });

  test('a program that is a link to a link is found by each of the names', async () => {
    await install('store/node-24.1.0');
    for (const folder of ['bin', 'profiles']) await mkdir(join(home, folder));
    await symlink(join(home, 'profiles/node'), join(home, 'bin/node'));
    await symlink('../store/node-24.1.0/bin/node', join(home, 'profiles/node'));
    const { allow, links } = rulesOf({ argv: [join(home, 'bin/node')], path: '' });
    expect(allow).toEqual(['bin', 'store/node-24.1.0']);
    expect(links).toEqual([
      `bin/node -> ${join(home, 'profiles/node')}`,
      'profiles/node -> ../store/node-24.1.0/bin/node',
    ]);
  });

  test('a link opens nothing that holds what is hidden', async () => {
    await mkdir(join(home, 'private/keys'), { recursive: true });
    for (const [name, target] of Object.entries({ a: 'private', b: 'private/keys', c: '/', d: 'b' }))
      await symlink(target, join(home, name));
    const path = ['a', 'b', 'c', 'd'].map((name) => join(home, name)).join(':');
    const denyRead = [join(home, 'private/keys')];
    const { allow } = rulesOf({ argv: ['sh'], path, denyRead });
    expect(onLinux(allow)).toEqual([]);
    expect(allow.filter((folder) => folder.startsWith('private'))).toEqual([]);
    // Hidden under another name, it stays hidden as well.
    expect(rulesOf({ argv: ['sh'], path: denyRead[0] ?? '', denyRead: [join(home, 'b')] }).allow).toEqual([]);
  });
});
