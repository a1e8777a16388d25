// An agent that does its worst: no token reaches it, and it gets nowhere by names. What it plants in its tree and its git
// is the corpus of poisoned trees (test/trouble/poisoned-git.test.ts, poisoned-files.test.ts).
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { agentGit, CREDENTIALS, openRoom, REPO, type Room } from '../support/workspace-room.ts';

describe('a hostile agent', () => {
  let room: Room;
  let workspace: Workspace;
  beforeEach(async () => {
    room = await openRoom({ limits: { maxFileBytes: 100_000, maxFiles: 50 } });
    workspace = await room.start();
  });
  afterEach(async () => {
    await room.close();
  });

  const put = async (path: string, text: string) => {
    await mkdir(join(workspace.tree, path, '..'), { recursive: true });
    await writeFile(join(workspace.tree, path), text);
  };

  it('leaves no token on disk, in the tree or in the environment of the agent', async () => {
    await put('README.md', '# Changed\n');
    await room.publish(workspace);
    await room.workspaces.pushSnapshot(workspace, { credentials: CREDENTIALS });
    const secrets = [
      CREDENTIALS.password,
      Buffer.from(`${CREDENTIALS.username}:${CREDENTIALS.password}`).toString('base64'),
    ];
    for (const secret of secrets) {
      const found = await execa('grep', ['-rIl', '--', secret, room.home], { reject: false });
      expect(found.stdout).toBe('');
      expect(JSON.stringify(workspace)).not.toContain(secret);
    }
  });

  it('cannot plant a link where its home or its folder will be', async () => {
    await rm(workspace.home, { recursive: true });
    await symlink('/etc', workspace.home);
    await room.workspaces.remove(workspace);
    const next = await room.start();
    await writeFile(join(next.home, 'mine'), '');
    expect(existsSync('/etc/mine')).toBe(false);
  });

  it('cannot reach a file outside by a job or branch name', async () => {
    await expect(
      room.workspaces.prepare({ repo: REPO, jobId: '../x', attempt: 1, base: 'main', branch: 'b' }),
    ).rejects.toThrow('not a job id');
    await expect(room.workspaces.fetch({ repo: REPO, refs: ['--upload-pack=x'] })).rejects.toMatchObject({
      code: 'bad_branch',
    });
    await agentGit(workspace, 'status');
  });
});

describe('a repository that uses Git LFS', () => {
  it('takes pointers and refuses whole files', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;
    const room = await openRoom({
      files: { '.gitattributes': '*.png filter=lfs diff=lfs merge=lfs -text\n', 'a.png': pointer },
    });
    try {
      const workspace = await room.start();
      expect(await readFile(join(workspace.tree, 'a.png'), 'utf8')).toBe(pointer);
      await writeFile(join(workspace.tree, 'b.png'), 'a whole picture');
      await writeFile(join(workspace.tree, 'c.png'), pointer);
      expect(await room.publish(workspace)).toMatchObject({
        kind: 'refused',
        problems: [{ path: 'b.png', rule: 'lfs_pointer_lost' }],
      });
      await rm(join(workspace.tree, 'b.png'));
      expect(await room.publish(workspace)).toMatchObject({ kind: 'pushed', stats: { files: 1 } });
    } finally {
      await room.close();
    }
  });
});

describe('a repository with submodules', () => {
  it('keeps them as they are, and refuses to move them', async () => {
    const room = await openRoom();
    try {
      const sha = 'a'.repeat(40);
      const tree = await room.server.git('acme/shop', 'rev-parse', 'main^{tree}');
      expect(tree).toHaveLength(40);
      await room.server.commit(
        'acme/shop',
        'main',
        { '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ../lib\n' },
        'Declare',
      );
      await room.server.gitlink('acme/shop', 'main', 'lib', sha);
      const workspace = await room.start();
      expect(workspace.submodules).toEqual([{ path: 'lib', sha }]);
      await writeFile(join(workspace.tree, 'README.md'), '# Changed\n');
      const lib = join(workspace.tree, 'lib');
      await execa('git', ['init', '-q', lib]);
      expect(await room.publish(workspace)).toMatchObject({
        kind: 'refused',
        problems: [{ path: 'lib', rule: 'submodule_changed' }],
      });
      await writeFile(join(lib, '.git/HEAD'), `${sha}\n`);
      expect(await room.publish(workspace)).toMatchObject({ kind: 'pushed', stats: { files: 1 } });
    } finally {
      await room.close();
    }
  });
});
