// Ends a process with everything it started. Its process group is the portable part; on Linux /proc also shows children
// that left the group (many agents start each command in a group of its own) and which members are already dead but
// not yet collected.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;
/** How long the kernel may take to remove processes after SIGKILL. */
const KILL_WAIT_MS = 5_000;

type Running = Readonly<{ pid: number; parent: number; group: number; startedAt: string }>;

/**
 * Watches over the group led by `leader` and its descendants. One that has left the group and whose parent is dead can
 * be found only if it was remembered before; else only a sandbox holds it.
 */
export function createProcessTree(leader: number) {
  const tree = new Map<number, string>();
  return {
    /** Notes who is there now: worth it before anything is told to stop. */
    remember: () => collect(leader, tree, listRunning() ?? []),
    /** SIGTERM, after `graceMs` SIGKILL. Resolves true when all are gone. */
    async end(graceMs: number): Promise<boolean> {
      signalTree(leader, tree, 'SIGTERM');
      if (await isGone(leader, tree, graceMs)) return true;
      signalTree(leader, tree, 'SIGKILL');
      return isGone(leader, tree, KILL_WAIT_MS);
    },
  };
}

async function isGone(leader: number, tree: Map<number, string>, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (anyLeft(leader, tree)) {
    if (performance.now() >= deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

function anyLeft(leader: number, tree: Map<number, string>): boolean {
  const running = listRunning();
  if (running === undefined) return signal(-leader, 0);
  collect(leader, tree, running);
  return running.some((each) => each.group === leader || tree.get(each.pid) === each.startedAt);
}

function signalTree(leader: number, tree: Map<number, string>, name: NodeJS.Signals): void {
  const running = listRunning() ?? [];
  collect(leader, tree, running);
  signal(-leader, name);
  for (const { pid, group, startedAt } of running) {
    if (group !== leader && tree.get(pid) === startedAt) signal(pid, name);
  }
}

/** Adds the members of the group and all their descendants to `tree`: process id and when it started, since ids are reused. */
function collect(leader: number, tree: Map<number, string>, running: readonly Running[]): void {
  for (let size = -1; size !== tree.size; ) {
    size = tree.size;
    for (const each of running) {
      if (each.group === leader || tree.has(each.parent)) tree.set(each.pid, each.startedAt);
    }
  }
}

/** All living processes, without the dead that nobody has collected yet; undefined where there is no /proc. */
function listRunning(): Running[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      // pid (name with any characters) state parent group … ; the 22nd field is the start time.
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [state, parent, group] = fields;
      if (state === 'Z' || state === 'X') return [];
      return [
        { pid: Number(name), parent: Number(parent), group: Number(group), startedAt: fields[19] ?? '' },
      ];
    } catch {
      return [];
    }
  });
}

/** Signals a process, or a group by its negative id; false when there is nobody. */
function signal(target: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, name);
  } catch {
    return false;
  }
}
