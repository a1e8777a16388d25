// Work outlives trees, crashes and machines.
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentGit, CREDENTIALS, openMachine, openRoom, REPO, type Room } from '../support/workspace-room.ts';

const DAY_MS = 86_400_000;

describe('work that goes on elsewhere', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('is taken over by a machine that has never seen the job', async () => {
    const first = await room.start();
    await writeFile(join(first.tree, 'README.md'), '# Half done\n');
    await room.workspaces.snapshot(first);
    expect(await room.workspaces.pushSnapshot(first, { credentials: CREDENTIALS })).toBe(true);
    const other = await room.another();
    const second = await other.start();
    expect(second).toMatchObject({ restored: true, headSha: room.baseSha });
    expect(await readFile(join(second.tree, 'README.md'), 'utf8')).toBe('# Half done\n');
    await writeFile(join(second.tree, 'done.txt'), 'done');
    expect(await other.publish(second)).toMatchObject({
      kind: 'pushed',
      stats: { files: 2 },
    });
    await other.workspaces.pushSnapshot(second, { credentials: CREDENTIALS });
    // And back: the first machine's own snapshot is older than what was published.
    const third = await room.start();
    expect(third.restored).toBe(false);
    expect(existsSync(join(third.tree, 'done.txt'))).toBe(true);
  });

  it('comes along when the repository is renamed, also where only this machine holds it', async () => {
    const first = await room.start();
    await writeFile(join(first.tree, 'README.md'), '# Half done\n');
    await room.workspaces.snapshot(first);
    await room.workspaces.remove(first);
    await rename(join(room.server.root, 'acme/shop.git'), join(room.server.root, 'acme/store.git'));
    const repo = { owner: 'acme', name: 'store' };
    const refs = ['main', first.branch, 'refs/errand/J-1'];
    await room.workspaces.fetch({ repo, credentials: CREDENTIALS, refs });
    const move = { jobId: 'J-1', from: REPO, to: repo };
    await room.workspaces.bringOver(move);
    await room.workspaces.bringOver(move);
    await room.workspaces.bringOver({ ...move, from: { owner: 'acme', name: 'unknown' } });
    const job = { repo, jobId: 'J-1', attempt: 2, base: 'main', branch: first.branch };
    const second = await room.workspaces.prepare(job);
    expect(second.restored).toBe(true);
    expect(await readFile(join(second.tree, 'README.md'), 'utf8')).toBe('# Half done\n');
    const left = await readdir(join(room.home, 'repos'), { recursive: true });
    expect(left.filter((path) => path.endsWith('.bundle'))).toEqual([]);
  });

  it('gives many jobs of one repository their trees at the same time, while others end', async () => {
    const names = Array.from({ length: 12 }, (_, n) => `J-${n + 1}`);
    const walk = async (name: string) => {
      const workspace = await room.start(name);
      await writeFile(join(workspace.tree, `${name}.txt`), name);
      expect(await room.publish(workspace)).toMatchObject({ kind: 'pushed', stats: { files: 1 } });
      await room.workspaces.remove(workspace);
    };
    await Promise.all(names.map(walk));
    for (const name of names) {
      expect(await room.server.git('acme/shop', 'show', `errand/${name}:${name}.txt`)).toBe(name);
    }
  });

  it('takes the newer of two snapshots', async () => {
    const first = await room.start();
    await writeFile(join(first.tree, 'README.md'), '# Old\n');
    await room.workspaces.snapshot(first);
    await room.workspaces.pushSnapshot(first, { credentials: CREDENTIALS });
    const other = await room.another();
    const second = await other.start();
    await writeFile(join(second.tree, 'README.md'), '# New\n');
    await other.workspaces.snapshot(second);
    await other.workspaces.pushSnapshot(second, { credentials: CREDENTIALS });
    const newest = await room.start();
    expect(await readFile(join(newest.tree, 'README.md'), 'utf8')).toBe('# New\n');
  });

  it('is put on top of what a person pushed meanwhile', async () => {
    const first = await room.start();
    await writeFile(join(first.tree, 'README.md'), '# One\n');
    await room.publish(first);
    await writeFile(join(first.tree, 'mine.txt'), 'unpublished\n');
    await room.workspaces.snapshot(first);
    await room.workspaces.remove(first);
    const theirs = await room.server.commit(
      'acme/shop',
      'errand/J-1',
      { 'theirs.txt': 'pushed\n' },
      'Theirs',
    );
    const second = await room.start();
    expect(second).toMatchObject({ headSha: theirs, restored: true, conflicts: [] });
    expect(await agentGit(second, 'status', '--porcelain')).toBe('A  mine.txt');
    expect(existsSync(join(second.tree, 'theirs.txt'))).toBe(true);
    expect(await room.publish(second, theirs)).toMatchObject({ kind: 'pushed', stats: { files: 3 } });
  });

  it('leaves conflicts in the files and names them', async () => {
    const first = await room.start();
    await writeFile(join(first.tree, 'README.md'), '# One\n');
    await room.publish(first);
    await writeFile(join(first.tree, 'README.md'), '# Mine\n');
    await room.workspaces.snapshot(first);
    await room.server.commit('acme/shop', 'errand/J-1', { 'README.md': '# Theirs\n' }, 'Theirs');
    const second = await room.start();
    expect(second.conflicts).toEqual(['README.md']);
    expect(await readFile(join(second.tree, 'README.md'), 'utf8')).toMatch(/<<<<<<<.*Theirs.*Mine.*>>>>>>>/s);
  });

  it('survives that the base went on', async () => {
    const first = await room.start();
    await writeFile(join(first.tree, 'mine.txt'), 'x');
    await room.workspaces.snapshot(first);
    await room.server.commit('acme/shop', 'main', { 'theirs.txt': 'x' }, 'Go on');
    const second = await room.start();
    expect(second).toMatchObject({ baseSha: room.baseSha, headSha: room.baseSha });
    expect(await room.publish(second)).toMatchObject({ kind: 'pushed', stats: { files: 1 } });
  });

  it('prepares again over whatever a crash left', async () => {
    const first = await room.start();
    // Died between `worktree add` and the rest; and once more with a lock held and folders half there.
    await rm(join(room.home, 'records'), { recursive: true });
    await rm(first.agentGitDir, { recursive: true });
    await writeFile(join(first.gitDir, 'index.lock'), '');
    const second = await room.start();
    expect(await agentGit(second, 'status', '--porcelain')).toBe('');
    await rm(second.tree, { recursive: true });
    await mkdir(join(second.tree, 'leftover'), { recursive: true });
    await rm(second.gitDir, { recursive: true });
    const third = await room.start();
    expect(existsSync(join(third.tree, 'leftover'))).toBe(false);
    const listed = await execa('git', [
      '--git-dir',
      join(room.home, 'repos/acme/shop.git'),
      'worktree',
      'list',
    ]);
    expect(listed.stdout.split('\n')).toHaveLength(2);
  });

  it('is kept by the sweep before the tree goes; old homes go too', async () => {
    const crashed = await room.start('J-1');
    await writeFile(join(crashed.tree, 'README.md'), '# Unsaved\n');
    await writeFile(join(crashed.gitDir, 'index.lock'), '');
    const busy = await room.start('J-2');
    const old = await room.start('J-3');
    await room.workspaces.remove(old);
    await utimes(old.dir, 1, 1);
    await mkdir(join(room.home, 'jobs/J-4/tree'), { recursive: true });
    // The next process on this machine.
    const next = openMachine(room.server, room.home);
    const swept = await next.workspaces.sweep({
      keepTrees: new Set(['J-2']),
      keepHomesNewerThanMs: 7 * DAY_MS,
      now: new Date(),
    });
    expect({ ...swept, trees: swept.trees.sort() }).toEqual({
      trees: ['J-1', 'J-4'],
      homes: ['J-3'],
      snapshots: ['J-1'],
      setAside: [],
      temps: [],
    });
    expect(existsSync(busy.tree)).toBe(true);
    expect(existsSync(crashed.tree)).toBe(false);
    expect(existsSync(crashed.home)).toBe(true);
    const again = await next.start('J-1');
    expect(await readFile(join(again.tree, 'README.md'), 'utf8')).toBe('# Unsaved\n');
  });

  it('goes from the mirror as well where a process died between the tree and the mirror', async () => {
    const busy = await room.start('J-1');
    const half = await room.start('J-2');
    await rm(half.tree, { recursive: true });
    // What `git worktree add` leaves that was killed before it wrote whose tree it makes.
    const begun = join(room.home, 'repos/acme/shop.git/worktrees/begun');
    await mkdir(begun);
    const next = openMachine(room.server, room.home);
    await next.workspaces.sweep({
      keepTrees: new Set(['J-1']),
      keepHomesNewerThanMs: 7 * DAY_MS,
      now: new Date(),
    });
    expect(existsSync(half.gitDir)).toBe(false);
    expect(existsSync(begun)).toBe(false);
    expect(existsSync(busy.gitDir)).toBe(true);
  });

  it('removes folders that were made read-only', async () => {
    const workspace = await room.start();
    const cache = join(workspace.tree, 'cache/mod');
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, 'x.go'), '');
    await execa('chmod', ['-R', 'a-w', join(workspace.tree, 'cache')]);
    await room.workspaces.remove(workspace);
    expect(existsSync(workspace.tree)).toBe(false);
  });
});

