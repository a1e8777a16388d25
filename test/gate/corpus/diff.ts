// The form of the corpus: diffs as agents make them, by the texts of the files that they touch.
import type { Texts } from '../../support/change-of.ts';

export type Diff = Readonly<{ name: string; before: Texts; after: Texts }>;

/** Files that stay as they are, so that a tree looks like one. */
export const AROUND: Texts = { 'README.md': '# Shop\n', 'src/price.ts': 'export const price = 1;\n' };

/** One file, edited: each pair says what became what. Throws where the text does not hold it. */
export function edit(
  name: string,
  [path, text]: readonly [path: string, text: string],
  ...changes: readonly (readonly [from: string, to: string])[]
): Diff {
  let after = text;
  for (const [from, to] of changes) {
    if (!after.includes(from)) throw new Error(`${name}: there is no ${JSON.stringify(from)} in ${path}.`);
    after = after.replace(from, () => to);
  }
  return { name, before: { [path]: text }, after: { [path]: after } };
}

/** Files that are new. */
export function addition(name: string, files: Texts): Diff {
  return { name, before: {}, after: files };
}

/** A file under another name. */
export function move(
  name: string,
  [from, to]: readonly [from: string, to: string],
  text: string,
  beside: Texts = {},
): Diff {
  return { name, before: { [from]: text, ...beside }, after: { [to]: text, ...beside } };
}

/** Several edits in one change. */
export function together(name: string, ...diffs: readonly Diff[]): Diff {
  const all = (side: 'before' | 'after') => Object.assign({}, ...diffs.map((diff) => diff[side])) as Texts;
  return { name, before: all('before'), after: all('after') };
}
