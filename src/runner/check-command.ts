// One command of the repository's own, run by the host's word in the sandbox: for how it ends and what it prints last.
import { createMeter } from '../agent/meter.ts';
import { startProcess } from '../agent/process.ts';
import { PermanentError, TransientError, toError } from '../errors.ts';
import type { Check, CheckRun } from '../job/checks.ts';
import { tightenLimits } from '../job/limits.ts';
import { besideServices } from '../job/services.ts';
import { createTestReader } from '../job/test-report.ts';
import type { CheckTree } from '../workspace/check-tree.ts';
import { whenAborted } from './conversation.ts';
import { jobEgress, wrapInJob } from './job-sandbox.ts';
import type { Prepared } from './phases/prepare.ts';
import { watchResources } from './resource-limits.ts';
import type { TurnRun } from './turn-run.ts';

/** The end of what a command printed, as far as anybody reads it. */
const OUTPUT = { lines: 150, characters: 12_000 } as const;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;

/** How a command came to its end: by itself, over one of its limits, or late. */
type Ending =
  | Readonly<{ kind: 'exit'; code: number | undefined }>
  | Readonly<{ kind: 'limit'; why: Error }>
  | Readonly<{ kind: 'time' }>;

type CommandOptions = Readonly<{
  check: Check;
  tree: CheckTree;
  /** Whether the repository's services run beside it. */
  services: boolean;
  onDenied: (host: string) => void;
}>;

/**
 * Runs a check in its tree. Whatever the command does is a result; throws only the reason of the turn's own end, where
 * the sandbox cannot be set up, and TransientError where the runner has no room, which says nothing of the change.
 */
export async function runCommand(
  turn: TurnRun,
  { settings, workspace }: Prepared,
  { check, tree, services, onDenied }: CommandOptions,
): Promise<CheckRun> {
  const { context, log } = turn;
  const limits = tightenLimits(context.limits, settings.limits);
  const beside = services ? settings.services : undefined;
  const wrapped = await wrapInJob(context, {
    argv: besideServices({ tree: tree.tree, command: check.command, services: beside ?? {} }),
    workspace,
    limits,
    jobDir: tree.dir,
    writable: [tree.tree, tree.gitDir, tree.home, tree.tmp],
    egress: jobEgress(context, { settings, agent: [] }).allowed,
    env: { ...tree.env, CI: 'true' },
  });
  wrapped.onDenied(onDenied);
  const tail = createTail();
  const reader = createTestReader();
  const startedAt = performance.now();
  const child = startProcess({
    command: wrapped.argv,
    cwd: tree.dir,
    env: wrapped.env,
    redact: context.redactor.text,
    onStderrLine: (line) => {
      tail.add(line);
      reader.add(line);
    },
  });
  const held = { limits, deployment: context.limits };
  const watch = watchResources({ held, totals: context.totals, dir: workspace.dir, log });
  try {
    if (child.tree) {
      const meter = createMeter({ process: child, messages: () => 0 }, child.tree);
      watch.attach(meter);
      // Nothing waits for it: a check may be over sooner, and Stop must not come later.
      wrapped
        .started(meter.pid)
        .catch((thrown: unknown) => log.info({ err: toError(thrown) }, 'runner.ceiling.not_set'));
    }
    const ending = await waitForEnd(turn, child, { limitMs: check.limitMs, exhausted: watch.reached });
    const { tests, failures } = reader.report();
    return {
      name: check.name,
      command: context.redactor.text(check.command),
      ...(check.found ? { found: true } : {}),
      ...(check.notIn === undefined ? {} : { notIn: check.notIn }),
      durationMs: Math.round(performance.now() - startedAt),
      ...toOutcome(ending, tail.text()),
      ...(tests ? { tests } : {}),
      failures,
    };
  } finally {
    await child.stop(GRACE_MS);
    await watch.stop();
    await wrapped.release();
  }
}

type Child = ReturnType<typeof startProcess>;

async function waitForEnd(
  { signal }: TurnRun,
  child: Child,
  { limitMs, exhausted }: { limitMs: number; exhausted: Promise<never> },
): Promise<Ending> {
  // It gets no words, and what it might print past our script is read so that it never waits for a reader.
  child.stdin.close().catch(() => {});
  child.stdout.pipeTo(new WritableStream()).catch(() => {});
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), limitMs);
  try {
    return await Promise.race<Ending>([
      child.exited.then(({ code }) => ({ kind: 'exit', code })),
      exhausted.catch((thrown: unknown) => ({ kind: 'limit', why: toError(thrown) })),
      whenAborted(late.signal).catch(() => ({ kind: 'time' })),
      whenAborted(signal),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

function toOutcome(ending: Ending, output: string): Pick<CheckRun, 'outcome' | 'exitCode' | 'output'> {
  switch (ending.kind) {
    case 'exit': {
      const { code } = ending;
      const outcome = code === 0 ? 'passed' : 'failed';
      return { outcome, output, ...(code === undefined ? {} : { exitCode: code }) };
    }
    case 'limit':
      if (isOfRunner(ending.why)) throw new TransientError(ending.why.message, { cause: ending.why });
      return { outcome: 'over_limit', output: `${output}\n${ending.why.message}` };
    case 'time':
      return { outcome: 'timed_out', output };
  }
}

/** What all jobs together took too much of. */
function isOfRunner(error: Error): boolean {
  return error instanceof PermanentError && error.code.startsWith('runner_');
}

/** The last lines, within their bounds. */
function createTail() {
  const lines: string[] = [];
  return {
    add(line: string) {
      lines.push(line);
      if (lines.length > OUTPUT.lines) lines.shift();
    },
    text: () => lines.join('\n').slice(-OUTPUT.characters),
  };
}
