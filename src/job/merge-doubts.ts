// What whoever merges should have heard, although it does not stand in the way. Pure.
import { isUnproven } from './checks.ts';
import type { Job } from './job.ts';
import { standingVerdict } from './verdict.ts';

/** Short sentences, asked with before a merge wherever it is pressed; none for most jobs. */
export function mergeDoubts(job: Pick<Job, 'results'>): readonly string[] {
  const red = (job.results.at(-1)?.checks ?? []).filter(isUnproven).map(({ name }) => name);
  const isMissing = standingVerdict(job.results)?.review?.outcome === 'missing';
  return [
    ...(red.length > 0 ? [`Not green: ${nameSome(red)}.`] : []),
    ...(isMissing ? ['The second opinion is missing.'] : []),
  ];
}

function nameSome(names: readonly string[]): string {
  const rest = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
