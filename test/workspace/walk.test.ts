// One job's road through the git room: fetch, prepare, work, snapshot, publish, next turn, remove.
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentGit, CREDENTIALS, openRoom, REPO, type Room } from '../support/workspace-room.ts';

describe('a job in the git room', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('fetches only what is asked for and tells where each ref stands', async () => {
    const shas = await room.workspaces.fetch({
      repo: REPO,
      credentials: CREDENTIALS,
      refs: ['main', 'errand/J-1'],
    });
    expect(shas).toEqual({ main: room.baseSha, 'errand/J-1': undefined });
    const before = room.server.seen.length;
    await room.workspaces.fetch({ repo: REPO, credentials: CREDENTIALS, refs: ['main'] });
    const paths = room.server.seen.slice(before).filter(({ authorization }) => authorization);
    // Asking costs two requests; nothing moved, so nothing is fetched.
    expect(paths.length).toBeLessThanOrEqual(2);
  });

  it('makes a mirror anew whose making found no room on the disk', async () => {
    const fetch = () => room.workspaces.fetch({ repo: REPO, credentials: CREDENTIALS, refs: ['main'] });
    const { gitDir } = await room.start();
    const mirror = join(gitDir, '..', '..');
    await room.workspaces.remove('J-1');
    // A full disk takes the name of a file and none of what is written into it.
    await writeFile(join(mirror, 'HEAD'), '');
    expect(await fetch()).toEqual({ main: room.baseSha });
    expect((await room.start()).headSha).toBe(room.baseSha);
  });

  it('gives the agent a tree with a whole git of its own', async () => {
    const workspace = await room.start();
    expect(await readFile(join(workspace.tree, 'src/price.js'), 'utf8')).toBe('export const price = 1;\n');
    expect(await agentGit(workspace, 'status', '--porcelain')).toBe('');
    expect(await agentGit(workspace, 'branch', '--show-current')).toBe('errand/J-1');
    expect(await agentGit(workspace, 'log', '--format=%s')).toBe('Begin');
    expect(await agentGit(workspace, 'remote')).toBe('');
    await writeFile(join(workspace.tree, 'src/price.js'), 'export const price = 2;\n');
    expect(await agentGit(workspace, 'status', '--porcelain')).toBe(' M src/price.js');
    await agentGit(workspace, 'stash');
    await agentGit(workspace, 'stash', 'pop');
    await agentGit(workspace, 'commit', '-qam', 'Mine');
    expect(await agentGit(workspace, 'diff', '--stat', 'main', 'HEAD')).toContain('src/price.js');
  });

  it('gives each job its own home, temp folder, ports and compose project', async () => {
    const [one, two] = await Promise.all([room.start('J-1'), room.start('J-2')]);
    for (const name of ['HOME', 'TMPDIR', 'PORT', 'COMPOSE_PROJECT_NAME']) {
      expect(one.env[name]).toBeTruthy();
      expect(one.env[name]).not.toBe(two.env[name]);
    }
    expect(existsSync(one.env['TMPDIR'] ?? '')).toBe(true);
  });

  it('keeps repositories, notes and jobs from other users of the machine', async () => {
    const workspace = await room.start();
    const home = join(workspace.dir, '..', '..');
    for (const name of ['repos', 'records', 'jobs'])
      expect((await stat(join(home, name))).mode & 0o777).toBe(0o700);
  });

  it('publishes what the files say, whatever the agent did with its git', async () => {
    const workspace = await room.start();
    await writeFile(join(workspace.tree, 'src/price.js'), 'export const price = 2;\n');
    await agentGit(workspace, 'commit', '-qam', 'Mine');
    await agentGit(workspace, 'checkout', '-q', '-b', 'elsewhere');
    await writeFile(join(workspace.tree, 'src/new file.js'), 'export {};\n');
    await writeFile(join(workspace.tree, 'debug.log'), 'ignored\n');
    await rm(join(workspace.tree, 'src/cart.js'));
    const published = await room.publish(workspace);
    expect(published).toMatchObject({ kind: 'pushed', stats: { files: 3, added: 2, deleted: 2 } });
    const head = await room.server.git('acme/shop', 'rev-parse', 'errand/J-1');
    expect(published).toMatchObject({ headSha: head });
    expect(await room.server.git('acme/shop', 'log', '--format=%an|%s|%P', 'errand/J-1', '-1')).toBe(
      `errand[bot]|Fix the price|${room.baseSha}`,
    );
    expect(await room.server.git('acme/shop', 'ls-tree', '-r', '--name-only', head)).toBe(
      '.gitignore\nREADME.md\nsrc/new file.js\nsrc/price.js',
    );
  });

  it('sees an edit of the same length made in the second of the checkout', async () => {
    const workspace = await room.start();
    await writeFile(join(workspace.tree, 'src/price.js'), 'export const price = 9;\n');
    expect(await agentGit(workspace, 'status', '--porcelain')).toBe(' M src/price.js');
    expect(await room.workspaces.snapshot(workspace)).toBeDefined();
  });

  it('says that nothing changed', async () => {
    const workspace = await room.start();
    expect(await room.workspaces.snapshot(workspace)).toBeUndefined();
    expect(await room.publish(workspace)).toEqual({ kind: 'nothing_changed' });
  });

  it('names the co-author in the commit', async () => {
    const workspace = await room.start();
    await writeFile(join(workspace.tree, 'README.md'), '# Better\n');
    await room.workspaces.publish(workspace, {
      message: 'Fix it\n\nWith reasons.',
      author: { name: 'errand[bot]', email: 'e@example.com' },
      coAuthor: { name: 'Ann', email: '1+ann@users.noreply.github.com' },
      branch: 'errand/J-1',
      expectedRemoteSha: undefined,
      credentials: CREDENTIALS,
    });
    expect(await room.server.git('acme/shop', 'log', '-1', '--format=%B', 'errand/J-1')).toBe(
      'Fix it\n\nWith reasons.\n\nCo-authored-by: Ann <1+ann@users.noreply.github.com>\n',
    );
  });

  it('tells the difference in numbers and in a bounded patch', async () => {
    const workspace = await room.start();
    await writeFile(join(workspace.tree, 'README.md'), '# Shop\n\nOpen all day.\n');
    await writeFile(join(workspace.tree, 'logo.bin'), Buffer.from([0, 1, 2, 0]));
    await agentGit(workspace, 'mv', 'src/cart.js', 'src/basket.js');
    const diff = await room.workspaces.diff(workspace);
    expect(diff.files).toEqual([
      { path: 'README.md', status: 'modified', added: 2, deleted: 0, binary: false },
      { path: 'logo.bin', status: 'added', added: 0, deleted: 0, binary: true },
      {
        path: 'src/basket.js',
        oldPath: 'src/cart.js',
        status: 'renamed',
        added: 0,
        deleted: 0,
        binary: false,
      },
    ]);
    expect((await diff.patch(100_000)).text).toContain('+Open all day.');
    const cut = await diff.patch(40);
    expect(cut.cut).toBe(true);
    expect(cut.text.length).toBeLessThanOrEqual(40);
  });

  it('starts the next turn on the head of the branch, and the commit follows', async () => {
    const first = await room.start();
    await writeFile(join(first.tree, 'README.md'), '# One\n');
    const one = await room.publish(first);
    await room.workspaces.remove(first);
    const second = await room.start();
    expect(one).toMatchObject({ kind: 'pushed', headSha: second.headSha });
    expect(second).toMatchObject({ baseSha: room.baseSha, restored: false });
    expect(await agentGit(second, 'status', '--porcelain')).toBe('');
    await appendFile(join(second.tree, 'README.md'), 'two\n');
    const two = await room.publish(second, second.headSha);
    expect(two).toMatchObject({ kind: 'pushed', stats: { files: 1, added: 2, deleted: 1 } });
    expect(await room.server.git('acme/shop', 'rev-list', '--count', 'errand/J-1')).toBe('3');
  });

  it('puts unpublished work back, staged for the agent and whole for the commit', async () => {
    const first = await room.start();
    await writeFile(join(first.tree, 'README.md'), '# Kept\n');
    await writeFile(join(first.tree, 'added.txt'), 'new\n');
    expect(await room.workspaces.snapshot(first)).toBeDefined();
    await room.workspaces.remove(first);
    const second = await room.start();
    expect(second).toMatchObject({ restored: true, headSha: room.baseSha, conflicts: [] });
    expect(await agentGit(second, 'status', '--porcelain')).toBe('M  README.md\nA  added.txt');
    expect(await room.workspaces.snapshot(second)).toBeUndefined();
    expect(await room.publish(second)).toMatchObject({ kind: 'pushed', stats: { files: 2 } });
  });

  it('forgets work that was taken back', async () => {
    const workspace = await room.start();
    await writeFile(join(workspace.tree, 'README.md'), '# Kept\n');
    await room.workspaces.snapshot(workspace);
    await writeFile(join(workspace.tree, 'README.md'), '# Shop\n');
    expect(await room.publish(workspace)).toEqual({ kind: 'nothing_changed' });
    await room.workspaces.remove(workspace);
    expect(await room.start()).toMatchObject({ restored: false });
  });

  it('removes all but the home, twice without complaint, and forgets the rest', async () => {
    const workspace = await room.start();
    await writeFile(join(workspace.home, 'session.json'), '{}');
    await writeFile(join(workspace.tree, 'README.md'), '# Kept\n');
    await room.workspaces.snapshot(workspace);
    await room.workspaces.remove(workspace);
    await room.workspaces.remove('J-1');
    expect(await readdir(workspace.dir)).toEqual(['home']);
    expect(existsSync(workspace.gitDir)).toBe(false);
    expect(await room.workspaces.isKnown({ repo: REPO, jobId: 'J-1' })).toBe(true);
    await room.workspaces.forget('J-1');
    expect(existsSync(workspace.dir)).toBe(false);
    expect(await room.workspaces.isKnown({ repo: REPO, jobId: 'J-1' })).toBe(false);
    expect(await room.start()).toMatchObject({ restored: false });
  });

  it('knows no job of a repository that another job is just fetching for the first time', async () => {
    const fetching = room.workspaces.fetch({ repo: REPO, credentials: CREDENTIALS, refs: ['main'] });
    let settled = false;
    const settle = fetching.finally(() => {
      settled = true;
    });
    let asked = 0;
    for (; !settled || asked === 0; asked += 1) {
      expect(await room.workspaces.isKnown({ repo: REPO, jobId: 'J-2' })).toBe(false);
      await setImmediate();
    }
    expect(await settle).toEqual({ main: room.baseSha });
  });
});
