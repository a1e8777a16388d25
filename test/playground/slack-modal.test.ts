// People opening, filling in, submitting and closing modals, against the real Bolt.
import type { App } from '@slack/bolt';
import { expect, test } from 'vitest';
import { refusalOf, startSocketApp, startTown, type Town } from '../support/bolt-on-local-slack.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string) => ({ text: plain(value.toUpperCase()), value });
const modal = (more: object = {}) => ({ type: 'modal' as const, title: plain('Ask'), blocks: [], ...more });
const input = (block_id: string, more: object = {}) => ({
  type: 'input' as const,
  block_id,
  label: plain(block_id),
  element: { type: 'plain_text_input' as const, action_id: `${block_id}_text` },
  ...more,
});

test('a trigger opens one modal within 3 s', async () => {
  let nowMs = Date.now();
  const town = await startTown({ now: () => new Date(nowMs) });
  const { slack, client, ada } = town;
  const triggers: string[] = [];
  await startSocketApp(town, (app) => {
    app.shortcut('collect', async ({ ack, shortcut }) => {
      triggers.push(shortcut.trigger_id);
      await ack();
    });
  });
  for (let n = 0; n < 3; n++) await slack.globalShortcut({ user: ada.id, callbackId: 'collect' });
  const open = (trigger_id = '') => client.views.open({ trigger_id, view: modal() });

  await open(triggers[0]);
  expect(slack.modals(ada.id)).toHaveLength(1);
  expect((await refusalOf(open(triggers[0]))).error).toBe('exchanged_trigger_id');
  nowMs += 3001;
  expect((await refusalOf(open(triggers[1]))).error).toBe('expired_trigger_id');
  expect((await refusalOf(open('1.2.3'))).error).toBe('invalid_trigger_id');
  const push = client.views.push({ trigger_id: triggers[2] ?? '', view: modal() });
  expect((await refusalOf(push)).error).toBe('expired_trigger_id');
});

test('a modal is checked by Slack and by the app, then closed', async () => {
  const town = await startTown();
  const { slack, ada } = town;
  const seen: unknown[] = [];
  const blocks = [input('why'), input('note', { optional: true })];
  await startSocketApp(town, (app) => {
    opensModal(app, { callback_id: 'ask', private_metadata: 'J-12', submit: plain('Send'), blocks });
    app.view('ask', async ({ ack, view }) => {
      seen.push([view.private_metadata, view.state.values['why']?.['why_text']?.value]);
      const errors = { why: 'Say more' };
      if (seen.length === 1) await ack({ response_action: 'errors', errors });
      else await ack();
    });
  });
  const viewId = await openModal(town);

  await expect(slack.submitView({ user: ada.id, viewId })).rejects.toThrow('required field: why_text');
  const first = await slack.submitView({ user: ada.id, viewId, values: { why_text: 'x' } });
  expect(first.errors).toEqual({ why: 'Say more' });
  expect(slack.modals(ada.id)).toHaveLength(1);
  await slack.submitView({ user: ada.id, viewId, values: { why: 'because' } });

  expect(seen).toEqual([
    ['J-12', 'x'],
    ['J-12', 'because'],
  ]);
  expect(slack.modals(ada.id)).toEqual([]);
});

test('a submission may change the modal, push another and clear them all', async () => {
  const town = await startTown();
  const { slack, ada, client } = town;
  const step = (callback_id: string) => ({ ...modal(), callback_id, submit: plain('Next') });
  await startSocketApp(town, (app) => {
    opensModal(app, step('one'));
    app.view('one', ({ ack }) => ack({ response_action: 'update', view: step('two') }));
    app.view('two', ({ ack }) => ack({ response_action: 'push', view: step('three') }));
    app.view('three', ({ ack }) => ack({ response_action: 'clear' }));
  });
  const viewId = await openModal(town);

  const { view } = await slack.submitView({ user: ada.id, viewId });
  expect(view?.content.callback_id).toBe('two');
  const stale = client.views.update({ view_id: viewId, hash: '1.2', view: step('two') });
  expect((await refusalOf(stale)).error).toBe('hash_conflict');
  const pushed = await slack.submitView({ user: ada.id, viewId });
  expect(pushed.view?.previousId).toBe(viewId);
  expect(slack.modals(ada.id)).toHaveLength(2);
  await slack.submitView({ user: ada.id, viewId: String(pushed.view?.id) });
  expect(slack.modals(ada.id)).toEqual([]);
  expect((await refusalOf(client.views.update({ view_id: viewId, view: step('x') }))).error).toBe(
    'not_found',
  );
});

