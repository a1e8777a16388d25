// npm run bench: measures Errand and prints a table; with --json the last line is one JSON object. --quick takes fewer
// rounds and a smaller repository; --only=ack,overhead picks parts.
import { parseArgs } from 'node:util';
import { checkSandbox } from '../../src/sandbox/check.ts';
import { benchAck } from './ack.ts';
import { benchDispatch } from './dispatch.ts';
import { benchMemory } from './memory.ts';
import { benchOverhead } from './overhead.ts';
import { benchPages } from './pages.ts';
import { benchVerification } from './verification.ts';
import { benchWorkspace } from './workspace.ts';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: 'ack,dispatch,workspace,overhead,verification,pages,memory' },
  },
});
const parts = new Set(flags.only.split(','));
const { quick } = flags;

const say = (text: string) => process.stdout.write(`${text}\n`);
const row = (name: string, value: string, aim: string) =>
  say(`${name.padEnd(46)} ${value.padStart(22)}   ${aim}`);
const number = (value: number, digits = 1) => Number(value.toFixed(digits));

/** Runs one part where it was asked for, and tells what it is about to do. */
async function part<T>(name: string, run: () => Promise<T>): Promise<T | undefined> {
  if (!parts.has(name)) return undefined;
  if (!flags.json) process.stderr.write(`… ${name}\n`);
  return run();
}

const ack = await part('ack', () => benchAck({ rounds: quick ? 2 : 8 }));
const dispatch = await part('dispatch', () => benchDispatch({ jobs: quick ? 5 : 20 }));
const workspace = await part('workspace', () =>
  benchWorkspace({ files: quick ? 5_000 : 50_000, rounds: quick ? 3 : 5 }),
);
const off = await part('overhead', () => benchOverhead({ jobs: quick ? 8 : 20, sandbox: false }));
const sandbox = off && (await checkSandbox());
const on = sandbox?.ok ? await benchOverhead({ jobs: quick ? 8 : 20, sandbox: true }) : undefined;
const verification = await part('verification', () => benchVerification({ jobs: quick ? 3 : 10 }));
const pages = await part('pages', () =>
  benchPages({ events: quick ? 5_000 : 50_000, rounds: quick ? 3 : 9 }),
);
const memory = await part('memory', benchMemory);

if (ack)
  row(
    'slash command to ack, 50 at once',
    `p50 ${ack.p50.toFixed(0)} p99 ${ack.p99.toFixed(0)} ms`,
    'aim p99 < 100 ms',
  );
if (dispatch)
  row('stored to runner started', `p50 ${dispatch.p50.toFixed(0)} p99 ${dispatch.p99.toFixed(0)} ms`, '');
if (workspace) {
  const { files, oursMs, worktreeAddMs, cloneMs, vsWorktreeAdd, vsClone } = workspace;
  row(`tree of ${files} files: ours`, `${oursMs.toFixed(0)} ms`, '');
  row(
    '  bare git worktree add',
    `${worktreeAddMs.toFixed(0)} ms`,
    `ours ${vsWorktreeAdd.toFixed(2)}×, aim ≤ 1.1×`,
  );
  row('  git clone --depth 1', `${cloneMs.toFixed(0)} ms`, `ours ${vsClone.toFixed(2)}×`);
}
for (const overhead of [off, on]) {
  if (!overhead) continue;
  const { oursS, shellS, ratio, oursCpuS, shellCpuS, cpuRatio } = overhead;
  row(
    `jobs on 4 slots, sandbox ${overhead.sandbox}`,
    `${oursS.toFixed(1)} s / ${shellS.toFixed(1)} s`,
    `${ratio.toFixed(2)}× a shell script, aim ≤ 1.3×`,
  );
  // What a sandbox ends as a whole is counted nowhere.
  if (overhead.sandbox === 'on') continue;
  row(
    '  CPU time of one job',
    `${(1000 * oursCpuS).toFixed(0)} ms / ${(1000 * shellCpuS).toFixed(0)} ms`,
    `${cpuRatio.toFixed(2)}× a shell script`,
  );
}
if (off && !on) say(`The sandbox was not measured: ${sandbox && !sandbox.ok ? sandbox.problem : ''}`);
if (verification) {
  const { sessions, prompts, plainS, verifiedS, ratio } = verification;
  row(
    'plan, judge and review of an honest job',
    `${plainS.toFixed(1)} s → ${verifiedS.toFixed(1)} s`,
    `${ratio.toFixed(2)}× its author alone`,
  );
  row(
    '  sessions and prompts of it',
    `${sessions.toFixed(1)}, ${prompts.toFixed(1)}`,
    'its author alone: 1, 1',
  );
}
if (pages) {
  const { events, smallMs, largeMs, paintRatio, streamed, read, streamRatio } = pages;
  const { playgroundMs, playgroundDrawnMs } = pages;
  row(
    `first paint of a job page, 100 and ${events} events`,
    `${smallMs.toFixed(0)} ms → ${largeMs.toFixed(0)} ms`,
    `${paintRatio.toFixed(2)}×`,
  );
  row(
    '  its live transcript',
    `${streamed.toFixed(0)} events/s`,
    `${streamRatio.toFixed(2)}× reading them from Postgres (${read.toFixed(0)}/s)`,
  );
  row(
    'first paint of the playground, until drawn',
    `${playgroundMs.toFixed(0)} ms, ${playgroundDrawnMs.toFixed(0)} ms`,
    '',
  );
}
if (memory) {
  row('resident memory of the bot', `${memory.bot.toFixed(0)} MB`, 'aim ≤ 150 MB');
  row('one more running job', `${memory.perJob.toFixed(1)} MB`, 'aim ≤ 10 MB');
}

if (flags.json) {
  say(
    JSON.stringify({
      ackMs: ack && { p50: number(ack.p50), p99: number(ack.p99) },
      dispatchMs: dispatch && { p50: number(dispatch.p50), p99: number(dispatch.p99) },
      workspace: workspace && {
        files: workspace.files,
        oursMs: number(workspace.oursMs),
        worktreeAddMs: number(workspace.worktreeAddMs),
        cloneMs: number(workspace.cloneMs),
        vsWorktreeAdd: number(workspace.vsWorktreeAdd, 2),
        vsClone: number(workspace.vsClone, 2),
      },
      overhead: off && {
        oursS: number(off.oursS, 2),
        shellS: number(off.shellS, 2),
        ratio: number(off.ratio, 2),
        cpuRatio: number(off.cpuRatio, 2),
      },
      overheadSandboxed: on && {
        oursS: number(on.oursS, 2),
        shellS: number(on.shellS, 2),
        ratio: number(on.ratio, 2),
      },
      verification: verification && {
        ratio: number(verification.ratio, 2),
        sessions: number(verification.sessions),
        prompts: number(verification.prompts),
      },
      pages: pages && {
        events: pages.events,
        smallMs: number(pages.smallMs),
        largeMs: number(pages.largeMs),
        paintRatio: number(pages.paintRatio, 2),
        streamedPerS: number(pages.streamed, 0),
        readPerS: number(pages.read, 0),
        streamRatio: number(pages.streamRatio, 2),
        playgroundMs: number(pages.playgroundMs),
        playgroundDrawnMs: number(pages.playgroundDrawnMs),
      },
      rssMb: memory && { bot: number(memory.bot), perJob: number(memory.perJob) },
    }),
  );
}
