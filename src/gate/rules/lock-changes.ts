// Compares the packages of a lockfile before and after: the same version must stay the same thing from the same place.
import type { FileChange } from '../../workspace/change.ts';
import { type Found, lineOf } from '../found.ts';
import { isRegistry, sourceOf } from './lock-addresses.ts';
import type { Locked } from './locked.ts';

const MOST = 5;

type Before = Readonly<{
  /** Name and version → checksums. */
  sums: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;
  /** Name → where it came from. */
  places: ReadonlyMap<string, ReadonlySet<string>>;
  known: ReadonlySet<string>;
  /** Packages that had a checksum. */
  summed: ReadonlySet<string>;
  entries: ReadonlySet<string>;
}>;

export function judgePackages(
  file: FileChange,
  packages: Readonly<{ before: readonly Locked[]; after: readonly Locked[]; judgesSources: boolean }>,
): Found[] {
  const before = index(packages.before);
  const found: Found[] = [];
  const seen = new Set<string>();
  for (const one of packages.after) {
    if (before.entries.has(JSON.stringify([one, [...one.sums]]))) continue;
    const say =
      judgeSums(one, before) ??
      judgeName(one) ??
      judgeMove(one, before) ??
      (packages.judgesSources ? judgeSource(one, before) : undefined);
    if (say === undefined || seen.has(say)) continue;
    seen.add(say);
    const severity = say.startsWith('has more') ? 'warn' : 'block';
    found.push({ rule: 'lockfile_source', path: file.path, ...lineOf(file, shortName(one)), severity, say });
    if (found.length >= MOST) break;
  }
  return found;
}

function index(packages: readonly Locked[]): Before {
  const sums = new Map<string, Map<string, Set<string>>>();
  const places = new Map<string, Set<string>>();
  for (const one of packages) {
    const known = sums.get(keyOf(one)) ?? new Map<string, Set<string>>();
    for (const [of, sum] of one.sums) known.set(of, (known.get(of) ?? new Set()).add(sum));
    sums.set(keyOf(one), known);
    if (one.source) places.set(one.name, (places.get(one.name) ?? new Set()).add(placeOf(one.source)));
  }
  return {
    sums,
    places,
    known: new Set(packages.flatMap(({ source }) => (source ? [sourceOf(source)] : []))),
    summed: new Set(packages.filter((one) => one.sums.size > 0).map(({ name }) => name)),
    entries: new Set(packages.map((one) => JSON.stringify([one, [...one.sums]]))),
  };
}

function keyOf({ name, version }: Locked): string {
  return JSON.stringify([name, version]);
}

/** All public registries hold the same packages. */
function placeOf(source: string): string {
  return isRegistry(source) ? 'public' : sourceOf(source);
}

function shortName({ name }: Locked): string {
  return name.replace(/^.*(node_modules\/| > )/, '').slice(0, 100);
}

function judgeSums(one: Locked, before: Before): string | undefined {
  const name = JSON.stringify(shortName(one));
  const old = before.sums.get(keyOf(one));
  const isLost = one.sums.size === 0 && (before.summed.has(one.name) || one.wantsSum === true);
  if (isLost && (before.summed.has(one.name) || old === undefined)) {
    return `has no checksum for ${name}, so anything could be installed in its place. Make the lockfile anew.`;
  }
  if (old === undefined || old.size === 0 || one.sums.size === 0) return undefined;
  const common = [...one.sums].filter(([of]) => old.has(of));
  const isOther =
    common.some(([of, sum]) => old.get(of)?.has(sum) === false) || (one.isByFile && common.length === 0);
  if (isOther) {
    return `has another checksum for the same version of ${name}. Look at what is really published.`;
  }
  return one.isByFile && common.length < one.sums.size
    ? `has more checksums for the same version of ${name} than before. Look at whether the files are new ones of its authors.`
    : undefined;
}

function judgeName(one: Locked): string | undefined {
  if (one.isReally === undefined) return undefined;
  const [really, name] = [one.isReally.slice(0, 100), shortName(one)].map((text) => JSON.stringify(text));
  return `installs ${really} under the name ${name}. Look at which of the two is meant.`;
}

/** What came from a registry of one's own and now comes from the public one may be anybody's. */
function judgeMove(one: Locked, before: Before): string | undefined {
  const places = before.places.get(one.name);
  if (!one.source || places === undefined || places.has('public') || placeOf(one.source) !== 'public')
    return undefined;
  // A version from git that was released since is no cause for alarm.
  if ([...places].every((place) => /^(git|ssh)|\.git$/.test(place))) return undefined;
  const from = JSON.stringify([...places][0]?.slice(0, 150));
  return `takes ${JSON.stringify(shortName(one))} from a public registry now and no longer from ${from}. Look at whose package that is.`;
}

function judgeSource({ name, source, isUsual }: Locked, before: Before): string | undefined {
  if (isUsual && !before.places.has(name)) return undefined;
  if (!source || isRegistry(source) || before.known.has(sourceOf(source))) return undefined;
  if (/^(file:)?\.{0,2}(\/?[\w@][^:]*)?\/?$/.test(source)) return undefined;
  return `takes a package from ${JSON.stringify(sourceOf(source).slice(0, 150))}, which is no registry it used before. Look at who can change what is there.`;
}