test('three modals stack, a fourth does not, and only a trigger from within a modal may push', async () => {
  const town = await startTown();
  const { slack, ada, client } = town;
  const step = (callback_id: string) => ({ ...modal(), callback_id, submit: plain('Next') });
  const refusals: unknown[] = [];
  await startSocketApp(town, (app) => {
    opensModal(app, step('more'));
    app.view('more', ({ ack }) => ack({ response_action: 'push', view: step('more') }));
    app.shortcut('push', async ({ ack, shortcut }) => {
      await ack();
      const push = client.views.push({ trigger_id: shortcut.trigger_id, view: step('more') });
      refusals.push((await refusalOf(push)).error);
    });
  });
  await openModal(town);

  const top = () => String(slack.modals(ada.id).at(-1)?.id);
  for (let n = 0; n < 2; n++) await slack.submitView({ user: ada.id, viewId: top() });
  expect(slack.modals(ada.id)).toHaveLength(3);
  expect((await slack.submitView({ user: ada.id, viewId: top() })).error).toBe('push_limit_reached');
  await slack.globalShortcut({ user: ada.id, callbackId: 'push' });
  await expect.poll(() => refusals).toEqual(['invalid_trigger_id']);
});

test('a searchable select in a modal asks the app, and only its answers can be chosen', async () => {
  const town = await startTown();
  const { slack, ada } = town;
  const chosen: unknown[] = [];
  const element = { type: 'external_select', action_id: 'repo', min_query_length: 1 };
  await startSocketApp(town, (app) => {
    opensModal(app, { callback_id: 'ask', submit: plain('Go'), blocks: [input('where', { element })] });
    app.options('repo', async ({ ack, options }) => {
      await ack({ options: ['web', 'api'].filter((name) => name.includes(options.value)).map(option) });
    });
    app.view('ask', async ({ ack, view }) => {
      chosen.push(view.state.values['where']?.['repo']?.selected_option?.value);
      await ack();
    });
  });
  const viewId = await openModal(town);
  const asked = { user: ada.id, viewId, actionId: 'repo' };

  expect(await slack.suggest({ ...asked, query: '' })).toEqual([]);
  expect(await slack.suggest({ ...asked, query: 'we' })).toEqual([option('web')]);
  await expect(slack.submitView({ user: ada.id, viewId, values: { repo: 'api' } })).rejects.toThrow(
    'No option api',
  );
  await slack.submitView({ user: ada.id, viewId, values: { repo: 'web' } });
  expect(chosen).toEqual(['web']);
});

test('closing a modal tells the app where it asked for it', async () => {
  const town = await startTown();
  const { slack, ada } = town;
  const closed: string[] = [];
  await startSocketApp(town, (app) => {
    opensModal(app, { callback_id: 'ask', notify_on_close: true });
    app.view({ callback_id: 'ask', type: 'view_closed' }, async ({ ack, view }) => {
      closed.push(view.id);
      await ack();
    });
  });
  const viewId = await openModal(town);
  await slack.closeView({ user: ada.id, viewId });
  expect(closed).toEqual([viewId]);
});

function opensModal(app: App, more: object): void {
  app.shortcut('open', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: modal(more) });
  });
}

async function openModal({ slack, ada }: Town): Promise<string> {
  await slack.globalShortcut({ user: ada.id, callbackId: 'open' });
  return (await slack.waitFor(() => slack.modals(ada.id).at(-1))).id;
}
