// The other paths under which a file of the tree is reached over the tree's own links. Pure; nothing is read from a disk.
import { posix } from 'node:path';
import type { Change } from '../../workspace/change.ts';
import { foldPath, perChange } from '../found.ts';
import { type Guard, guardOf } from './guards.ts';

/** A link that leads to links, and so on: systems give up at 40. */
const MOST_HOPS = 40;
/** A file with more names than this is hidden among them on purpose. */
export const MOST_ALIASES = 200;
const MOST_LOOKED_AT = 200_000;

type Links = Readonly<{
  /** Where a link leads in the end (folded, '' is the top) → the links that lead there. */
  byTarget: ReadonlyMap<string, readonly string[]>;
}>;

const linksOf = perChange(({ beside }: Change): Links => {
  const targets = new Map([...beside.links].map(([path, target]) => [foldPath(path), target]));
  const byTarget = new Map<string, string[]>();
  for (const [path, target] of beside.links) {
    const end = follow(targets, joinTarget(foldPath(path), target));
    if (end === undefined) continue;
    byTarget.set(end, [...(byTarget.get(end) ?? []), path]);
  }
  return { byTarget };
});

function joinTarget(link: string, target: string): string {
  return foldPath(posix.join(posix.dirname(link), target)).replace(/^\.?\/|\/$|^\.$/g, '');
}

/** Where a path leads once each link on its way is followed; undefined where that is nowhere in the tree. */
function follow(targets: ReadonlyMap<string, string>, start: string): string | undefined {
  let path = start;
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    if (path.startsWith('..')) return undefined;
    const link = prefixesOf(path).find((prefix) => targets.has(prefix));
    if (link === undefined) return path;
    const rest = path.slice(link.length + 1);
    path = joinTarget(link, `${targets.get(link) ?? ''}/${rest}`);
  }
  return undefined;
}

/** The top, each folder on the way, and the path itself. */
function prefixesOf(path: string): string[] {
  const prefixes = [''];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) prefixes.push(path.slice(0, at));
  return path === '' ? prefixes : [...prefixes, path];
}

type Alias = Readonly<{ path: string; over: readonly string[] }>;

/** Paths that links make of this one, with the links on the way; at most so many. */
export function aliasesOf(path: string, change: Change): readonly Alias[] {
  const { byTarget } = linksOf(change);
  if (byTarget.size === 0) return [];
  const found: Alias[] = [];
  const seen = new Set([foldPath(path)]);
  const waiting: Alias[] = [{ path, over: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const prefix of prefixesOf(foldPath(next.path))) {
      for (const link of byTarget.get(prefix) ?? []) {
        const depth = prefix === '' ? 0 : prefix.split('/').length;
        const alias = [link, ...next.path.split('/').slice(depth)].join('/');
        if (seen.has(foldPath(alias))) continue;
        seen.add(foldPath(alias));
        const one = { path: alias, over: [...next.over, link] };
        found.push(one);
        if (found.length >= MOST_ALIASES) return found;
        waiting.push(one);
      }
    }
  }
  return found;
}

export type Shown = Readonly<{ guard: Guard; path: string }>;

/** Link → a guarded path that it puts a file of the tree at. */
export const guardedByLink = perChange((change: Change): ReadonlyMap<string, Shown> => {
  const shown = new Map<string, Shown>();
  let looked = 0;
  if (change.beside.links.size === 0) return shown;
  for (const name of change.beside.names) {
    const aliases = aliasesOf(name, change);
    looked += aliases.length;
    for (const { path, over } of aliases) {
      const guard = guardOf(path);
      if (guard) for (const link of over) if (!shown.has(link)) shown.set(link, { guard, path });
    }
    if (looked > MOST_LOOKED_AT) break;
  }
  return shown;
});
