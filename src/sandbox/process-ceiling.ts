// A ceiling for the processes of a sandbox that holds root too. Root is free of RLIMIT_NPROC, but since Linux 6.14 each
// process namespace has a `kernel.pid_max` of its own, and a sandbox has a namespace of its own: no id left, no process.
import { readlinkSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { toError } from '../errors.ts';
import type { Log } from '../log.ts';
import { surroundings } from '../surroundings.ts';
import { listRunning, type Running } from './running.ts';

/** Who keeps a sandbox from starting more than so many processes, whatever the watchdog sees. */
export type ProcessCeiling = 'pid_max' | 'rlimit' | 'none';

const PID_MAX = '/proc/sys/kernel/pid_max';
/** The kernel refuses less (RESERVED_PIDS + 1, kernel/pid.c). */
const LEAST_PID_MAX = 301;
/** bubblewrap makes its namespace in its first milliseconds; on a busy machine these take longer. */
const PATIENCE_MS = 10_000;
const POLL_MS = 20;

/** What this machine offers for a process of this user; pure but for its defaults. */
export function chooseProcessCeiling(
  at: { platform?: NodeJS.Platform; kernel?: string; uid?: number | undefined } = {},
): ProcessCeiling {
  const { platform = process.platform, kernel = release(), uid = process.getuid?.() } = at;
  if (platform !== 'linux') return 'none';
  if (uid === 0) return isSince(kernel, 6, 14) ? 'pid_max' : 'none';
  return countsPerNamespace({ platform, kernel }) ? 'rlimit' : 'none';
}

/**
 * Whether RLIMIT_NPROC counts the processes of a sandbox alone (Linux 5.14, user_namespaces(7)). Before, it counts all that
 * the user has on the machine and must not be set. Also asked for root: the machine's own is never held by it, the root of
 * a container without rights is.
 */
export function countsPerNamespace(at: { platform?: NodeJS.Platform; kernel?: string } = {}): boolean {
  const { platform = process.platform, kernel = release() } = at;
  return platform === 'linux' && isSince(kernel, 5, 14);
}

function isSince(kernel: string, wantedMajor: number, wantedMinor: number): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/**
 * Sets the ceiling that has to be set from outside, for the sandbox under `leader`. Never throws; resolves false where the
 * kernel holds none, and logs it where it should. A command that is over already needs none.
 */
export async function holdProcesses(
  leader: number,
  { tasks, log, ceiling = chooseProcessCeiling() }: { tasks: number; log: Log; ceiling?: ProcessCeiling },
): Promise<boolean> {
  if (ceiling !== 'pid_max') return ceiling === 'rlimit';
  try {
    const outcome = await limitNamespace(leader, tasks);
    if (outcome === 'refused') log.warn('sandbox.process_ceiling.missing');
    return outcome === 'held';
  } catch (thrown) {
    log.warn({ err: toError(thrown) }, 'sandbox.process_ceiling.missing');
  }
  return false;
}

/**
 * Lowers `pid_max` in the namespace that the sandbox under `leader` has made; `gone` where that ended meanwhile. Only for
 * kernels that `chooseProcessCeiling` calls `pid_max`: older ones have one number for all.
 */
async function limitNamespace(leader: number, tasks: number): Promise<'held' | 'refused' | 'gone'> {
  const inside = await findInside(leader);
  if (inside === undefined) return isRunning(leader) ? 'refused' : 'gone';
  const wanted = Math.max(LEAST_PID_MAX, tasks);
  const before = await readFile(PID_MAX, 'utf8');
  const script = `echo ${wanted} >${PID_MAX} && cat ${PID_MAX}`;
  const args = [
    '--target',
    String(inside),
    '--user',
    '--preserve-credentials',
    '--pid',
    '/bin/sh',
    '-c',
    script,
  ];
  const { stdout } = await execa('nsenter', args, {
    env: surroundings(),
    extendEnv: false,
    reject: false,
    timeout: PATIENCE_MS,
  });
  const after = await readFile(PID_MAX, 'utf8');
  if (after !== before) {
    // Ours is only what we wrote; another value is somebody else's will.
    if (after.trim() === String(wanted)) await writeFile(PID_MAX, before);
    throw new Error(`${PID_MAX} of the machine changed from ${before.trim()} to ${after.trim()}`);
  }
  if (stdout?.trim() === String(wanted)) return 'held';
  return isRunning(inside) ? 'refused' : 'gone';
}

/** The first process of the namespace: the child of bubblewrap, once it is in a namespace of its own. */
async function findInside(leader: number): Promise<number | undefined> {
  const ours = readNamespace('self');
  const deadline = performance.now() + PATIENCE_MS;
  while (performance.now() < deadline) {
    const running = listRunning();
    if (!isRunning(leader, running)) return undefined;
    const child = running.find(({ pid, parent }) => parent === leader && isOther(readNamespace(pid), ours));
    if (child) return child.pid;
    await delay(POLL_MS);
  }
  return undefined;
}

function isRunning(leader: number, running: readonly Running[] = listRunning()): boolean {
  return running.some(({ pid }) => pid === leader);
}

function isOther(namespace: string | undefined, ours: string | undefined): boolean {
  return namespace !== undefined && namespace !== ours;
}

function readNamespace(pid: number | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}
