// The dedupe key of a request: the same for every delivery, another for every wish.
import { describe, expect, it } from 'vitest';
import { readRequest } from '../../src/slack/inbox-key.ts';

const bot = { teamId: 'T1', botUserId: 'UBOT' };
const post = (event: object, id = 'Ev1') =>
  readRequest({ event_id: id, event: { channel: 'C1', user: 'U1', ...event } }, bot);
const click = { type: 'block_actions', user: { id: 'U1' }, container: { message_ts: '1.2' } };
const form = (words: string) => ({
  type: 'view_submission',
  view: { id: 'V1', hash: 'h', state: { values: { words: { text: { value: words } } } } },
});

describe('the key of a request', () => {
  it('is one for the two events of a post that mentions the bot', () => {
    const text = '<@UBOT> hi';
    const message = post({ type: 'message', ts: '1.1', text });
    expect(message).toEqual({ key: 'msg:T1:C1:1.1', kind: 'event', form: 'event' });
    expect(post({ type: 'app_mention', ts: '1.1', text }, 'Ev2')).toEqual(message);
  });

  it.each([
    ['people in a channel', { type: 'message', ts: '1.1', text: 'lunch?' }],
    ['an edit', { type: 'message', subtype: 'message_changed', ts: '1.1', text: '<@UBOT>' }],
    ['a bot', { type: 'message', ts: '1.1', thread_ts: '1.0', bot_id: 'B1', text: '<@UBOT>' }],
  ])('is not needed for %s', (_name, event) => {
    expect(post(event)).toBe('chatter');
  });

  it('tells presses apart, and knows a press again', () => {
    const press = (action_ts: string) =>
      readRequest({ ...click, actions: [{ action_id: 'job_stop', action_ts }] }, bot);
    expect(press('5')).toEqual(press('5'));
    expect(press('5')).not.toEqual(press('6'));
  });

  it('tells forms with other words apart', () => {
    expect(readRequest(form('a'), bot)).toEqual(readRequest(form('a'), bot));
    expect(readRequest(form('a'), bot)).not.toEqual(readRequest(form('b'), bot));
  });

  it('is the trigger of a command or shortcut, and nothing for menus', () => {
    expect(
      readRequest({ command: '/agent', trigger_id: '1.2', user_id: 'U1', channel_id: 'C1' }, bot),
    ).toMatchObject({ key: expect.stringMatching(/^command:1\.2:/) });
    expect(readRequest({ type: 'message_action', trigger_id: '1.3' }, bot)).toMatchObject({
      form: 'shortcut',
    });
    expect(readRequest({ type: 'block_suggestion', value: 'x' }, bot)).toBeUndefined();
    expect(readRequest({ type: 'view_closed' }, bot)).toBeUndefined();
  });
});
