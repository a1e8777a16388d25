// An agent that does its worst: nothing of its git runs on the host, no token reaches it, and nothing bad is pushed.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { type GitServer, startGitServer } from '../support/git-http-server.ts';
import { agentGit, CREDENTIALS, openRoom, REPO, type Room } from '../support/workspace-room.ts';

describe('a hostile agent', () => {
  let room: Room;
  let evil: GitServer;
  let workspace: Workspace;
  beforeEach(async () => {
    room = await openRoom({ limits: { maxFileBytes: 100_000, maxFiles: 50 } });
    evil = await startGitServer({ username: 'x', password: 'x' });
    workspace = await room.start();
  });
  afterEach(async () => {
    await room.close();
    await evil.stop();
  });

  const put = async (path: string, text: string) => {
    await mkdir(join(workspace.tree, path, '..'), { recursive: true });
    await writeFile(join(workspace.tree, path), text);
  };

  const rules = async () => {
    const published = await room.publish(workspace);
    expect(await room.server.git('acme/shop', 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
    return published.kind === 'refused'
      ? published.problems.map(({ path, rule }) => `${path}: ${rule}`)
      : published;
  };

  it('runs no hook, monitor, filter or command of the agent and hands no token on', async () => {
    const proof = join(workspace.tmp, 'ran');
    const script = join(workspace.tmp, 'script');
    await writeFile(script, `#!/bin/sh\necho "$0 $*" >> ${proof}\nenv >> ${proof}\ncat\n`);
    await chmod(script, 0o755);
    for (const hook of [
      'pre-commit',
      'post-checkout',
      'pre-push',
      'reference-transaction',
      'post-index-change',
    ]) {
      await mkdir(join(workspace.agentGitDir, 'hooks'), { recursive: true });
      await symlink(script, join(workspace.agentGitDir, 'hooks', hook));
    }
    const config = {
      'core.fsmonitor': script,
      'core.hooksPath': join(workspace.agentGitDir, 'hooks'),
      'core.sshCommand': script,
      'core.askPass': script,
      'credential.helper': script,
      'filter.bad.clean': script,
      'filter.bad.smudge': script,
      'filter.bad.required': 'true',
      'diff.external': script,
      'merge.bad.driver': script,
      'http.proxy': evil.url,
      [`url.${evil.url}/.insteadOf`]: `${room.server.url}/`,
      'remote.origin.url': `${evil.url}/acme/shop.git`,
    };
    const lines = Object.entries(config).map(([name, value]) => ['config', name, value]);
    for (const line of lines) await execa('git', ['--git-dir', workspace.agentGitDir, ...line]);
    // The same settings where a user's git would look for them.
    await writeFile(
      join(workspace.home, '.gitconfig'),
      await readFile(join(workspace.agentGitDir, 'config')),
    );
    await put('.gitattributes', '* filter=bad diff=bad merge=bad\n');
    await put('README.md', '# Changed\n');
    expect(await room.workspaces.snapshot(workspace)).toBeDefined();
    await (await room.workspaces.diff(workspace)).patch(10_000);
    expect(await room.publish(workspace)).toMatchObject({ kind: 'pushed' });
    await room.workspaces.remove(workspace);
    await room.start();
    expect(existsSync(proof)).toBe(false);
    expect(evil.seen).toEqual([]);
    expect(await room.server.git('acme/shop', 'show', 'errand/J-1:README.md')).toBe('# Changed');
  });

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

  it('refuses a repository within the repository, committed or not', async () => {
    await put('vendor/lib/a.txt', 'a');
    await execa('git', ['init', '-q', join(workspace.tree, 'vendor/lib')]);
    await put('plain.txt', 'kept');
    expect(await rules()).toEqual(['vendor/lib/: nested_repository']);
    const kept = await room.workspaces.snapshot(workspace);
    expect(kept?.leftOut).toHaveLength(1);
  });

  it('refuses names that are git to another system', async () => {
    await put('.GIT/config', '[core]');
    await put('a/git~1/hooks/x', 'x');
    expect(await rules()).toEqual(['.GIT/config: git_dir_name', 'a/git~1/hooks/x: git_dir_name']);
  });

  it('refuses twins', async () => {
    await put('readme.md', 'twin');
    await put('SRC/x.js', 'twin');
    expect(await rules()).toEqual(['SRC/x.js: name_twin', 'readme.md: name_twin']);
  });

  it('refuses links that lead out of the tree and takes those that stay', async () => {
    await symlink('/etc/passwd', join(workspace.tree, 'absolute'));
    await symlink('../../outside', join(workspace.tree, 'src/up'));
    await symlink('../README.md', join(workspace.tree, 'src/stays'));
    expect(await rules()).toEqual(['absolute: link_leaves_tree', 'src/up: link_leaves_tree']);
    await rm(join(workspace.tree, 'absolute'));
    await rm(join(workspace.tree, 'src/up'));
    expect(await room.publish(workspace)).toMatchObject({ kind: 'pushed', stats: { files: 1 } });
  });

  it('does not look through a folder that became a link', async () => {
    const outside = join(workspace.tmp, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'price.js'), 'secret of the host');
    await rm(join(workspace.tree, 'src'), { recursive: true });
    await symlink(outside, join(workspace.tree, 'src'));
    expect(await rules()).toEqual(['src: link_leaves_tree']);
  });

  it('refuses large files, too many files and what is no file', async () => {
    await put('big.bin', 'x'.repeat(100_001));
    await rm(join(workspace.tree, 'README.md'));
    await execa('mkfifo', [join(workspace.tree, 'README.md')]);
    expect(await rules()).toEqual(['README.md: not_a_file', 'big.bin: file_too_large']);
    await rm(join(workspace.tree, 'README.md'));
    await rm(join(workspace.tree, 'big.bin'));
    for (let at = 0; at < 51; at++) await put(`many/${at}.txt`, `${at}`);
    expect(await rules()).toEqual(['.: too_many_files']);
  });

  it('refuses new submodules', async () => {
    await put('.gitmodules', '[submodule "x"]\n\tpath = x\n\turl = ../x\n');
    expect(await rules()).toEqual(['.gitmodules: submodule_changed']);
  });

  it('refuses a tree that became a link', async () => {
    await rename(workspace.tree, join(workspace.dir, 'moved'));
    await symlink('/etc', workspace.tree);
    expect(await rules()).toEqual(['.: tree_replaced']);
    expect(await room.workspaces.snapshot(workspace)).toBeUndefined();
    await room.workspaces.remove(workspace);
    expect(existsSync('/etc/passwd')).toBe(true);
    expect(existsSync(workspace.tree)).toBe(false);
  });

  it.each([
    ['removes .git', async (git: string) => rm(git)],
    [
      'replaces .git by a link to its own',
      async (git: string) => rm(git).then(() => symlink('/nonexistent', git)),
    ],
    [
      'replaces .git by a repository',
      async (git: string) => rm(git).then(() => execa('git', ['init', '-q', join(git, '..')])),
    ],
    ['points .git at the mirror', async (git: string) => writeFile(git, `gitdir: ${workspace.gitDir}\n`)],
  ])('%s, and the host sees just the files', async (_what, attack) => {
    await attack(join(workspace.tree, '.git'));
    await put('README.md', '# Changed\n');
    expect(await room.publish(workspace)).toMatchObject({ kind: 'pushed', stats: { files: 1 } });
    await room.workspaces.remove('J-1');
    expect(await room.start()).toMatchObject({ restored: false });
  });

  it('commits what is ignored no more, and hides only from the pull what it ignores', async () => {
    await put('.git-info-exclude', 'x');
    await writeFile(join(workspace.agentGitDir, 'info/exclude'), 'README.md\nnew.txt\n');
    await put('new.txt', 'seen');
    await put('node_modules/x.js', 'not seen');
    expect(await room.publish(workspace)).toMatchObject({ kind: 'pushed', stats: { files: 2 } });
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
