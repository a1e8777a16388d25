// A process with everything it started: how much that takes, and its end. Found by parent, by group and by session, since
// many agents start each command in a group of its own; and those that got away from all three by their environment.
import { setTimeout as delay } from 'node:timers/promises';
import { measureMemoryFolders, measureNamelessFiles } from './memory-files.ts';
import { hasInEnvironment, listRunning, type Probe, type Running, readOwnMemory } from './running.ts';

const POLL_MS = 25;
/** How long the kernel may take to remove processes after SIGKILL, also where they multiply meanwhile. */
const KILL_WAIT_MS = 10_000;

/** `memoryBytes` is what the processes hold themselves; what they share counts once for each. */
export type TreeUsage = Readonly<{ processes: number; threads: number; memoryBytes: number }>;

/**
 * Watches over the process `leader`, which leads a group, and all it starts. `mark` (`NAME=value`) stands in its
 * environment and in no other's: at the end it finds (on Linux) who left the group and lost its parent unseen, unless it
 * also cast off its environment. Behind a sandbox nothing gets away: there the leader's end is everybody's. `list` says who
 * runs on this machine.
 */
export function createProcessTree(leader: number, mark?: string, list: Probe = listRunning) {
  /** Process id and when it started, since ids are used again. */
  const members = new Map<number, string>();
  /** Groups and sessions which members lead or led: such an id is not used again while anybody is in there. */
  const circles = new Set([leader]);

  /** Learns who belongs to it now; answers the living. */
  function collect(running: readonly Running[]): Running[] {
    const alive = new Map(running.map((each) => [each.pid, each]));
    for (const [pid, startedAt] of members) if (alive.get(pid)?.startedAt !== startedAt) members.delete(pid);
    for (let size = -1; size !== members.size; ) {
      size = members.size;
      for (const each of running) if (!members.has(each.pid) && belongs(each)) add(each);
    }
    return running.filter((each) => members.has(each.pid));
  }

  const belongs = ({ pid, parent, group, session }: Running) =>
    pid === leader || members.has(parent) || circles.has(group) || circles.has(session);

  function add({ pid, group, session, startedAt }: Running): void {
    members.set(pid, startedAt);
    if (group === pid || session === pid) circles.add(pid);
  }

  /** Adds those that only their environment gives away. */
  function collectStrays(running: readonly Running[]): void {
    if (mark === undefined) return;
    // Who was there before us was not started by us: most of a machine, whose environments need not be read.
    const since = Number(running.find(({ pid }) => pid === process.pid)?.startedAt ?? 0);
    for (const each of running) {
      if (Number(each.startedAt) < since || members.has(each.pid)) continue;
      if (hasInEnvironment(each.pid, mark)) add(each);
    }
  }

  function signalAll(name: NodeJS.Signals): void {
    const living = collect(list());
    // The kernel signals a group as a whole: nobody in it can multiply past that.
    for (const circle of circles) signal(-circle, name);
    for (const { pid } of living) signal(pid, name);
  }

  /** SIGKILL until nobody is left, strays too. Resolves false where somebody outlived it. */
  async function kill(): Promise<boolean> {
    // Before anybody is looked for, which takes its time among thousands: behind a sandbox this one ends all, by its namespace.
    signal(-leader, 'SIGKILL');
    const deadline = performance.now() + KILL_WAIT_MS;
    for (;;) {
      signalAll('SIGKILL');
      const running = list();
      collectStrays(running);
      if (collect(running).length === 0) return true;
      if (performance.now() >= deadline) return false;
      await delay(POLL_MS);
    }
  }

  return {
    leader,
    /** Notes who is there now: worth it before anything is told to stop. */
    remember: () => void collect(list()),
    /** What all of it takes now. */
    usage(): TreeUsage {
      const living = collect(list());
      return {
        processes: living.length,
        threads: sum(living.map((each) => each.threads)),
        memoryBytes: sum(living.map((each) => each.residentBytes)),
      };
    },
    /** What it keeps in memory as files, which `usage` does not know (Linux; 0 elsewhere). */
    fileMemory(): number {
      const pids = collect(list()).map(({ pid }) => pid);
      return measureMemoryFolders(pids) + measureNamelessFiles(pids);
    },
    /**
     * All memory, slower and exact: what is shared counts once, what was swapped out counts too. A file in memory that is
     * also mapped shows on both sides, so of these the greater counts.
     */
    exactMemory(): number {
      const living = collect(list());
      const own = living.map(
        ({ pid, residentBytes }) => readOwnMemory(pid) ?? { bytes: residentBytes, sharedBytes: 0 },
      );
      const shared = sum(own.map(({ sharedBytes }) => sharedBytes));
      const files = this.fileMemory();
      return sum(own.map(({ bytes }) => bytes)) + Math.max(0, files - shared);
    },
    kill,
    /** SIGTERM, after `graceMs` SIGKILL. Resolves true when all are gone. */
    async end(graceMs: number): Promise<boolean> {
      signalAll('SIGTERM');
      const deadline = performance.now() + graceMs;
      while (performance.now() < deadline && collect(list()).length > 0) await delay(POLL_MS);
      return kill();
    },
  };
}

export type ProcessTree = ReturnType<typeof createProcessTree>;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Signals a process, or a group by its negative id; nobody there is fine. */
function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch {
    // It is gone already.
  }
}
