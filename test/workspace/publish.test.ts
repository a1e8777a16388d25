// What the server may answer to a push, and that asking twice does no harm.
import { rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PermanentError, TransientError } from '../../src/errors.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { AUTHOR, CREDENTIALS, openMachine, openRoom, REPO, type Room } from '../support/workspace-room.ts';

describe('a push', () => {
  let room: Room;
  let workspace: Workspace;
  beforeEach(async () => {
    room = await openRoom();
    workspace = await room.start();
    await writeFile(join(workspace.tree, 'README.md'), '# Changed\n');
  });
  afterEach(() => room.close());

  it('makes the same commit again when its answer never came', async () => {
    let lost = 0;
    const isPush = (request: IncomingMessage) =>
      request.method === 'POST' && request.url?.endsWith('git-receive-pack');
    // The server takes the push but the connection dies before it answers; curl tries once more and finds it dead.
    room.server.faults.push((request, response) => {
      if (!isPush(request)) return false;
      lost++;
      response.end = () => response.destroy() && response;
      return room.server.serve(request, response);
    });
    room.server.faults.push((request) => Boolean(isPush(request) && request.destroy()));
    await expect(room.publish(workspace)).rejects.toBeInstanceOf(TransientError);
    expect(lost).toBe(1);
    const head = await room.server.git('acme/shop', 'rev-parse', 'errand/J-1');
    // Another process: only what is on disk is known.
    const later = openMachine(room.server, room.home, { now: () => new Date('2030-01-01') });
    const found = await later.workspaces.open('J-1');
    expect(found).toEqual(workspace);
    if (!found) throw new Error('no record');
    expect(await later.publish(found)).toMatchObject({ kind: 'pushed', headSha: head });
    expect(await later.publish(found)).toMatchObject({ kind: 'pushed', headSha: head });
    expect(await later.publish(found, head)).toMatchObject({ kind: 'pushed', headSha: head });
    expect(await room.server.git('acme/shop', 'rev-list', '--count', 'errand/J-1')).toBe('2');
  });

  it('adds a commit when the same workspace publishes more', async () => {
    const first = await room.publish(workspace);
    if (first.kind !== 'pushed') throw new Error(first.kind);
    await writeFile(join(workspace.tree, 'README.md'), '# Changed twice\n');
    expect(await room.publish(workspace, first.headSha)).toMatchObject({
      kind: 'pushed',
      stats: { files: 1 },
    });
    expect(await room.server.git('acme/shop', 'rev-list', '--count', 'errand/J-1')).toBe('3');
  });

  it('pushes just the files that were judged, and nothing where they are others by now', async () => {
    const wants = { whole: () => false, beside: () => false };
    const judge = async () => (await room.workspaces.readPending(workspace, { wants })).taken;
    const push = (judged: Awaited<ReturnType<typeof judge>>) =>
      room.workspaces.publish(workspace, {
        message: 'A change',
        author: AUTHOR,
        branch: 'errand/J-1',
        judged,
        expectedRemoteSha: undefined,
        credentials: CREDENTIALS,
      });
    const before = await judge();
    await writeFile(join(workspace.tree, 'late.txt'), 'late\n');
    expect(await push(before)).toEqual({ kind: 'changed_meanwhile' });
    await rm(join(workspace.tree, 'src/cart.js'));
    expect(await push(before)).toEqual({ kind: 'changed_meanwhile' });
    expect(await push(await judge())).toMatchObject({
      kind: 'pushed',
      stats: { files: 3 },
    });
  });

  it('overwrites nobody: a branch that exists or moved is named, not replaced', async () => {
    const theirs = await room.server.commit('acme/shop', 'errand/J-1', { 'theirs.txt': 'x' }, 'Theirs');
    expect(await room.publish(workspace)).toEqual({ kind: 'moved', remoteSha: theirs });
    // Not even when the caller says that it knows.
    await room.workspaces.fetch({ repo: REPO, credentials: CREDENTIALS, refs: ['errand/J-1'] });
    expect(await room.publish(workspace, theirs)).toEqual({ kind: 'moved', remoteSha: theirs });
    expect(await room.server.git('acme/shop', 'rev-parse', 'errand/J-1')).toBe(theirs);
  });

  it('tells that the branch is gone from the server', async () => {
    expect(await room.publish(workspace, workspace.headSha)).toEqual({ kind: 'moved', remoteSha: undefined });
  });

  it("gives the server's own words when a rule refuses the push", async () => {
    await room.server.hook(
      'acme/shop',
      'pre-receive',
      'echo "error: GH006: Protected branch update failed." >&2; exit 1',
    );
    expect(await room.publish(workspace)).toEqual({
      kind: 'denied',
      reason: 'error: GH006: Protected branch update failed.',
    });
  });

  it('calls 403 denied, bad credentials and unknown repositories permanent, trouble transient', async () => {
    room.server.faults.push((_request, response) => Boolean(response.writeHead(403).end('no')));
    expect(await room.publish(workspace)).toMatchObject({ kind: 'denied' });
    room.server.faults.push((_request, response) => Boolean(response.writeHead(503).end('busy')));
    await expect(room.publish(workspace)).rejects.toBeInstanceOf(TransientError);
    const wrong = { ...CREDENTIALS, password: 'wrong' };
    const asked = { message: 'x', author: AUTHOR, branch: 'errand/J-1', expectedRemoteSha: undefined };
    await expect(room.workspaces.publish(workspace, { ...asked, credentials: wrong })).rejects.toMatchObject({
      code: 'git_auth',
    });
    await expect(room.workspaces.publish(workspace, asked)).rejects.toMatchObject({ code: 'git_auth' });
    const nowhere = { repo: { owner: 'acme', name: 'none' }, refs: ['main'], credentials: CREDENTIALS };
    await expect(room.workspaces.fetch(nowhere)).rejects.toMatchObject({ code: 'repo_not_found' });
    await room.server.pause();
    await expect(room.publish(workspace)).rejects.toBeInstanceOf(TransientError);
  });

  it('takes a push for arrived that curl repeated by itself', async () => {
    room.server.faults.push((request, response) => {
      if (request.method !== 'POST') return false;
      response.end = () => response.destroy() && response;
      return room.server.serve(request, response);
    });
    expect(await room.publish(workspace)).toMatchObject({ kind: 'pushed' });
  });

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    // Accepts the request and never answers.
    room.server.faults.push(() => {
      stop.abort(new Error('stopped by a person'));
      return true;
    });
    const refs = ['main'];
    await expect(
      room.workspaces.fetch({ repo: REPO, credentials: CREDENTIALS, refs, signal: stop.signal }),
    ).rejects.toThrow('stopped by a person');
  });

  it('says which branch is missing', async () => {
    const request = { repo: REPO, jobId: 'J-2', attempt: 1, base: 'develop', branch: 'errand/J-2' };
    await expect(room.workspaces.prepare(request)).rejects.toBeInstanceOf(PermanentError);
  });
});
