// What a press does. Who may press, and whether the button still applies, is read from the database.
import type { View } from '@slack/web-api';
import { noSuchJob } from '../actions/act.ts';
import { approveJob } from '../actions/approve-job.ts';
import { mayNot } from '../actions/may.ts';
import { retryJob } from '../actions/retry-job.ts';
import { interruptJob, stopJob } from '../actions/stop-job.ts';
import { isRefusal, type Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { loadJob } from '../store/jobs.ts';
import { answer, type Recipient } from './answer.ts';
import type { Desk, Request } from './desk.ts';
import { type ButtonValue, parseButtonValue } from './ids.ts';
import { changesModal, type DecisionPlace, rejectModal } from './modals.ts';
import { openForm } from './open-form.ts';
import { type Click, clickSchema } from './payloads.ts';
import { oldButton, windowTooLate } from './words/answers.ts';

type Wish = Readonly<{ jobId: number; team: string; by: string; key: string; turn?: number }>;

export const pressStop = pressing((desk, wish) => stopJob(desk.actions, wish));
export const pressInterrupt = pressing((desk, wish) => interruptJob(desk.actions, wish));
export const pressRetry = pressing((desk, wish) => retryJob(desk.actions, wish));
/** Merges exactly the SHA that the message shows; a value without one is from no message of ours. */
export const pressApprove = pressing((desk, wish, { sha, base }) =>
  sha === undefined
    ? Promise.resolve(noSuchJob(wish.jobId))
    : approveJob(desk.actions, { ...wish, sha, ...(base === undefined ? {} : { base }) }),
);

/** A press that changes the job at once. What came of it shows on the card; only a refusal is said. */
function pressing(act: (desk: Desk, wish: Wish, value: ButtonValue) => Promise<Job | Refusal>) {
  return async (desk: Desk, body: unknown, request: Request): Promise<void> => {
    const click = clickSchema.parse(body);
    const say = (words: string) => answer(desk, clickerOf(click, request), words);
    const value = parseButtonValue(click.actions[0]?.value ?? '');
    if (value === undefined) return say(oldButton());
    const guest = await desk.people.mayNotCommand(click.user.id);
    if (guest) return say(guest.refusal);
    const { jobId, turn } = value;
    const wish = { jobId, team: desk.identity().teamId, by: click.user.id, key: request.key };
    const outcome = await act(desk, { ...wish, ...(turn === undefined ? {} : { turn }) }, value);
    if (isRefusal(outcome)) await say(outcome.refusal);
  };
}

export const pressChanges = opening('steer', changesModal);
export const pressReject = opening('decide', rejectModal);

/** A press that opens a form. Slack allows 3 s, so nothing but the database is asked before. */
function opening(ask: 'steer' | 'decide', build: (place: DecisionPlace) => View) {
  return async (desk: Desk, body: unknown, request: Request): Promise<void> => {
    const click = clickSchema.parse(body);
    const say = (words: string) => answer(desk, clickerOf(click, request), words);
    const value = parseButtonValue(click.actions[0]?.value ?? '');
    if (value === undefined) return say(oldButton());
    const refusal = await refuseOpening(desk, { jobId: value.jobId, person: click.user.id, ask });
    if (refusal) return say(refusal.refusal);
    if (!(await openForm(desk, click.trigger_id, build(value)))) await say(windowTooLate());
  };
}

async function refuseOpening(
  { actions, identity }: Desk,
  wish: { jobId: number; person: string; ask: 'steer' | 'decide' },
): Promise<Refusal | undefined> {
  const job = await loadJob(actions.store.db.sql, wish.jobId);
  if (job === undefined || job.team !== identity().teamId) return noSuchJob(wish.jobId);
  return mayNot(wish.ask, { person: wish.person, job, approvers: actions.approvers });
}

/** Who pressed, and where an answer reaches them. */
function clickerOf(click: Click, { key }: Request): Recipient {
  const channel = click.channel?.id ?? click.container.channel_id ?? click.user.id;
  const threadTs = click.message?.thread_ts ?? click.container.thread_ts;
  return { key, channel, user: click.user.id, threadTs, responseUrl: click.response_url };
}
