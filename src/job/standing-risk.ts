// How risky a merge is at the moment of the decision: the newest verdict, and what happened at GitHub after it was written.
// Pure.
import type { Job } from './job.ts';
import { standingVerdict, type Verdict } from './verdict.ts';

/** What a person must be told before this head is merged, each in a sentence; none for most jobs. */
export function standingBlocking(job: Job): readonly string[] {
  return [...blockingOutside(job), ...(standingVerdict(job.results)?.blocking ?? [])];
}

/** The verdict that a decision is made by, weighed anew. Undefined where there is none. */
export function standingRisk(job: Job): Verdict | undefined {
  const verdict = standingVerdict(job.results);
  const news = blockingOutside(job);
  if (verdict === undefined || news.length === 0) return verdict;
  const former = verdict.reasons.length > 0 ? verdict.reasons : [verdict.riskReason];
  // What makes a risk low holds no longer.
  const reasons = [...news.map(asReason), ...(verdict.risk === 'low' ? [] : former)];
  return {
    ...verdict,
    risk: 'high',
    riskReason: reasons[0] ?? '',
    reasons,
    blocking: [...news, ...verdict.blocking],
  };
}

/** What is red on the base as well is no fault of this change. */
function blockingOutside({ outside, pull }: Job): readonly string[] {
  const { pushed, red } = outside ?? {};
  const ours =
    red?.sha === pull?.headSha ? (red?.names.filter((name) => !red.known.includes(name)) ?? []) : [];
  const head = pull?.headSha.slice(0, 7);
  return [
    ...(pushed
      ? [
          `Pushed${pushed.by ? ` by ${pushed.by}` : ''} after the agent had finished: nobody verified ${head}.`,
        ]
      : []),
    ...ours.map((name) => `The check ${name} is red at GitHub.`),
  ];
}

/** As it goes on after "High risk: …". */
function asReason(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;
}
