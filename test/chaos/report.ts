// What is printed: a line a seed, all about a seed that failed, and one line of JSON in the end.
import { FAULT_KINDS, tellPlan } from './plan.ts';
import type { SeedResult } from './seed.ts';

export function createReport(options: { say: (text: string) => void; first: number }) {
  const { say } = options;
  const totals = new Map(FAULT_KINDS.map((kind) => [kind, 0]));
  let seeds = 0;
  let violations = 0;

  return {
    add(result: SeedResult): void {
      seeds += 1;
      violations += result.violations.length;
      for (const [kind, count] of result.faults) totals.set(kind, (totals.get(kind) ?? 0) + count);
      say(line(result));
      if (result.violations.length > 0) say(explain(result));
    },
    /** Prints the end; answers how many violations there were. */
    end(): number {
      const never = [...totals].filter(([, count]) => count === 0).map(([kind]) => kind);
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

function explain({ plan, violations, story, dir }: SeedResult): string {
  return [
    ...violations.map(({ rule, say }) => `  VIOLATED: ${rule}\n    ${say}`),
    `  Play it again: npm run test:chaos -- --seeds 1 --seed ${plan.seed} --keep`,
    ...(dir ? [`  Logs and homes: ${dir}`] : []),
    tellPlan(plan),
    'what happened:',
    story,
    '',
  ].join('\n');
}
