// Existing expectations that stay word for word and may run no longer: within a branch or an attempt that was put around them, or
// in a run that is ended well whatever they say. By lines alone, for frameworks that the other rules do not read.
import { addedLines, type FileRule, type Found } from '../found.ts';
import { isClaim } from './changed-tests.ts';
import { quote } from './quote.ts';
import { indentOf } from './test-blocks.ts';
import { isTestCode } from './test-files.ts';
import { weakenedTests } from './weakened-tests.ts';

const BRANCH =
  /^(?:\}?\s*(?:else\s+)?if\b|unless\b|while\b|when\b|switch\b|case\b|eval\s*\{|with\s+(?:contextlib\.)?suppress\b)/;
const ATTEMPT = /^(?:try\b|begin$|do\s*\{)/;
const CAUGHT = /^(?:\}?\s*)?(?:catch|except|rescue)\b/;
/** Ends all of it well. */
const ENDS_WELL =
  /\bprocess\.exit\(\s*0?\s*\)|\bprocess\.exitCode\s*=\s*0|\bos\._exit\(\s*0|\b(?:sys\.)?exit\(\s*0?\s*\)|\bos\.Exit\(0\)|\bSystem\.exit\(0\)|\bexit!?\s+(?:0|true)\b|\bDeno\.exit\(0?\)|Environment\.Exit\(0\)/;
const MOST_WITHIN = 60;

export const wrappedTests: FileRule = (file, change) => {
  const { path, before, whole } = file;
  if (before === undefined || whole.before === undefined || whole.after === undefined || !isTestCode(path))
    return [];
  const come = [...addedLines(file)].filter(({ text }) => text.length < 1_000);
  const isCaught = come.some(({ text }) => CAUGHT.test(text.trim()));
  const gone = new Set(file.removed.flatMap(({ text }) => text.split('\n').map(bare)));
  const fresh = new Set(come.map(({ line }) => line));
  const lines = whole.after.split('\n');
  for (const { line, text } of come) {
    const header = text.trim();
    if (gone.has(bare(text))) continue;
    if (ENDS_WELL.test(text) && !/^\s*(?:\/\/|#|\*)/.test(text))
      return [tell(path, line, `is ended well by ${quote(text)}, whatever its tests say`)];
    if (!BRANCH.test(header) && !(isCaught && ATTEMPT.test(header))) continue;
    const claim = within(lines, line).find(
      (at) => fresh.has(at + 1) && isClaim((lines[at] ?? '').trim()) && gone.has(bare(lines[at] ?? '')),
    );
    const isTold = (at: number) =>
      weakenedTests(file, change).some((found) => (found.line ?? 0) >= line && (found.line ?? 0) <= at + 1);
    if (claim !== undefined && !isTold(claim))
      return [tell(path, claim + 1, `has ${quote(lines[claim] ?? '')} in ${quote(header)} now`)];
  }
  return [];
};

/** The lines below one, as far as they are indented more. */
function within(lines: readonly string[], line: number): number[] {
  const indent = indentOf(lines[line - 1] ?? '');
  const found: number[] = [];
  for (let at = line; at < lines.length && found.length < MOST_WITHIN; at++) {
    const each = lines[at] ?? '';
    if (each.trim() === '') continue;
    if (indentOf(each) <= indent) break;
    found.push(at);
  }
  return found;
}

function bare(text: string): string {
  return text.replaceAll(/[\s;]+/g, '');
}

function tell(path: string, line: number, how: string): Found {
  const say = `${how}. Look at whether what it checked is still checked every time.`;
  return { rule: 'test_changed', path, line, severity: 'warn', say };
}
