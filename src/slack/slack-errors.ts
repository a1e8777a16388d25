// What an error of Slack's Web API means for a message: try again, never again, or our own fault. Pure.
import { ErrorCode } from '@slack/web-api';
import { toError } from '../errors.ts';

export type SlackTrouble =
  /** Ask again after `waitMs`. `ofMethod`: this method is called too often, others still answer. */
  | Readonly<{ kind: 'later'; waitMs: number; say: string; ofMethod?: true }>
  /** The message or its channel is out of reach for good. */
  | Readonly<{ kind: 'never'; say: string }>
  /** Slack does not accept what we built: a bug of ours, shown in a simpler form instead. */
  | Readonly<{ kind: 'refused'; say: string }>
  /** The bot itself may not talk any more: an operator must mend it. */
  | Readonly<{ kind: 'locked_out'; say: string }>;

const NEVER = new Set([
  'channel_not_found',
  'is_archived',
  'message_not_found',
  'thread_not_found',
  'cant_update_message',
  'edit_window_closed',
  'restricted_action',
  'restricted_action_thread_locked',
]);
const LOCKED_OUT = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'no_permission',
]);
/** Slack's own trouble (docs.slack.dev, errors common to all methods). */
const LATER = new Set([
  'ratelimited',
  'rate_limited',
  'accesslimited',
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

/** The bot was removed. Whoever invites it again finds within this time what happened meanwhile. */
const UNINVITED_PAUSE_MS = 60_000;
/** How long Slack is left alone after an answer that never came or a 5xx. */
const PAUSE_MS = 3_000;
/** How often a locked-out bot looks whether somebody mended its token. */
const LOCKED_OUT_PAUSE_MS = 60_000;

/** Reads what `@slack/web-api` 8.2 throws (its error codes are in dist/errors.js). */
export function readSlackTrouble(thrown: unknown): SlackTrouble {
  const error = toError(thrown) as Error & { code?: string; data?: { error?: string }; retryAfter?: number }; // SDK errors carry these
  if (error.code === ErrorCode.RateLimitedError) {
    return { kind: 'later', waitMs: (error.retryAfter ?? 1) * 1_000, say: 'rate limited', ofMethod: true };
  }
  const code = error.code === ErrorCode.PlatformError ? (error.data?.error ?? 'unknown') : undefined;
  if (code === undefined) return { kind: 'later', waitMs: PAUSE_MS, say: error.message };
  if (LATER.has(code)) return { kind: 'later', waitMs: PAUSE_MS, say: code };
  if (code === 'not_in_channel') return { kind: 'later', waitMs: UNINVITED_PAUSE_MS, say: code };
  if (NEVER.has(code)) return { kind: 'never', say: code };
  if (LOCKED_OUT.has(code)) return { kind: 'locked_out', say: code };
  // invalid_blocks, msg_too_long and whatever nobody has met yet: nothing may be tried for ever.
  return { kind: 'refused', say: code };
}

/** How long to wait before the next try of anything after this trouble. */
export function pauseMs(trouble: SlackTrouble): number {
  if (trouble.kind === 'later') return trouble.waitMs;
  return trouble.kind === 'locked_out' ? LOCKED_OUT_PAUSE_MS : PAUSE_MS;
}
