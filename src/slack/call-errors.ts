// What Slack's client throws, told apart once. The only place that knows the SDK's error classes.
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { TransientError, toError } from '../errors.ts';

/** Slack's own short name of what is wrong (`channel_not_found`); undefined when Slack gave no verdict. */
export function slackErrorCode(thrown: unknown): string | undefined {
  return thrown instanceof WebAPIPlatformError ? thrown.data.error : undefined;
}

/** Slack wants a pause: what was asked for is worth waiting for, and nobody need ask again. */
export function isSlackLimit(error: Error): boolean {
  return error.cause instanceof WebAPIRateLimitedError;
}

/** The same trouble as one of our own kinds: no answer and "too many" are worth another try. */
export function asOurError(thrown: unknown): Error {
  if (thrown instanceof WebAPIRateLimitedError) {
    return new TransientError('Slack asks for a pause.', {
      cause: thrown,
      retryAfterMs: thrown.retryAfter * 1_000,
    });
  }
  if (thrown instanceof WebAPIRequestError || thrown instanceof WebAPIHTTPError) {
    return new TransientError(`Slack did not answer: ${thrown.message}`, { cause: thrown });
  }
  const error = toError(thrown);
  // The socket client's own errors have no message; what happened stands in `original` or in the code.
  if (error.message === '' && 'code' in error) {
    const why = 'original' in error ? toError(error.original).message : '';
    return new TransientError(
      `Slack's WebSocket could not be opened: ${why || error.code}. Let this machine reach *.slack.com on port 443, or use HTTP mode.`,
      { cause: error },
    );
  }
  return error;
}
