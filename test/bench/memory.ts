// Resident memory: of the bot, and what one more running job adds to the runner (the agent's own process not counted).
import { readRssMb, setStage, typeCommand, untilJobs } from './stage.ts';

export type MemoryResult = Readonly<{ bot: number; perJob: number }>;

const SLOTS = 10;

/** Megabytes. */
export async function benchMemory(): Promise<MemoryResult> {
  const stage = await setStage();
  try {
    const bot = await stage.startHalf('bot');
    const runner = await stage.startHalf('runner', { ERRAND_SLOTS: String(SLOTS) });
    const working = async (jobs: number) => {
      const { rows } = await stage.store.db.sql.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM jobs WHERE status = 'running' AND progress->'plan' != '[]'::jsonb`,
      );
      return (rows[0]?.n ?? 0) >= jobs;
    };
    const start = async (count: number, inAll: number) => {
      for (let n = 0; n < count; n += 1) await typeCommand(stage.world, 'do script: plan wait ;; hang');
      await untilJobs(stage, ['running'], inAll);
      while (!(await working(inAll))) await nextChange(stage);
    };
    // The first job pays for what all share: loaded modules, pools, the mirror.
    await start(2, 2);
    const few = await readRssMb(runner.pid);
    await start(SLOTS - 2, SLOTS);
    const many = await readRssMb(runner.pid);
    return { bot: await readRssMb(bot.pid), perJob: Math.max(0, (many - few) / (SLOTS - 2)) };
  } finally {
    await stage.close();
  }
}

function nextChange(stage: Awaited<ReturnType<typeof setStage>>): Promise<void> {
  return new Promise((resolve) => {
    const unlisten = stage.store.changes.listen(() => {
      unlisten();
      resolve();
    });
  });
}
