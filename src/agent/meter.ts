// What a running agent takes with everything it started, for whoever holds it to limits.
import type { ProcessTree, TreeUsage } from '../sandbox/process-tree.ts';

/** `kill` ends it without a word of warning. */
export type Meter = Readonly<{
  /** The process that was started; behind a sandbox the sandbox's own. */
  pid: number;
  usage(): TreeUsage & Readonly<{ outputBytes: number; messages: number }>;
  /** Files that are memory; not in `usage`. */
  fileMemory(): number;
  /** All of it: slower than `usage`, and exact where processes share memory. */
  exactMemory(): number;
  kill(): Promise<boolean>;
}>;

/** Reads what comes from a program and the processes behind it. */
export function createMeter(
  source: Readonly<{ process: Readonly<{ outputBytes: () => number }>; messages: () => number }>,
  tree: ProcessTree,
): Meter {
  const { process, messages } = source;
  return {
    pid: tree.leader,
    usage: () => ({ ...tree.usage(), outputBytes: process.outputBytes(), messages: messages() }),
    fileMemory: () => tree.fileMemory(),
    exactMemory: () => tree.exactMemory(),
    kill: tree.kill,
  };
}
