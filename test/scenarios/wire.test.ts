// The main story before a Slack that nobody tuned to the bot: sparse payloads, missing methods, empty answers.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { buttonOf, startWireSlack, WIRE } from '../support/wire-slack.ts';

let errand: Errand;
let slack: Awaited<ReturnType<typeof startWireSlack>>;
afterEach(async () => {
  await errand.close();
  await slack.stop();
});

test.each([
  ['knows only what is needed', { otherwise: { ok: false, error: 'unknown_method' } }],
  ['says yes to everything and tells nothing', { otherwise: { ok: true } }],
  [
    'grants few scopes',
    {
      otherwise: { ok: false, error: 'missing_scope' },
      answers: {
        'users.info': { ok: true, user: { id: WIRE.ann, name: 'ann' } },
        'conversations.info': { ok: true, channel: { id: WIRE.channel, is_member: true } },
      },
    },
  ],
])('from command to merge with a Slack that %s', async (_name, options) => {
  slack = await startWireSlack(options);
  errand = await openErrand({
    env: { SLACK_API_URL: slack.apiUrl, SLACK_BOT_TOKEN: 'xoxb-wire', SLACK_APP_TOKEN: 'xapp-wire' },
  });
  const issue = errand.files({
    title: 'Say hello',
    directives: ['write begun.txt <<', 'wait-for-steering', 'write hello.txt <<hello'],
  });

  for (const payload of [
    [],
    'x',
    5,
    {},
    { event: null },
    { event: { type: 'app_home_opened', channel: null } },
  ])
    await slack.babbles(payload);
  await slack.hears({ type: 'app_home_opened', channel: 'DWIRE001', tab: 'home' });
  expect(
    await slack.types(
      `fix <${errand.config.github.serverUrl}/acme/shop/issues/${issue}|the issue> &amp; be quick`,
    ),
  ).toBeLessThan(3_000);
  const card = await slack.waitFor('the card', () => slack.messages[0]);
  expect(JSON.stringify(card.blocks)).toContain(`Fix #${issue}: Say hello`);
  await slack.waitFor('the agent at work', () =>
    JSON.stringify(card.blocks).includes('Last: Edit begun.txt'),
  );

  const reply = { type: 'message', channel: WIRE.channel, ts: '1700000002.000001', thread_ts: card.ts };
  await slack.hears({ ...reply, text: 'script: write more.txt &lt;&lt;more' });
  const result = await slack.waitFor('the result', () =>
    slack.messages.find((message) => buttonOf(message, 'Approve')),
  );
  expect(result.thread_ts).toBe(card.ts);
  expect(JSON.stringify(result)).toContain(`<@${WIRE.ann}>`);

  await slack.presses(result, 'Approve');
  await slack.waitFor('the merge', () => JSON.stringify(card.blocks).includes(':tada: Merged'));
  expect(await errand.github.readFile(errand.repo, 'main', 'more.txt')).toBe('more');
  expect(slack.messages).toHaveLength(2);
  expect(slack.called).toContain('reactions.add');
});
