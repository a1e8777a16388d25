// Somebody pressed the Stop button that Slack shows while an agent's session is processing: the same wish as *Stop* on the card,
// with the same rules. (docs.slack.dev/reference/events/agent_session_stopped)
import { stopJob } from '../actions/stop-job.ts';
import { isRefusal } from '../errors.ts';
import { findJobByThread } from '../store/jobs.ts';
import { answer } from './answer.ts';
import type { Desk, Request } from './desk.ts';
import { sessionStoppedSchema } from './payloads.ts';
import { saidAt } from './said-at.ts';

export async function hearSessionStopped(desk: Desk, event: unknown, request: Request): Promise<void> {
  const { channel, thread_ts: threadTs, user, event_ts: eventTs } = sessionStoppedSchema.parse(event);
  const job = await findJobByThread(desk.actions.store.db.sql, { channel, threadTs });
  if (job === undefined) return;
  const say = (words: string) => answer(desk, { key: request.key, channel, user, threadTs }, words);
  const may = await desk.rights.forJob('stop', { speaker: { id: user }, channel, jobId: job.id });
  if (isRefusal(may)) return say(may.refusal);
  const outcome = await stopJob(desk.actions, {
    jobId: job.id,
    team: desk.identity().teamId,
    by: user,
    from: may.from,
    key: request.key,
    askedAt: saidAt(eventTs, request.receivedAt),
  });
  if (isRefusal(outcome)) await say(outcome.refusal);
}
