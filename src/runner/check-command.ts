// One command of the repository's own, run by the host's word in the sandbox: for how it ends and what it prints last.
import { startProcess } from '../agent/process.ts';
import { toError } from '../errors.ts';
import type { Check, CheckRun } from '../job/checks.ts';
import { chooseEgress } from '../job/egress.ts';
import { tightenLimits } from '../job/limits.ts';
import type { CheckTree } from '../workspace/check-tree.ts';
import { whenAborted } from './conversation.ts';
import { COMMON_VARIABLES, sharedObjects } from './launch-agent.ts';
import type { Prepared } from './phases/prepare.ts';
import { watchResources } from './resource-limits.ts';
import type { TurnRun } from './turn-run.ts';

/** The end of what a command printed, as far as anybody reads it. */
const OUTPUT = { lines: 150, characters: 12_000 } as const;
/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000;

/** Everything in one stream, in its order; the command's own text is an argument and never part of a script of ours. */
const SCRIPT = 'cd "$1" && exec /bin/sh -c "$2" 1>&2';

/**
 * Runs a check in its tree. Whatever the command does is a result; throws only the reason of the turn's own end, and
 * where the sandbox cannot be set up.
 */
export async function runCommand(
  turn: TurnRun,
  { settings, workspace }: Prepared,
  { check, tree }: { check: Check; tree: CheckTree },
): Promise<CheckRun> {
  const { context, log, signal } = turn;
  const limits = tightenLimits(context.limits, settings.limits);
  const wrapped = await wrapCommand(turn, { settings, workspace }, { check, tree });
  const watch = watchResources({ limits, totals: context.totals, dir: workspace.dir, log });
  const tail = createTail();
  const startedAt = performance.now();
  const child = startProcess({
    command: wrapped.argv,
    cwd: tree.dir,
    env: wrapped.env,
    redact: context.redactor.text,
    onStderrLine: tail.add,
  });
  child.stdin.close().catch(() => {});
  const drained = child.stdout.pipeTo(new WritableStream()).catch(() => {});
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), check.limitMs);
  try {
    if (child.tree) {
      const { usage, exactMemory, kill } = child.tree;
      watch.attach({
        usage: () => ({ ...usage(), outputBytes: child.outputBytes(), messages: 0 }),
        exactMemory,
        kill,
      });
    }
    const ended = await Promise.race([
      child.exited.then((exit) => ({ kind: 'exit' as const, exit })),
      watch.reached.catch((thrown: unknown) => ({ kind: 'limit' as const, why: toError(thrown).message })),
      whenAborted(limit.signal).catch(() => ({ kind: 'time' as const })),
      whenAborted(signal),
    ]);
    const ran = {
      name: check.name,
      command: context.redactor.text(check.command),
      durationMs: Math.round(performance.now() - startedAt),
    };
    switch (ended.kind) {
      case 'exit': {
        const { code } = ended.exit;
        const outcome = code === 0 ? ('passed' as const) : ('failed' as const);
        return { ...ran, outcome, ...(code === undefined ? {} : { exitCode: code }), output: tail.text() };
      }
      case 'limit':
        return { ...ran, outcome: 'failed', output: `${tail.text()}\n${ended.why}` };
      case 'time':
        return { ...ran, outcome: 'timed_out', output: tail.text() };
    }
  } finally {
    clearTimeout(timer);
    await child.stop(GRACE_MS);
    await watch.stop();
    await wrapped.release();
    await drained;
  }
}

async function wrapCommand(
  { context }: TurnRun,
  { settings, workspace }: Pick<Prepared, 'settings' | 'workspace'>,
  { check, tree }: { check: Check; tree: CheckTree },
) {
  const { sandbox, agents, home, secretFiles } = context;
  const egress = chooseEgress({
    agent: [],
    deployment: agents.egress,
    repository: settings.egress ?? [],
    repositoryMayWiden: agents.repositoryEgress,
  });
  const plain = COMMON_VARIABLES.flatMap((name) => {
    const value = agents.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return sandbox.wrap({
    argv: ['/bin/sh', '-c', SCRIPT, 'sh', tree.tree, check.command],
    jobDir: tree.dir,
    writable: [tree.tree, tree.gitDir, tree.home, tree.tmp],
    denyRead: [home, ...secretFiles],
    readable: [sharedObjects(workspace)],
    egress: egress.allowed,
    env: { ...Object.fromEntries(plain), ...tree.env, CI: 'true' },
  });
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
