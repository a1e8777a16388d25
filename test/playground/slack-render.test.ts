// What a person reads: threads, blocks, buttons and markup as plain text.
import { expect, test } from 'vitest';
import { startTown } from '../support/bolt-on-local-slack.ts';

test('a thread prints as its reader sees it', async () => {
  let nowMs = Date.parse('2026-11-20T10:00:00Z');
  const { slack, client, ada, general } = await startTown({ now: () => new Date(nowMs) });
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
  const task = (title: string, status: 'complete' | 'in_progress' | 'pending') => ({
    type: 'task_card' as const,
    task_id: title,
    title,
    status,
  });
  const list = {
    type: 'rich_text_list' as const,
    style: 'ordered' as const,
    elements: [{ type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text: 'first' }] }],
  };
  const cell = (text: string) => ({ type: 'raw_text' as const, text });
  const blocks = [
    { type: 'header' as const, text: plain('Fix the bug') },
    { type: 'section' as const, text: mrkdwn(`For <@${ada.id}>: <https://x.y/1|#1> &amp; more`) },
    {
      type: 'plan' as const,
      title: 'Plan',
      tasks: [task('Read', 'complete'), task('Edit', 'in_progress'), task('Test', 'pending')],
    },
    { type: 'context' as const, elements: [mrkdwn('running'), mrkdwn('<!date^1^{time}|10:00>')] },
    { type: 'rich_text' as const, elements: [list] },
    {
      type: 'table' as const,
      rows: [
        [cell('file'), cell('lines')],
        [cell('a.ts'), cell('12')],
      ],
    },
    { type: 'divider' as const },
    {
      type: 'actions' as const,
      elements: [
        { type: 'button' as const, text: plain('Approve & merge') },
        { type: 'button' as const, text: plain('Reject') },
        { type: 'external_select' as const, placeholder: plain('Repository') },
      ],
    },
  ];
  const card = await client.chat.postMessage({
    channel: general.id,
    text: 'card',
    blocks: [{ type: 'divider' }],
  });
  const ts = String(card.ts);
  await client.chat.update({ channel: general.id, ts, text: 'card', blocks });
  nowMs += 61_000;
  const reply = slack.post({
    user: ada.id,
    channel: general.id,
    threadTs: ts,
    text: '@errand use <b>\n& go',
    files: [{ name: 'log.txt' }],
  });
  await client.reactions.add({ channel: general.id, timestamp: reply.ts, name: 'eyes' });

  expect(slack.renderThread(general.id, ts)).toMatchInlineSnapshot(`
    "@errand [app] 10:00:00 (edited 1×)
      # Fix the bug
      For @ada: #1 (https://x.y/1) & more
      Plan
      ✔ Read
      ▶ Edit
      ○ Test
      · running · 10:00
      1. first
      file | lines
      a.ts | 12
      ────
      [ Approve & merge ] [ Reject ] [ Repository ▾ ]
      @ada 10:01:01
        @errand use <b>
        & go
        [file: log.txt]
        :eyes: 1"
  `);
});

test('a modal prints with its fields, and an ephemeral says who sees it', async () => {
  const { slack, client, ada, general } = await startTown();
  await client.chat.postEphemeral({ channel: general.id, user: ada.id, text: 'Try `/agent help`' });
  expect(slack.ephemerals(ada.id).map(slack.renderEphemeral)).toMatchInlineSnapshot(`
    [
      "@errand [app] (only @ada sees this)
      Try \`/agent help\`",
    ]
  `);

  const label = { type: 'plain_text' as const, text: 'Task' };
  const element = { type: 'plain_text_input' as const, initial_value: 'fix it' };
  await client.views.publish({
    user_id: ada.id,
    view: { type: 'home', blocks: [{ type: 'input', label, element }] },
  });
  const home = slack.home(ada.id);
  expect(home && slack.renderView(home)).toMatchInlineSnapshot(`
    "┌ Home
      Task: [ fix it__ ]"
  `);
});
