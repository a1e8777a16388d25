// What a rule hands back, and the small questions that all rules ask of a change. Pure.
import type { GateRule, Severity } from '../job/gate-rules.ts';
import type { Change, FileChange } from '../workspace/change.ts';

/** A finding before the repository's own settings are applied. */
export type Found = Readonly<{
  rule: GateRule;
  path: string;
  line?: number;
  severity: Severity;
  say: string;
  /** Lines that went, and that it tells about: nobody needs to say so again. */
  about?: readonly string[];
}>;

/** A rule: looks at one file, with the whole change beside it. */
export type FileRule = (file: FileChange, change: Change) => readonly Found[];

/**
 * As a disk that ignores case, forms of letters, invisible characters, and (Windows) dots and spaces at the end and names of
 * streams would read a path.
 */
export function foldPath(path: string): string {
  const plain = /[^\x20-\x7e]/.test(path) ? path.normalize('NFKC').replace(INVISIBLE, '') : path;
  const folded = plain.toLowerCase();
  return /[. :](\/|$)|:/.test(folded)
    ? folded.replace(/::?\$[^/]*|:(?=\/|$)/g, '').replace(/([^/. ])[. ]+(?=\/|$)/g, '$1')
    : folded;
}

const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060\u206a-\u206f\ufeff]/g;

/** Works something out once for a change, however many files of it ask. */
export function perChange<T>(make: (change: Change) => T): (change: Change) => T {
  const made = new WeakMap<Change, T>();
  return (change) => {
    const known = made.get(change);
    if (known !== undefined) return known;
    const fresh = make(change);
    made.set(change, fresh);
    return fresh;
  };
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** Where the file is and was. */
export function pathsOf({ path, oldPath }: FileChange): readonly string[] {
  return oldPath === undefined ? [path] : [path, oldPath];
}

export function isRegular(mode: string | undefined): boolean {
  return mode === '100644' || mode === '100755' || mode === '100664';
}

/** Added lines one by one, with their numbers. */
export function* addedLines(file: FileChange): Generator<{ line: number; text: string }> {
  for (const run of file.added) {
    let line = run.line;
    for (const text of run.text.split('\n')) yield { line: line++, text };
  }
}

/** The first added line that holds a word, if one does. */
export function lineOf(file: FileChange, word: string): { line?: number } {
  for (const { line, text } of addedLines(file)) if (text.includes(word)) return { line };
  return {};
}

export function extensionOf(path: string): string {
  return /\.([a-z0-9]+)$/.exec(baseName(path).toLowerCase())?.[1] ?? '';
}

/** Words for people: neither run as code nor built. */
export function isProse(path: string): boolean {
  if (/(^|\/)cmakelists\.txt$/i.test(path)) return false;
  return /\.(md|mdx|markdown|rst|adoc|asciidoc|txt|tex|org|html?)$|(^|\/)(licen[cs]e|changelog|readme|authors)$/i.test(
    path,
  );
}

const SOURCE =
  /^(js|mjs|cjs|jsx|ts|mts|cts|tsx|vue|svelte|astro|py|pyi|rb|go|rs|java|kt|kts|scala|groovy|c|h|cc|cpp|hpp|cxx|m|mm|cs|fs|vb|swift|php|pl|pm|lua|r|jl|ex|exs|erl|hs|ml|clj|cljs|dart|zig|nim|sol|sh|bash|zsh|fish|ps1|psm1|bat|cmd|sql|css|scss|less|tf|gradle|cmake|mk|html|htm|xml|json|jsonc|yaml|yml|toml|ini|cfg|conf|md|txt|graphql|proto)$/;

/** Text by its name: what people expect to be able to read. */
export function isTextByName(path: string): boolean {
  return (
    SOURCE.test(extensionOf(path)) || /(^|\/)(dockerfile|makefile|rakefile|gemfile|jenkinsfile)$/i.test(path)
  );
}
