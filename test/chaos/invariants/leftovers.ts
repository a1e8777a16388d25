// What must be gone once all has stopped: processes, trees, worktrees that git still knows, locks, temporary files.
import { glob, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Violation } from '../journal.ts';
import { listProcesses } from '../process-table.ts';
import type { Stage } from '../stage.ts';

const LOOK_MS = 100;
/** How long the kernel and dying agents may take. */
const PATIENCE_MS = 3_000;
/** Half-written objects of a killed git go when they are an hour old (workspace/stale-objects.ts): no seed lasts as long. */
const LEFT_LYING = ['jobs/*/tree', 'jobs/*/agent.git', 'repos/*/*.git/worktrees/*', 'repos/**/*.lock'];

export async function checkLeftovers(stage: Stage): Promise<readonly Violation[]> {
  const deadline = Date.now() + PATIENCE_MS;
  let found = await lookForLeftovers(stage);
  while (found.length > 0 && Date.now() < deadline) {
    await delay(LOOK_MS);
    found = await lookForLeftovers(stage);
  }
  return found.map((say) => ({ rule: 'nothing is left behind', say }));
}

/** What lies or runs there at this moment, in words. */
export async function lookForLeftovers(stage: Stage): Promise<readonly string[]> {
  return [...(await leftRunning(stage)), ...(await leftLying(stage)), ...(await leftTemporary(stage))];
}

/** Everything Errand starts works below its folder or names it. */
async function leftRunning({ dir }: Stage): Promise<readonly string[]> {
  const left = (await listProcesses()).filter(
    ({ cwd, command, pid }) => pid !== process.pid && (cwd.startsWith(dir) || command.includes(`${dir}/`)),
  );
  return left.map(({ pid, command }) => `process ${pid} still runs: ${command.slice(0, 160)}`);
}

async function leftLying({ dir, homes }: Stage): Promise<readonly string[]> {
  const patterns = homes.flatMap((home) => LEFT_LYING.map((pattern) => join(home, pattern)));
  const found = await Array.fromAsync(glob(patterns));
  return found.map((path) => `${relative(dir, path)} still lies there`);
}

async function leftTemporary({ tmp }: Stage): Promise<readonly string[]> {
  // The folder of the sandbox's markers stays, and so does a cache of compiled code (jiti's, below node-pg-migrate).
  const names = (await readdir(tmp)).filter(
    (name) => !/^(errand-sandbox-\d+|jiti|node-compile-cache)$/.test(name),
  );
  return names.map((name) => `${name} still lies in the temporary folder`);
}
