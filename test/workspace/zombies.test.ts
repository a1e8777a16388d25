// A runner that slept through the loss of its job wakes up, or its machine comes back: later work stays what counts.
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { CREDENTIALS, openRoom, type Room } from '../support/workspace-room.ts';

const HOUR_MS = 60 * 60_000;
const access = { credentials: CREDENTIALS };

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.close());

const write = (workspace: Workspace, text: string) => writeFile(join(workspace.tree, 'README.md'), text);
const read = (workspace: Workspace) => readFile(join(workspace.tree, 'README.md'), 'utf8');
const shared = () => room.server.git('acme/shop', 'show', 'refs/errand/J-1:README.md');

/** What a runner does with the tree of an attempt that died on its machine. */
async function salvage(machine: Pick<Room, 'workspaces'>): Promise<void> {
  const left = await machine.workspaces.open('J-1');
  expect(left).toBeDefined();
  if (left) await machine.workspaces.snapshot(left);
}

test('A tree that was left behind is not put on top of what another machine published since', async () => {
  const dead = await room.start();
  await write(dead, '# Half an idea\n');
  const other = await room.another();
  const second = await other.start();
  await write(second, '# The real thing\n');
  const published = { message: 'Do it', author: { name: 'e', email: 'e@example.com' } };
  expect(
    await other.workspaces.publish(second, {
      ...published,
      ...access,
      branch: second.branch,
      expectedRemoteSha: undefined,
      shareSnapshot: true,
    }),
  ).toMatchObject({ kind: 'pushed' });
  await salvage(room);
  const third = await room.start();
  expect(third.restored).toBe(false);
  expect(await read(third)).toBe('# The real thing\n');
});

test('A tree that was left behind does not beat unpublished work of a later attempt, whatever the clocks say', async () => {
  const fast = await room.another(() => new Date(Date.now() + HOUR_MS));
  const dead = await fast.start();
  await write(dead, '# Half an idea\n');
  const second = await room.start();
  await write(second, '# Later work\n');
  await room.workspaces.snapshot(second);
  expect(await room.workspaces.pushSnapshot(second, access)).toBe(true);
  await salvage(fast);
  const third = await fast.start();
  expect(third.restored).toBe(true);
  expect(await read(third)).toBe('# Later work\n');
});

test('A tree of the last attempt is newer than what that attempt shared on the way', async () => {
  const first = await room.start();
  await write(first, '# One\n');
  await room.workspaces.snapshot(first);
  await room.workspaces.pushSnapshot(first, access);
  await write(first, '# Two\n');
  await salvage(room);
  expect(await read(await room.start())).toBe('# Two\n');
});

test('A runner that lost the job cannot replace the shared snapshot of its successor', async () => {
  const zombie = await room.start();
  await write(zombie, '# Half an idea\n');
  await room.workspaces.snapshot(zombie);
  const other = await room.another();
  const successor = await other.start();
  await write(successor, '# Later work\n');
  await other.workspaces.snapshot(successor);
  expect(await other.workspaces.pushSnapshot(successor, access)).toBe(true);
  expect(await room.workspaces.pushSnapshot(zombie, access)).toBe(false);
  expect(await shared()).toBe('# Later work');
});

test('A snapshot that a lost runner shared at the last moment gives way to its successor', async () => {
  const zombie = await room.start();
  await write(zombie, '# Half an idea\n');
  const other = await room.another();
  const successor = await other.start();
  await room.workspaces.snapshot(zombie);
  expect(await room.workspaces.pushSnapshot(zombie, access)).toBe(true);
  await write(successor, '# Later work\n');
  await other.workspaces.snapshot(successor);
  expect(await other.workspaces.pushSnapshot(successor, access)).toBe(true);
  expect(await shared()).toBe('# Later work');
});

test('On the same disk a lost runner can neither replace the snapshot nor remove the tree of its successor', async () => {
  const zombie = await room.start();
  const successor = await room.start();
  await write(successor, '# Later work\n');
  const kept = await room.workspaces.snapshot(successor);
  await room.workspaces.snapshot(zombie);
  await room.workspaces.remove(zombie);
  expect(existsSync(successor.tree)).toBe(true);
  expect(await room.workspaces.pushSnapshot(successor, access)).toBe(true);
  expect(await room.server.git('acme/shop', 'rev-parse', 'refs/errand/J-1')).toBe(kept?.sha);
});
