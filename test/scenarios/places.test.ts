// Where a job may live and which repository it is for. Only the bot runs: what it stores and shows is all that matters.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSlack } from '../../src/playground/slack/local-slack.ts';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
let slack: LocalSlack;

beforeAll(async () => {
  errand = await openErrand({ halves: ['bot'] });
  slack = errand.slack;
});
afterAll(() => errand.close());

const newChannel = (name: string) => slack.addChannel({ name, members: [errand.ann, errand.bob] }).id;
const isMember = (channel: string) =>
  slack.calls.some((call) => call.method === 'conversations.join' && call.args['channel'] === channel);

test('in a public channel the bot joins by itself', async () => {
  const channel = newChannel('unjoined');
  const job = await errand.asks('/agent do tidy up the readme', { channel });
  expect(job.cardText()).toContain('tidy up the readme');
  expect(isMember(channel)).toBe(true);
});

test('a direct message starts a job without a command, and its card is there', async () => {
  const { id: channel } = slack.openDm(errand.ann);
  const before = await errand.countJobs();
  const { ts } = slack.post({ user: errand.ann, channel, text: 'add a test for formatCents' });
  const job = await errand.jobIn({ channel, threadTs: ts });
  expect(job.cardText()).toContain('add a test for formatCents');
  expect(await errand.countJobs()).toBe(before + 1);
});

test('a slash command works in a direct message with the bot', async () => {
  const { id: channel } = slack.openDm(errand.bob);
  const job = await errand.asks('/agent do tidy up', { channel, user: errand.bob });
  expect(job.channel).toBe(channel);
});

test('the only repository there is needs no name', async () => {
  const job = await errand.asks('/agent fix #1');
  expect(job.cardText()).toContain('acme/shop');
});

test('a job takes its repository, base, agent and model from the command', async () => {
  await errand.github.commitTo(errand.repo, 'stable', { 'STABLE.md': 'yes' }, { message: 'Mark stable' });
  const job = await errand.asks(
    '/agent do repo=acme/shop tidy up base=stable the readme model=scripted/large',
  );
  expect(job.cardText()).toContain('acme/shop');
  expect(job.cardText()).toContain('(stable)');
  expect(job.cardText()).toContain('tidy up the readme');
  expect(job.cardText()).not.toContain('base=');
});

test("Slack's own formatting is read as what was typed", async () => {
  const { serverUrl } = errand.config.github;
  const linked = await errand.asks(`/agent fix ${serverUrl}/acme/shop/issues/2`);
  expect(linked.cardText()).toContain('Fix #2');

  const smart = await errand.asks('/agent do say “hello” if a < b && b > c, in `cart.js` – don’t guess');
  expect(smart.card().text).toContain(`say "hello" if a &lt; b &amp;&amp; b &gt; c, in \`cart.js\``);
  const { rows } = await errand.query<{ task: string }>(
    "SELECT data->>'task' AS task FROM jobs ORDER BY id DESC LIMIT 1",
  );
  expect(rows[0]?.task).toBe(`say "hello" if a < b && b > c, in \`cart.js\` – don't guess`);

  const asCode = await errand.asks('/agent `fix #2`');
  expect(asCode.cardText()).toContain('Fix #2');
});

test('words that would call everybody lose their power on the card', async () => {
  const job = await errand.asks('/agent do tell <!channel> and <@U012345> about it');
  expect(job.cardText()).toContain('&lt;!channel&gt;');
  expect(job.cardText()).not.toMatch(/<!channel|<@U/);
  const issue = errand.files({ title: 'Look, <!here> is a bug' });
  const fix = await errand.asks(`/agent fix #${issue}`);
  expect(fix.cardText()).not.toContain('<!here');
});

test('status, list and help answer the one who asked', async () => {
  const carl = slack.addUser({ name: 'carl' }).id;
  const channel = slack.addChannel({ name: 'office', members: [carl, errand.ann] }).id;
  const by = { user: carl, channel };
  expect(await (await errand.types('/agent list', by)).answer()).toMatch(/\/agent (fix|do)|nothing/i);
  const job = await errand.asks('/agent do water the plants', by);
  expect(await (await errand.types(`/agent status ${job.name}`, by)).answer()).toMatch(
    /queued.*water the plants/s,
  );
  expect(await (await errand.types('/agent list', by)).answer()).toContain(job.name);
  expect(await (await errand.types('/agent list all', { channel })).answer()).toContain(job.name);
  expect(await (await errand.types('/agent help', by)).answer()).toContain('/agent fix');
  expect(await (await errand.types('/agent', by)).answer()).toContain('/agent fix');
  expect(await (await errand.types(`/agent stop ${job.name}`, by)).answer()).toContain('Stopped');
  await job.cardSays('Stopped');
});

test('a job of a private channel is nobody else’s business', async () => {
  const den = slack.addChannel({ name: 'den', isPrivate: true, members: [errand.ann, slack.botUserId] }).id;
  const job = await errand.asks('/agent do a secret thing', { channel: den });
  const nosy = await errand.types(`/agent status ${job.name}`, { user: errand.bob });
  expect(await nosy.answer()).toContain(`no job ${job.name}`);
  const list = await errand.types('/agent list all', { user: errand.bob });
  expect(await list.answer()).not.toContain('secret');
});
