// A job as Slack's own agent session, where the workspace offers them: its status with Slack's Stop button, and the running turn
// as a stream of task cards below the plain card. The card stays the truth: it says everything whenever there is no stream,
// and a stream that ends, for whatever reason, is taken away.
import type { Progress } from '../job/agent-update.ts';
import { isFinal, type Job } from '../job/job.ts';
import { CARD_INTERVAL_MS } from '../job/timing.ts';
import type { Log } from '../log.ts';
import { isNewestInThread, noteSessionStatus, type ShownSession } from '../store/sessions.ts';
import { callNatively, type NativeMeans } from './native-call.ts';
import { appendToStream, endStream, startStream } from './native-stream.ts';
import type { Behind, Rests } from './show-job.ts';
import { sessionTitle } from './stream-tasks.ts';

export type NativeOffer = ReturnType<typeof createNativeOffer>;

/** A workspace that has no sessions today may have them tomorrow. */
const REFUSED_MS = 60 * 60_000;
/** A method that does not answer is left alone for so long; nothing else waits for it. */
const TROUBLE_MS = 60_000;

/**
 * Codes by which Slack says that this app has no agent sessions here. Which of them it is depends on plan and declaration; the
 * method's page (docs.slack.dev/reference/methods/agents.sessions.setStatus) names them only in part.
 */
const NOT_OFFERED = new Set([
  'unknown_method',
  'method_deprecated',
  'feature_disabled',
  'feature_not_enabled',
  'not_allowed',
  'not_allowed_token_type',
  'access_denied',
  'app_not_authorized',
  'missing_scope',
  'no_permission',
  'team_not_enabled',
]);

/** What this process found out about the workspace; forgotten after a while. */
export function createNativeOffer({ log, now }: { log: Log; now: () => Date }) {
  let refusedUntilMs = Number.NEGATIVE_INFINITY;
  let troubledUntilMs = Number.NEGATIVE_INFINITY;
  return {
    /** `refused`: there are none here. `paused`: Slack does not answer; what it should be told is kept. */
    state(): 'open' | 'paused' | 'refused' {
      const nowMs = now().getTime();
      if (nowMs < refusedUntilMs) return 'refused';
      return nowMs < troubledUntilMs ? 'paused' : 'open';
    },
    /** Slack said no. True where it meant all sessions, false where it was about this thread alone. */
    refused(code: string): boolean {
      if (!NOT_OFFERED.has(code)) return false;
      refusedUntilMs = now().getTime() + REFUSED_MS;
      log.info({ code }, 'slack.sessions.not_offered');
      return true;
    },
    troubled(): void {
      troubledUntilMs = now().getTime() + TROUBLE_MS;
    },
  };
}

/** Whether the running turn stands in a stream, so that its card need not repeat it. */
export function isStreamed(job: Job, { stream, overTurn }: ShownSession): boolean {
  return (
    job.status === 'running' && stream?.ts !== undefined && stream.turn === job.turn && overTurn !== job.turn
  );
}

/** Slack shows its Stop button while a session is processing. */
function statusOf({ status, stop }: Job): 'processing' | 'active' | 'closed' {
  if (isFinal(status)) return 'closed';
  return (status === 'queued' || status === 'running') && !stop ? 'processing' : 'active';
}

/** Undefined when Slack's own surface is as it should be, or there is none. Never holds up the card and never throws for Slack's sake. */
export async function showNative(
  means: NativeMeans & Readonly<{ offer: NativeOffer; cardIntervalMs?: number | undefined }>,
  job: Job,
  shown: Readonly<{ session: ShownSession; progress: Progress; rests: Rests }>,
): Promise<Behind | undefined> {
  const { session } = shown;
  const { stream } = session;
  const isOpen = means.offer.state() === 'open';
  if (stream && !(isOpen && mayStream(job, session)))
    return endStream(means, job, { stream, rests: shown.rests });
  const status = statusOf(job);
  if (session.status === undefined && status !== 'processing') return undefined;
  // The card makes the thread that a session needs.
  const { threadTs } = job;
  if (threadTs === undefined) return undefined;
  if (session.status !== status) return setStatus(means, job, { status, threadTs, rests: shown.rests });
  if (job.status !== 'running' || status !== 'processing' || session.overTurn === job.turn) return undefined;
  if (!isOpen) return undefined;
  return stream?.ts === undefined
    ? startStream(means, job, shown)
    : appendToStream(means, job, { ...shown, stream: { ...stream, ts: stream.ts } });
}

/** Slack ends a stream after five minutes (slackapi/node-slack-sdk #2702); ours ends in time to be taken away in order. */
const STREAM_MOST_MS = 4.5 * 60_000;

function mayStream(job: Job, { stream, overTurn }: ShownSession): boolean {
  if (stream === undefined || job.status !== 'running' || job.stop) return false;
  return stream.turn === job.turn && overTurn !== job.turn && (stream.startedAgoMs ?? 0) < STREAM_MOST_MS;
}

async function setStatus(
  means: NativeMeans & Readonly<{ offer: NativeOffer }>,
  job: Job,
  { status, threadTs, rests }: Readonly<{ status: string; threadTs: string; rests: Rests }>,
): Promise<Behind | undefined> {
  const { sql, client, log, offer } = means;
  if (offer.state() === 'refused') return undefined;
  const method = 'agents.sessions.setStatus';
  if (offer.state() === 'paused' || rests.has(method)) return { pauseMs: CARD_INTERVAL_MS };
  if (!(await isNewestInThread(sql, { ...job, threadTs }))) {
    await noteSessionStatus(sql, job.id, status);
    return undefined;
  }
  const outcome = await callNatively(means, job.id, method, () =>
    client.agents.sessions.setStatus({
      channel_id: job.channel,
      thread_ts: threadTs,
      status,
      title: sessionTitle(job),
      initiator_user_id: job.requester,
    }),
  );
  if ('answer' in outcome) {
    await noteSessionStatus(sql, job.id, status);
    return { pauseMs: 0 };
  }
  if (outcome.isElsewhere) return { pauseMs: 0 };
  const { trouble } = outcome;
  if (trouble.kind === 'locked_out') return { pauseMs: 0, lockedOut: trouble.say };
  if (trouble.kind === 'later') {
    if (!trouble.isLimit) offer.troubled();
    return { pauseMs: CARD_INTERVAL_MS };
  }
  if (offer.refused(trouble.say)) return undefined;
  // Something about this thread: its card is all that it has.
  log.info({ code: trouble.say, jobId: job.id }, 'slack.session.refused');
  await noteSessionStatus(sql, job.id, status);
  return undefined;
}
