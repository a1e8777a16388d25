// What a file gets from elsewhere in languages other than JavaScript and Python: Go, Java, Kotlin, Scala, Ruby, Rust, PHP, C#.
// Pure.
import { extensionOf } from '../found.ts';

/**
 * `name` stands in the file for `of` of `from`. Where a whole package, namespace or file is taken in, `name` is undefined:
 * the names are those that it has.
 */
export type OtherImport = Readonly<{ name: string | undefined; of: string; from: string; line: number }>;

const MOST_CHARS = 200_000;
const MOST_IMPORTS = 300;

type Reader = (line: string) => readonly Omit<OtherImport, 'line'>[];

const READERS: readonly (readonly [RegExp, Reader])[] = [
  [/^go$/, ofGo],
  [/^(?:java|kts?|scala|groovy)$/, ofJvm],
  [/^rb$/, ofRuby],
  [/^rs$/, ofRust],
  [/^php$/, ofPhp],
  [/^cs$/, ofCsharp],
];

export function hasOtherImports(path: string): boolean {
  return READERS.some(([extension]) => extension.test(extensionOf(path)));
}

export function readOtherImports(path: string, text: string): readonly OtherImport[] {
  const read = READERS.find(([extension]) => extension.test(extensionOf(path)))?.[1];
  if (read === undefined) return [];
  return text
    .slice(0, MOST_CHARS)
    .split('\n')
    .flatMap((line, at) => (line.length > 500 ? [] : read(line).map((each) => ({ ...each, line: at + 1 }))))
    .slice(0, MOST_IMPORTS);
}

/** A line of its own within `import (…)` looks like any string; only paths have a slash in them. */
function ofGo(line: string): ReturnType<Reader> {
  const [, alias, from] =
    /^\s*(?:import\s+)?(?:([\w.]+)\s+)?"([\w.~-]+(?:\/[\w.~-]+)+)"\s*$/.exec(line) ?? [];
  if (from === undefined || alias === '_') return [];
  const last =
    from
      .replace(/\/v\d+$/, '')
      .split('/')
      .at(-1) ?? '';
  return [{ name: alias === '.' ? undefined : (alias ?? last), of: last, from }];
}

function ofJvm(line: string): ReturnType<Reader> {
  const [, from, of, alias] =
    /^\s*import\s+(?:static\s+)?([\w.]+)\.(\w+|\*)(?:\s+as\s+(\w+))?\s*;?\s*$/.exec(line) ?? [];
  if (from === undefined || of === undefined) return [];
  return [{ name: of === '*' ? undefined : (alias ?? of), of, from }];
}

function ofRuby(line: string): ReturnType<Reader> {
  const from = /^\s*(?:require|require_relative|load)\s*\(?\s*["']([^"'\n]+)["']/.exec(line)?.[1];
  return from === undefined ? [] : [{ name: undefined, of: '*', from }];
}

/** `use a::{b::c, d as e}` on one line. */
function ofRust(line: string): ReturnType<Reader> {
  const [, before = '', inside, plain] =
    /^\s*(?:pub\s+)?use\s+(?:([\w:]*)\{([^{}]*)\}|([\w:*]+(?:\s+as\s+\w+)?))\s*;/.exec(line) ?? [];
  return (inside ?? plain ?? '').split(',').flatMap((one) => named(`${before}${one.trim()}`, '::'));
}

function ofPhp(line: string): ReturnType<Reader> {
  const [, before = '', inside, plain] =
    /^\s*use\s+(?:function\s+|const\s+)?(?:\\?([\w\\]*)\{([^{}]*)\}|\\?([\w\\]+(?:\s+as\s+\w+)?))\s*;/.exec(
      line,
    ) ?? [];
  return (inside ?? plain ?? '').split(',').flatMap((one) => named(`${before}${one.trim()}`, '\\'));
}

function ofCsharp(line: string): ReturnType<Reader> {
  const [, alias, all] =
    /^\s*(?:global\s+)?using\s+(?:static\s+)?(?:(\w+)\s*=\s*)?([\w.]+)\s*;/.exec(line) ?? [];
  if (all === undefined) return [];
  if (alias === undefined) return [{ name: undefined, of: '*', from: all }];
  const at = all.lastIndexOf('.');
  return [{ name: alias, of: all.slice(at + 1), from: all.slice(0, Math.max(0, at)) }];
}

/** `a::b::c as d`, by what separates the parts. */
function named(text: string, separator: string): ReturnType<Reader> {
  const [, all = '', alias] = /^(\S+?)(?:\s+as\s+(\w+))?$/.exec(text) ?? [];
  const at = all.lastIndexOf(separator);
  const [from, of] = [all.slice(0, Math.max(0, at)), at < 0 ? all : all.slice(at + separator.length)];
  // Names alone: what an agent wrote becomes part of patterns.
  if (of === 'self' || !/^(?:\*|(?:r#)?\w+)$/.test(of)) return [];
  return [{ name: of === '*' ? undefined : (alias ?? of), of, from }];
}
