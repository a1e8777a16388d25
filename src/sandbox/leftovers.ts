// What a killed runner leaves behind: the library's relay processes, sockets and certificates. Other programs on the
// machine use the same library, so only what one of our own markers names, and whose runner is gone, is ever touched.
import { lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { surroundings } from '../surroundings.ts';

const markerSchema = z.object({
  pid: z.number().int().positive(),
  /** When that process started, as the system counts it: a process id alone is used again. */
  born: z.string(),
  /** Where that process id means anything: two containers may share a temp folder. */
  world: z.string(),
  paths: z.array(z.string()),
});

type Marker = z.infer<typeof markerSchema>;

/** Names which the library makes unguessable (0.0.83); nothing else is removed, whatever a marker says. */
const SOCKET = /^claude-http-[0-9a-f]{16}\.sock$/;
/** Named after a process id, which may be another program's by now: removed only if nobody answers there. */
const PROXY_SOCKET = /^srt-mux-\d+-\w+\.sock$/;
const CERTIFICATES = /^srt-ca-\w{6}$/;

/** Notes which of the library's files belong to this process. Returns the marker's path. */
export async function writeMarker(paths: readonly string[]): Promise<string> {
  const folder = markerFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const born = await bornAt(process.pid);
  const marker: Marker = { pid: process.pid, born: born ?? '', world: await pidWorld(), paths: [...paths] };
  const path = join(folder, `${process.pid}-${(born ?? '').replace(/\W/g, '')}.json`);
  await writeFile(path, JSON.stringify(marker), { mode: 0o600 });
  return path;
}

/** Removes this process's own marker after a clean end. */
export async function forgetMarker(path: string): Promise<void> {
  await rm(path, { force: true });
}

/**
 * Ends the relays and removes the files of runners that were killed. Safe beside other live runners, at any time
 * and more than once. Returns what was done, for the log.
 */
export async function sweepSandboxLeftovers(): Promise<{
  runners: number;
  processes: number;
  files: number;
}> {
  const swept = { runners: 0, processes: 0, files: 0 };
  for (const path of await ownMarkers()) {
    const marker = markerSchema.safeParse(parseJson(await readFile(path, 'utf8').catch(() => '')));
    if (marker.success) {
      const { paths } = marker.data;
      if (await lives(marker.data)) continue;
      swept.processes += await killHolders(paths.filter((name) => SOCKET.test(basename(name))));
      swept.files += await removeFiles(paths);
    }
    await rm(path, { force: true });
    swept.runners += 1;
  }
  return swept;
}

/** A runner's note about the library's files, and whether that runner still runs. */
export type SandboxLeftover = Readonly<{ pid: number; marker: string; writtenAt: Date; lives: boolean }>;

/** What `sweepSandboxLeftovers` looks at. Changes nothing. */
export async function listSandboxLeftovers(): Promise<readonly SandboxLeftover[]> {
  const found: SandboxLeftover[] = [];
  for (const path of await ownMarkers()) {
    const marker = markerSchema.safeParse(parseJson(await readFile(path, 'utf8').catch(() => '')));
    const stat = await lstat(path).catch(() => undefined);
    if (!marker.success || stat === undefined) continue;
    found.push({
      pid: marker.data.pid,
      marker: path,
      writtenAt: stat.mtime,
      lives: await lives(marker.data),
    });
  }
  return found;
}

function markerFolder(): string {
  return join(tmpdir(), `errand-sandbox-${userInfo().uid}`);
}

/** Only a folder that nobody else could have written; the system's temp folder is everybody's. */
async function ownMarkers(): Promise<string[]> {
  const folder = markerFolder();
  const stat = await lstat(folder).catch(() => undefined);
  if (!stat?.isDirectory() || stat.uid !== userInfo().uid || (stat.mode & 0o022) !== 0) return [];
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
}

/** Whether the runner of a marker still runs. From another world only its relay can say. */
async function lives({ pid, born, world, paths }: Marker): Promise<boolean> {
  if (world === (await pidWorld())) return (await bornAt(pid)) === born;
  const socket = paths.find((path) => SOCKET.test(basename(path)));
  return socket !== undefined && (await answers(socket));
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => resolve(true)).once('error', () => resolve(false));
    connection.once('connect', () => connection.destroy());
  });
}

/** The PID namespace (Linux), constant elsewhere. */
async function pidWorld(): Promise<string> {
  return readlink('/proc/self/ns/pid').catch(() => process.platform);
}

/** Kills what was started with one of the sockets on its command line: relays, and sandboxes that outlived a crash. */
async function killHolders(sockets: readonly string[]): Promise<number> {
  if (process.platform !== 'linux' || sockets.length === 0) return 0;
  let killed = 0;
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!sockets.some((socket) => line.includes(socket))) continue;
    try {
      process.kill(pid, 'SIGKILL');
      killed += 1;
    } catch {
      // Gone meanwhile, or another user's: not ours to end.
    }
  }
  return killed;
}

async function removeFiles(paths: readonly string[]): Promise<number> {
  const sockets = paths.filter((path) => SOCKET.test(basename(path)));
  const folders = paths.map((path) => dirname(path)).filter((path) => CERTIFICATES.test(basename(path)));
  for (const path of paths.filter((name) => PROXY_SOCKET.test(basename(name)))) {
    if (!(await answers(path))) sockets.push(path);
  }
  const targets = [...new Set([...sockets, ...folders])].filter((path) => dirname(path) === tmpdir());
  for (const target of targets) await rm(target, { recursive: true, force: true });
  return targets.length;
}

/** When a process started, or undefined where there is none. Linux: field 22 of /proc/PID/stat (proc(5)), in ticks since boot. */
async function bornAt(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') {
    const { stdout, failed } = await execa('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: surroundings(),
      extendEnv: false,
      reject: false,
    });
    return failed || stdout.trim() === '' ? undefined : stdout.trim();
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the name in brackets and may hold spaces, so count from behind it.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
