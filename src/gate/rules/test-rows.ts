// Expectations that went and stand there as rows of a table of cases, or as calls of a helper that checks. Pure.
import { literalsOf } from './expected-values.ts';
import { type Budget, spend, tokensOf } from './line-words.ts';
import { isClaimWord, type TestLine } from './test-lines.ts';

export type Row = { readonly text: string; readonly left: string[] };

/** Lines that came, as rows of which each value may stand for one that went. */
export function rowsOf(come: readonly TestLine[], text: string): Row[] {
  return come
    .filter((line) => isRow(line.text, text))
    .map((line) => ({ text: line.text, left: literalsOf(line.text) }))
    .filter(({ left }) => left.length > 0);
}

/** A row of a table of cases, or a call of a helper that checks and stands in the same file. */
function isRow(line: string, text: string): boolean {
  if (/^(?:[[({|"'`\d-]|pytest\.param\(|@pytest\.mark\.parametrize\(|\w+:\s*["'`\d[{-])/.test(line))
    return true;
  const helper =
    /^(?:await\s+|return\s+)?(?:self\.|this\.)?((?:expect|assert|check|verify|should|must|require)[A-Z_]\w*)!?\s*\(/.exec(
      line,
    )?.[1];
  return (
    helper !== undefined &&
    new RegExp(`(?:function|def|func|fn|fun|const|let|void|sub)\\s+(?:\\w+\\s+)?${helper}\\b`).test(text)
  );
}

type Rows = Readonly<{ rows: readonly Row[]; words: ReadonlySet<string>; budget: Budget }>;

/** Each of its values, in one row; with the names that it speaks of still in the file. */
export function isSaidAsRow(text: string, { rows, words, budget }: Rows): boolean {
  const wanted = literalsOf(text);
  if (wanted.length === 0) return false;
  const bare = text.replace(/^(?:(?:const|let|var|val|final|auto)\s+)?[\w$]+\s*:?=(?!=)/, '');
  const names = tokensOf(bare).filter(
    (token) => /^[A-Za-z_$]/.test(token) && token.length > 3 && !isClaimWord(token),
  );
  if (!names.every((name) => words.has(name))) return false;
  const row = rows.find(({ left }) => spend(budget) && hasAll(left, wanted));
  for (const value of row ? wanted : []) row?.left.splice(row.left.indexOf(value), 1);
  return row !== undefined;
}

function hasAll(left: readonly string[], wanted: readonly string[]): boolean {
  if (!wanted.every((value) => left.includes(value))) return false;
  const rest = [...left];
  return wanted.every((value) => {
    const at = rest.indexOf(value);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}
