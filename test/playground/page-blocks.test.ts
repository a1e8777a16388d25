// How Block Kit becomes HTML: what the library draws, what we draw, and that nothing is dropped or let through as markup.
import { describe, expect, test } from 'vitest';
import { drawBlocks, drawMarkdown } from '../../src/playground/page/blocks.ts';

const names = {
  users: [{ id: 'U1', name: 'Ann' }],
  channels: [{ id: 'C1', name: 'shop' }],
  githubUrl: 'http://127.0.0.1:7',
};
const form = { users: names.users, channels: names.channels };
const draw = (...blocks: readonly unknown[]) => String(drawBlocks(blocks, names, form));
const plain = (text: string) => ({ type: 'plain_text', text });
const SECONDS = Math.floor(Date.now() / 1_000);
const HOSTILE = '<img src=x onerror=alert(1)>';

describe('what only shows something', () => {
  test.for([
    [
      'section',
      { type: 'section', text: { type: 'mrkdwn', text: '*Hi* <@U1> :eyes: &lt;b&gt;' } },
      /<strong>.*Hi.*@Ann.*👀.*&lt;b&gt;/,
    ],
    [
      'section with a date',
      {
        type: 'section',
        text: { type: 'mrkdwn', text: `at <!date^${SECONDS}^{date_short_pretty} at {time}|then>.` },
      },
      // A story that is told across midnight is of yesterday.
      /at .*(today|yesterday) at \d\d:\d\d(?! [AP]M).*\./,
    ],
    ['header', { type: 'header', text: plain('Head') }, /<h4 .*Head/],
    ['context', { type: 'context', elements: [{ type: 'mrkdwn', text: 'small' }] }, /small/],
    ['markdown', { type: 'markdown', text: '- [x] done\n- **b**' }, /checked.*done[\s\S]*<strong/],
    [
      'task_card',
      { type: 'task_card', task_id: '1', title: 'Task', status: 'in_progress' },
      /in_progress.*Task/,
    ],
    [
      'plan',
      {
        type: 'plan',
        title: 'Plan',
        tasks: [{ type: 'task_card', task_id: '1', title: 'One', status: 'complete' }],
      },
      /Plan.*One/,
    ],
    ['table', { type: 'table', rows: [[{ type: 'raw_text', text: 'cell' }]] }, /<td.*cell/],
    [
      'rich_text',
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'said' }] }],
      },
      /said/,
    ],
  ] as const)('%s is drawn', ([, block, expected]) => {
    expect(draw(block)).toMatch(expected);
  });

  test('an emoji is one, also where other colons stand before it', () => {
    const text = '*J-1* · <https://a.b|Fix #1: Discount>\n:eyes: Ready\n:no_such_thing: x';
    const html = draw({ type: 'section', text: { type: 'mrkdwn', text } });
    expect(html).toContain('👀 Ready');
    expect(html).toContain('no_such_thing');
  });

  test('carries no ids and no styles, which would be there twice or are forbidden', () => {
    const html = draw({ type: 'section', block_id: 'b', text: { type: 'mrkdwn', text: 'x id="y"' } });
    expect(html).not.toMatch(/ (id|style)="/);
    expect(html).toContain('id=&quot;y&quot;');
  });

  test('leads to the small GitHub where it leads to the local one', () => {
    const html = draw({
      type: 'section',
      text: { type: 'mrkdwn', text: '<http://127.0.0.1:7/acme/shop/pull/4|#4> <https://a.b/|c>' },
    });
    expect(html).toContain('data-github="acme/shop/pull/4"');
    expect(html.match(/data-github/g)).toHaveLength(1);
  });
});

test('an unknown block is shown by its name and its words', () => {
  const html = draw({ type: 'hologram', title: 'Shown', inner: { text: HOSTILE } });
  expect(html).toContain('“hologram”');
  expect(html).toContain('Shown &lt;img src=x');
});

