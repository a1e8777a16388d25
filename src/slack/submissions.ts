// What happens when a form is sent off. A mistake is shown in the form itself, which stays open.
import { rejectJob } from '../actions/reject-job.ts';
import { replyToJob } from '../actions/reply-to-job.ts';
import { isRefusal, type Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Desk, Request } from './desk.ts';
import { type DecisionPlace, decisionPlaceSchema, FIELD, INPUT_LIMIT } from './modals.ts';
import { withoutFormatting } from './mrkdwn.ts';
import { fieldOf, formKey, type Submission, speakerOf, submissionSchema } from './payloads.ts';
import { emptyWords, wordsTooLong } from './words/refusals.ts';

/** Closes the form, or keeps it open with a sentence under one field. */
export type FormAnswer = Readonly<{ response_action: 'errors'; errors: Record<string, string> }> | undefined;
export type Form = Request &
  Readonly<{
    ack: (answer: FormAnswer) => Promise<void>;
    /** Closes the form before its effect; from then on the effect is ours to bring about, whoever dies. */
    closeEarly: () => Promise<void>;
  }>;

export function formError(field: string, refusal: Refusal): FormAnswer {
  return { response_action: 'errors', errors: { [field]: withoutFormatting(refusal.refusal) } };
}

/** *Request changes*: the text becomes the next turn. */
export async function submitChanges(desk: Desk, body: unknown, { ack }: Form): Promise<void> {
  const submission = submissionSchema.parse(body);
  const text = fieldOf(submission, FIELD.words);
  const refusal = refuseWords(text) ?? (await send(desk, submission, text));
  await ack(refusal ? formError(FIELD.words, refusal) : undefined);
}

async function send(desk: Desk, submission: Submission, text: string): Promise<Refusal | undefined> {
  const may = await mayDo(desk, submission, 'steer');
  if (isRefusal(may)) return may;
  const byName = await desk.people.nameOf(submission.user.id);
  const outcome = await replyToJob(desk.actions, {
    ...wishOf(desk, submission),
    from: may.from,
    ...(byName === undefined ? {} : { byName }),
    ...seenIn(submission),
    text,
  });
  return outcome.kind === 'refused' ? outcome.refusal : undefined;
}

/** *Reject*: the reason, where there is one, becomes the comment on the pull. */
export async function submitReject(desk: Desk, body: unknown, { ack }: Form): Promise<void> {
  const submission = submissionSchema.parse(body);
  const reason = fieldOf(submission, FIELD.words);
  const refusal = refuseWords(reason || '-');
  const outcome = refusal ?? (await close(desk, submission, reason));
  await ack(isRefusal(outcome) ? formError(FIELD.words, outcome) : undefined);
}

async function close(desk: Desk, submission: Submission, reason: string): Promise<Job | Refusal> {
  const may = await mayDo(desk, submission, 'reject');
  if (isRefusal(may)) return may;
  const wish = { ...wishOf(desk, submission), ...seenIn(submission) };
  return rejectJob(desk.actions, { ...wish, from: may.from, reason });
}

/** What the message showed whose button opened the form. */
function seenIn(submission: Submission): { sha?: string; turn?: number } {
  const { sha, turn } = placeOf(submission);
  return { ...(sha === undefined ? {} : { sha }), ...(turn === undefined ? {} : { turn }) };
}

/** Who sends a form off may be somebody else by now than when it was opened: no longer a member, not in the channel. */
function mayDo(desk: Desk, submission: Submission, ask: 'steer' | 'reject') {
  return desk.rights.forJob(ask, { speaker: speakerOf(submission), jobId: placeOf(submission).jobId });
}

/** Slack checks lengths in its own clients; whoever speaks the protocol directly is checked here. */
export function refuseWords(text: string): Refusal | undefined {
  if (text === '') return emptyWords();
  return text.length > INPUT_LIMIT ? wordsTooLong(text.length, INPUT_LIMIT) : undefined;
}

function wishOf(desk: Desk, submission: Submission) {
  const { user } = submission;
  return {
    key: formKey(submission),
    jobId: placeOf(submission).jobId,
    team: desk.identity().teamId,
    by: user.id,
  };
}

function placeOf({ view }: Submission): DecisionPlace {
  return decisionPlaceSchema.parse(JSON.parse(view.private_metadata));
}
