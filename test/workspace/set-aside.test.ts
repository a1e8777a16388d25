// Work that no snapshot can take outlives its tree; and what a killed git left half-written goes.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMachine, openRoom, REPO, type Room } from '../support/workspace-room.ts';

const SWEEP = { keepTrees: new Set<string>(), keepHomesNewerThanMs: Number.POSITIVE_INFINITY };

let room: Room;
beforeEach(async () => {
  room = await openRoom({ limits: { maxFileBytes: 100 } });
});
afterEach(() => room.close());

/** A tree with a file that is too large, a repository inside, and something that a snapshot takes. */
async function fill(tree: string): Promise<void> {
  await mkdir(join(tree, 'node_modules'), { recursive: true });
  await writeFile(join(tree, 'node_modules/huge.js'), 'x'.repeat(1_000));
  await writeFile(join(tree, 'README.md'), '# Changed\n');
  await writeFile(join(tree, 'big.bin'), 'x'.repeat(101));
  await mkdir(join(tree, 'inner/.git/objects'), { recursive: true });
  await mkdir(join(tree, 'inner/.git/refs'));
  await writeFile(join(tree, 'inner/.git/HEAD'), 'ref: refs/heads/main\n');
  await writeFile(join(tree, 'inner/work.txt'), 'work');
}

describe('a tree with work that no snapshot can take', () => {
  it('is moved aside before it goes, and the next one begins from the snapshot', async () => {
    const workspace = await room.start();
    await fill(workspace.tree);
    const { snapshot, setAside } = await room.workspaces.retire(workspace);
    expect(snapshot).toMatch(/^[0-9a-f]{40}$/);
    expect(setAside?.paths.toSorted()).toEqual(['big.bin', 'inner/']);
    await room.workspaces.remove(workspace);
    const dir = join(room.home, 'kept/J-1', String(workspace.attempt));
    expect(setAside?.dir).toBe(dir);
    expect(await readFile(join(dir, 'inner/work.txt'), 'utf8')).toBe('work');
    expect(await readFile(join(dir, 'big.bin'), 'utf8')).toHaveLength(101);
    // What is in the snapshot, or ignored, takes no room beside it.
    expect((await readdir(dir)).toSorted()).toEqual(['big.bin', 'inner']);
    expect(await readdir(join(room.home, 'kept/J-1'))).toEqual([String(workspace.attempt)]);
    const next = await room.start();
    expect(await readFile(join(next.tree, 'README.md'), 'utf8')).toBe('# Changed\n');
    expect(existsSync(join(next.tree, 'big.bin'))).toBe(false);
    // Whoever comes late with the older tree takes nothing of the newer one.
    expect(await room.workspaces.setAside(workspace)).toBeUndefined();
    expect(existsSync(next.tree)).toBe(true);

    await fill(next.tree);
    await room.workspaces.retire(next);
    expect((await room.workspaces.survey()).kept).toMatchObject([{ name: 'J-1' }]);
    await room.workspaces.forget('J-1');
    expect((await room.workspaces.survey()).kept).toEqual([]);
  });

  it('stays whole where a name cannot be found again', async () => {
    const workspace = await room.start();
    await fill(workspace.tree);
    // Not UTF-8: git's answer names another file, which may be there as well.
    await writeFile(join(workspace.tree, 'odd\ufffd'), 'other work');
    await writeFile(Buffer.concat([Buffer.from(join(workspace.tree, 'odd')), Buffer.from([0xff])]), 'work');
    const { setAside } = await room.workspaces.retire(workspace);
    const names = await readdir(setAside?.dir ?? '', 'buffer');
    expect(names.filter((name) => String(name) === 'odd\ufffd')).toHaveLength(2);
    expect(names.map(String)).toEqual(expect.arrayContaining(['big.bin', 'inner', 'node_modules']));
  });

  it('is moved aside by the sweep as well, when its runner died', async () => {
    const crashed = await room.start();
    await fill(crashed.tree);
    const next = openMachine(room.server, room.home, { limits: { maxFileBytes: 100 } });
    const swept = await next.workspaces.sweep({ ...SWEEP, now: new Date() });
    expect(swept).toMatchObject({ trees: ['J-1'], snapshots: ['J-1'], setAside: [{ jobId: 'J-1' }] });
    expect(existsSync(crashed.tree)).toBe(false);
    expect(existsSync(join(room.home, 'kept/J-1', String(crashed.attempt), 'big.bin'))).toBe(true);
  });

  it('of which a snapshot took everything is not kept', async () => {
    const workspace = await room.start();
    await writeFile(join(workspace.tree, 'README.md'), '# Changed\n');
    expect((await room.workspaces.retire(workspace)).setAside).toBeUndefined();
    expect(existsSync(join(room.home, 'kept'))).toBe(false);
  });
});

describe('what a killed git left half-written in a mirror', () => {
  it('goes once it is old; what may still be written stays', async () => {
    await room.start();
    const objects = join(room.home, 'repos', REPO.owner, `${REPO.name}.git`, 'objects');
    const names = ['tmp_obj_a', 'pack/tmp_pack_b', 'ab/tmp_obj_c'];
    await mkdir(join(objects, 'ab'), { recursive: true });
    for (const name of [...names, 'tmp_obj_young']) await writeFile(join(objects, name), 'half');
    for (const name of names) await utimes(join(objects, name), 1, 1);
    await room.workspaces.sweep({ ...SWEEP, keepTrees: new Set(['J-1']), now: new Date() });
    expect([...names, 'tmp_obj_young'].filter((name) => existsSync(join(objects, name)))).toEqual([
      'tmp_obj_young',
    ]);
  });
});
