// npm run test:chaos: the whole of Errand as several processes over a local Slack and GitHub and a real Postgres, with
// people at work and faults of every kind; what comes of it is judged from outside. Flags:
//   --seeds N    how many seeds (default 10)          --minutes M  as many as fit into this time instead
//   --seed S     the first of them (default: any)     --jobs K     how many at once (default 2)
//   --broken B   plays a build that was broken on purpose and demands that it is caught (see broken.ts)
//   --keep       leaves the folder of a seed that failed     --plan    only tells what would happen
//   --every-kind goes on, for as many seeds again at most, until every kind of fault has hit
// A line a seed; the last line is JSON. Exit code 1 after a violation, or when a broken build was not caught.
import { parseArgs } from 'node:util';
import { checkSandbox } from '../../src/sandbox/check.ts';
import { readBrokenBuild, withBrokenBuild } from './broken.ts';
import { runLanes } from './lanes.ts';
import { type FaultKind, planSeed, tellPlan } from './plan.ts';
import { createReport } from './report.ts';
import { CHECKOUT } from './unit.ts';

const { values: flags } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    seed: { type: 'string' },
    minutes: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    broken: { type: 'string' },
    keep: { type: 'boolean', default: false },
    'every-kind': { type: 'boolean', default: false },
    plan: { type: 'boolean', default: false },
  },
});

const numberOf = (flag: string, text: string): number => {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`--${flag} wants a number above zero, not "${text}".`);
};
const first =
  flags.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Math.trunc(Number(flags.seed));
const seeds = numberOf('seeds', flags.seeds);
const jobs = numberOf('jobs', flags.jobs);
const untilMs =
  flags.minutes === undefined ? undefined : Date.now() + 60_000 * numberOf('minutes', flags.minutes);
const say = (text: string) => process.stdout.write(`${text}\n`);

const sandbox = await checkSandbox();
const machine = { sandbox: sandbox.ok };
const isPossible = (kind: FaultKind) => machine.sandbox || kind !== 'kill-sandbox-proxy';
if (!sandbox.ok) say(`SKIPPED: kill-sandbox-proxy, since there is no sandbox here. ${sandbox.problem}`);

if (flags.plan) {
  for (let seed = first; seed < first + seeds; seed += 1) say(`${tellPlan(planSeed(seed, machine))}\n`);
} else if (flags.broken === undefined) {
  say(`first seed ${first}, ${untilMs ? `for ${flags.minutes} min` : `${seeds} seeds`}, ${jobs} at once`);
  const report = createReport({ say, first });
  await runLanes({
    jobs,
    root: CHECKOUT,
    keep: flags.keep,
    next: (index) => {
      const isEnough = untilMs === undefined ? index >= seeds : Date.now() >= untilMs;
      const goesOn = flags['every-kind'] && index < 2 * seeds && report.neverHit().some(isPossible);
      return isEnough && !goesOn ? undefined : planSeed(first + index, machine);
    },
    onResult: report.add,
  });
  process.exitCode = report.end() > 0 ? 1 : 0;
} else {
  const build = readBrokenBuild(flags.broken);
  say(`${build.name}: ${build.what}`);
  const report = createReport({ say, first });
  let caught = false;
  await withBrokenBuild(build, (root) =>
    runLanes({
      jobs: 1,
      root,
      keep: flags.keep,
      next: (index) => (caught || index >= build.withinSeeds ? undefined : build.plan(first + index)),
      onResult: (result) => {
        report.add(result);
        caught ||= result.violations.some(({ rule }) => build.caughtBy.includes(rule));
      },
    }),
  );
  say(caught ? `caught: ${build.name}` : `NOT CAUGHT within ${build.withinSeeds} seeds: ${build.name}`);
  report.end();
  process.exitCode = caught ? 0 : 1;
}
