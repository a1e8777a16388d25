// What is worked out of single lines, once for each, and how many lines of a change are held against each other: files of
// thousands of lines that look alike would otherwise keep the gate busy for minutes.
import type { Change } from '../../workspace/change.ts';
import { perChange } from '../found.ts';

const MOST_REMEMBERED = 50_000;

/** The same, worked out once for each text as long as there are not too many. */
export function oncePerText<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, { readonly value: T }>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known.value;
    if (made.size >= MOST_REMEMBERED) made.clear();
    const value = make(text);
    made.set(text, { value });
    return value;
  };
}

const MOST_LINE_CHARS = 2_000;
const TOKEN = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|[A-Za-z_$][\w$]*|\d[\w.]*|[^\s\w]/g;

/** Words, numbers, strings and signs of a line. */
export const tokensOf: (text: string) => readonly string[] = oncePerText((text) =>
  (text.slice(0, MOST_LINE_CHARS).match(TOKEN) ?? []).map((token) =>
    token.replace(/^['`](.*)['`]$/s, '"$1"'),
  ),
);

/** So many pairs of lines are compared for one change; beyond, a line counts as lost. */
export const MOST_PAIRS = 50_000;

/** How many pairs may still be compared. */
export type Budget = { pairsLeft: number };

/** What is left for a change. */
export const budgetOf = perChange((_: Change): Budget => ({ pairsLeft: MOST_PAIRS }));

/** Takes one pair out of what is left; false where nothing is. */
export function spend(budget: Budget): boolean {
  if (budget.pairsLeft <= 0) return false;
  budget.pairsLeft -= 1;
  return true;
}

const MOST_ALIKE = 500;

type Line = Readonly<{ text: string }>;

/** Lines by the words in them, so that one only meets those that it can be like. */
export class LineIndex<T extends Line> {
  readonly #byWord = new Map<string, T[]>();
  readonly #all: readonly T[];

  constructor(lines: readonly T[], wordsOf: (text: string) => readonly string[]) {
    this.#all = lines;
    for (const line of lines) {
      for (const word of new Set(wordsOf(line.text))) {
        const known = this.#byWord.get(word);
        if (known === undefined) this.#byWord.set(word, [line]);
        else known.push(line);
      }
    }
  }

  /** Those that may hold all of the words: by the rarest of them; where lines are much alike, the first of them. */
  holding(words: readonly string[]): readonly T[] {
    let fewest = this.#all;
    for (const word of words) {
      const lines = this.#byWord.get(word) ?? [];
      if (lines.length < fewest.length) fewest = lines;
    }
    return fewest.slice(0, MOST_ALIKE);
  }
}

/** Names of the file's own, and of no other thing that it speaks of now. */
export function definedIn(text: string): ReadonlySet<string> {
  const forms = [
    /(?<![\w$.])([A-Za-z_$][\w$]*)\s*(?::[^=\n]{1,60})?(?::?=)(?!=)/g,
    /\b(?:def|function|func|fun|fn|class|as|for|type|sub)\s+([A-Za-z_$][\w$]*)/g,
    /[({,|]\s*([A-Za-z_$][\w$]*)\s*(?=[,)}|])/g,
  ];
  return new Set(forms.flatMap((form) => [...text.matchAll(form)].map(([, name = '']) => name)));
}
