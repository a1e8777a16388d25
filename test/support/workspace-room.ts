// A git room with a real server behind it, for the tests of src/workspace.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { createLog } from '../../src/log.ts';
import type { Limits } from '../../src/workspace/inspect.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { createWorkspaces } from '../../src/workspace/workspaces.ts';
import { type GitServer, startGitServer, TEST_GIT_ENV } from './git-http-server.ts';

export const CREDENTIALS = { username: 'x-access-token', password: 'ghs_secret-of-the-host' };
export const REPO = { owner: 'acme', name: 'shop' };
export const AUTHOR = { name: 'errand[bot]', email: 'errand@example.com' };

/** Every start of a job, on whatever machine, is a later attempt. */
let attempts = 0;

const FILES = {
  'README.md': '# Shop\n',
  'src/price.js': 'export const price = 1;\n',
  'src/cart.js': 'export const cart = [];\n',
  '.gitignore': 'node_modules/\n*.log\n',
};

/** Starts a server with acme/shop and a fresh $ERRAND_HOME. `another()` is a second machine. */
export async function openRoom(options: { files?: Record<string, string>; limits?: Partial<Limits> } = {}) {
  const server = await startGitServer(CREDENTIALS);
  const baseSha = await server.createRepository('acme/shop', { ...FILES, ...options.files });
  const homes: string[] = [];

  async function machine(clock?: () => Date) {
    const home = await realpath(await mkdtemp(join(tmpdir(), 'errand-home-')));
    homes.push(home);
    return openMachine(server, home, {
      ...(options.limits ? { limits: options.limits } : {}),
      ...(clock ? { now: clock } : {}),
    });
  }

  return {
    server,
    baseSha,
    ...(await machine()),
    another: machine,
    async close() {
      await server.stop();
      for (const home of homes) await rm(home, { recursive: true, force: true });
    },
  };
}

export type Room = Awaited<ReturnType<typeof openRoom>>;

/** A runner on a machine with this home. */
export function openMachine(
  server: GitServer,
  home: string,
  settings: { limits?: Partial<Limits>; now?: () => Date } = {},
) {
  const log = createLog({ level: 'silent' });
  const workspaces = createWorkspaces({ home, serverUrl: server.url, log, ...settings });

  /** Fetches and prepares as the runner does. */
  async function start(
    jobId = 'J-1',
    { signal, mergeBase = false }: { signal?: AbortSignal; mergeBase?: boolean } = {},
  ): Promise<Workspace> {
    const branch = `errand/${jobId}`;
    const refs = ['main', branch, `refs/errand/${jobId}`];
    await workspaces.fetch({ repo: REPO, credentials: CREDENTIALS, refs, signal });
    attempts += 1;
    return workspaces.prepare({
      repo: REPO,
      jobId,
      attempt: attempts,
      base: 'main',
      branch,
      mergeBase,
      signal,
    });
  }

  /** Publishes as the runner does. */
  function publish(workspace: Workspace, expectedRemoteSha?: string, more: { message?: string } = {}) {
    return workspaces.publish(workspace, {
      message: more.message ?? 'Fix the price',
      author: AUTHOR,
      branch: workspace.branch,
      expectedRemoteSha,
      credentials: CREDENTIALS,
    });
  }

  return { home, workspaces, start, publish };
}

/** Runs git as the agent does: in the tree, with the agent's own configuration in force. */
export async function agentGit(workspace: Workspace, ...args: string[]): Promise<string> {
  const { PATH = '/usr/bin:/bin' } = process.env;
  const env = { PATH, HOME: workspace.home, GIT_CONFIG_NOSYSTEM: '1' };
  const { stdout } = await execa('git', args, { cwd: workspace.tree, env, extendEnv: false });
  return stdout;
}

export { TEST_GIT_ENV };
