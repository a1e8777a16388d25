// What Slack's client throws, told apart once. The only place that knows the SDK's error classes.
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { TransientError, toError } from '../errors.ts';
import { readSlackTrouble } from './slack-errors.ts';

/** Slack's own short name of what is wrong (`channel_not_found`); undefined when Slack gave no verdict. */
export function slackErrorCode(thrown: unknown): string | undefined {
  return thrown instanceof WebAPIPlatformError ? thrown.data.error : undefined;
}

/** Slack wants a pause: what was asked for is worth waiting for, and nobody need ask again. */
export function isSlackLimit(error: Error): boolean {
  const trouble = readSlackTrouble(error.cause);
  return trouble.kind === 'later' && trouble.isLimit === true;
}

/** The same trouble as one of our own kinds: no answer, trouble of Slack's own and "too many" are worth another try. */
export function asOurError(thrown: unknown): Error {
  if (thrown instanceof WebAPIRateLimitedError) {
    return new TransientError('Slack asks for a pause.', {
      cause: thrown,
      retryAfterMs: thrown.retryAfter * 1_000,
    });
  }
  if (thrown instanceof WebAPIPlatformError) {
    const trouble = readSlackTrouble(thrown);
    if (trouble.kind !== 'later') return thrown;
    const wait = trouble.isLimit ? { retryAfterMs: trouble.waitMs } : {};
    return new TransientError(`Slack has trouble of its own: ${trouble.say}`, { cause: thrown, ...wait });
  }
  if (thrown instanceof WebAPIRequestError || thrown instanceof WebAPIHTTPError) {
    return new TransientError(`Slack did not answer: ${thrown.message}`, { cause: thrown });
  }
  return toError(thrown);
}
