// What an error of Slack's Web API means for a message: try again, somewhere out of reach, gone, or our own fault. Pure.
import { ErrorCode } from '@slack/web-api';
import { sayRoot, toError } from '../errors.ts';

export type SlackTrouble =
  /** Ask again after `waitMs`. `isLimit`: Slack itself named that time; this kind of call rests, others still answer. */
  | Readonly<{ kind: 'later'; waitMs: number; say: string; isLimit?: true }>
  /** The bot cannot write in this channel now: removed from it, archived, deleted, closed, not allowed. People can mend that. */
  | Readonly<{ kind: 'shut'; say: string }>
  /** This message is out of reach for good: somebody deleted it, or it may not be edited any more. */
  | Readonly<{ kind: 'gone'; say: string }>
  /** The thread that it should go to is no more. */
  | Readonly<{ kind: 'no_thread'; say: string }>
  /**
   * Slack does not accept what we built: a bug of ours, shown in a simpler form instead. `isUnheard`: nobody has met this
   * refusal yet, and it is no proof that nothing was done.
   */
  | Readonly<{ kind: 'refused'; say: string; isUnheard?: true }>
  /** The bot itself may not talk any more: an operator must mend it. */
  | Readonly<{ kind: 'locked_out'; say: string }>;

/** Beside these everything that begins with `restricted_action`: only some may write there, or the thread is locked. */
const SHUT = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'is_inactive',
  // The bot lacks a right for this call, in this place; elsewhere, or for another call, it may have it.
  'missing_scope',
  'no_permission',
  'access_denied',
  // An administrator suspends what the enterprise's own key opens, or what the app may do there.
  'ekm_access_denied',
  'enterprise_is_restricted',
  'messages_tab_disabled',
]);
const GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
const LOCKED_OUT = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'team_access_not_granted',
  'two_factor_setup_required',
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
  'org_login_required',
  'external_channel_migrating',
  'message_limit_exceeded',
]);
/** What Slack says about content of ours (docs.slack.dev, chat.postMessage); before it looks any further. */
const ABOUT_CONTENT =
  /^(invalid_|msg_|metadata_|no_text$|too_many_(attachments|contact_cards)$|markdown_text_|block_mismatch$|attachment_)/;

/** How long Slack is left alone after an answer that never came or a 5xx. */
const PAUSE_MS = 3_000;
/** Where Slack says "too often" without saying how long. */
const UNTOLD_LIMIT_MS = 5_000;
/** A channel that is out of reach; the pauses grow from here. Whoever invites the bot again is noticed at once. */
export const SHUT_PAUSE_MS = 60_000;
/** How often a locked-out bot looks whether somebody mended its token. */
export const LOCKED_OUT_PAUSE_MS = 60_000;

/** Reads what `@slack/web-api` 8.2 throws (its error codes are in dist/errors.js). */
export function readSlackTrouble(thrown: unknown): SlackTrouble {
  const error = toError(thrown) as Error & { code?: string; data?: { error?: string }; retryAfter?: number }; // SDK errors carry these
  if (error.code === ErrorCode.RateLimitedError) {
    return { kind: 'later', waitMs: (error.retryAfter ?? 1) * 1_000, say: 'rate limited', isLimit: true };
  }
  const code = error.code === ErrorCode.PlatformError ? (error.data?.error ?? 'unknown') : undefined;
  if (code === undefined) return { kind: 'later', waitMs: PAUSE_MS, say: sayRoot(error) };
  if (/^rate_?limited$/.test(code))
    return { kind: 'later', waitMs: UNTOLD_LIMIT_MS, say: code, isLimit: true };
  if (LATER.has(code)) return { kind: 'later', waitMs: PAUSE_MS, say: code };
  if (SHUT.has(code) || code.startsWith('restricted_action')) return { kind: 'shut', say: code };
  if (GONE.has(code)) return { kind: 'gone', say: code };
  if (code === 'thread_not_found' || code === 'cannot_reply_to_message')
    return { kind: 'no_thread', say: code };
  if (LOCKED_OUT.has(code)) return { kind: 'locked_out', say: code };
  // Nothing may be tried for ever, and what nobody has met yet may be about our content, too.
  return { kind: 'refused', say: code, ...(ABOUT_CONTENT.test(code) ? {} : { isUnheard: true as const }) };
}

/** Whether Slack may have done what was asked although it told of trouble. */
export function isOutcomeUnknown(trouble: SlackTrouble): boolean {
  return trouble.kind === 'later' && !trouble.isLimit;
}

/** How long to wait before the first other try after this trouble. */
export function pauseMs(trouble: SlackTrouble): number {
  switch (trouble.kind) {
    case 'later':
      return trouble.waitMs;
    case 'shut':
      return SHUT_PAUSE_MS;
    case 'locked_out':
      return LOCKED_OUT_PAUSE_MS;
    default:
      return PAUSE_MS;
  }
}
