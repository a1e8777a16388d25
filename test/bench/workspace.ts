// A tree of a big repository: ours against a bare `git worktree add` from the same mirror and a shallow clone of it, in
// the same run and interleaved, since machines are noisy. The median of each counts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { createLog } from '../../src/log.ts';
import { createWorkspaces } from '../../src/workspace/workspaces.ts';
import { createBigRepository } from '../support/big-repository.ts';
import { startGitServer } from '../support/git-http-server.ts';
import { percentile } from './stage.ts';

export type WorkspaceResult = Readonly<{
  files: number;
  oursMs: number;
  worktreeAddMs: number;
  cloneMs: number;
  vsWorktreeAdd: number;
  vsClone: number;
}>;

const ENV = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
const REPO = { owner: 'acme', name: 'big' };

const CREDENTIALS = { username: 'x-access-token', password: 'bench' };

export async function benchWorkspace(options: { files: number; rounds: number }): Promise<WorkspaceResult> {
  const dir = await mkdtemp(join(tmpdir(), 'errand-bench-tree-'));
  const server = await startGitServer(CREDENTIALS);
  try {
    const origin = join(server.root, 'acme', 'big.git');
    await createBigRepository({ dir: origin, files: options.files });
    return await measure({ ...options, dir, origin, serverUrl: server.url });
  } finally {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

type Times = Readonly<Record<'ours' | 'worktreeAdd' | 'clone', number[]>>;

async function measure(options: {
  files: number;
  rounds: number;
  dir: string;
  origin: string;
  serverUrl: string;
}): Promise<WorkspaceResult> {
  const { dir, origin, files } = options;
  const log = createLog({ level: 'silent' });
  const workspaces = createWorkspaces({ home: join(dir, 'home'), serverUrl: options.serverUrl, log });
  await workspaces.fetch({ repo: REPO, credentials: CREDENTIALS, refs: ['main'] });
  const bare = join(dir, 'bare.git');
  await git('clone', '-q', '--bare', origin, bare);
  const times: Times = { ours: [], worktreeAdd: [], clone: [] };
  for (let round = 1; round <= options.rounds; round += 1) {
    const jobId = `J-${round}`;
    const wish = { repo: REPO, jobId, attempt: round, base: 'main', branch: `errand/${jobId}` };
    times.ours.push(await clock(() => workspaces.prepare(wish)));
    await workspaces.remove(jobId);
    const tree = join(dir, 'tree');
    times.worktreeAdd.push(await clock(() => git('-C', bare, 'worktree', 'add', '--detach', tree, 'main')));
    await rm(tree, { recursive: true, force: true });
    await git('-C', bare, 'worktree', 'prune');
    const clone = join(dir, 'clone');
    times.clone.push(
      await clock(() => git('clone', '-q', '--depth', '1', pathToFileURL(origin).href, clone)),
    );
    await rm(clone, { recursive: true, force: true });
  }
  const [oursMs, worktreeAddMs, cloneMs] = [times.ours, times.worktreeAdd, times.clone].map((of) =>
    percentile(of, 50),
  );
  return compare({ files, oursMs, worktreeAddMs, cloneMs });
}

function compare(measured: {
  files: number;
  oursMs: number | undefined;
  worktreeAddMs: number | undefined;
  cloneMs: number | undefined;
}): WorkspaceResult {
  const { files, oursMs = Number.NaN, worktreeAddMs = Number.NaN, cloneMs = Number.NaN } = measured;
  return {
    files,
    oursMs,
    worktreeAddMs,
    cloneMs,
    vsWorktreeAdd: oursMs / worktreeAddMs,
    vsClone: oursMs / cloneMs,
  };
}

function git(...args: string[]) {
  return execa('git', args, { env: ENV });
}

async function clock(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
