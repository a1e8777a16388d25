// What a reviewer's eyes cannot see: characters without a shape, text that runs the other way, letters that look like
// others, code far to the right. "Trojan Source" (CVE-2021-42574) and its kin.
import { addedLines, extensionOf, type FileRule, type Found, isProse, isTextByName } from '../found.ts';

/** Overrides and isolates change the order in which text is shown. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/u;
/** Tags, and selectors in rows, can carry a hidden text of any length. */
const CARRIER = /[\u{e0000}-\u{e007f}]|[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2,}|[\u{e0100}-\u{e01ef}]/u;
const SHAPELESS =
  /[\p{DI}--[\u061c\u180b-\u180d\u180f\u200c-\u200f\ufe00-\ufe0f]]|[\u2028\u2029\ufff9-\ufffb]/v;
/** Flags of England, Scotland and Wales are spelt with tags. */
const FLAG = /\u{1f3f4}[\u{e0061}-\u{e007a}]{2,6}\u{e007f}/gu;
/** Joiners belong between letters of some scripts and parts of emoji; marks of direction beside right-to-left letters. */
const JOINER = /[\u200c\u200d]/gu;
const DIRECTION = /[\u061c\u200e\u200f]/u;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
/** Terminals obey these; a bare carriage return writes over the line. */
const CONTROL = /[^\P{Cc}\t\n\f\r]|\r(?=[^\r])/u;
const FAR_RIGHT = /\S[ \t]{150,}\S|^[ \t]{400,}\S/;
const WORD = /[\p{L}\p{N}_]+/gu;
/** Cyrillic and Greek letters that look like Latin ones. */
const LOOKALIKE = /[АВЕКМНОРСТХаеорсухіѕјһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]/u;

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

function judgeLine(path: string, line: number, text: string): Pick<Found, 'severity' | 'say'> | undefined {
  if (/[^\t\x20-\x7e]/.test(text)) {
    // A byte-order mark opens many files of Windows.
    const seen = judgeCharacters(path, (line === 1 ? text.replace(/^\ufeff/, '') : text).replace(FLAG, ''));
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

function judgeCharacters(path: string, text: string): Pick<Found, 'severity' | 'say'> | undefined {
  if (BIDI.test(text)) {
    const say =
      'has characters that show the line in another order than it is read by machines. Remove them.';
    return { severity: 'block', say };
  }
  if (CARRIER.test(text) || SHAPELESS.test(text) || hasLooseJoiner(text)) {
    return { severity: 'block', say: `has invisible characters (${nameCharacters(text)}). Remove them.` };
  }
  if (DIRECTION.test(text) && !RIGHT_TO_LEFT.test(text)) {
    return {
      severity: 'block',
      say: 'has invisible marks of direction but no text that needs them. Remove them.',
    };
  }
  if (CONTROL.test(text)) {
    const say = 'has control characters that hide text in terminals. Write them as escapes.';
    return { severity: 'warn', say };
  }
  if (isTextByName(path) && !isProse(path) && hasLookalike(text)) {
    const say =
      'has a word that mixes Latin letters with others that look the same. Look at whether it is the name it seems to be.';
    return { severity: 'block', say };
  }
  return undefined;
}

/** Joiners between two characters beyond Latin (emoji, Persian, Indic scripts) do their work; others only hide. */
function hasLooseJoiner(text: string): boolean {
  return [...text.matchAll(JOINER)].some(({ index }) => {
    const [before, after] = [text.slice(0, index).at(-1) ?? '', text[index + 1] ?? ''];
    return (
      !/[\u0590-\uffff]/.test(before) || !/[\u0590-\uffff]/.test(after) || /[\u200b-\u200f]/.test(before)
    );
  });
}

function hasLookalike(text: string): boolean {
  if (!LOOKALIKE.test(text)) return false;
  // In a string `\n` before a Cyrillic word is a line's end, not a Latin letter.
  const words = text.replaceAll(/\\[bfnrtv]/g, ' ').match(WORD) ?? [];
  return words.some((word) => LOOKALIKE.test(word) && /[a-z]/i.test(word));
}

function nameCharacters(text: string): string {
  const odd = [...text].filter(
    (one) =>
      CARRIER.test(one) || SHAPELESS.test(one) || /[\u200c\u200d]/.test(one) || /[\ufe00-\ufe0f]/.test(one),
  );
  const names = new Set(
    odd.map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`),
  );
  return [...names].slice(0, 3).join(', ');
}
