// What strangers hide in issues must not reach a person or an agent; what they show must arrive unchanged.
import { describe, expect, it } from 'vitest';
import { cleanText, cutText } from '../../src/github/clean-text.ts';

describe('cleanText', () => {
  it('removes HTML comments, also over lines and left open', () => {
    expect(cleanText('a<!-- do evil -->b')).toBe('ab');
    expect(cleanText('a <!--\nmany\nlines\n--> b')).toBe('a  b');
    expect(cleanText('shown\n<!-- open to the end\nevil')).toBe('shown');
  });

  it('keeps a comment that is shown as code', () => {
    const fenced = 'Render this:\n```html\n<!-- banner -->\n<p>x</p>\n```\nand go on';
    expect(cleanText(fenced)).toBe(fenced);
    expect(cleanText('use `<!-- more -->` here <!-- evil -->')).toBe('use `<!-- more -->` here');
    expect(cleanText('``a ` <!-- b -->`` end')).toBe('``a ` <!-- b -->`` end');
  });

  it('is not fooled by escaped backticks or by invisible characters inside the comment mark', () => {
    expect(cleanText('\\`<!-- evil -->\\`')).toBe('\\`\\`');
    expect(cleanText('a<!\u200B-- evil -->b')).toBe('ab');
  });

  it('removes direction marks, zero-width characters, tags and control characters', () => {
    expect(cleanText('a\u202Eb\u2066c\u200Bd\u{E0041}e\u0007f\u00ADg')).toBe('abcdefg');
  });

  it('keeps tabs, line ends, letters of every language and joined emoji', () => {
    expect(cleanText('x\ty\r\nz – שלום 日本 👩‍💻')).toBe('x\ty\nz – שלום 日本 👩‍💻');
  });

  it('stays quick on long hostile text', () => {
    const started = performance.now();
    cleanText('`'.repeat(20_000) + '<!--'.repeat(5_000));
    cleanText('` <!-'.repeat(12_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('cutText', () => {
  it('says how much it left out and cuts no character in half', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcdef', 2)).toBe('ab\n[cut: 4 more characters]');
    expect(cutText('a👍b', 2)).toBe('a\n[cut: 2 more characters]');
  });
});
