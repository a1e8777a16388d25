// Lockfiles: nobody reads them, so what they may not do unseen is checked here. Changed alone, sources elsewhere than before,
// checksums gone or swapped, a package under another's name.
import { z } from 'zod';
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, baseName, type FileRule, type Found, folderOf, foldPath } from '../found.ts';
import { manifestOf } from './lockfile-names.ts';

/** The public registries' own hosts; a repository's others are those its lockfile names already. */
const REGISTRIES = new Set([
  'registry.npmjs.org',
  'registry.yarnpkg.com',
  'npm.jsr.io',
  'jsr.io',
  'deno.land',
  'crates.io',
  'static.crates.io',
  'index.crates.io',
  'pypi.org',
  'files.pythonhosted.org',
  'rubygems.org',
  'repo.packagist.org',
  'packagist.org',
  'repo.hex.pm',
  'pub.dev',
  'pub.dartlang.org',
  'api.nuget.org',
  'proxy.golang.org',
  'registry.terraform.io',
  'cdn.cocoapods.org',
]);
const CRATES = 'registry+https://github.com/rust-lang/crates.io-index';

/** Lines that say where a package comes from. */
const SOURCE_LINE =
  /^\s*"?(resolved|resolution|tarball|source|remote|repo|registry|specifier|git|url)"?\s*[:= ]|tarball:|\bsource\s*=\s*\{|\b(url|git|registry)\s*=\s*"|^\s*"?version"?\s*:\s*"?(git|https?:)|^\s{2,}"?[^\s"]+@(git|https?|ssh|github):?|git\+/;
const ADDRESS =
  /(?:(?:git|registry|sparse)\+)?(?:https?|ssh|git|file):\/\/[^\s"'{},)\]#]+|git@[\w.-]+:[^\s"'#]+|\bgithub:[\w./-]+/g;

export const lockfiles: FileRule = (file, change) => {
  const manifest = manifestOf(file.path);
  if (manifest === undefined) return [];
  return [...alone(file, change, manifest), ...sources(file), ...checksums(file), ...packageLock(file)];
};

function alone(file: FileChange, change: Change, manifest: RegExp): Found[] {
  if (file.before === undefined && file.after !== undefined && change.files.length === 1) return [];
  const folder = folderOf(foldPath(file.path));
  const isChanged = change.files.some(
    (other) =>
      manifest.test(foldPath(other.path)) && foldPath(other.path).startsWith(folder) && changesMore(other),
  );
  if (isChanged) return [];
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

function sources(file: FileChange): Found[] {
  const isSource = sourceLinesOf(file.path);
  const known = new Set([...addressesOf(file.whole.before ?? '', isSource)].map(sourceOf));
  const seen = new Set<string>();
  const found: Found[] = [];
  for (const { line, text } of addedLines(file)) {
    for (const address of addressesOf(text, isSource)) {
      const source = sourceOf(address);
      if (isRegistry(address) || known.has(source) || seen.has(source)) continue;
      seen.add(source);
      const say = `takes a package from ${JSON.stringify(source.slice(0, 150))}, which is no registry it used before. Look at who can change what is there.`;
      found.push({ rule: 'lockfile_source', path: file.path, line, severity: 'block', say });
    }
    if (found.length >= 5) break;
  }
  return found;
}

/** npm and Composer also note where sponsors send their money. */
function sourceLinesOf(path: string): RegExp {
  const folded = foldPath(path);
  if (/(^|\/)(package-lock|npm-shrinkwrap)\.json$/.test(folded)) return /"(resolved|version)": "/;
  return /(^|\/)composer\.lock$/.test(folded) ? /"url": ".*(\.git|\.zip|zipball\/[^"]*)"/ : SOURCE_LINE;
}

function* addressesOf(text: string, isSource: RegExp): Generator<string> {
  for (const line of text.split('\n')) {
    if (!isSource.test(line)) continue;
    for (const [address] of line.matchAll(ADDRESS)) yield address;
  }
}

/** A whole host for plain downloads, one repository for git. */
function sourceOf(address: string): string {
  if (/^git|^ssh:|^file:|^github:|\.git\b|codeload\.github\.com/.test(address)) return withoutLogin(address);
  try {
    const { protocol, host } = new URL(address.replace(/^(registry|sparse)\+/, ''));
    return `${protocol}//${host}`;
  } catch {
    return withoutLogin(address);
  }
}

function withoutLogin(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '');
}

function isRegistry(address: string): boolean {
  if (address.startsWith(CRATES)) return true;
  const plain = address.replace(/^(registry|sparse)\+/, '');
  return URL.canParse(plain) && plain.startsWith('https://') && REGISTRIES.has(new URL(plain).host);
}

type Pair = Readonly<{ lock: RegExp; packages: RegExp; sums: RegExp }>;

