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

/** The limits of whoever does the work: `phases.implement.minutes` holds it tighter still. */
export function authorLimits({ limits, phases }: RepoSettings): RepoSettings['limits'] {
  const minutes = Math.min(limits?.minutes ?? Infinity, phases?.implement?.minutes ?? Infinity);
  return { ...limits, ...(Number.isFinite(minutes) ? { minutes } : {}) };
}

type LimitName = keyof JobLimits;

/** Where each limit is set: by the deployment, and by a repository in `.agents/config.yml`. */
const SET_BY: Readonly<
  Record<LimitName, readonly [setting: string, key: keyof NonNullable<RepoSettings['limits']>]>
> = {
  turnMs: ['ERRAND_TURN_LIMIT_MIN', 'minutes'],
  silenceMs: ['ERRAND_SILENCE_LIMIT_MIN', 'silence_minutes'],
  memoryBytes: ['ERRAND_MEMORY_LIMIT_MB', 'memory_mb'],
  processes: ['ERRAND_PROCESS_LIMIT', 'processes'],
  diskBytes: ['ERRAND_DISK_LIMIT_MB', 'disk_mb'],
  outputBytes: ['ERRAND_OUTPUT_LIMIT_MB', 'output_mb'],
  messages: ['ERRAND_MESSAGE_LIMIT', 'messages'],
};

/** Who can raise a limit that was reached, and where: a sentence for people. */
export function sayHowToRaise<Name extends LimitName>(
  name: Name,
  held: Pick<JobLimits, Name>,
  deployment: Pick<JobLimits, Name>,
): string {
  const [setting, key] = SET_BY[name];
  if (held[name] < deployment[name])
    return `The repository sets this limit: \`limits.${key}\`${name === 'turnMs' ? ' or `phases.implement.minutes`' : ''} in \`.agents/config.yml\`.`;
  return `Whoever runs Errand can raise it with ${setting}.`;
}

/** `512 MB`, `4.0 GB`. */
export function formatBytes(bytes: number): string {
  return bytes >= 1_000 * MB ? `${(bytes / (1_000 * MB)).toFixed(1)} GB` : `${Math.round(bytes / MB)} MB`;
}
