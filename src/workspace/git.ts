// Runs the git binary, and is the only file that does. Nothing of the machine's or a user's git set-up reaches it:
// the whole environment is written here. It must never be pointed at a git dir that an agent can write.
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type SimpleGitOptions, simpleGit } from 'simple-git';
import { PermanentError, TransientError } from '../errors.ts';
import { explainGitFailure } from './git-errors.ts';

/** A token for the Git host, e.g. `{ username: 'x-access-token', password: 'ghs_…' }`. */
export type GitCredentials = Readonly<{ username: string; password: string }>;

/** What one git command is given. Paths are absolute. */
export type GitCall = Readonly<{
  /** The git dir, always explicit, so that git never looks for one. */
  gitDir: string;
  workTree?: string;
  input?: string;
  /** Only for commands that talk to the server. Given to that server's addresses and no others, once it asks. */
  credentials?: GitCredentials | undefined;
  /** Author and committer of a commit. */
  identity?: GitIdentity;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** Stops reading, and git, after so many bytes of output. */
  limitBytes?: number;
}>;

export type GitIdentity = Readonly<{ name: string; email: string; date: string }>;

export type GitResult = Readonly<{ exitCode: number; stdout: string; stderr: string; cut: boolean }>;

const LOCAL_TIMEOUT_MS = 5 * 60_000;
const NETWORK_TIMEOUT_MS = 15 * 60_000;

// simple-git guards callers that pass a user's words on. Ours are constants from this file, plus the server's address.
const UNSAFE = {
  allowUnsafeConfigPaths: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeHooksPath: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeCustomBinary: true,
  allowUnsafeCredentialHelper: true,
} satisfies SimpleGitOptions['unsafe'];

// Configuration of every command. No filter, merge driver, helper or hook is ever defined, so none can run.
const CONFIG: ReadonlyArray<readonly [key: string, value: string]> = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['core.autocrlf', 'false'],
  ['core.quotePath', 'false'],
  // Looking into a submodule would start a git there that follows the agent's configuration.
  ['diff.ignoreSubmodules', 'all'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
];

/** Commands that talk to the server take no input, so its place is free for the credentials. */
const WITH_CREDENTIALS: [string, string] = [
  'sh',
  fileURLToPath(new URL('git-with-credentials.sh', import.meta.url)),
];
const READ_CREDENTIALS = '!f() { test "$1" = get && cat <&3; }; f';

const HALF_A_WORKTREE = /failed to read \S*worktrees\/\S+|bad object worktrees\//;
const MOST_TRIES = 5;
const TRY_AGAIN_MS = 40;

/**
 * Creates the one way to run git. `serverUrl` is the only address it may speak to, e.g. `https://github.com`; with
 * `offline` it may speak to nobody, not even for objects that are missing.
 * `env` is what git needs of the outside world (PATH, proxies, certificates); names that start with GIT_ are dropped.
 */
