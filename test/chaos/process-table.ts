// The processes of this machine as /proc shows them: to find agents and proxies that are to be killed, and what was left
// behind. Linux only, as the suite is.
import { readdir, readFile, readlink } from 'node:fs/promises';

export type Process = Readonly<{ pid: number; parent: number; state: string; command: string; cwd: string }>;

/** Everybody who lives; the dead that nobody has collected are left out. */
export async function listProcesses(): Promise<readonly Process[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(ids.map((id) => readProcess(Number(id))));
  return found.filter((one) => one !== undefined);
}

async function readProcess(pid: number): Promise<Process | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    return { pid, parent: Number(parent), state, command, cwd };
  } catch {
    return undefined;
  }
}

/** All descendants of a process. */
export function descendants(all: readonly Process[], ancestor: number): readonly Process[] {
  const children = all.filter(({ parent }) => parent === ancestor);
  return children.flatMap((child) => [child, ...descendants(all, child.pid)]);
}
