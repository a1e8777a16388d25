// Who may do what. Pure. GitHub's own rules always stand above these.
import { type Refusal, refuse } from '../errors.ts';
import { type Job, jobName } from '../job/job.ts';

/** What a person may ask of an existing job. */
export type Ask = 'steer' | 'stop' | 'retry' | 'decide';

/**
 * Undefined when `person` (a Slack user id) may do it. Everybody who may talk in the channel may steer, stop and
 * retry; only the requester and the deployment's named approvers decide what happens to the pull.
 */
export function mayNot(
  ask: Ask,
  who: { person: string; job: Job; approvers: readonly string[] },
): Refusal | undefined {
  if (ask !== 'decide') return undefined;
  if (who.person === who.job.requester || who.approvers.includes(who.person)) return undefined;
  return refuse(
    'not_yours',
    `Only <@${who.job.requester}>${who.approvers.length > 0 ? ' or a named approver' : ''} can decide on ${jobName(who.job)}. Reply in the thread to tell the agent what you would change.`,
  );
}
