// What each of Slack's refusals means for a message.
import { WebAPIPlatformError } from '@slack/web-api';
import { expect, test } from 'vitest';
import { readSlackTrouble } from '../../src/slack/slack-errors.ts';

const kindOf = (error: string) => readSlackTrouble(new WebAPIPlatformError({ ok: false, error })).kind;

test.each([
  'message_limit_exceeded',
  'org_login_required',
  'team_added_to_org',
  'external_channel_migrating',
  'internal_error',
  'request_timeout',
])('%s passes by itself', (code) => expect(kindOf(code)).toBe('later'));

test.each([
  'ekm_access_denied',
  'messages_tab_disabled',
  'access_denied',
  'enterprise_is_restricted',
  'restricted_action_thread_locked',
])('%s can be mended by people of the channel', (code) => expect(kindOf(code)).toBe('shut'));

test('a second factor that is wanted of the bot is for an operator', () => {
  expect(kindOf('two_factor_setup_required')).toBe('locked_out');
});

test.each(['invalid_blocks', 'invalid_blocks_format', 'msg_too_long', 'no_text', 'metadata_too_large'])(
  '%s is about our content, so nothing was done',
  (error) => {
    const trouble = readSlackTrouble(new WebAPIPlatformError({ ok: false, error }));
    expect(trouble).toEqual({ kind: 'refused', say: error });
  },
);

test('a refusal that nobody has met yet says nothing about what was done', () => {
  const trouble = readSlackTrouble(new WebAPIPlatformError({ ok: false, error: 'telepathy_denied' }));
  expect(trouble).toEqual({ kind: 'refused', say: 'telepathy_denied', isUnheard: true });
});
