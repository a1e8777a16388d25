// What the card says of a job's plan, in few words: what was understood, what is assumed, how big it will be. Pure.
import type { Job } from '../job/job.ts';
import { fitMrkdwn } from './text-limits.ts';
import { expectedSize, planMissingWords } from './words/plan.ts';

const ROOM = { understood: 500, assumptions: 3, assumed: 200 } as const;

/** Until a change can be looked at, the plan says what it will be. */
export function isPlanShown({ status, plan }: Pick<Job, 'status' | 'plan'>): boolean {
  return plan !== undefined && (status === 'queued' || status === 'running' || status === 'waiting');
}

/** A paragraph, or none. */
export function planSummary(job: Job): readonly string[] {
  const { plan, planMissing } = job;
  if (job.status === 'running' && planMissing !== undefined && plan === undefined)
    return [planMissingWords(planMissing)];
  if (plan === undefined || !isPlanShown(job)) return [];
  const size = expectedSize(plan);
  const shown = plan.assumptions
    .slice(0, ROOM.assumptions)
    .map(({ assumed }) => oneLine(assumed, ROOM.assumed));
  const more = plan.assumptions.length - shown.length;
  const assumed = [...shown, ...(more > 0 ? [`${more} more`] : [])].join('; ');
  return [
    [
      `*Plan:* ${oneLine(plan.understood, ROOM.understood)}`,
      ...(assumed === '' ? [] : [`Assumes: ${assumed}`]),
      ...(size === undefined ? [] : [`Expects ${size}`]),
    ].join('\n'),
  ];
}

function oneLine(text: string, most: number): string {
  return fitMrkdwn(text.replaceAll(/\s+/g, ' '), most);
}
