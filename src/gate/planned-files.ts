// Which files a plan names. A plan is an agent's words: an entry that fits any file names none. Pure.
import { matchesGlob } from 'node:path';

/** What is longer is no path, and more stars keep a pattern busy. */
const MOST_CHARACTERS = 300;
const MOST_STARS = 6;

/** Nobody plans these: an entry that covers them says "anything". */
const STRANGERS = ['qz-stranger', 'qz-stranger.qz', 'qz-folder/qz-stranger.qz', 'qz-folder/qz/stranger'];

/** The entries that name something, bare of what planners write around them (`./src/a.ts:12`, quotes). */
export function plannedFiles(entries: readonly string[]): readonly string[] {
  return entries
    .map(readEntry)
    .filter((entry) => entry !== '' && !STRANGERS.some((path) => coversPath(entry, path)));
}

/** Whether a path, folder or glob of a plan means `path`. */
export function coversPath(entry: string, path: string): boolean {
  if (entry === path || path.startsWith(entry.endsWith('/') ? entry : `${entry}/`)) return true;
  if (!isOneFile(entry) && !entry.includes('(') && entry.split('*').length - 1 <= MOST_STARS) {
    return matchesGlob(path, entry);
  }
  // A name alone means the file of that name.
  return !entry.includes('/') && entry === path.slice(path.lastIndexOf('/') + 1);
}

/** Neither a glob nor a folder. */
export function isOneFile(entry: string): boolean {
  return !/[*?[{]|\/$/.test(entry);
}

function readEntry(entry: string): string {
  if (entry.length > MOST_CHARACTERS) return '';
  const bare = entry.trim().replace(/^[`'"]|[`'"]$/g, '');
  return bare
    .replace(/^(\.?\/)+/, '')
    .replace(/^\.$/, '')
    .replace(/:\d+([-:]\d+)?$/, '');
}