/** Entries that come from a registry, and the checksums that each should have. */
const SUMS: readonly Pair[] = [
  {
    lock: /(^|\/)yarn\.lock$/,
    packages: /^ {2}resolved "|^ {2}resolution: ".*@npm:/gm,
    sums: /^ {2}(integrity|checksum:) /gm,
  },
  { lock: /(^|\/)pnpm-lock\.yaml$/, packages: /^\s+resolution: ?\{/gm, sums: /\bintegrity: ?\S/gm },
  { lock: /(^|\/)cargo\.lock$/, packages: /^source = "(registry|sparse)\+/gm, sums: /^checksum = "/gm },
  { lock: /(^|\/)bun\.lock$/, packages: /^ {4}"[^"]+": \["/gm, sums: /"sha\d+-/gm },
  { lock: /(^|\/)poetry\.lock$/, packages: /^\[\[package\]\]/gm, sums: /^files = \[\s*\n\s*\{/gm },
];

function checksums(file: FileChange): Found[] {
  const pair = SUMS.find(({ lock }) => lock.test(foldPath(file.path)));
  if (pair === undefined || file.whole.after === undefined) return [];
  const missing = (text = '') =>
    (text.match(pair.packages)?.length ?? 0) - (text.match(pair.sums)?.length ?? 0);
  return missing(file.whole.after) > Math.max(0, missing(file.whole.before))
    ? [lostSum(file.path, 'a package')]
    : [];
}

function lostSum(path: string, what: string): Found {
  const say = `has no checksum for ${what}, so anything could be installed in its place. Make the lockfile anew.`;
  return { rule: 'lockfile_source', path, severity: 'block', say };
}

const entrySchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
});
const lockSchema = z.looseObject({
  packages: z.record(z.string(), entrySchema.catch({})).optional(),
  dependencies: z.record(z.string(), entrySchema.catch({})).optional(),
});
type Entry = z.infer<typeof entrySchema>;

/** npm's own lockfile says enough to look at each entry. */
function packageLock({ path, whole, isUnread }: FileChange): Found[] {
  if (!/(^|\/)(package-lock|npm-shrinkwrap)\.json$/.test(foldPath(path)) || whole.after === undefined)
    return [];
  const [before, after] = [readEntries(whole.before), readEntries(whole.after)];
  if (after === undefined) {
    const say = 'is a lockfile that cannot be read, so its sources could not be judged. Make it anew.';
    return isUnread ? [] : [{ rule: 'lockfile_source', path, severity: 'block', say }];
  }
  const found: Found[] = [];
  for (const [key, entry] of after) {
    const old = before?.get(key);
    if (JSON.stringify(old) !== JSON.stringify(entry)) found.push(...judgeEntry(path, key, { entry, old }));
    if (found.length >= 5) break;
  }
  return found;
}

function judgeEntry(
  path: string,
  key: string,
  { entry, old }: { entry: Entry; old: Entry | undefined },
): Found[] {
  const name = JSON.stringify(
    key.slice(key.lastIndexOf('node_modules/') + (key.includes('node_modules/') ? 13 : 0)).slice(0, 100),
  );
  const { resolved = '', integrity } = entry;
  if (
    /^https?:/.test(resolved) &&
    integrity === undefined &&
    (old === undefined || old.integrity !== undefined)
  ) {
    return [lostSum(path, name)];
  }
  const block = (say: string): Found[] => [{ rule: 'lockfile_source', path, severity: 'block', say }];
  const isSame = old?.version === entry.version && old?.resolved === entry.resolved;
  if (
    isSame &&
    old?.integrity !== undefined &&
    integrity !== undefined &&
    !sharesSum(old.integrity, integrity)
  ) {
    return block(`has another checksum for the same version of ${name}. Look at what is really published.`);
  }
  const tarball = /^https:\/\/registry\.(?:npmjs\.org|yarnpkg\.com)\/((?:@[^/]+(?:\/|%2f))?[^/]+)\/-\//i.exec(
    resolved,
  )?.[1];
  const plain = tarball && decodeURIComponent(tarball);
  const wanted = entry.name ?? JSON.parse(name);
  if (plain === undefined || plain === wanted) return [];
  return block(
    `installs ${JSON.stringify(plain.slice(0, 100))} under the name ${name}. Look at which of the two is meant.`,
  );
}

/** A stronger sum may stand in the place of a weaker one, or beside it. */
function sharesSum(before: string, after: string): boolean {
  const [old, now] = [before, after].map(
    (sums) => new Map(sums.split(' ').map((sum) => [sum.split('-')[0], sum])),
  );
  const common = [...(old ?? [])].filter(([kind]) => now?.has(kind));
  return common.every(([kind, sum]) => now?.get(kind) === sum);
}

function readEntries(text: string | undefined): Map<string, Entry> | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = lockSchema.safeParse(JSON.parse(text));
    return parsed.success
      ? new Map(Object.entries(parsed.data.packages ?? parsed.data.dependencies ?? {}))
      : undefined;
  } catch {
    return undefined;
  }
}
