// What agents wrote, drawn as Markdown: it reads as it was meant, runs nothing, leads nowhere but to the web, hides nothing
// and takes no time.
import { describe, expect, test } from 'vitest';
import { prose, proseLine } from '../../src/web/pages/markdown.ts';

const draw = (text: string) => String(prose(text)).trim();
const inside = (text: string) => /^<div class="prose">([\s\S]*)<\/div>$/.exec(draw(text))?.[1]?.trim();

describe('Markdown', () => {
  test('reads as it was meant', () => {
    expect(inside('**Now** `add()` is ~~wrong~~ right\nnext line')).toBe(
      '<p><strong>Now</strong> <code>add()</code> is <s>wrong</s> right<br>\nnext line</p>',
    );
    expect(inside('- one\n- [x] two\n- [ ] three')).toBe(
      '<ul>\n<li>one</li>\n<li>☑ two</li>\n<li>☐ three</li>\n</ul>',
    );
    expect(inside('```js\nif (a < b) {}\n```')).toBe('<pre><code>if (a &lt; b) {}\n</code></pre>');
    const table = inside('| a | b |\n|---|--:|\n| 1 | 2 |') ?? '';
    expect(table).toContain('<td class="right">2</td>');
    expect(table).not.toContain('style=');
  });

  test('is no part of the outline of the page', () => {
    expect(inside('# Done\n\nDone too\n---')).toBe(
      '<p class="title">Done</p>\n<p class="title">Done too</p>',
    );
    expect(String(proseLine('# Done **well**'))).toBe('# Done <strong>well</strong>');
  });

  test('leads to the web alone, and tells nobody where one came from', () => {
    const href =
      'href="https://example.com/a" title="https://example.com/a" rel="noopener noreferrer nofollow"';
    expect(inside('[here](https://example.com/a "other")')).toBe(`<p><a ${href}>here</a></p>`);
    expect(inside('https://example.com/a')).toBe(`<p><a ${href}>https://example.com/a</a></p>`);
    for (const address of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'javascript&colon;alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      '/sign-out',
      '//evil.example',
      '#now',
      'mailto:a@b.example',
    ])
      for (const text of [
        `[a](${address})`,
        `[a](<${address}>)`,
        `<${address}>`,
        `[a][1]\n\n[1]: ${address}`,
      ])
        expect([text, draw(text).includes('<a ')]).toEqual([text, false]);
    // A file is no host.
    expect(draw('See README.md and src/job.ts')).not.toContain('<a ');
  });

  test('shows no image and no markup of its own', () => {
    const drawn = draw(
      '![x](https://evil.example/x.png) <img src=x onerror=alert(1)> <script>alert(2)</script>',
    );
    expect(drawn).not.toMatch(/<img|<script/);
    expect(drawn).toContain('&lt;script&gt;');
    expect(draw('```"><script>alert(1)</script>\nx\n```')).not.toContain('<script');
    expect(draw('[a](https://b.example/"onclick="alert(1))')).not.toMatch(/"onclick/);
    expect(draw('<!-- <a href="javascript:alert(1)"> -->')).not.toMatch(/<a /);
  });

  test('names what hides, also where it was written by its number', () => {
    expect(draw('a\u202Eb &#x202E; &#8203; &zwnj;x')).toContain('a[U+202E]b [U+202E] [U+200B]');
    expect(draw('[x]: https://a.example "hidden words"')).toContain('hidden words');
  });

  test('stays as it was written where it is nested deeply or very long', () => {
    const deep = `${'> '.repeat(40)}the end`;
    expect(draw(deep)).toBe(`<p class="words">${'&gt; '.repeat(40)}the end</p>`);
    expect(draw(`${'1. '.repeat(200)}the end`)).toContain('the end</p>');
    expect(draw(`**b** ${'x'.repeat(30_000)}`)).toMatch(/^<p class="words">\*\*b\*\* x/);
  });
});

test.each([
  ...[
    '[',
    '> ',
    '*a **a ',
    '![',
    '[a](',
    '`',
    '``a`',
    '<',
    '_a __a_ ',
    '~~a ~a ',
    '- ',
    '|a',
    '- a\n',
    '* * ',
  ],
  ...[
    'http://a.b ',
    '&#',
    '\n>',
    '[a]: b\n',
    '[a][b]',
    '1. ',
    '(',
    'a_b*',
    '<!--',
    '<![CDATA[',
    '|a|b\n|-|-\n',
  ],
])('takes no time with 20,000 characters of %j', (piece) => {
  const before = process.cpuUsage();
  const drawn = draw(piece.repeat(Math.ceil(20_000 / piece.length)).slice(0, 20_000));
  const { user, system } = process.cpuUsage(before);
  expect(drawn).not.toBe('');
  // It takes a tenth of this; what grows with the square or worse takes many times as long.
  expect((user + system) / 1_000).toBeLessThan(2_000);
});
