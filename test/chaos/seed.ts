// One seed from beginning to end: set the stage, let people and faults loose, let it settle, judge it from outside.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { playFaults } from './faults/play.ts';
import { checkGitHub } from './invariants/github.ts';
import { checkLeftovers, lookForLeftovers } from './invariants/leftovers.ts';
import { checkSlack } from './invariants/slack.ts';
import { checkTrails } from './invariants/trail.ts';
import type { Violation } from './journal.ts';
import { playStory, type StoryEnd } from './people.ts';
import type { FaultKind, Plan } from './plan.ts';
import type { Postgres } from './postgres.ts';
import { readRecord } from './record.ts';
import { settle } from './settle.ts';
import { type Stage, setStage, untilUp } from './stage.ts';
import { tellJobs, tellTroubles } from './why.ts';

/** After the last fault everybody comes to an end within this time: leases of 30 s, takeovers, retries and pauses. */
const SETTLE_MS = 150_000;
/** A wish that was accepted has its card by then, even if a bot had to find it in the inbox again. */
const LATE_MS = 45_000;
/** How often Slack is asked to deliver at once what it would deliver later; nobody need wait for that when all is well. */
const HURRY_MS = 5_000;
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
  story: readonly string[];
  /** Jobs that are not over, and what the processes last warned of. */
  why: readonly string[];
  /** Where logs and homes lie, if they were kept. */
  dir: string | undefined;
}>;

export async function runSeed(options: {
  plan: Plan;
  postgres: Postgres;
  root: string;
  /** Leaves logs and homes of a seed that failed. */
  keep: boolean;
  /** What is to be done when somebody breaks the run off. */
  whenBrokenOff: Set<() => Promise<void>>;
}): Promise<SeedResult> {
  const begunAt = Date.now();
  const stage = await setStage(options);
  options.whenBrokenOff.add(stage.abandon);
  const { journal } = stage;
  let settledMs = 0;
  const why: string[] = [];
  try {
    settledMs = await play(stage, why);
    await stopAll(stage);
  } catch (thrown) {
    const say = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    journal.violations.push({ rule: 'the suite itself', say });
  }
  const keep = options.keep && journal.violations.length > 0;
  why.push(...tellTroubles(stage));
  const story = journal.tell();
  if (keep) await writeFile(join(stage.dir, 'story.txt'), story.join('\n'));
  await stage.close(keep);
  options.whenBrokenOff.delete(stage.abandon);
  return {
    plan: options.plan,
    faults: journal.faults,
    durationMs: Date.now() - begunAt,
    settledMs,
    violations: journal.violations,
    story,
    why,
    dir: keep ? stage.dir : undefined,
  };
}

/** Answers how long it took to settle; adds to `why` what is known of the jobs that are not over. */
async function play(stage: Stage, why: string[]): Promise<number> {
  const { plan, journal } = stage;
  const begunAt = Date.now();
  await stage.start();
  const patience = Math.min(MOST_PATIENCE, Math.max(1, (Date.now() - begunAt) / USUAL_START_MS));
  const settleMs = Math.round(SETTLE_MS * patience);
  journal.startedAt = Date.now();
  let deadline = Number.POSITIVE_INFINITY;
  const isOver = () => Date.now() > deadline;
  const lateMs = Math.round(LATE_MS * patience);
  const hours = {
    isOver,
    isCalm: () => Number.isFinite(deadline),
    isLate: () => Date.now() > deadline - settleMs + lateMs,
  };
  const stories = plan.stories.map((story) => playStory(stage, story, hours));
  await playFaults(stage);
  const calmAt = Date.now();
  deadline = calmAt + settleMs;
  journal.note('all faults are over');
  const hurry = setInterval(() => void stage.slack.retryNow(), HURRY_MS);
  const ends = await Promise.all(stories).finally(() => clearInterval(hurry));
  const moving = await settle(stage, isOver);
  journal.note('settled');
  const late = [...ends.flatMap(unfinished), ...moving];
  const rule = 'every job ends or waits for a human in bounded time';
  const within = `within ${(settleMs / 1_000).toFixed(0)} s after the last fault`;
  journal.violations.push(...late.map((what) => ({ rule, say: `${what}, ${within}` })));
  const record = await readRecord(stage);
  why.push(...tellJobs(record));
  journal.violations.push(
    ...checkTrails(record),
    ...checkSlack(stage, record),
    ...(await checkGitHub(stage, record)),
  );
  return Date.now() - calmAt;
}

function unfinished({ story, job, final, gaveUp }: StoryEnd): readonly string[] {
  if (final) return [];
  if (gaveUp) return [gaveUp];
  return [job ? `${story} could not bring ${job} to an end` : `${story} got no job`];
}

/** Everybody stops when asked. What a machine has still got lying about is cleared when it comes back, as machines do. */
async function stopAll(stage: Stage): Promise<void> {
  const { units, runners, journal } = stage;
  await stopInPeace(stage, units);
  journal.note('all have stopped');
  if ((await lookForLeftovers(stage)).length > 0) {
    for (const runner of runners) runner.start();
    await untilUp(runners);
    await stopInPeace(stage, runners);
    journal.note('runners came back once more');
  }
  journal.violations.push(...(await checkLeftovers(stage)));
}

async function stopInPeace({ journal }: Stage, units: Stage['units']): Promise<void> {
  const stop = async (unit: Stage['units'][number]) => {
    const askedAt = Date.now();
    const code = await unit.terminate({ forGood: true });
    const tookMs = Date.now() - askedAt;
    if ((code === 0 || code === undefined) && tookMs < STOP_MS) return;
    const say = `${unit.name} ended with ${code} after ${tookMs} ms`;
    journal.violations.push({ rule: 'a process that is asked to stop ends in peace', say });
  };
  await Promise.all(units.map(stop));
}
