// What a reviewer's eyes cannot see: characters without a shape, text that runs the other way, letters that look like
// others, code far to the right. "Trojan Source" (CVE-2021-42574) and its kin.
import { addedLines, extensionOf, type FileRule, type Found, isProse, isTextByName } from '../found.ts';
import { dropNeeded } from './needed-characters.ts';

/** Overrides and isolates change the order in which text is shown. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/u;
const OVERRIDE = /[\u202d\u202e]/u;
/** Tags, and selectors in rows, can carry a hidden text of any length. */
const CARRIER = /[\u{e0000}-\u{e007f}]|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2,}|[\u{e0100}-\u{e01ef}]/u;
const SHAPELESS =
  /[\p{DI}--[\u061c\u180b-\u180d\u180f\u200e\u200f\ufe00-\ufe0f]]|[\u2028\u2029\ufff9-\ufffb]/v;
const DIRECTION = /[\u061c\u200e\u200f]/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
/** Terminals obey these; a bare carriage return writes over the line. */
const CONTROL = /[^\P{Cc}\t\n\f\r]|\r(?=[^\r])/u;
const FAR_RIGHT = /\S[ \t]{150,}\S|^[ \t]{400,}\S/;
const WORD = /[\p{L}\p{N}_]+/gu;
/** Cyrillic and Greek letters that look like Latin ones. */
const LOOKALIKE = /[АВЕКМНОРСТХаеорсухіѕјһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]/u;
const LOOKALIKES = /[АВЕКМНОРСТХаеорсухіѕјһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]/gu;

const MOST = 5;

export const hiddenText: FileRule = (file) => {
  if (file.isBinary) return [];
  const found: Found[] = [];
  for (const { line, text } of addedLines(file)) {
    const seen = judgeLine(file.path, line, text);
    if (seen) found.push({ rule: 'hidden_text', path: file.path, line, ...seen });
    if (found.length >= MOST) break;
  }
  return found;
};

/** Words in other languages, which nothing runs. */
function isTranslation(path: string): boolean {
  return /(^|\/)(_?locales?|i18n|l10n|translations?|lang(uage)?s?|intl|[\w-]+\.lproj)\/|\.(pot?|arb|strings|stringsdict|xliff?|xlf|ftl|resx|tmx|xtb)$/i.test(
    path,
  );
}

function judgeLine(path: string, line: number, text: string): Pick<Found, 'severity' | 'say'> | undefined {
  if (/[^\t\x20-\x7e]/.test(text)) {
    // A byte-order mark opens many files of Windows.
    const seen = judgeCharacters(path, line === 1 ? text.replace(/^\ufeff/, '') : text);
    if (seen) return seen;
  }
  if (FAR_RIGHT.test(text) && !isProse(path) && !/^(csv|tsv|svg|snap|sql)$/.test(extensionOf(path))) {
    return {
      severity: 'block',
      say: 'has code far to the right of the screen. Look there, or unwrap the line.',
    };
  }
  return undefined;
}

function judgeCharacters(path: string, given: string): Pick<Found, 'severity' | 'say'> | undefined {
  const isWords = isProse(path) || isTranslation(path);
  const text = dropNeeded(given, isWords);
  if (BIDI.test(text) && !(isWords && isBalanced(text))) {
    const say =
      'has characters that show the line in another order than it is read by machines. Remove them.';
    return { severity: 'block', say };
  }
  const seen = isWords ? text.replace(new RegExp(BIDI, 'gu'), '') : text;
  if (/(?<=\p{L})\u00ad(?=\p{L})/u.test(seen) && !SHAPELESS.test(seen.replaceAll('\u00ad', ''))) {
    return {
      severity: 'warn',
      say: 'has soft hyphens, which nobody sees, in code. Look at whether they belong there.',
    };
  }
  if (CARRIER.test(seen) || SHAPELESS.test(seen)) {
    return { severity: 'block', say: `has invisible characters (${nameCharacters(seen)}). Remove them.` };
  }
  if (DIRECTION.test(text) && !RIGHT_TO_LEFT.test(text) && !isTranslation(path)) {
    return {
      severity: 'block',
      say: 'has invisible marks of direction but no text that needs them. Remove them.',
    };
  }
  if (CONTROL.test(text)) {
    const say = 'has control characters that hide text in terminals. Write them as escapes.';
    return { severity: 'warn', say };
  }
  if (isTextByName(path) && !isWords && hasLookalike(text)) {
    const say =
      'has a word that mixes Latin letters with others that look the same. Look at whether it is the name it seems to be.';
    return { severity: 'block', say };
  }
  return undefined;
}

/** Text from right to left, set apart as Unicode wants it: each begun is ended, and none turns letters around. */
function isBalanced(text: string): boolean {
  if (OVERRIDE.test(text)) return false;
  const opened = text.match(/[\u202a\u202b\u2066-\u2068]/gu)?.length ?? 0;
  const closed = text.match(/[\u202c\u2069]/gu)?.length ?? 0;
  return opened === closed;
}

/** A word that shows itself as another script's by one letter at least deceives nobody. */
function hasLookalike(text: string): boolean {
  if (!LOOKALIKE.test(text)) return false;
  // In a string `\n` before a Cyrillic word is a line's end, not a Latin letter.
  const words = text.replaceAll(/\\[bfnrtv]/g, ' ').match(WORD) ?? [];
  return words.some(
    (word) =>
      LOOKALIKE.test(word) &&
      /[a-z]/i.test(word) &&
      !/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word.replace(LOOKALIKES, '')),
  );
}

function nameCharacters(text: string): string {
  const odd = [...text].filter(
    (one) => CARRIER.test(one) || SHAPELESS.test(one) || /[\ufe00-\ufe0f]/.test(one),
  );
  const names = new Set(
    odd.map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`),
  );
  return [...names].slice(0, 3).join(', ');
}
