// What people are told when a limit ends a turn: which one, how much there was of it, and who can raise it. Pure.
import { PermanentError } from '../errors.ts';
import { formatBytes, type JobLimits, sayHowToRaise } from '../job/limits.ts';

/** What a job took when it was looked at. */
export type Taken = Readonly<{
  processes: number;
  threads: number;
  outputBytes: number;
  messages: number;
}>;

/** The limits that hold, and those of the deployment, which a repository may have tightened. */
export type Held = Readonly<{ limits: JobLimits; deployment: JobLimits }>;

/** Threads have no setting of their own. A runtime starts some twenty, whatever it runs, and a machine bears some thousand. */
const THREADS = { least: 300, perProcess: 4 } as const;

/** The most threads, those of single-threaded processes too, that a job may run. */
export function mostThreads({ processes }: Pick<JobLimits, 'processes'>): number {
  return THREADS.least + THREADS.perProcess * processes;
}

/** What is told by the process tree and the connection alone; undefined where all is within its limits. */
export function judgeTaken(taken: Taken, held: Held): PermanentError | undefined {
  const { limits } = held;
  if (taken.processes > limits.processes)
    return over(
      'processes',
      held,
      `ran more than ${limits.processes} processes at once (${taken.processes})`,
    );
  if (taken.threads > mostThreads(limits))
    return over('processes', held, `ran more than ${mostThreads(limits)} threads at once (${taken.threads})`);
  if (taken.outputBytes > limits.outputBytes)
    return over('outputBytes', held, much('printed', 'output', limits.outputBytes, taken.outputBytes));
  if (taken.messages > limits.messages) {
    const [most, seen] = [limits.messages, taken.messages].map((count) => count.toLocaleString('en-US'));
    return over('messages', held, `sent more than ${most} messages in one turn (${seen})`);
  }
  return undefined;
}

export function memoryLimit(takenBytes: number, held: Held): PermanentError {
  return over('memoryBytes', held, much('took', 'memory', held.limits.memoryBytes, takenBytes));
}

export function diskLimit(takenBytes: number, held: Held): PermanentError {
  const say = much('filled', 'disk', held.limits.diskBytes, takenBytes);
  return over('diskBytes', held, `${say}, where each file counts for at least 4 KB`);
}

/** All jobs together took too much memory; this one most of it. */
export function runnerMemoryLimit(takenBytes: number, limitBytes: number): PermanentError {
  return runnerFull(
    'runner_memory_limit',
    `The runner is short of memory: its jobs may take ${formatBytes(limitBytes)} together, and this one took the most (${formatBytes(takenBytes)}), so it was stopped.`,
    'ERRAND_RUNNER_MEMORY_LIMIT_MB',
  );
}

/** The machine's disk is nearly full; this job filled the most. `lack` is a sentence (room.ts). */
export function runnerDiskLimit(takenBytes: number, lack: string): PermanentError {
  return runnerFull(
    'runner_disk_limit',
    `The runner is short of disk: ${lack} This job filled the most (${formatBytes(takenBytes)}), so it was stopped.`,
    'ERRAND_FREE_DISK_MB',
  );
}

const CODES = {
  memoryBytes: 'memory_limit',
  processes: 'process_limit',
  diskBytes: 'disk_limit',
  outputBytes: 'output_limit',
  messages: 'message_limit',
} as const;

function over(name: keyof typeof CODES, { limits, deployment }: Held, say: string): PermanentError {
  return new PermanentError(
    CODES[name],
    `The agent ${say}, so it was stopped. Its work so far is kept: press Retry to go on, or ask for a smaller task. ${sayHowToRaise(name, limits, deployment)}`,
  );
}

function much(verb: string, what: string, limitBytes: number, takenBytes: number): string {
  return `${verb} more than ${formatBytes(limitBytes)} of ${what} (${formatBytes(takenBytes)})`;
}

function runnerFull(code: string, say: string, setting: string): PermanentError {
  const rest = `Its work so far is kept: press Retry when fewer jobs are running. Whoever runs Errand decides with ${setting}.`;
  return new PermanentError(code, `${say} ${rest}`);
}
