// "Which repository?": asked in a message that only the requester sees, kept in the database so that it outlives a
// restart, and ended with a word when nobody answers.
import type { KnownBlock } from '@slack/web-api';
import { toError } from '../errors.ts';
import { parseRepo } from '../job/repo.ts';
import { type Choice, expireChoices, openChoice, peekChoice, takeChoice } from '../store/choices.ts';
import { answer } from './answer.ts';
import { beginJob } from './begin-job.ts';
import type { Desk, Request } from './desk.ts';
import { ACTION } from './ids.ts';
import { type Click, speakerOf } from './payloads.ts';
import { describeRequest, recipientOf, type StartRequest, startRequestSchema } from './start-request.ts';
import { replaceClicked } from './tell.ts';
import { escapeMrkdwn } from './text-limits.ts';
import { choiceDropped, choiceExpired, choiceOver, choiceQuestion } from './words/answers.ts';

const BLOCK_PREFIX = 'choice:';

/** Stores the wish and shows the menu to its requester alone. */
export async function askWhichRepo(desk: Desk, request: StartRequest): Promise<void> {
  const id = await openChoice(desk.actions.store.db.sql, {
    team: request.team,
    channel: request.channel,
    person: request.requester,
    wish: request,
    lifetimeMs: desk.choiceLifetimeMs,
  });
  await answer(desk, recipientOf(request), buildQuestion(id, request));
}

function buildQuestion(id: string, request: StartRequest): { text: string; blocks: readonly KnownBlock[] } {
  const text = choiceQuestion(escapeMrkdwn(describeRequest(request)));
  return {
    text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text } },
      {
        type: 'actions',
        block_id: `${BLOCK_PREFIX}${id}`,
        elements: [
          {
            type: 'external_select',
            action_id: ACTION.pickRepo,
            placeholder: { type: 'plain_text', text: 'Search repositories' },
            min_query_length: 0,
          },
          {
            type: 'button',
            action_id: ACTION.dropChoice,
            text: { type: 'plain_text', text: 'Cancel' },
            value: id,
          },
        ],
      },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: '`/agent repo owner/name` makes one the default of this channel.' },
        ],
      },
    ],
  };
}

/**
 * The menu was used. The job is started before the question is closed, so that a crash in between leaves a question
 * that can be answered again; the request's own key keeps it one job.
 */
export async function pickRepository(desk: Desk, click: Click, { key }: Request): Promise<void> {
  const [action] = click.actions;
  const id = action?.block_id?.startsWith(BLOCK_PREFIX) ? action.block_id.slice(BLOCK_PREFIX.length) : '';
  const repo = parseRepo(action?.selected_option?.value ?? '');
  const sql = desk.actions.store.db.sql;
  const choice = await peekChoice(sql, id, key);
  const wish = startRequestSchema.safeParse(choice?.wish).data;
  // Also where another version of Errand asked the question in its own way.
  if (wish === undefined || choice?.person !== click.user.id || repo === undefined) {
    await replaceClicked(desk.log, click.response_url, choiceOver());
    return;
  }
  const guest = await desk.people.mayNotCommand(speakerOf(click));
  if (guest) return void (await replaceClicked(desk.log, click.response_url, guest.refusal));
  const begun = await beginJob(desk, { ...wish, repo });
  await takeChoice(sql, id, key);
  const refusal = begun.kind === 'refused' ? begun.refusal.refusal : undefined;
  const isReplaced = await replaceClicked(desk.log, click.response_url, refusal);
  if (!isReplaced && refusal !== undefined) await answer(desk, { ...recipientOf(wish), key }, refusal);
}

export async function dropChoice(desk: Desk, click: Click, { key }: Request): Promise<void> {
  const id = click.actions[0]?.value ?? '';
  const sql = desk.actions.store.db.sql;
  const open = await peekChoice(sql, id, key);
  const dropped = open?.person === click.user.id ? await takeChoice(sql, id, key) : undefined;
  await replaceClicked(desk.log, click.response_url, dropped ? choiceDropped() : choiceOver());
}

/** Ends the questions whose time is over and tells who was asked. Safe in several processes; never throws. */
export async function expireDueChoices(desk: Desk): Promise<number> {
  try {
    const expired = await expireChoices(desk.actions.store.db.sql);
    await Promise.all(expired.map((choice) => sayExpired(desk, choice)));
    return expired.length;
  } catch (thrown) {
    desk.log.warn({ err: toError(thrown) }, 'slack.choices.not_expired');
    return 0;
  }
}

async function sayExpired(desk: Desk, choice: Choice): Promise<void> {
  const request = startRequestSchema.safeParse(choice.wish).data;
  if (request === undefined) return;
  const to = { ...recipientOf(request), key: `choice:${choice.id}` };
  await answer(desk, to, choiceExpired(escapeMrkdwn(describeRequest(request))));
}
