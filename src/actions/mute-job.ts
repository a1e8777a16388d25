// The wishes "leave it alone" and "listen again": whether what happens at GitHub begins turns of a job.
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act, type JobWish } from './act.ts';

/** Words in Slack still count for a muted job; what was said at GitHub meanwhile is read when it is unmuted. */
export function muteJob(
  context: ActionContext,
  wish: JobWish & Readonly<{ to: 'mute' | 'unmute' }>,
): Promise<Job | Refusal> {
  return act(context, { ...wish, ask: 'steer', event: { type: wish.to, by: wish.by } });
}
