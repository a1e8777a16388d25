// What one job may take, and what is said where it took more. Pure.
import type { RepoSettings } from './repo-settings.ts';

/** Per job and turn. Time in milliseconds; memory, disk and output in bytes. */
export type JobLimits = Readonly<{
  turnMs: number;
  silenceMs: number;
  memoryBytes: number;
  processes: number;
  /** All that lies in the job's folder. */
  diskBytes: number;
  /** What the agent's process prints. */
  outputBytes: number;
  /** Messages of the agent, e.g. pieces of text or steps of a tool. */
  messages: number;
}>;

const MINUTE_MS = 60_000;
export const MB = 1_000_000;

/** A repository may hold its jobs tighter than the deployment does, never looser. */
export function tightenLimits<T extends JobLimits>(deployment: T, wishes: RepoSettings['limits'] = {}): T {
  const least = (ours: number, theirs: number | undefined, unit: number) =>
    theirs === undefined ? ours : Math.min(ours, theirs * unit);
  return {
    ...deployment,
    turnMs: least(deployment.turnMs, wishes.minutes, MINUTE_MS),
    silenceMs: least(deployment.silenceMs, wishes.silence_minutes, MINUTE_MS),
    memoryBytes: least(deployment.memoryBytes, wishes.memory_mb, MB),
    processes: least(deployment.processes, wishes.processes, 1),
    diskBytes: least(deployment.diskBytes, wishes.disk_mb, MB),
    outputBytes: least(deployment.outputBytes, wishes.output_mb, MB),
    messages: least(deployment.messages, wishes.messages, 1),
  };
}
