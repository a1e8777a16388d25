// Says something to one person, once: by the response_url of what they did, else as an ephemeral message, else as a direct
// message. Says what came of it; keeps nothing.
import type { KnownBlock, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { slackErrorCode } from './call-errors.ts';
import { CALL_MOST_MS } from './call-limits.ts';
import { escapePlaceholders } from './mrkdwn.ts';
import { pauseMs, readSlackTrouble } from './slack-errors.ts';

/** Where a person is answered. `responseUrl` also works in channels that the bot is not in (30 min, 5 times). */
export type Address = Readonly<{
  channel: string;
  user: string;
  threadTs?: string | undefined;
  responseUrl?: string | undefined;
}>;
export type Words = Readonly<{ text: string; blocks?: readonly KnownBlock[] | undefined }>;

/** `again`: worth another try, after `pauseMs` at the earliest. `never`: Slack will not take it. */
export type Told = 'told' | Readonly<{ again: string; pauseMs: number }> | Readonly<{ never: string }>;

/** Slack's words for a conversation in which this person cannot be answered. */
const SHUT = new Set(['channel_not_found', 'is_archived', 'not_in_channel', 'user_not_in_channel']);

/** Slack's own limit for an answer to a response_url is not documented; people wait for this one. */
const RESPONSE_TIMEOUT_MS = 5_000;

/** The longest that `tell` can take: the response_url, the ephemeral message, the direct one. */
export const TELLING_MOST_MS = RESPONSE_TIMEOUT_MS + 2 * CALL_MOST_MS;

/**
 * Never throws. An ephemeral message cannot be found again: after an answer of Slack's that got lost it may come twice.
 * So `voice` must be a client that never repeats a call by itself.
 */
export async function tell(
  { voice, log }: Readonly<{ voice: WebClient; log: Log }>,
  to: Address,
  words: Words,
): Promise<Told> {
  const { text, blocks } = words;
  const message = { text: escapePlaceholders(text), ...(blocks ? { blocks: [...blocks] } : {}) };
  // Without it a press in a thread would be answered in the channel, where nobody looks.
  const thread = to.threadTs === undefined ? {} : { thread_ts: to.threadTs };
  if (to.responseUrl !== undefined) {
    const body = { ...message, ...thread, response_type: 'ephemeral', replace_original: false };
    if (await respond(log, to.responseUrl, body)) return 'told';
  }
  try {
    await voice.chat
      .postEphemeral({ channel: to.channel, user: to.user, ...thread, ...message })
      .catch(async (thrown: unknown) => {
        if (!SHUT.has(slackErrorCode(thrown) ?? '')) throw thrown;
        await voice.chat.postMessage({ channel: to.user, ...message });
      });
    return 'told';
  } catch (thrown) {
    const trouble = readSlackTrouble(thrown);
    const isPassing = trouble.kind === 'later' || trouble.kind === 'locked_out';
    return isPassing ? { again: trouble.say, pauseMs: pauseMs(trouble) } : { never: trouble.say };
  }
}

/** Puts words in the place of the message that was clicked, or takes it away where there are none. False: it stands. */
export async function replaceClicked(
  log: Log,
  responseUrl: string | undefined,
  text?: string,
): Promise<boolean> {
  if (responseUrl === undefined) return false;
  const body =
    text === undefined
      ? { delete_original: true }
      : { replace_original: true, text: escapePlaceholders(text) };
  return respond(log, responseUrl, body);
}

/** Answers a payload that may or may not carry a response_url, once. */
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
    const isTaken = response.ok && !isRefusal(await response.text());
    if (!isTaken) log.info({ status: response.status }, 'slack.response_url.refused');
    return isTaken;
  } catch (thrown) {
    log.info({ err: thrown }, 'slack.response_url.failed');
    return false;
  }
}

/** Slack answers `ok` in plain text where it took the words; a no may come with a good status, too. */
function isRefusal(answer: string): boolean {
  try {
    return z.object({ ok: z.literal(false) }).safeParse(JSON.parse(answer)).success;
  } catch {
    return false;
  }
}
