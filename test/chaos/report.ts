// What is printed: a line a seed, all about a seed that failed, and one line of JSON in the end.
import { FAULT_KINDS, tellPlan } from './plan.ts';
import type { SeedResult } from './seed.ts';

const MOST_VIOLATIONS = 8;
const MOST_WHY = 20;
const MOST_STORY = 24;

export function createReport(options: { say: (text: string) => void; first: number }) {
  const { say } = options;
  const totals = new Map(FAULT_KINDS.map((kind) => [kind, 0]));
  let seeds = 0;
  let violations = 0;

  const neverHit = () => FAULT_KINDS.filter((kind) => totals.get(kind) === 0);

  return {
    /** The kinds of fault that have not hit yet. */
    neverHit,
    add(result: SeedResult): void {
      seeds += 1;
      violations += result.violations.length;
      for (const [kind, count] of result.faults) totals.set(kind, (totals.get(kind) ?? 0) + count);
      say(line(result));
      if (result.violations.length > 0) say(explain(result));
    },
    /** Prints the end; answers how many violations there were. */
    end(): number {
      const never = neverHit();
      if (never.length > 0) say(`never happened: ${never.join(', ')}`);
      say(JSON.stringify({ seeds, faults: Object.fromEntries(totals), violations }));
      return violations;
    },
  };
}

function line({ plan, faults, durationMs, settledMs, violations }: SeedResult): string {
  const hit = [...faults].map(([kind, count]) => (count > 1 ? `${kind}×${count}` : kind)).join(' ');
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(0)} s`;
  const verdict = violations.length === 0 ? 'ok' : `${violations.length} VIOLATIONS`;
  return `seed ${plan.seed}  ${verdict}  ${seconds(durationMs)} (settled in ${seconds(settledMs)})  ${hit}`;
}

/** All that is known, in about sixty lines: the whole story lies beside the logs where they are kept. */
function explain({ plan, violations, story, why, dir }: SeedResult): string {
  const told = violations.slice(0, MOST_VIOLATIONS);
  const left = violations.length - told.length;
  return [
    ...told.map(({ rule, say }) => `  VIOLATED by seed ${plan.seed}: ${rule}: ${say}`),
    ...(left > 0 ? [`  and ${left} more`] : []),
    `  Play it again: npm run test:chaos -- --seeds 1 --seed ${plan.seed} --keep`,
    ...(dir ? [`  Logs, homes and the whole story: ${dir}`] : []),
    ...why.slice(0, MOST_WHY).map((line) => `  ${line}`),
    tellPlan(plan),
    'what happened:',
    ...cutMiddle(story, MOST_STORY),
    '',
  ].join('\n');
}

/** The beginning and, as it is worth more, twice as much of the end. */
function cutMiddle(lines: readonly string[], most: number): readonly string[] {
  if (lines.length <= most) return lines;
  const first = Math.floor(most / 3);
  return [
    ...lines.slice(0, first),
    `         … ${lines.length - most} lines …`,
    ...lines.slice(lines.length - most + first),
  ];
}