describe('many at once', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('prepares and publishes jobs of one repository side by side, over two runners that share a home', async () => {
    const other = openMachine(room.server, room.home);
    const jobs = ['J-1', 'J-2', 'J-3', 'J-4', 'J-5', 'J-6'];
    const results = await Promise.all(
      jobs.map(async (jobId, at) => {
        const runner = at % 2 === 0 ? room : other;
        const workspace = await runner.start(jobId);
        await appendFile(join(workspace.tree, 'README.md'), `${jobId}\n`);
        const published = await runner.publish(workspace);
        await runner.workspaces.remove(workspace);
        return published.kind;
      }),
    );
    expect(new Set(results)).toEqual(new Set(['pushed']));
    const heads = await room.server.git(
      'acme/shop',
      'for-each-ref',
      '--format=%(refname:short)',
      'refs/heads/errand',
    );
    expect(heads.split('\n')).toHaveLength(6);
  });

  it('waits for a lock held elsewhere and takes over that of a dead process', async () => {
    const mirror = join(room.home, 'repos/acme/shop.git');
    await mkdir(mirror, { recursive: true });
    // What a process killed by -9 leaves: a lock folder whose time nobody refreshes.
    await mkdir(`${mirror}.lock`);
    await utimes(`${mirror}.lock`, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
    expect(await room.start()).toMatchObject({ headSha: room.baseSha });
    // A living holder: we wait, and give up when told to.
    await mkdir(`${mirror}.lock`);
    await room.server.commit('acme/shop', 'main', { 'x.txt': 'x' }, 'Go on');
    const signal = AbortSignal.timeout(300);
    await expect(room.start('J-2', { signal })).rejects.toThrow(/abort|timeout/i);
    await rm(`${mirror}.lock`, { recursive: true });
    expect((await room.start('J-2')).headSha).not.toBe(room.baseSha);
  });
});
