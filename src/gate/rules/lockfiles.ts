// Lockfiles: nobody reads them, so what they may not do unseen is checked here. Changed alone, sources elsewhere than before,
// checksums gone or swapped, a package under another's name.
import { z } from 'zod';
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, baseName, type FileRule, type Found, folderOf, foldPath, perChange } from '../found.ts';
import { addressesIn, isRegistry, sourceOf } from './lock-addresses.ts';
import { judgePackages } from './lock-changes.ts';
import { readLocked } from './locked-packages.ts';
import { LOCKFILES, manifestOf } from './lockfile-names.ts';

/** Lines that say where a package comes from. */
const SOURCE_LINE =
  /^\s*"?(resolved|resolution|tarball|source|remote|repo|registry|specifier|git|url)"?\s*[:= ]|tarball:|\bsource\s*=\s*[{"]|\b(url|git|registry)\s*=\s*"|^\s*"?version"?\s*:\s*"?(git|https?:)|^\s{0,20}"?[^\s"]+@(git|https?|ssh|github):?|git\+|\{:git,/;
const MOST = 5;

export const lockfiles: FileRule = (file, change) => {
  const manifest = manifestOf(file.path);
  if (manifest === undefined) return [];
  return [...alone(file, change, manifest), ...contents(file), ...checksums(file)];
};

/** Manifest's pattern → the folders that hold, at any depth, one that changed. */
const changedManifests = perChange(({ files }: Change): ReadonlyMap<RegExp, ReadonlySet<string>> => {
  const folders = new Map<RegExp, Set<string>>();
  for (const file of files) {
    const path = foldPath(file.path);
    const fits = LOCKFILES.map(([, manifest]) => manifest).filter((manifest) => manifest.test(path));
    if (fits.length === 0 || !changesMore(file)) continue;
    for (const manifest of fits) {
      const known = folders.get(manifest) ?? new Set(['']);
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
        known.add(path.slice(0, at + 1));
      folders.set(manifest, known);
    }
  }
  return folders;
});

function alone(file: FileChange, change: Change, manifest: RegExp): Found[] {
  if (file.before === undefined && file.after !== undefined && change.files.length === 1) return [];
  if (
    changedManifests(change)
      .get(manifest)
      ?.has(folderOf(foldPath(file.path)))
  )
    return [];
  const how = file.kind === 'deleted' ? 'was removed' : 'changed';
  const say = `is a lockfile that ${how} although no manifest beside it did. Look at which packages are others now.`;
  return [{ rule: 'lockfile', path: file.path, severity: 'warn', say }];
}

const manifestSchema = z.record(z.string(), z.unknown());

/** Scripts and words of a package.json change no dependency. */
function changesMore({ path, whole }: FileChange): boolean {
  if (baseName(foldPath(path)) !== 'package.json') return true;
  const [before, after] = [whole.before, whole.after].map((text) => {
    try {
      const {
        scripts: _s,
        description: _d,
        keywords: _k,
        ...rest
      } = manifestSchema.parse(JSON.parse(text ?? '{}'));
      return JSON.stringify(rest);
    } catch {
      return undefined;
    }
  });
  return before === undefined || before !== after;
}

/** Files of JSON are read as such, however they are laid out; of others the added lines tell where packages come from. */
function contents(file: FileChange): Found[] {
  const { path, whole } = file;
  if (whole.after === undefined) return [];
  const after = readLocked(path, whole.after);
  const before = whole.before === undefined ? [] : readLocked(path, whole.before);
  if (after === 'unreadable') {
    const say = 'is a lockfile that cannot be read, so its sources could not be judged. Make it anew.';
    return [{ rule: 'lockfile_source', path, severity: 'block', say }];
  }
  const isJson = /\.(json|resolved)$|(^|\/)(composer|pipfile|flake|deno|bun)\.lock$/.test(foldPath(path));
  const judged = judgePackages(file, {
    before: Array.isArray(before) ? before : [],
    after: after ?? [],
    judgesSources: isJson,
  });
  return [...(isJson ? [] : sources(file)), ...judged].slice(0, MOST);
}

function sources(file: FileChange): Found[] {
  const known = new Set([...addressesOf(file.whole.before ?? '')].map(sourceOf));
  const seen = new Set<string>();
  const found: Found[] = [];
  for (const { line, text } of addedLines(file)) {
    for (const address of addressesOf(text)) {
      const source = sourceOf(address);
      if (isRegistry(address) || known.has(source) || seen.has(source)) continue;
      seen.add(source);
      found.push({ ...newSource(file.path, source), line });
    }
    if (found.length >= MOST) break;
  }
  return found;
}

function newSource(path: string, source: string): Found {
  const say = `takes a package from ${JSON.stringify(source.slice(0, 150))}, which is no registry it used before. Look at who can change what is there.`;
  return { rule: 'lockfile_source', path, severity: 'block', say };
}

function* addressesOf(text: string): Generator<string> {
  for (const line of text.split('\n')) if (SOURCE_LINE.test(line)) yield* addressesIn(line);
}

type Pair = Readonly<{ lock: RegExp; packages: RegExp; sums: RegExp }>;

/** Entries that come from a registry, and the checksums that each should have. */
const SUMS: readonly Pair[] = [
  {
    lock: /(^|\/)yarn\.lock$/,
    packages: /^ {2}resolved "|^ {2}resolution: ".*@npm:/gm,
    sums: /^ {2}(integrity|checksum:) /gm,
  },
  { lock: /(^|\/)pnpm-lock\.yaml$/, packages: /^[ \t]+resolution: ?\{/gm, sums: /\bintegrity: ?\S/gm },
  { lock: /(^|\/)cargo\.lock$/, packages: /^source = "(registry|sparse)\+/gm, sums: /^checksum = "/gm },
  { lock: /(^|\/)bun\.lock$/, packages: /^ {4}"[^"]+": \["/gm, sums: /"sha\d+-/gm },
  { lock: /(^|\/)poetry\.lock$/, packages: /^\[\[package\]\]/gm, sums: /^files = \[[ \t]*\r?\n[ \t]*\{/gm },
];

function checksums(file: FileChange): Found[] {
  const pair = SUMS.find(({ lock }) => lock.test(foldPath(file.path)));
  if (pair === undefined || file.whole.after === undefined) return [];
  const missing = (text = '') =>
    (text.match(pair.packages)?.length ?? 0) - (text.match(pair.sums)?.length ?? 0);
  if (missing(file.whole.after) <= Math.max(0, missing(file.whole.before))) return [];
  const say =
    'has no checksum for a package, so anything could be installed in its place. Make the lockfile anew.';
  return [{ rule: 'lockfile_source', path: file.path, severity: 'block', say }];
}
