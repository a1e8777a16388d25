// What a command may TOUCH: wraps it so that it sees its job, writes its job and reaches its listed hosts, nothing else.
// Starts nothing itself; the caller spawns what `wrap` returns. The boundary between jobs is files and processes; the
// host lists of jobs in one runner are told apart by an unguessable id, which is attribution (README of the library).
import { randomBytes } from 'node:crypto';
import { SandboxManager } from '@anthropic-ai/sandbox-runtime';
import { PermanentError, toError } from '../errors.ts';
import type { Log } from '../log.ts';
import { describeMissing, findBinaries, findMemoryFiles } from './binaries.ts';
import { boundMemoryFiles, buildLimits, type Ceilings, FIRST_TO_GO, type MemoryFiles } from './ceilings.ts';
import { buildCommandLine, type Relay, replaceInEnv } from './command-line.ts';
import { closeKernelFiles } from './kernel-files.ts';
import { keepLinks } from './links.ts';
import { joinManager, leaveManager, maskSecret, openNetwork, socatPath } from './manager.ts';
import { countsPerNamespace, holdProcesses } from './process-ceiling.ts';
import { buildReadRules } from './read-rules.ts';

/**
 * The library opens this folder to every command, writable (0.0.83, `SANDBOX_OWN_WRITE_PATHS`). Where it exists, jobs
 * would meet in it; only a credential rule is stronger. Without it a command may make one of its own.
 */
const SHARED_FOLDERS = { files: [{ path: '/tmp/claude', mode: 'deny' as const }] };

export type Mask = Readonly<{ variable: string; value: string; hosts: readonly string[] }>;

export type WrapOptions = Readonly<{
  argv: readonly string[];
  /** The job's folder: readable as it is now, and the place to start the command in; never the tree. */
  jobDir: string;
  /** Folders the command may write, e.g. tree, agent.git, home and tmp of the job. They must exist. */
  writable: readonly string[];
  /** Hidden beside homes and known secrets: `$ERRAND_HOME`, the database's folder. `jobDir` and `readable` stay open. */
  denyRead: readonly string[];
  /** Opened although it lies in something hidden, read-only: the mirror's objects, a toolchain under a home. */
  readable?: readonly string[];
  /**
   * Hosts (with a dot in the name), `*.host`, each with an optional `:port`. A port of this machine is listed as
   * `127.0.0.1:11434` and found inside under that address and `localhost` (on Linux); another name that leads here
   * needs the address beside it.
   */
  egress: readonly string[];
  /** The whole environment of the command; nothing is inherited. The library adds its proxy and certificate variables. */
  env: Readonly<Record<string, string>>;
  /**
   * Secrets the command only gets a stand-in for; the proxy puts the real one into requests to `hosts`. Works over TLS,
   * over plain http with `plainHttpMasks`, and not for ports of this machine that are reached as `127.0.0.1`.
   */
  masks?: readonly Mask[];
  /** What the kernel holds the command to. */
  ceilings: Ceilings;
}>;

export type Wrapped = Readonly<{
  argv: readonly string[];
  /** Spawn with exactly this: execa needs `extendEnv: false`, or the runner's own secrets go along. */
  env: Readonly<Record<string, string>>;
  /** Call once the command has ended or never started: closes its network and forgets its secrets. Safe to repeat. */
  release(): Promise<void>;
  /**
   * Call once the process `pid` runs, before it is given anything to do: sets what cannot be set from within. Never throws;
   * resolves false where the kernel holds no ceiling over the number of its processes.
   */
  started(pid: number): Promise<boolean>;
  /** Tells each refused host once, also those refused before the listener came. */
  onDenied(listener: (host: string) => void): void;
}>;

export type Sandbox = Readonly<{
  mode: 'srt' | 'none';
  /** Who bounds what a command keeps in /tmp and /dev/shm. */
  memoryFiles: MemoryFiles;
  /** Throws PermanentError `sandbox_failed` where the rules cannot be applied: the command must then not run. */
  wrap(options: WrapOptions): Promise<Wrapped>;
  close(): Promise<void>;
}>;

/** Where the library's HTTP proxy is found inside (0.0.83, linux-sandbox-utils). */
const PROXY_PORT = 3128;

/**
 * Creates the sandbox of a runner. `srt` fails closed: PermanentError `sandbox_missing` names what to install.
 * `plainHttpMasks` also puts real secrets into requests over plain http to a mask's hosts, which anybody on the way
 * can read: only for a model on this machine. Several sandboxes in one process share one manager.
 */
export async function createSandbox(options: {
  mode: 'srt' | 'none';
  log: Log;
  plainHttpMasks?: boolean;
}): Promise<Sandbox> {
  const { mode, log } = options;
  if (mode === 'none') {
    const wrap = async (wanted: WrapOptions) => passThrough(wanted);
    return { mode, memoryFiles: 'none', wrap, close: async () => {} };
  }
  const binaries = await findBinaries();
  const missing = describeMissing(binaries, process.platform);
  if (missing) throw new PermanentError('sandbox_missing', `${missing.problem} ${missing.mend}`);
  try {
    await joinManager({ binaries, plainHttpMasks: options.plainHttpMasks ?? false });
  } catch (error) {
    if (error instanceof PermanentError) throw error;
    const message = `The sandbox for agents does not start: ${toError(error).message}. Run \`errand doctor\`.`;
    throw new PermanentError('sandbox_missing', message, { cause: error });
  }
  const isLinux = process.platform === 'linux';
  const memoryFiles = isLinux && binaries.bwrap ? await findMemoryFiles(binaries.bwrap) : 'none';
  log.info({ binaries, memoryFiles }, 'sandbox.started');
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await leaveManager();
  };
  return { mode, memoryFiles, wrap: (wanted) => wrapCommand(wanted, memoryFiles, log), close };
}

