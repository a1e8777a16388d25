// Each limit of Slack that a message or modal can break, at the last allowed size and one beyond it.
import { expect, test } from 'vitest';
import { checkMessageBlocks } from '../../src/playground/slack/block-check.ts';
import { SlackFailure } from '../../src/playground/slack/failure.ts';
import { checkView } from '../../src/playground/slack/view-shape.ts';
import { refusalOf, startTown } from '../support/bolt-on-local-slack.ts';

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
const mrkdwn = (length: number) => ({ type: 'mrkdwn', text: 'x'.repeat(length) });
const button = (more: object = {}) => ({ type: 'button', text: plain(5), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const times = (count: number, make: (index: number) => object) =>
  Array.from({ length: count }, (_, at) => make(at));
const select = (count: number) => ({
  type: 'static_select',
  action_id: 's',
  options: times(count, (at) => ({ text: plain(75), value: String(at) })),
});

function refusal(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    if (error instanceof SlackFailure) return [error.code, ...error.messages].join(' ');
    throw error;
  }
  return 'accepted';
}
const judge = (...blocks: object[]) => refusal(() => checkMessageBlocks(blocks));

const PAIRS: [name: string, allowed: object[], tooMuch: object[], pointer: string][] = [
  [
    '50 blocks a message',
    times(50, () => ({ type: 'divider' })),
    times(51, () => ({ type: 'divider' })),
    '/blocks',
  ],
  [
    '3000 characters a section',
    [{ type: 'section', text: mrkdwn(3000) }],
    [{ type: 'section', text: mrkdwn(3001) }],
    '/blocks/0/text/text',
  ],
  [
    '10 fields a section',
    [{ type: 'section', fields: times(10, () => mrkdwn(5)) }],
    [{ type: 'section', fields: times(11, () => mrkdwn(5)) }],
    '/blocks/0/fields',
  ],
  [
    '2000 characters a field',
    [{ type: 'section', fields: [mrkdwn(2000)] }],
    [{ type: 'section', fields: [mrkdwn(2001)] }],
    '/blocks/0/fields/0/text',
  ],
  [
    '150 characters a header',
    [{ type: 'header', text: plain(150) }],
    [{ type: 'header', text: plain(151) }],
    '/blocks/0/text/text',
  ],
  [
    '75 characters a button',
    [actions(button({ text: plain(75) }))],
    [actions(button({ text: plain(76) }))],
    '/blocks/0/elements/0/text/text',
  ],
  [
    '2000 characters a value',
    [actions(button({ value: 'x'.repeat(2000) }))],
    [actions(button({ value: 'x'.repeat(2001) }))],
    '/blocks/0/elements/0/value',
  ],
  [
    '25 actions',
    [actions(...times(25, () => button()))],
    [actions(...times(26, () => button()))],
    '/blocks/0/elements',
  ],
  [
    '10 parts of a context',
    [{ type: 'context', elements: times(10, () => mrkdwn(5)) }],
    [{ type: 'context', elements: times(11, () => mrkdwn(5)) }],
    '/blocks/0/elements',
  ],
  [
    '255 characters an action_id',
    [actions(button({ action_id: 'x'.repeat(255) }))],
    [actions(button({ action_id: 'x'.repeat(256) }))],
    '/blocks/0/elements/0/action_id',
  ],
  [
    '255 characters a block_id',
    [{ type: 'divider', block_id: 'x'.repeat(255) }],
    [{ type: 'divider', block_id: 'x'.repeat(256) }],
    '/blocks/0/block_id',
  ],
  ['100 options', [actions(select(100))], [actions(select(101))], '/blocks/0/elements/0/options'],
  [
    '12000 characters a markdown block',
    [{ type: 'markdown', text: 'x'.repeat(12_000) }],
    [{ type: 'markdown', text: 'x'.repeat(12_001) }],
    '/blocks/0/text',
  ],
];

test.each(PAIRS)('%s are allowed, one more is not', (_name, allowed, tooMuch, pointer) => {
  expect(judge(...allowed)).toBe('accepted');
  expect(judge(...tooMuch)).toMatch(/^invalid_blocks \[ERROR\]/);
  expect(judge(...tooMuch)).toContain(`[json-pointer:${pointer}]`);
});

test('the text of an option ends at 75 characters', () => {
  const option = { text: plain(76), value: '1' };
  expect(judge(actions({ type: 'static_select', options: [option] }))).toContain(
    'must be less than 76 characters',
  );
});

test('ids may not repeat', () => {
  expect(judge({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' })).toContain(
    'block_id already exists',
  );
  expect(judge(actions(button({ action_id: 'a' }), button({ action_id: 'a' })))).toContain(
    'action_id already exists',
  );
  expect(judge(actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' })))).toBe('accepted');
});

test('unknown blocks, unknown properties, missing and empty fields are refused', () => {
  expect(judge({ type: 'banner' })).toContain('unsupported type [json-pointer:/blocks/0/type]');
  expect(judge({ type: 'divider', colour: 'red' })).toContain('invalid additional property: colour');
  expect(judge({ type: 'header' })).toContain('missing required field: text');
  expect(judge({ type: 'section' })).toContain('must define');
  expect(judge({ type: 'section', text: mrkdwn(0) })).toContain('must be more than 0 characters');
  expect(judge({ type: 'header', text: mrkdwn(5) })).toContain('invalid_blocks');
  expect(refusal(() => checkMessageBlocks('[{'))).toBe('invalid_blocks_format');
});

test('selects need options, and their initial option must be among them', () => {
  const options = [{ text: plain(3), value: 'a' }];
  const withInitial = (value: string) => ({
    type: 'static_select',
    options,
    initial_option: { text: plain(3), value },
  });
  expect(judge(actions({ type: 'static_select' }))).toContain('must define `options`');
  expect(judge(actions(withInitial('a')))).toBe('accepted');
  expect(judge(actions(withInitial('b')))).toContain('must be one of the options');
});

test('the blocks of a job card are all known', () => {
  const richText = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'x' }] }],
  };
  const task = { type: 'task_card', task_id: '1', title: 'Read', status: 'complete', details: richText };
  const known = [
    { type: 'plan', title: 'Plan', tasks: [task] },
    task,
    richText,
    { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }, richText]] },
    { type: 'image', image_url: 'http://x/y.png', alt_text: 'y' },
    { type: 'input', label: plain(3), element: { type: 'plain_text_input' } },
  ];
  expect(judge(...known)).toBe('accepted');
  expect(judge({ type: 'table', rows: [[]] }, { type: 'table', rows: [[]] })).toContain(
    'only_one_table_allowed',
  );
});

