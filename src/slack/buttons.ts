// What a press does. Who may press, and whether the button still applies, is read from the database.
import type { View } from '@slack/web-api';
import type { Standpoint } from '../actions/act.ts';
import { noSuchJob } from '../actions/act.ts';
import { approveJob } from '../actions/approve-job.ts';
import { retryJob } from '../actions/retry-job.ts';
import { interruptJob, stopJob } from '../actions/stop-job.ts';
import { updateBranch } from '../actions/update-branch.ts';
import { isRefusal, type Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Ask } from '../job/permissions.ts';
import { loadJob } from '../store/jobs.ts';
import { answer, type Recipient } from './answer.ts';
import { askOnceMore } from './approve-button.ts';
import type { Desk, Request } from './desk.ts';
import { type ButtonValue, parseButtonValue } from './ids.ts';
import { changesModal, type DecisionPlace, rejectModal } from './modals.ts';
import { openForm } from './open-form.ts';
import { type Click, clickSchema, speakerOf } from './payloads.ts';
import type { Words } from './tell.ts';
import { oldButton, windowTooLate } from './words/answers.ts';

/** What every press carries to its action. */
export type Wish = Readonly<{
  jobId: number;
  team: string;
  by: string;
  from: Standpoint;
  key: string;
  turn?: number;
}>;

export const pressStop = pressing('stop', (desk, wish) => stopJob(desk.actions, wish));
export const pressInterrupt = pressing('steer', (desk, wish) => interruptJob(desk.actions, wish));
export const pressUpdate = pressing('steer', (desk, wish) => updateBranch(desk.actions, wish));
export const pressRetry = pressing('retry', (desk, wish) => retryJob(desk.actions, wish));
/** Merges exactly the SHA that the message shows; a value without one is from no message of ours. */
export const pressApprove = pressing(
  'approve',
  (desk, wish, { sha, base, knowing = false }) =>
    sha === undefined
      ? Promise.resolve(noSuchJob(wish.jobId))
      : approveJob(desk.actions, { ...wish, sha, knowing, ...(base === undefined ? {} : { base }) }),
  askAboutBlocking,
);

/** What is blocking is asked about once more, with the button that knows of it. */
async function askAboutBlocking(
  { actions }: Desk,
  { code, refusal }: Refusal,
  jobId: number,
): Promise<Words | string> {
  const job = code === 'blocking' ? await loadJob(actions.store.db.sql, jobId) : undefined;
  return job === undefined ? refusal : askOnceMore(job, refusal);
}

/** A press that changes the job at once. What came of it shows on the card; only a refusal is said. */
export function pressing(
  ask: Ask,
  act: (desk: Desk, wish: Wish, value: ButtonValue) => Promise<Job | Refusal>,
  explain = async (_desk: Desk, { refusal }: Refusal, _jobId: number): Promise<Words | string> => refusal,
) {
  return async (desk: Desk, body: unknown, request: Request): Promise<void> => {
    const click = clickSchema.parse(body);
    const say = async (words: Words | string) => {
      await answer(desk, clickerOf(desk, click, request), words);
      if (isAtHome(click)) desk.homes.wake();
    };
    const value = parseButtonValue(click.actions[0]?.value ?? '');
    if (value === undefined) return say(oldButton());
    const { jobId, turn } = value;
    const may = await desk.rights.forJob(ask, { ...whoClicked(click), jobId });
    if (isRefusal(may)) return say(may.refusal);
    const { from } = may;
    const wish = { jobId, team: desk.identity().teamId, by: click.user.id, from, key: request.key };
    const outcome = await act(desk, { ...wish, ...(turn === undefined ? {} : { turn }) }, value);
    if (isRefusal(outcome)) await say(await explain(desk, outcome, jobId));
    else if (isAtHome(click)) await desk.homes.pressed(click.user.id);
  };
}

export const pressChanges = opening('steer', changesModal);
export const pressReject = opening('reject', rejectModal);

/** Slack opens a form within 3 s of the press; who may send it off is judged again then. */
const OPENING_PATIENCE_MS = 1_500;

/** A press that opens a form. */
function opening(ask: 'steer' | 'reject', build: (place: DecisionPlace) => View) {
  return async (desk: Desk, body: unknown, request: Request): Promise<void> => {
    const click = clickSchema.parse(body);
    const say = async (words: string) => {
      await answer(desk, clickerOf(desk, click, request), words);
      if (isAtHome(click)) desk.homes.wake();
    };
    const value = parseButtonValue(click.actions[0]?.value ?? '');
    if (value === undefined) return say(oldButton());
    const judged = desk.rights.forJob(ask, { ...whoClicked(click), jobId: value.jobId });
    const may = await Promise.race([judged, after(OPENING_PATIENCE_MS)]);
    if (isRefusal(may)) return say(may.refusal);
    judged.catch(() => {});
    if (!(await openForm(desk, click.trigger_id, build(value)))) await say(windowTooLate());
  };
}

function isAtHome({ view }: Click): boolean {
  return view?.type === 'home';
}

function whoClicked(click: Click) {
  return { speaker: speakerOf(click), channel: click.channel?.id ?? click.container.channel_id };
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}

/** Who pressed, and where an answer reaches them. */
export function clickerOf({ identity }: Pick<Desk, 'identity'>, click: Click, { key }: Request): Recipient {
  const channel = click.channel?.id ?? click.container.channel_id ?? click.user.id;
  const threadTs = click.message?.thread_ts ?? click.container.thread_ts;
  const homeOf = isAtHome(click) ? identity().teamId : undefined;
  return { key, channel, user: click.user.id, threadTs, responseUrl: click.response_url, homeOf };
}
