// Invisible characters that do their work where they stand: joiners in emoji, Persian and the scripts of India, spaces
// without width between words of Khmer or Thai, selectors of Han. Source: Unicode Standard, 23.2 to 23.4; UTS #51.

/** Scripts whose letters change their form beside a joiner, with the marks that they share. */
const JOINING =
  '\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}\\p{Script=Mongolian}\\p{Script=Hebrew}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Tibetan}\\u064b-\\u065f\\u0670';
/** Scripts that put no spaces between words. */
const UNSPACED =
  '\\p{Script=Khmer}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Myanmar}\\p{Script=Tibetan}\\p{Script=Javanese}\\p{Script=Balinese}\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';

const NEEDED: readonly RegExp[] = [
  // Flags of England, Scotland and Wales are spelt with tags.
  /(?<=\u{1f3f4})[\u{e0061}-\u{e007a}]{2,6}\u{e007f}/gu,
  new RegExp(
    `(?<=[${JOINING}\\p{Extended_Pictographic}\\ufe0f\\u{1f3fb}-\\u{1f3ff}])[\\u200c\\u200d](?![\\u200b-\\u200d])`,
    'gu',
  ),
  new RegExp(`(?<=[\\d٪%])\\u200c(?=[${JOINING}])`, 'gu'),
  new RegExp(`(?<=[${UNSPACED}])\\u200b(?!\\u200b)|(?<!\\u200b)\\u200b(?=[${UNSPACED}])`, 'gu'),
  /(?<=\p{Script=Khmer})[\u17b4\u17b5]|(?<=\p{Script=Mongolian})\u180e/gu,
  /[\u115f](?=[\u1160-\u11a7])|(?<=[\u1100-\u115f])\u1160/gu,
  /(?<=[\p{M}\u0590-\u05ff])\u034f/gu,
  /(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}](?![\u{e0100}-\u{e01ef}])/gu,
];
/** In words for people single ones help to break lines; rows of them could say something. */
const NEEDED_IN_WORDS: readonly RegExp[] = [
  /(?<=\p{L})[\u00ad\u200c\u200d](?=\p{L})/gu,
  /(?<=[^\s\p{DI}])[\u200b\u2060\ufeff](?=[^\s\p{DI}])/gu,
];

/** The text without those; `isWords`: prose or a translation. */
export function dropNeeded(text: string, isWords: boolean): string {
  if (!/[\p{DI}]/u.test(text)) return text;
  let kept = text;
  for (const pattern of [...NEEDED, ...(isWords ? NEEDED_IN_WORDS : [])]) kept = kept.replace(pattern, '');
  return kept;
}
