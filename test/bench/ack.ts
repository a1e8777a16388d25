// How long a slash command waits for its acknowledgement when 50 people type at once. Slack allows 3,000 ms.
import { percentile, setStage, typeCommand, untilJobs } from './stage.ts';

export type AckResult = Readonly<{ p50: number; p99: number }>;

const AT_ONCE = 50;

/** `rounds` times 50 commands at once, after one round to warm up. Milliseconds. */
export async function benchAck(options: { rounds: number }): Promise<AckResult> {
  const stage = await setStage();
  try {
    await stage.startHalf('bot');
    const round = () =>
      Promise.all(Array.from({ length: AT_ONCE }, (_, n) => typeCommand(stage.world, `do count to ${n}`)));
    await round();
    const measured: number[] = [];
    for (let n = 1; n <= options.rounds; n += 1) {
      // Each burst begins when the one before is stored: the question is what fifty people wait, not a hundred.
      await untilJobs(stage, ['queued'], n * AT_ONCE);
      measured.push(...(await round()));
    }
    return { p50: percentile(measured, 50), p99: percentile(measured, 99) };
  } finally {
    await stage.close();
  }
}