test('hostile words stay words wherever they stand', () => {
  const html = draw(
    {
      type: 'section',
      text: { type: 'mrkdwn', text: HOSTILE },
      accessory: { type: 'button', action_id: '"><b>', text: plain(HOSTILE), value: '"' },
    },
    { type: 'markdown', text: `${HOSTILE} [x](javascript:alert(1))` },
    { type: 'header', text: plain(HOSTILE) },
    { type: HOSTILE, text: HOSTILE },
    {
      type: 'input',
      block_id: '"><i>',
      label: plain(HOSTILE),
      element: { type: 'plain_text_input', action_id: 'a', placeholder: plain(HOSTILE) },
    },
  );
  expect(html).not.toMatch(/<(img|b|i|script)\b/);
  expect(html).not.toMatch(/href="javascript:alert/);
  expect(html).toContain('data-click="&quot;&gt;&lt;b&gt;"');
});

test.for([
  ['Intro\n\n&lt;div&gt; is gone now\n\nMore', '&lt;div&gt; is gone now'],
  ['&lt;script&gt;x&lt;/script&gt; after', '&lt;script&gt;x&lt;/script&gt; after'],
  ['&lt;!-- note --&gt; text', '&lt;!-- note --&gt; text'],
  ['&gt; quoted &gt; more', 'quoted &gt; more'],
  ['a `&lt;b&gt;`', 'a &lt;b&gt;'],
  ['<http://a.b/?x=&lt;y|&lt;link&gt;>', '&lt;link&gt;'],
] as const)('text that looks like HTML is drawn as text: %s', ([text, words]) => {
  const html = draw(
    { type: 'section', text: { type: 'mrkdwn', text } },
    { type: 'context', elements: [{ type: 'mrkdwn', text }] },
  );
  expect(html.replaceAll(/<[^>]*>/g, '').split(words)).toHaveLength(3);
  expect(html).not.toMatch(/<(script|!--|b\b)|[\u{e000}\u{e001}]|%EE%80/u);
});

test('the plain words of a header are no HTML either', () => {
  expect(draw({ type: 'header', text: plain('<div> is gone') })).toContain('&lt;div&gt; is gone');
});

test('Markdown leaves out what only programs read', () => {
  expect(String(drawMarkdown('<!-- errand:J-1 -->\nHello', names))).not.toContain('errand:');
});

describe('what is pressed, chosen or filled in', () => {
  test('a button carries its action, its value and its question', () => {
    const confirm = {
      title: plain('Sure?'),
      text: { type: 'mrkdwn', text: '*All* of <https://a.b|it> &amp; more' },
      confirm: plain('Yes'),
      deny: plain('No'),
    };
    const html = draw({
      type: 'actions',
      elements: [
        { type: 'button', action_id: 'go', value: 'v', style: 'primary', text: plain('Go'), confirm },
      ],
    });
    expect(html).toMatch(/<button type="button" class="button primary" data-click="go" data-value="v"/);
    expect(html).toContain('All of it &amp; more');
  });

  test('menus are native, with their groups, people and channels', () => {
    const option = (text: string) => ({ text: plain(text), value: text });
    const html = draw({
      type: 'actions',
      elements: [
        {
          type: 'static_select',
          action_id: 's',
          placeholder: plain('Pick'),
          option_groups: [{ label: plain('G'), options: [option('one')] }],
        },
        { type: 'overflow', action_id: 'o', options: [option('two')] },
        { type: 'users_select', action_id: 'u' },
        { type: 'conversations_select', action_id: 'c' },
        { type: 'external_select', action_id: 'e', min_query_length: 0 },
        { type: 'hologram', action_id: 'h' },
      ],
    });
    expect(html).toMatch(
      /data-choose="s"[\s\S]*aria-label="Pick"[\s\S]*<optgroup label="G"><option value="one">/,
    );
    expect(html).toMatch(/aria-label="More actions"[\s\S]*<option value="two">/);
    expect(html).toContain('<option value="U1">Ann</option>');
    expect(html).toContain('<option value="C1">#shop</option>');
    expect(html).toContain('data-suggest="e" data-from="0"');
    expect(html).toContain('Element “hologram”');
  });

  test('a field shows what was filled in and what the app said of it', () => {
    const field = (element: object, block_id: string) => ({
      type: 'input',
      block_id,
      label: plain('Why'),
      optional: true,
      element,
    });
    const options = [
      { text: plain('A'), value: 'a' },
      { text: plain('B'), value: 'b' },
    ];
    const blocks = [
      field({ type: 'plain_text_input', action_id: 't', multiline: true, max_length: 9 }, 'text'),
      field({ type: 'radio_buttons', action_id: 'r', options }, 'radio'),
      field({ type: 'checkboxes', action_id: 'x', options }, 'checks'),
      field({ type: 'datepicker', action_id: 'd' }, 'date'),
    ];
    const state = {
      text: { t: { type: 'plain_text_input', value: 'said' } },
      radio: { r: { type: 'radio_buttons', selected_option: { value: 'b' } } },
      checks: { x: { type: 'checkboxes', selected_options: [{ value: 'a' }] } },
      date: { d: { type: 'datepicker', selected_date: '2026-01-02' } },
    };
    const html = String(drawBlocks(blocks, names, { ...form, state, errors: { text: 'Too short' } }));
    expect(html).toMatch(/<textarea[^>]*name="text" maxlength="9"[^>]*>said<\/textarea>/);
    expect(html).toMatch(/role="alert">Too short</);
    expect(html).toMatch(/type="radio" name="radio" value="b" checked/);
    expect(html).toMatch(/type="checkbox" name="checks" value="a" checked/);
    expect(html).toMatch(/type="date"[^>]*value="2026-01-02"/);
    expect(html).toContain('(optional)');
  });
});

test('Markdown folds what GitHub folds, and takes no other HTML for HTML', () => {
  const html = String(
    drawMarkdown('a\n\n<details><summary>More &</summary>\n\n**b** <b>c</b>\n\n</details>\n\nd <i>', names),
  );
  expect(html).toMatch(
    /a[\s\S]*<details><summary>More &amp;<\/summary>[\s\S]*<strong[^>]*>b<\/strong>[\s\S]*<\/details>[\s\S]*d/,
  );
  expect(html).not.toMatch(/<(b|i)>/);
});
