// Plays several seeds at once: each lane has a Postgres of its own, since seeds kill it, and takes the next seed when it has
// finished one.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from './plan.ts';
import { openPostgres } from './postgres.ts';
import { runSeed, type SeedResult } from './seed.ts';

/** As a shell says of a program that Ctrl-C ended. */
const BROKEN_OFF = 130;

export async function runLanes(options: {
  jobs: number;
  /** Where the build lies that is played. */
  root: string;
  keep: boolean;
  /** The plan of the seed with this index, from 0; undefined when there were enough. */
  next: (index: number) => Plan | undefined;
  onResult: (result: SeedResult) => void;
}): Promise<void> {
  let index = 0;
  const whenBrokenOff = new Set<() => Promise<void>>();
  let isBrokenOff = false;
  const breakOff = async () => {
    if (isBrokenOff) return;
    isBrokenOff = true;
    await Promise.allSettled([...whenBrokenOff].map((end) => end()));
    process.exit(BROKEN_OFF);
  };
  // Not `once`: libraries that listen, too, end the process as soon as nobody else does.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void breakOff());
  const lane = async () => {
    const dir = await mkdtemp(join(tmpdir(), 'errand-chaos-postgres-'));
    await chmod(dir, 0o711);
    const opening = openPostgres(dir);
    const end = async () => {
      await opening.then((opened) => opened.stop()).finally(() => rm(dir, { recursive: true, force: true }));
    };
    whenBrokenOff.add(end);
    const postgres = await opening;
    try {
      for (let plan = options.next(index++); plan; plan = options.next(index++)) {
        const { root, keep } = options;
        options.onResult(await runSeed({ plan, postgres, root, keep, whenBrokenOff }));
      }
    } finally {
      await end();
      whenBrokenOff.delete(end);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, lane));
}
