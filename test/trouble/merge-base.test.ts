// Bringing a branch up to date with its base: the merge is made in the tree, resolved there, and pushed as one merge commit.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GATE_WANTS } from '../../src/gate/gate.ts';
import { openRoom, type Room } from '../support/workspace-room.ts';

const THEIRS = 'export const price = 2; // of the base\n';
const OURS = 'export const price = 3; // of the branch\n';
const BOTH = 'export const price = 5; // of both\n';

describe('a base that moved on', () => {
  let room: Room;
  let head: string;
  beforeEach(async () => {
    room = await openRoom();
    const workspace = await room.start();
    await writeFile(join(workspace.tree, 'src/price.js'), OURS);
    const published = await room.publish(workspace);
    if (published.kind !== 'pushed') throw new Error(published.kind);
    head = published.headSha;
    await room.workspaces.remove(workspace);
  });
  afterEach(() => room.close());

  const read = (tree: string, path = 'src/price.js') => readFile(join(tree, path), 'utf8');
  const parents = () => room.server.git('acme/shop', 'log', '-1', '--format=%P', 'errand/J-1');

  it('is merged without anybody where nothing conflicts', async () => {
    const base = await room.server.commit('acme/shop', 'main', { 'src/new.js': 'export {};\n' }, 'Go on');
    const workspace = await room.start('J-1', { mergeBase: true });
    expect(workspace).toMatchObject({ conflicts: [], baseSha: base, headSha: head, unpublished: false });
    expect(workspace.merging).toEqual({ sha: base, fork: room.baseSha });
    expect(await read(workspace.tree)).toBe(OURS);
    expect(await read(workspace.tree, 'src/new.js')).toBe('export {};\n');
    const published = await room.publish(workspace, head);
    // The pull shows what it showed before: nothing of what came from the base.
    expect(published).toMatchObject({ kind: 'pushed', stats: { files: 1 } });
    expect(await parents()).toBe(`${head} ${base}`);
    // The answer to a push may be lost; the push that is repeated finds it done.
    expect(await room.publish(workspace, head)).toMatchObject({ kind: 'pushed' });
    expect(await parents()).toBe(`${head} ${base}`);
  });

  it('is told apart from unpublished work, also after a start that was cut off', async () => {
    const stopped = await room.start();
    await writeFile(join(stopped.tree, 'a.txt'), 'half done\n');
    await room.workspaces.snapshot(stopped);
    await room.workspaces.remove(stopped);
    await room.server.commit('acme/shop', 'main', { 'src/new.js': 'export {};\n' }, 'Go on');
    const workspace = await room.start('J-1', { mergeBase: true });
    expect(workspace).toMatchObject({ conflicts: [], restored: true, unpublished: true });
    expect(await read(workspace.tree, 'a.txt')).toBe('half done\n');
    expect(await room.start('J-1', { mergeBase: true })).toMatchObject({ unpublished: true });
  });

  it('is begun anew without anybody where nothing was added before it was cut off', async () => {
    await room.server.commit('acme/shop', 'main', { 'src/new.js': 'export {};\n' }, 'Go on');
    const first = await room.start('J-1', { mergeBase: true });
    await room.workspaces.snapshot(first);
    await room.workspaces.remove(first);
    const second = await room.start('J-1', { mergeBase: true });
    expect(second).toMatchObject({ restored: true, unpublished: false, merging: first.merging });
  });

  it('leaves markers where it conflicts, and knows which are left', async () => {
    const base = await room.server.commit('acme/shop', 'main', { 'src/price.js': THEIRS }, 'Go on');
    const workspace = await room.start('J-1', { mergeBase: true });
    expect(workspace.conflicts).toEqual(['src/price.js']);
    expect(await read(workspace.tree)).toContain('<<<<<<<');
    const left = async () => {
      const { taken } = await room.workspaces.readPending(workspace, { wants: GATE_WANTS });
      return room.workspaces.leftConflicts(workspace, taken);
    };
    expect(await left()).toEqual(['src/price.js']);
    await writeFile(join(workspace.tree, 'src/price.js'), BOTH);
    expect(await left()).toEqual([]);
    expect(await room.publish(workspace, head)).toMatchObject({ kind: 'pushed' });
    expect(await parents()).toBe(`${head} ${base}`);
  });

  it('is looked through to the last file that conflicts', async () => {
    const names = Array.from({ length: 250 }, (_, n) => `many/${String(n).padStart(3, '0')}.txt`);
    const files = (text: string) => Object.fromEntries(names.map((name) => [name, text]));
    const first = await room.start();
    await mkdir(join(first.tree, 'many'));
    for (const name of names) await writeFile(join(first.tree, name), 'ours\n');
    expect(await room.publish(first, head)).toMatchObject({ kind: 'pushed' });
    await room.workspaces.remove(first);
    await room.server.commit('acme/shop', 'main', files('theirs\n'), 'Go on');
    const workspace = await room.start('J-1', { mergeBase: true });
    expect(workspace.conflicts).toEqual(names);
    const last = names.at(-1) ?? '';
    for (const name of names) if (name !== last) await writeFile(join(workspace.tree, name), 'both\n');
    const { taken } = await room.workspaces.readPending(workspace, { wants: GATE_WANTS });
    expect(await room.workspaces.leftConflicts(workspace, taken)).toEqual([last]);
  });

  it('is merged also where the branch alone is kept', async () => {
    const base = await room.server.commit('acme/shop', 'main', { 'src/price.js': THEIRS }, 'Go on');
    const workspace = await room.start('J-1', { mergeBase: true });
    await writeFile(join(workspace.tree, 'src/price.js'), OURS);
    const published = await room.publish(workspace, head);
    expect(published).toMatchObject({ kind: 'pushed' });
    expect(await parents()).toBe(`${head} ${base}`);
    expect(await room.publish(workspace, head)).toMatchObject({
      kind: 'pushed',
      headSha: published.kind === 'pushed' && published.headSha,
    });
  });

  it('goes on being merged by whoever comes next, in an ordinary turn, too', async () => {
    const base = await room.server.commit(
      'acme/shop',
      'main',
      { 'src/price.js': THEIRS, 'a.txt': 'a\n' },
      'Go on',
    );
    const first = await room.start('J-1', { mergeBase: true });
    await writeFile(join(first.tree, 'a.txt'), 'half done\n');
    expect(await room.workspaces.snapshot(first)).toBeDefined();
    await room.workspaces.remove(first);
    const second = await room.start('J-1');
    expect(second).toMatchObject({ conflicts: ['src/price.js'], restored: true, baseSha: base });
    expect(second.merging).toEqual({ sha: base, fork: room.baseSha });
    expect(await read(second.tree, 'a.txt')).toBe('half done\n');
    await writeFile(join(second.tree, 'src/price.js'), BOTH);
    expect(await room.publish(second, head)).toMatchObject({ kind: 'pushed' });
    expect(await parents()).toBe(`${head} ${base}`);
    await room.workspaces.remove(second);
    const third = await room.start('J-1', { mergeBase: true });
    expect(third.merging).toBeUndefined();
    expect(third).toMatchObject({ conflicts: [], restored: false });
  });
});
