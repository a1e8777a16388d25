// Which processes run on this machine. Linux tells in /proc, every other system through ps. Decides nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { execaSync } from 'execa';
import { surroundings } from '../surroundings.ts';

/** One living process; the dead that nobody has collected yet are not among them. */
export type Running = Readonly<{
  pid: number;
  parent: number;
  group: number;
  /** 0 where the system does not tell. */
  session: number;
  /** As the system counts it; with `pid` it names a process for good, since ids are used again. */
  startedAt: string;
  /** Its memory, with what it shares with others (RSS). */
  residentBytes: number;
  /** 1 where the system does not tell. */
  threads: number;
}>;

/** /proc/PID/stat counts memory in pages. Linux on x64 and arm64 has pages of 4 KB, but for some arm64 kernels. */
const PAGE_BYTES = 4096;
const PS_FIELDS = 'pid=,ppid=,pgid=,rss=,stat=,lstart=';

/** Lists all living processes, those with lower ids (mostly the parents) first. */
export type Probe = () => Running[];

export const listRunning: Probe = process.platform === 'linux' ? readProc : askPs;

/** True where the process was started with `entry` (`NAME=value`) in its environment; only Linux tells. */
export function hasInEnvironment(pid: number, entry: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0${entry}\0`);
  } catch {
    return false;
  }
}

/**
 * Its memory with only its share of what it shares (PSS) and what was swapped out; `sharedBytes` of it are files in memory
 * and memory shared on purpose. Undefined where nobody tells.
 */
export function readOwnMemory(pid: number): Readonly<{ bytes: number; sharedBytes: number }> | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const read = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
    return { bytes: read('Pss') + read('SwapPss'), sharedBytes: read('Pss_Shmem') };
  } catch {
    return undefined;
  }
}

function readProc(): Running[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      // pid (name with any characters) state parent group session … ; field 20 is the number of threads, 22 the start time, 24 the memory.
      const stat = readFileSync(`/proc/${id}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [state, parent, group, session] = fields;
      if (state === 'Z' || state === 'X') return [];
      return [
        {
          pid: Number(id),
          parent: Number(parent),
          group: Number(group),
          session: Number(session),
          startedAt: fields[19] ?? '',
          residentBytes: Number(fields[21]) * PAGE_BYTES,
          threads: Number(fields[17]),
        },
      ];
    } catch {
      return [];
    }
  });
}

/** Works on every system that has ps, Linux too. */
export function askPs(): Running[] {
  const { stdout } = execaSync('ps', ['-A', '-o', PS_FIELDS], {
    env: surroundings(),
    extendEnv: false,
    reject: false,
  });
  return parsePs(typeof stdout === 'string' ? stdout : '');
}

/** Reads what `ps -A -o pid=,ppid=,pgid=,rss=,stat=,lstart=` prints; `rss` is in kilobytes. Pure. */
export function parsePs(text: string): Running[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, group, rss, state = '', startedAt = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: 0,
        startedAt,
        residentBytes: Number(rss) * 1024,
        threads: 1,
      },
    ];
  });
}
