// What a scenario must not leave behind: processes that work below its folder, and trees of jobs that are over.
import { glob, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

/** Fails when a process still stands below `dir` or a job's tree still lies there. Processes get a second to go. */
export async function expectNothingLeft(dir: string): Promise<void> {
  const deadline = Date.now() + 1_000;
  let processes = await processesBelow(dir);
  while (processes.length > 0 && Date.now() < deadline) {
    await delay(POLL_MS);
    processes = await processesBelow(dir);
  }
  if (processes.length > 0) throw new Error(`Left running: ${processes.join(', ')}`);
  const trees = await Array.fromAsync(glob(join(dir, '*', 'jobs', '*', 'tree')));
  if (trees.length > 0) throw new Error(`Left lying: ${trees.join(', ')}`);
}

/** Ids of the processes whose working directory is `dir` or lies in it; only Linux tells. */
export async function processesBelow(dir: string): Promise<string[]> {
  const ids = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    ids
      .filter((id) => /^\d+$/.test(id))
      .map(async (id) => {
        const cwd = await readlink(`/proc/${id}/cwd`).catch(() => '');
        return cwd.startsWith(dir) ? [id] : [];
      }),
  );
  return found.flat();
}

/** Waits until a process is gone; one that has ended but was not collected by its parent yet counts as gone. */
export async function untilGone(pid: number, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (await isAlive(pid)) {
    if (Date.now() > deadline) throw new Error(`Process ${pid} still lives after ${timeoutMs} ms.`);
    await delay(POLL_MS);
  }
}

async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat === undefined || !/\) [ZX] /.test(stat);
}
