// What verification adds to an honest job: the same jobs once with their author alone and once with the plan, the judge of
// its test plan and the review by fresh eyes, in the same run, with an agent that answers at once. What is left is what
// Errand itself takes for it: sessions opened, copies of the tree filled, prompts sent.
import { z } from 'zod';
import { loadJob } from '../../src/store/jobs.ts';
import { type Stage, setStage, typeCommand, untilJobs } from './stage.ts';

export type VerificationResult = Readonly<{
  /** Per job, with everything on; the author alone has one session and one prompt. */
  sessions: number;
  prompts: number;
  plainS: number;
  verifiedS: number;
  ratio: number;
}>;

const idsSchema = z.array(z.object({ id: z.number() }));

/** Seconds a job, one after the other. */
export async function benchVerification({ jobs }: { jobs: number }): Promise<VerificationResult> {
  const stage = await setStage();
  try {
    const bot = await stage.startHalf('bot');
    const plain = await runJobs(stage, { jobs, from: 0, env: {} });
    const verified = await runJobs(stage, {
      jobs,
      from: jobs,
      env: { ERRAND_PLAN: 'auto', ERRAND_REVIEW: 'on' },
    });
    const cost = await countSessions(stage, jobs);
    await bot.stop();
    return { ...cost, plainS: plain, verifiedS: verified, ratio: verified / plain };
  } finally {
    await stage.close();
  }
}

async function runJobs(
  stage: Stage,
  { jobs, from, env }: { jobs: number; from: number; env: Readonly<Record<string, string>> },
): Promise<number> {
  const runner = await stage.startHalf('runner', { ...env, ERRAND_SLOTS: '1' });
  const began = performance.now();
  for (let n = from; n < from + jobs; n += 1) {
    await typeCommand(stage.world, `do script: write out-${n}.txt <<hello`);
    await untilJobs(stage, ['in_review'], n + 1);
  }
  const seconds = (performance.now() - began) / 1000 / jobs;
  await runner.stop();
  return seconds;
}

/** As the verdicts of the last jobs tell it, on average. */
async function countSessions(stage: Stage, jobs: number): Promise<{ sessions: number; prompts: number }> {
  const { sql } = stage.store.db;
  const { rows } = await sql.query('SELECT id::int AS id FROM jobs ORDER BY id DESC LIMIT $1', [jobs]);
  const loaded = await Promise.all(idsSchema.parse(rows).map(({ id }) => loadJob(sql, id)));
  const sessions = loaded.flatMap((job) => job?.results.at(-1)?.verdict?.sessions ?? []);
  return {
    sessions: sessions.length / jobs,
    prompts: sessions.reduce((sum, { prompts }) => sum + prompts, 0) / jobs,
  };
}