export function createGit(options: {
  serverUrl: string;
  offline?: boolean;
  env?: Readonly<Record<string, string>>;
}) {
  const server = new URL(options.serverUrl);
  const serverUrl = server.href.replace(/\/+$/, '');
  const outside = Object.entries(options.env ?? {}).filter(
    ([name]) => !name.toUpperCase().startsWith('GIT_'),
  );
  const constant = {
    PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
    ...Object.fromEntries(outside),
    // No home: libcurl would read a .netrc there.
    HOME: '/dev/null',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: options.offline ? 'none' : server.protocol.replace(':', ''),
    GIT_NO_LAZY_FETCH: '1',
  };

  function environment(call: GitCall): Record<string, string> {
    const config = [...CONFIG];
    if (call.credentials) config.push([`credential.${serverUrl}.helper`, READ_CREDENTIALS]);
    const env: Record<string, string> = { ...constant, GIT_DIR: call.gitDir };
    if (call.workTree) env.GIT_WORK_TREE = call.workTree;
    if (call.identity) Object.assign(env, identityEnv(call.identity));
    env.GIT_CONFIG_COUNT = String(config.length);
    for (const [at, [key, value]] of config.entries()) {
      env[`GIT_CONFIG_KEY_${at}`] = key;
      env[`GIT_CONFIG_VALUE_${at}`] = value;
    }
    return env;
  }

  /**
   * Runs git and returns what happened, whatever the exit code. Throws the reason of `signal` when that fired, a
   * TransientError when git took too long, a PermanentError when there is no git.
   */
  async function attemptOnce(args: readonly string[], call: GitCall): Promise<GitResult> {
    call.signal?.throwIfAborted();
    const limit = new AbortController();
    const timeout = AbortSignal.timeout(
      call.timeoutMs ?? (call.credentials ? NETWORK_TIMEOUT_MS : LOCAL_TIMEOUT_MS),
    );
    const stop = AbortSignal.any([limit.signal, timeout, ...(call.signal ? [call.signal] : [])]);
    const env = environment(call);
    let ended = { exitCode: -1, stdout: '', stderr: '' };
    const git = simpleGit({
      baseDir: call.workTree ?? call.gitDir,
      unsafe: UNSAFE,
      allowEnvironment: Object.keys(env),
      abort: stop,
      completion: { onClose: true, onExit: false },
      // Takes what happened and reports no error: exit codes are judged here, and simple-git drops some of them.
      errors(_error, result) {
        const [stdout, stderr] = [Buffer.concat(result.stdOut), Buffer.concat(result.stdErr)];
        ended = { exitCode: result.exitCode ?? -1, stdout: stdout.toString(), stderr: stderr.toString() };
        return undefined;
      },
      ...(call.credentials ? { binary: WITH_CREDENTIALS } : {}),
      input: () => (call.credentials ? writeCredentials(call.credentials) : (call.input ?? '\n')),
    }).env(env);
    git.outputHandler(watchOutput(stop, call.limitBytes, limit));
    await git.raw([...args]);
    call.signal?.throwIfAborted();
    if (timeout.aborted) throw new TransientError(`git ${args[0]} took too long and was stopped`);
    if (/spawn\S* \S*git ENOENT|exec: .*git: not found/.test(ended.stderr)) {
      throw new PermanentError('git_missing', 'git is not installed here. Install git 2.38 or later.');
    }
    return { ...ended, cut: limit.signal.aborted };
  }

  /** A worktree that another process is just adding or removing is half there for some milliseconds. */
  async function attempt(args: readonly string[], call: GitCall): Promise<GitResult> {
    for (let tries = 1; ; tries += 1) {
      const result = await attemptOnce(args, call);
      if (result.exitCode === 0 || tries >= MOST_TRIES || !HALF_A_WORKTREE.test(result.stderr)) return result;
      await delay(TRY_AGAIN_MS * tries, undefined, call.signal ? { signal: call.signal } : {});
    }
  }

  /** Runs git and returns its output. Any failure is thrown as a TransientError or PermanentError. */
  async function run(args: readonly string[], call: GitCall): Promise<string> {
    const result = await attempt(args, call);
    if (result.exitCode === 0 || result.cut) return result.stdout;
    throw explainGitFailure(args[0] ?? '', result);
  }

  return { run, attempt, serverUrl };
}

export type Git = ReturnType<typeof createGit>;

/** The answer of a credential helper (git-credential(1), "INPUT/OUTPUT FORMAT"). */
function writeCredentials({ username, password }: GitCredentials): string {
  return `username=${username}\npassword=${password}\n`;
}

function identityEnv({ name, email, date }: GitIdentity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}

function watchOutput(stop: AbortSignal, limitBytes: number | undefined, limit: AbortController) {
  return (_command: string, stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream) => {
    let seen = 0;
    stdout.on('data', (chunk: Buffer) => {
      seen += chunk.length;
      if (limitBytes !== undefined && seen > limitBytes) limit.abort();
    });
    // Git's network helper may outlive it (until lowSpeedTime) and hold the pipes open: do not wait for it.
    const letGo = () => {
      for (const stream of [stdout, stderr]) if (stream instanceof Readable) stream.destroy();
    };
    stop.addEventListener('abort', letGo, { once: true });
    stdout.on('close', () => stop.removeEventListener('abort', letGo));
  };
}