test('markdown blocks are counted together, and all blocks of a message are', () => {
  const markdown = (length: number) => ({ type: 'markdown', text: 'x'.repeat(length) });
  expect(judge(markdown(6000), markdown(6001))).toContain('invalid_blocks');
  const sections = times(5, () => ({ type: 'section', text: mrkdwn(2700) }));
  expect(judge(...sections)).toBe('msg_blocks_too_long');
  expect(judge(...sections.slice(1))).toBe('accepted');
});

test('texts end at 40000 characters when posted and at 4000 when edited', async () => {
  const { client, general } = await startTown();
  const { ts } = await client.chat.postMessage({ channel: general.id, text: 'x'.repeat(40_000) });
  const longer = client.chat.postMessage({ channel: general.id, text: 'x'.repeat(40_001) });
  expect((await refusalOf(longer)).error).toBe('msg_too_long');
  const edit = (length: number) =>
    client.chat.update({ channel: general.id, ts: String(ts), text: 'x'.repeat(length) });
  await client.chat.update({ channel: general.id, ts: String(ts), blocks: [{ type: 'divider' }] });
  await edit(4000);
  expect((await refusalOf(edit(4001))).error).toBe('msg_too_long');
  expect((await refusalOf(client.chat.postMessage({ channel: general.id, text: '' }))).error).toBe('no_text');
});

test('modals: 24 characters a title, 3000 of private metadata, 100 blocks, submit where there is input', () => {
  const modal = (more: object = {}) => ({ type: 'modal', title: plain(24), blocks: [], ...more });
  const view = (more: object) => refusal(() => checkView(modal(more), 'modal'));
  const input = { type: 'input', label: plain(3), element: { type: 'plain_text_input' } };

  expect(view({})).toBe('accepted');
  expect(view({ title: plain(25) })).toContain('invalid_arguments [ERROR] must be less than 25 characters');
  expect(view({ private_metadata: 'x'.repeat(3000) })).toBe('accepted');
  expect(view({ private_metadata: 'x'.repeat(3001) })).toContain('/view/private_metadata');
  expect(view({ blocks: times(100, () => ({ type: 'divider' })) })).toBe('accepted');
  expect(view({ blocks: times(101, () => ({ type: 'divider' })) })).toContain('/view/blocks');
  expect(view({ blocks: [input] })).toContain('submit');
  expect(view({ blocks: [input], submit: plain(2) })).toBe('accepted');
  expect(view({ blocks: [{ type: 'markdown', text: 'x' }] })).toContain('unsupported type');
  expect(refusal(() => checkView(modal(), 'home'))).toContain('must be of type home');
});
