// The line above the composer: what a newcomer may do next, as the bot's messages stand.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawCoach } from '../../src/playground/page/coach.ts';
import { createWorld, type World } from '../../src/playground/world.ts';

const REPO = 'acme/shop';
const STOP = {
  type: 'button',
  action_id: 'stop',
  style: 'danger',
  text: { type: 'plain_text', text: 'Stop' },
};

let dir: string;
let world: World;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'errand-coach-'));
  world = await createWorld({ dir });
  await call('conversations.join', {});
});
afterAll(async () => {
  await world.stop();
  await rm(dir, { recursive: true, force: true });
});

async function call(method: string, body: object): Promise<string> {
  const answer = await fetch(`${world.env['SLACK_API_URL']}${method}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.slack.botToken}`,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify({ channel: world.channel, ...body }),
  });
  const { ok, ts = '', error } = (await answer.json()) as { ok: boolean; ts?: string; error?: string };
  if (!ok) throw new Error(`${method}: ${error}`);
  return ts;
}

const text = (words: string) => ({ type: 'section', text: { type: 'mrkdwn', text: words } });
const primary = (label: string) => ({
  type: 'actions',
  elements: [
    { type: 'button', action_id: 'go', style: 'primary', text: { type: 'plain_text', text: label } },
    { type: 'button', action_id: 'no', text: { type: 'plain_text', text: 'Drop' } },
  ],
});
const post = (blocks: readonly object[], thread?: string) =>
  call('chat.postMessage', { text: 'x', blocks, ...(thread === undefined ? {} : { thread_ts: thread }) });
const edit = (ts: string, blocks: readonly object[]) => call('chat.update', { ts, text: 'x', blocks });

/** What it says to this person, without markup. */
function says(userId: string, thread = ''): string {
  const place = {
    me: '',
    channel: world.channel,
    channelId: world.channel,
    thread,
    github: 'overview',
    userId,
  };
  const drawn = String(drawCoach({ ...world, repo: REPO }, place));
  return drawn.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
}

test('from nothing over a plan, an answer and a result to the next thing', async () => {
  const { ann, bob } = world.people;
  expect(says(ann)).toContain('Type /agent fix #1');

  const card = await post([text('J-1'), { type: 'actions', elements: [STOP] }]);
  expect(says(ann)).toContain('Open its thread');
  expect(says(ann, card)).toContain('The agent is at work');

  // A plan that waits names its own button, and says nothing of a diff.
  await edit(card, [text('J-1')]);
  const plan = await post([text(`<@${ann}> has a plan`), primary('Run')], card);
  expect(says(ann)).toContain('See the result and decide');
  expect(says(ann, card)).toMatch(/Press Run, or reply/);
  expect(says(ann, card)).not.toContain('diff');
  // Nobody else is told to decide.
  expect(says(bob)).toContain('waits for whoever asked');
  expect(says(bob, card)).toContain('told why');

  // A question that came later and is answered does not hide what still waits.
  const question = await post([text('J-2'), { type: 'actions', elements: [STOP] }]);
  await edit(question, [text('J-2 done')]);
  await post([text(`<@${ann}> has an answer`)], question);
  expect(says(ann)).toContain('See the result and decide');
  expect(says(ann, question)).toMatch(/That is done.*Next: \/agent plan #1/);

  await edit(plan, [text(`<@${ann}> had a plan`)]);
  expect(says(ann)).toContain('see what came of it');
});
