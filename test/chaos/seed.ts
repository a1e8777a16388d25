// One seed from beginning to end: set the stage, let people and faults loose, let it settle, judge it from outside.

import { playFaults } from './faults/play.ts';
import { checkGitHub } from './invariants/github.ts';
import { checkLeftovers } from './invariants/leftovers.ts';
import { checkSlack } from './invariants/slack.ts';
import { checkTrails } from './invariants/trail.ts';
import type { Violation } from './journal.ts';
import { playStory, type StoryEnd } from './people.ts';
import type { FaultKind, Plan } from './plan.ts';
import type { Postgres } from './postgres.ts';
import { readRecord } from './record.ts';
import { settle } from './settle.ts';
import { type Stage, setStage, untilUp } from './stage.ts';

/** After the last fault everybody comes to an end within this time: leases of 30 s, takeovers, retries and pauses. */
const SETTLE_MS = 150_000;
/** How long the four processes take to start on two cores of their own. Where it takes longer, all else does too. */
const USUAL_START_MS = 5_000;
const MOST_PATIENCE = 4;
/** An orchestrator kills after 30 s (src/commands/start.ts). */
const STOP_MS = 30_000;

export type SeedResult = Readonly<{
  plan: Plan;
  faults: ReadonlyMap<FaultKind, number>;
  durationMs: number;
  /** From the last fault until nothing moved. */
  settledMs: number;
  violations: readonly Violation[];
  /** Everything that happened, for whoever must understand a violation. */
  story: string;
  /** Where logs and homes lie, if they were kept. */
  dir: string | undefined;
}>;

export async function runSeed(options: {
  plan: Plan;
  postgres: Postgres;
  root: string;
  /** Leaves logs and homes of a seed that failed. */
  keep: boolean;
}): Promise<SeedResult> {
  const begunAt = Date.now();
  const stage = await setStage(options);
  const { journal } = stage;
  let settledMs = 0;
  try {
    settledMs = await play(stage);
    await stopAll(stage);
    journal.violations.push(...(await checkLeftovers(stage)));
  } catch (thrown) {
    const say = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    journal.violations.push({ rule: 'the suite itself', say });
  }
  const keep = options.keep && journal.violations.length > 0;
  await stage.close(keep);
  return {
    plan: options.plan,
    faults: journal.faults,
    durationMs: Date.now() - begunAt,
    settledMs,
    violations: journal.violations,
    story: journal.tell(),
    dir: keep ? stage.dir : undefined,
  };
}

/** Answers how long it took to settle. */
async function play(stage: Stage): Promise<number> {
  const { plan, journal } = stage;
  const begunAt = Date.now();
  await stage.start();
  const patience = Math.min(MOST_PATIENCE, Math.max(1, (Date.now() - begunAt) / USUAL_START_MS));
  const settleMs = Math.round(SETTLE_MS * patience);
  journal.startedAt = Date.now();
  let deadline = Number.POSITIVE_INFINITY;
  const isOver = () => Date.now() > deadline;
  const stories = plan.stories.map((story) => playStory(stage, story, isOver));
  await playFaults(stage);
  const calmAt = Date.now();
  deadline = calmAt + settleMs;
  journal.note('all faults are over');
  const ends = await Promise.all(stories);
  const moving = await settle(stage, isOver);
  journal.note('settled');
  const late = [...ends.flatMap(unfinished), ...moving];
  const rule = 'every job ends or waits for a human in bounded time';
  const within = `within ${settleMs / 1_000} s after the last fault`;
  journal.violations.push(...late.map((what) => ({ rule, say: `${what}, ${within}` })));
  const record = await readRecord(stage);
  journal.violations.push(
    ...checkTrails(record),
    ...checkSlack(stage, record),
    ...(await checkGitHub(stage, record)),
  );
  return Date.now() - calmAt;
}

function unfinished({ story, job, final }: StoryEnd): readonly string[] {
  if (final) return [];
  return [job ? `${story} could not bring ${job} to an end` : `${story} got no job`];
}

/** Everybody stops when asked. The machines then come back once, as they would, and clear what killed ones left. */
async function stopAll(stage: Stage): Promise<void> {
  const { units, runners, journal } = stage;
  const stop = async (some: Stage['units']) => {
    await Promise.all(
      some.map(async (unit) => {
        const askedAt = Date.now();
        const code = await unit.terminate({ forGood: true });
        const tookMs = Date.now() - askedAt;
        if ((code === 0 || code === undefined) && tookMs < STOP_MS) return;
        const say = `${unit.name} ended with ${code} after ${tookMs} ms`;
        journal.violations.push({ rule: 'a process that is asked to stop ends in peace', say });
      }),
    );
  };
  await stop(units);
  for (const runner of runners) runner.start();
  await untilUp(runners);
  await stop(runners);
}
