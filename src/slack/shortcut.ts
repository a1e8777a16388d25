// *Send to agent* on any message: a form with the message as task, then a job in that message's thread.
import type { Refusal } from '../errors.ts';
import { parseRepo } from '../job/repo.ts';
import { loadChannel } from '../store/settings.ts';
import { answer } from './answer.ts';
import { type Begun, beginJob } from './begin-job.ts';
import { decodeText, mentionedIds, withoutMention } from './decode.ts';
import type { Desk, Request } from './desk.ts';
import { answerThread, FIELD, INPUT_LIMIT, type TaskPlace, taskModal, taskPlaceSchema } from './modals.ts';
import { openForm } from './open-form.ts';
import {
  fieldOf,
  formKey,
  messageShortcutSchema,
  namesOf,
  type Submission,
  speakerOf,
  submissionSchema,
} from './payloads.ts';
import { type Form, formError, refuseWords } from './submissions.ts';
import { readThreadContext } from './thread-context.ts';
import { filesNote, quoteOutsider, windowTooLate } from './words/answers.ts';
import { noRepositoryChosen } from './words/refusals.ts';

/** A form must be answered within 3 s; after this long it is closed, and late trouble comes as a message. */
const FORM_PATIENCE_MS = 2_200;

export async function openTaskForm(desk: Desk, body: unknown, { key }: Request): Promise<void> {
  const { message, channel, user, ...shortcut } = messageShortcutSchema.parse(body);
  const to = { key, channel: channel.id, user: user.id, responseUrl: shortcut.response_url };
  const refusal = await desk.people.mayNotCommand(speakerOf({ user }));
  if (refusal) return answer(desk, to, refusal.refusal);
  const { teamId: team, botUserId } = desk.identity();
  const raw = withoutMention(message.text, botUserId);
  const [{ defaultRepo }, nameOf] = await Promise.all([
    loadChannel(desk.actions.store.db.sql, { team, channel: channel.id }),
    desk.people.names(mentionedIds(raw)),
  ]);
  const files = namesOf(message.files);
  const said = [decodeText(raw, nameOf), ...(files.length > 0 ? [filesNote(files)] : [])].join('\n').trim();
  const isQuoted = !(await isByMember(desk, message));
  const task = isQuoted ? quoteOutsider(said) : said;
  const threadTs = message.thread_ts ?? message.ts;
  const place: TaskPlace = {
    channel: channel.id,
    threadTs,
    messageTs: message.ts,
    inThread: message.thread_ts !== undefined,
  };
  const view = taskModal({ place, task, repo: defaultRepo, ...(isQuoted ? { isQuoted: true } : {}) });
  if (!(await openForm(desk, shortcut.trigger_id, view))) await answer(desk, to, windowTooLate());
}

async function isByMember(
  desk: Desk,
  { user, bot_id: bot }: { user?: string | undefined; bot_id?: string | null | undefined },
): Promise<boolean> {
  return user !== undefined && !bot && desk.rights.isMember(user);
}

/** Checks like a command does; what is wrong is said in the form. */
export async function submitTask(desk: Desk, body: unknown, form: Form): Promise<void> {
  const submission = submissionSchema.parse(body);
  const place = taskPlaceSchema.parse(JSON.parse(submission.view.private_metadata));
  const begun = begin(desk, submission, place);
  const inTime = await Promise.race([begun, after(FORM_PATIENCE_MS)]);
  if (inTime !== 'late') return form.ack(inTime ? formError(inTime.field, inTime.refusal) : undefined);
  // Where the form cannot be closed its sender is told so there, whatever comes of this.
  begun.catch(() => {});
  await form.closeEarly();
  const refused = await begun;
  if (refused) {
    const { channel } = place;
    const to = { key: form.key, channel, user: submission.user.id, threadTs: answerThread(place) };
    await answer(desk, to, refused.refusal.refusal);
  }
}

type Refused = Readonly<{ field: string; refusal: Refusal }> | undefined;

async function begin(desk: Desk, submission: Submission, place: TaskPlace): Promise<Refused> {
  const task = fieldOf(submission, FIELD.task);
  const wrongTask =
    refuseWords(task) ??
    (await desk.people.mayNotCommand(speakerOf(submission))) ??
    (await desk.places.enter(place.channel));
  if (wrongTask) return { field: FIELD.task, refusal: wrongTask };
  const repo = parseRepo(fieldOf(submission, FIELD.repo));
  if (repo === undefined) return { field: FIELD.repo, refusal: noRepositoryChosen() };
  const { channel, threadTs } = place;
  const begun: Begun = await beginJob(desk, {
    sourceKey: formKey(submission),
    kind: 'do',
    task,
    repo,
    team: desk.identity().teamId,
    channel,
    threadTs,
    requester: submission.user.id,
    context: await contextOf(desk, place, task),
  });
  return begun.kind === 'refused' ? { field: FIELD.repo, refusal: begun.refusal } : undefined;
}

/** What was said before the message; where the form could not hold all of it, the message itself as well. */
async function contextOf(desk: Desk, place: TaskPlace, task: string) {
  const { channel, threadTs, messageTs, inThread } = place;
  const isCut = task.length >= INPUT_LIMIT;
  if (!inThread && !isCut) return [];
  const beforeTs = isCut ? justAfter(messageTs) : messageTs;
  return readThreadContext(desk, { channel, threadTs, beforeTs });
}

/** Slack's timestamps count microseconds. */
function justAfter(ts: string): string {
  const [seconds = '0', micros = '0'] = ts.split('.');
  return `${seconds}.${String(Number(micros) + 1).padStart(6, '0')}`;
}

function after(ms: number): Promise<'late'> {
  return new Promise((resolve) => setTimeout(() => resolve('late'), ms).unref());
}
