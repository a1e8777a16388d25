// Saying something to one person only. Never throws: an answer that cannot be given must not undo what was done.
import type { KnownBlock, WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import { slackErrorCode } from './call-errors.ts';
import { escapePlaceholders } from './mrkdwn.ts';

/** Who gets the answer and where. `responseUrl` also works in channels that the bot is not in (30 min, 5 times). */
export type Recipient = Readonly<{
  channel: string;
  user: string;
  threadTs?: string | undefined;
  responseUrl?: string | undefined;
}>;
export type Words = Readonly<{ text: string; blocks?: readonly KnownBlock[] }>;

/** Slack's words for a conversation in which this person cannot be answered. */
const SHUT = new Set(['channel_not_found', 'is_archived', 'not_in_channel', 'user_not_in_channel']);

type Means = Readonly<{ client: WebClient; log: Log }>;

/** Slack's own limit for an answer to a response_url is not documented; people wait for this one. */
const RESPONSE_TIMEOUT_MS = 5_000;

/**
 * Shows `words` to the recipient alone: by the response_url, else as an ephemeral message, else, where Slack lets nobody
 * in (the bot or the person has left the channel), as a direct message.
 */
export async function answer({ client, log }: Means, to: Recipient, words: Words | string): Promise<void> {
  const { text, blocks } = typeof words === 'string' ? { text: words } : words;
  const message = { text: escapePlaceholders(text), ...(blocks ? { blocks: [...blocks] } : {}) };
  if (to.responseUrl !== undefined) {
    const body = { ...message, response_type: 'ephemeral', replace_original: false };
    if (await respond(log, to.responseUrl, body)) return;
  }
  const thread = to.threadTs === undefined ? {} : { thread_ts: to.threadTs };
  try {
    await client.chat
      .postEphemeral({ channel: to.channel, user: to.user, ...thread, ...message })
      .catch(async (thrown: unknown) => {
        if (!SHUT.has(slackErrorCode(thrown) ?? '')) throw thrown;
        await client.chat.postMessage({ channel: to.user, ...message });
      });
  } catch (thrown) {
    log.warn({ err: thrown, channel: to.channel }, 'slack.answer.failed');
  }
}

/** Puts words in the place of the message that was clicked, or takes it away where there are none. */
export async function replaceClicked(
  log: Log,
  responseUrl: string | undefined,
  text?: string,
): Promise<void> {
  if (responseUrl === undefined) return;
  const body =
    text === undefined
      ? { delete_original: true }
      : { replace_original: true, text: escapePlaceholders(text) };
  await respond(log, responseUrl, body);
}

/** Answers a payload that may or may not carry a response_url. */
export async function respondTo(
  log: Log,
  url: unknown,
  body: Readonly<{ replace_original: boolean; text: string }>,
): Promise<void> {
  if (typeof url === 'string') await respond(log, url, { response_type: 'ephemeral', ...body });
}

async function respond(log: Log, url: string, body: Readonly<Record<string, unknown>>): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
    if (!response.ok) log.info({ status: response.status }, 'slack.response_url.refused');
    return response.ok;
  } catch (thrown) {
    log.info({ err: thrown }, 'slack.response_url.failed');
    return false;
  }
}
