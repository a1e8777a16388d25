// What a runner has to do about a job right now, read off its status alone. Pure.
import type { Job } from './job.ts';

/** `turn`: run an agent. `settle`: make GitHub do what a human decided. Undefined: nothing, or somebody holds it. */
export type Work = 'turn' | 'settle';

export function nextWork(job: Pick<Job, 'status'>): Work | undefined {
  switch (job.status) {
    case 'queued':
      return 'turn';
    case 'merging':
    case 'closing':
      return 'settle';
    default:
      return undefined;
  }
}
