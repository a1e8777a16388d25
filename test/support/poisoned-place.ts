// Where a poisoned tree is planted, pushed and judged: a real mirror and server, a neighbour job, a hostile server, and
// canaries that sing when anything outside of the attacked job's folder has changed.
import { createHash } from 'node:crypto';
import { chmod, glob, lstat, mkdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { startGitServer } from './git-http-server.ts';
import { processesBelow } from './nothing-left.ts';
import { openRoom } from './workspace-room.ts';

/** What an attacker has at hand. */
export type Place = Readonly<{
  workspace: Workspace;
  /** A program that leaves a mark on the host whenever somebody runs it. */
  script: string;
  evilUrl: string;
  serverUrl: string;
  /** Writes a file of the tree, with the folders it needs. */
  put(path: string, content: string | Uint8Array): Promise<void>;
  /** Runs a shell command as the agent: in the tree, with its own git and home. */
  sh(command: string): Promise<void>;
}>;

/** `pushed`: the files of the pull. `refused`: what the person reads, as `path: rule`; nothing was pushed. */
export type Outcome = Readonly<{ pushed: readonly string[] } | { refused: readonly string[] }>;

export type Attack = Readonly<{
  name: string;
  plant: (place: Place) => Promise<unknown>;
  outcome: Outcome;
}>;

/** Every attack comes along with this innocent change. */
export const INNOCENT = 'README.md';
const LIMITS = { maxFileBytes: 100_000, maxFiles: 50, maxSnapshotFiles: 200 };

export type PoisonedPlace = Awaited<ReturnType<typeof openPoisonedPlace>>;

/** Opens the place for any number of attacks, each in a job of its own beside an untouched neighbour. */
export async function openPoisonedPlace(files: Record<string, string> = {}) {
  const room = await openRoom({ limits: LIMITS, files });
  const evil = await startGitServer({ username: 'x', password: 'x' });
  const neighbour = await room.start('J-0');
  const mark = join(room.home, 'ran');
  let count = 0;

  async function arm(workspace: Workspace): Promise<Place> {
    const script = join(workspace.tmp, 'script');
    await writeFile(script, `#!/bin/sh\n(echo "$0 $*"; env) >> '${mark}'\ncat\n`);
    await chmod(script, 0o755);
    const { PATH = '/usr/bin:/bin' } = process.env;
    const env = { PATH, HOME: workspace.home, TMPDIR: workspace.tmp, GIT_CONFIG_NOSYSTEM: '1' };
    return {
      workspace,
      script,
      evilUrl: evil.url,
      serverUrl: room.server.url,
      async put(path, content) {
        await mkdir(join(workspace.tree, path, '..'), { recursive: true });
        await writeFile(join(workspace.tree, path), content);
      },
      async sh(command) {
        await execa('sh', ['-ec', command], { cwd: workspace.tree, env, extendEnv: false });
      },
    };
  }

  /** What must be the same before and after, whatever an agent did in its own job. */
  async function outside(jobId: string) {
    const mirror = join(neighbour.gitDir, '..', '..');
    const own = [`refs/errand/${jobId}`, `refs/heads/errand/${jobId}`];
    const isOwn = (path: string) =>
      path.startsWith('objects/') || /^worktrees\/(?!tree(\/|$))/.test(path) || own.includes(path);
    const held = await fingerprint(mirror, isOwn);
    return {
      mirror: held.filter((line) => !own.some((ref) => line.includes(ref))),
      neighbour: await fingerprint(neighbour.dir, () => false),
      server: (await room.server.git('acme/shop', 'for-each-ref', '--format=%(objectname) %(refname)'))
        .split('\n')
        .filter((line) => !line.endsWith(`/errand/${jobId}`)),
    };
  }

  return {
    room,
    /** Plants, keeps, publishes, clears away and starts over, as the runner does; then judges. */
    async suffer({ plant, outcome }: Attack): Promise<void> {
      count += 1;
      const jobId = `J-${count}`;
      const workspace = await room.start(jobId);
      const before = await outside(jobId);
      const place = await arm(workspace);
      await place.put(INNOCENT, '# Changed\n');
      await plant(place);
      await room.workspaces.snapshot(workspace);
      const published = await room.publish(workspace);
      if (published.kind === 'pushed') await published.diff.patch(10_000);
      const said =
        published.kind === 'refused'
          ? { refused: published.problems.map(({ path, rule }) => `${path}: ${rule}`).sort() }
          : published.kind === 'pushed'
            ? { pushed: published.diff.files.map(({ path }) => path) }
            : published;
      expect(said).toEqual(outcome);
      const branch = await room.server.git('acme/shop', 'for-each-ref', `refs/heads/errand/${jobId}`);
      expect(branch === '').toBe('refused' in outcome);
      await room.workspaces.remove(workspace);
      // The next turn begins on what was kept, and is removed like any other.
      const next = await room.start(jobId);
      expect((await lstat(next.tree)).isDirectory()).toBe(true);
      await room.workspaces.remove(next);
      await expectUntouched(jobId, before);
    },
    async close() {
      await room.close();
      await evil.stop();
    },
  };

  async function expectUntouched(jobId: string, before: Awaited<ReturnType<typeof outside>>) {
    expect(await readFile(mark, 'utf8').catch(() => 'nothing ran')).toBe('nothing ran');
    expect(evil.seen).toEqual([]);
    expect(await outside(jobId)).toEqual(before);
    expect(await processesBelow(room.home)).toEqual([]);
  }
}

/** Every file below `dir` with its mode and a hash of what it holds. */
async function fingerprint(dir: string, skip: (path: string) => boolean): Promise<string[]> {
  const lines: string[] = [];
  for await (const path of glob('**', { cwd: dir })) {
    if (path === '' || path === '.' || skip(path)) continue;
    const stat = await lstat(join(dir, path)).catch(() => undefined);
    // Folders come and go with refs; what counts is what lies in them.
    if (stat === undefined || stat.isDirectory()) continue;
    const held = stat.isSymbolicLink() ? await readlink(join(dir, path)) : await readFile(join(dir, path));
    lines.push(`${path} ${stat.mode.toString(8)} ${createHash('sha256').update(held).digest('hex')}`);
  }
  return lines.sort();
}
