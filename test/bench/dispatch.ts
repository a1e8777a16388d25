// How long a stored job waits until an idle runner has taken it. Read off the audit trail: created → taken.
import { percentile, setStage, typeCommand, untilJobs } from './stage.ts';

export type DispatchResult = Readonly<{ p50: number; p99: number }>;

/** One job after the other, each with a free slot. Milliseconds. */
export async function benchDispatch(options: { jobs: number }): Promise<DispatchResult> {
  const stage = await setStage();
  try {
    await stage.startHalf('bot');
    await stage.startHalf('runner');
    for (let n = 1; n <= options.jobs; n += 1) {
      await typeCommand(stage.world, 'do script: answer nothing to do');
      await untilJobs(stage, ['done'], n);
    }
    const { rows } = await stage.store.db.sql.query<{ ms: string }>(
      `SELECT extract(epoch FROM taken.at - created.at) * 1000 AS ms
       FROM events created JOIN events taken USING (job_id)
       WHERE created.data->>'event' = 'created' AND taken.data->>'event' = 'taken'`,
    );
    const measured = rows.map((row) => Number(row.ms));
    return { p50: percentile(measured, 50), p99: percentile(measured, 99) };
  } finally {
    await stage.close();
  }
}