async function wrapCommand(options: WrapOptions, memoryFiles: MemoryFiles, log: Log): Promise<Wrapped> {
  // 128 random bits: the id is all that binds a connection to its host list.
  const id = randomBytes(16).toString('base64url');
  const denied = createDeniedHosts(log);
  const egress = options.egress.map((entry) => entry.replace(/^localhost:/, '127.0.0.1:'));
  const undo: (() => void)[] = [];
  const release = async () => {
    for (const step of undo.splice(0)) step();
  };
  try {
    undo.push(openNetwork(id, egress, denied.tell));
    const { argv, env } = maskEverywhere(options, id, undo);
    const isLinux = process.platform === 'linux';
    const proxyPort = isLinux ? PROXY_PORT : undefined;
    const { ceilings } = options;
    const limits = buildLimits(countsPerNamespace() ? ceilings : { fileBytes: ceilings.fileBytes });
    const line = buildCommandLine({ argv, env, relays: relaysOf(egress), proxyPort, limits });
    const { filesystem, links } = buildFilesystemRules(options);
    const config = { filesystem, credentials: SHARED_FOLDERS };
    const known = { commandId: id };
    const given = await SandboxManager.wrapWithSandbox(line.script, '/bin/sh', config, undefined, known);
    const bounded = isLinux ? closeKernelFiles(boundMemoryFiles(given, ceilings, memoryFiles)) : given;
    const wrapped = isLinux ? keepLinks(bounded, links) : given;
    undo.push(() => SandboxManager.cleanupAfterCommand());
    // `exec` leaves no shell between us and bubblewrap, which dies with its parent: kill -9 of the runner ends the agent.
    return {
      argv: ['/bin/sh', '-c', `${FIRST_TO_GO}; exec ${wrapped}`],
      env: line.env,
      release,
      started: (pid) => holdProcesses(pid, { tasks: ceilings.tasks, log }),
      onDenied: denied.listen,
    };
  } catch (error) {
    await release();
    const message = `The sandbox could not be set up for this job: ${toError(error).message}`;
    throw new PermanentError('sandbox_failed', message, { cause: error });
  }
}

function buildFilesystemRules(options: WrapOptions) {
  const { argv, jobDir, denyRead, writable } = options;
  // The relay's socket lies in the temp folder, which is hidden.
  const relay = SandboxManager.getLinuxHttpSocketPath();
  const readable = [...(options.readable ?? []), ...(relay ? [relay] : [])];
  const rules = buildReadRules({
    argv,
    path: options.env['PATH'] ?? '',
    jobDir,
    denyRead,
    readable,
    writable,
  });
  const filesystem = {
    denyRead: rules.deny.map(asName),
    allowRead: rules.allow.map(asName),
    allowWrite: writable.map(asName),
    denyWrite: [],
  };
  return { filesystem, links: rules.links };
}

/** A folder may have `*` or `[` in its name; we never mean a pattern. */
function asName(path: string) {
  return { path, literal: true as const };
}

function relaysOf(egress: readonly string[]): Relay[] {
  const socat = socatPath();
  if (socat === undefined) return [];
  const ports = egress.flatMap((entry) => /^127\.0\.0\.1:(\d+)$/.exec(entry)?.[1] ?? []);
  return [...new Set(ports)].map((port) => ({ socat, port: Number(port) }));
}

function maskEverywhere(options: WrapOptions, id: string, undo: (() => void)[]) {
  let { argv, env } = options;
  for (const [at, { variable, value, hosts }] of (options.masks ?? []).entries()) {
    const names = hosts.map((host) => host.replace(/:\d+$/, ''));
    const { standIn, forget } = maskSecret(`${id}:${at}`, value, names);
    undo.push(forget);
    env = { ...(value === '' ? env : replaceInEnv(env, value, standIn)), [variable]: standIn };
    if (value !== '') argv = argv.map((word) => word.replaceAll(value, standIn));
  }
  return { argv, env };
}

function createDeniedHosts(log: Log) {
  const hosts = new Set<string>();
  const listeners: ((host: string) => void)[] = [];
  const tell = (host: string) => {
    if (hosts.has(host)) return;
    hosts.add(host);
    log.info({ host }, 'sandbox.host.denied');
    for (const listener of listeners) listener(host);
  };
  const listen = (listener: (host: string) => void) => {
    listeners.push(listener);
    for (const host of hosts) listener(host);
  };
  return { tell, listen };
}

/** Without a sandbox the kernel bounds little: what a file may be, and who has to go first where memory runs out. */
function passThrough({ argv, env, ceilings }: WrapOptions): Wrapped {
  const script = `${FIRST_TO_GO}; ${buildLimits({ fileBytes: ceilings.fileBytes })}; exec "$@"`;
  return {
    argv: ['/bin/sh', '-c', script, 'sh', ...argv],
    env,
    release: async () => {},
    started: async () => false,
    onDenied: () => {},
  };
}
