// Fits a patch that is too long for a prompt: whole files, those that people write before those that programs write, short
// ones before long ones. Names decide only what is left out first; what is left out is told. Pure.
import { cutHead } from './cut.ts';

/** Lock files, snapshots, and what generators and bundlers make. */
const BY_PROGRAMS =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|go\.sum|[^/]*[.-]lock(?:b|file)?|[^/]*lock\.(?:json|ya?ml|hcl))$|(?:^|\/)(?:__snapshots__|__generated__|generated|node_modules|vendor|third_party|dist)\/|\.(?:snap|ambr|map|svg|po|csv|min\.(?:m?js|css)|pb\.go)$|_pb2\.pyi?$|[._-]generated\.[a-z]+$/i;

export type FittedPatch = Readonly<{
  text: string;
  /** Files of the change, and how many of them the text shows whole. */
  files: number;
  seen: number;
  /** Those that it does not show, or not whole, in the order of the patch; the first few. */
  left: readonly string[];
}>;

const MOST_NAMED = 50;
/** Of a file's part of a patch, before its first hunk: modes, similarity, index, names. */
const MOST_HEAD_LINES = 10;

type Part = Readonly<{ path: string; text: string; at: number; isWhole: boolean }>;

/**
 * `most`: UTF-8 bytes of the text. `cut` says that the patch given has lost its end, and with it files of `paths`. Where not
 * even one file fits, the text is the head of the first.
 */
export function fitPatch(
  patch: Readonly<{ text: string; cut: boolean }>,
  { paths, most }: Readonly<{ paths: readonly string[]; most: number }>,
): FittedPatch {
  const parts = splitPatch(patch);
  const wanted = parts
    .filter(({ isWhole }) => isWhole)
    .toSorted((one, other) => rank(one) - rank(other) || one.text.length - other.text.length);
  const shown: Part[] = [];
  let room = most;
  for (const part of wanted) {
    const size = bytes(part.text);
    if (size > room) continue;
    room -= size;
    shown.push(part);
  }
  const text = shown
    .toSorted((one, other) => one.at - other.at)
    .map((part) => part.text)
    .join('');
  const seen = new Set(shown.map(({ path }) => path));
  const left = paths.filter((path) => !seen.has(path));
  const files = Math.max(paths.length, parts.length);
  const [first] = wanted;
  const head = first ?? parts[0];
  return {
    // A character has at most three bytes for each of its UTF-16 units.
    text: shown.length > 0 || head === undefined ? text : `${cutHead(head.text, Math.floor(most / 3))}\n`,
    files,
    seen: shown.length,
    left: left.slice(0, MOST_NAMED),
  };
}

/**
 * In a patch every line of a file has a mark in front, so no content can look like the head of the next file: but for git a
 * line ends with \n alone, and for `^` in a pattern with \r, U+2028 and U+2029 as well.
 */
function splitPatch({ text, cut }: Readonly<{ text: string; cut: boolean }>): readonly Part[] {
  const texts = text.split(/(?<![^\n])(?=diff --git )/).filter((part) => part.startsWith('diff --git '));
  return texts.map((part, at) => ({
    path: pathOf(part),
    text: part,
    at,
    isWhole: !cut || at < texts.length - 1,
  }));
}

/** A name in quotes (git writes so what is not plain) is read as JSON where it is that, too. */
function pathOf(part: string): string {
  const lines = part.split('\n', MOST_HEAD_LINES);
  const named =
    lines.find((line) => /^\+\+\+ "?b\//.test(line)) ?? lines.find((line) => /^--- "?a\//.test(line));
  if (named !== undefined) return plainPath(named.slice('+++ '.length).replace(/\t$/, ''));
  return /^diff --git .* "?b\/(.*?)"?$/.exec(lines[0] ?? '')?.[1] ?? '';
}

function plainPath(name: string): string {
  return unquote(name).replace(/^[ab]\//, '');
}

/** Control characters are the only ones that git escapes otherwise than JSON does. */
function unquote(name: string): string {
  if (!name.startsWith('"')) return name;
  const octal = (_: string, digits: string) =>
    `\\u${Number.parseInt(digits, 8).toString(16).padStart(4, '0')}`;
  try {
    return String(
      JSON.parse(
        name
          .replaceAll(/\\([0-7]{3})/g, octal)
          .replaceAll('\\a', '\\u0007')
          .replaceAll('\\v', '\\u000b'),
      ),
    );
  } catch {
    return name;
  }
}

/** By its name alone: enough to decide what is left out first, never to leave something out unsaid. */
export function isByPrograms(path: string): boolean {
  return BY_PROGRAMS.test(path);
}

function rank({ path }: Part): number {
  return isByPrograms(path) ? 1 : 0;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
