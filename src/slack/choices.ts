// "Which repository?": asked in a message that only the requester sees, kept in the database so that it outlives a
// restart, and ended with a word when nobody answers.
import type { KnownBlock } from '@slack/web-api';
import { toError } from '../errors.ts';
import { parseRepo } from '../job/repo.ts';
import { dropAnswer } from '../store/answers.ts';
import { type Choice, expireChoices, openChoice, peekChoice, takeChoice } from '../store/choices.ts';
import type { Tx } from '../store/database.ts';
import { answer, answerWithin } from './answer.ts';
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
  const { team, channel, requester: person } = request;
  const asked = { team, channel, person, wish: request, lifetimeMs: desk.choiceLifetimeMs };
  const say = await desk.actions.store.db.transaction(async (tx) => {
    const id = await openChoice(tx, asked);
    return answerWithin(tx, recipientOf(request), buildQuestion(id, request));
  });
  await say(desk);
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

/** The menu was used. The job and the end of its question are one transaction; a refusal ends the question, too. */
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
  const begun = await beginJob(desk, { ...wish, repo }, { id, key });
  if (begun.kind === 'refused' && begun.refusal.code === 'question_over') {
    await replaceClicked(desk.log, click.response_url, choiceOver());
    return;
  }
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
    const says = await desk.actions.store.db.transaction(async (tx) => {
      const ended = [];
      for (const choice of await expireChoices(tx)) ended.push(await endExpired(tx, choice));
      return ended;
    });
    await Promise.all(says.map((say) => say?.(desk)));
    return says.length;
  } catch (thrown) {
    desk.log.warn({ err: toError(thrown) }, 'slack.choices.not_expired');
    return 0;
  }
}

/** Where Slack has not even taken the question yet it need not come any more. */
async function endExpired(tx: Tx, choice: Choice) {
  const request = startRequestSchema.safeParse(choice.wish).data;
  if (request === undefined) return undefined;
  await dropAnswer(tx, request.sourceKey, 'expired');
  const to = { ...recipientOf(request), key: `choice:${choice.id}` };
  return answerWithin(tx, to, { text: choiceExpired(escapeMrkdwn(describeRequest(request))) });
}
