// What Slack made of typed words, turned back into what a person meant.
import { describe, expect, it } from 'vitest';
import { decodeText, mentions, opensWithOtherMention, withoutMention } from '../../src/slack/decode.ts';

describe('decoding what Slack made of typed words', () => {
  it.each([
    ['a bare link', 'see <https://example.com/a?b=1&amp;c=2>', 'see https://example.com/a?b=1&c=2'],
    ['a word that Slack took for a link', 'rename <http://app.ts|app.ts> please', 'rename app.ts please'],
    [
      'a labelled link',
      '<https://example.com/issues/1|this one> is bad',
      'this one (https://example.com/issues/1) is bad',
    ],
    ['an e-mail address', 'ask <mailto:a@example.com|a@example.com>', 'ask a@example.com'],
    ['a labelled user', 'hi <@U0AB|ann>', 'hi @ann'],
    ['an unknown user', 'hi <@U0AB>', 'hi @U0AB'],
    ['a channel', 'see <#C0AB|general>', 'see #general'],
    ['a group', 'cc <!subteam^S01|@web-team> <!here>', 'cc @web-team @here'],
    ['a group without a label', 'cc <!subteam^S01>', 'cc @S01'],
    ['a date', '<!date^1392734382^{date}|18 February>', '18 February'],
    ['entities', 'if a &lt; b &amp;&amp; c &gt; d', 'if a < b && c > d'],
    ['an escaped entity', 'show &amp;lt;', 'show &lt;'],
    ['smart quotes', '\u201chello\u201d it\u2019s', '"hello" it\'s'],
    ['zero-width characters', 'f\u200bix\ufeff \u2060#12', 'fix #12'],
    ['hidden tag characters', 'hello\u{E0041}\u{E0042}', 'hello'],
    ['a family, which is held together by joiners', '👩\u200d👧', '👩\u200d👧'],
    ['code, which stays as it is', 'run `a \u201cb\u201d` now', 'run `a \u201cb\u201d` now'],
    ['a code block with entities', '```if (a &lt; b)```', '```if (a < b)```'],
  ])('reads %s', (_name, raw, plain) => {
    expect(decodeText(raw)).toBe(plain);
  });

  it('uses names where somebody knows them', () => {
    expect(decodeText('ask <@U1> in <#C1>', (id) => ({ U1: 'ann', C1: 'web' })[id])).toBe('ask @ann in #web');
  });

  it('finds and removes the mention of one user only', () => {
    const raw = '<@UBOT>, fix <@U2> #12';
    expect(mentions(raw, 'UBOT')).toBe(true);
    expect(mentions(raw, 'U9')).toBe(false);
    expect(withoutMention(raw, 'UBOT')).toBe('fix <@U2> #12');
  });

  it.each([
    ['<@U2> what do you think?', true],
    ['<!subteam^S1|@web> look', true],
    ['<@UBOT> please', false],
    ['so <@U2> said', false],
  ])('tells whom %s is meant for', (raw, other) => {
    expect(opensWithOtherMention(raw, 'UBOT')).toBe(other);
  });
});
