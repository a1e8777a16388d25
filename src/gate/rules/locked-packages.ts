// Reads lockfiles that are JSON into one shape, however they are laid out. Sources: the formats' own documentation.
import { foldPath } from '../found.ts';
import { asObject, type Json, readJson } from './json.ts';
import { tarballName } from './lock-addresses.ts';
import { type Locked, sumsOf } from './locked.ts';
import { readLockText } from './locked-text.ts';

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The packages of a lockfile; undefined: it is of a kind that is not read so; `unreadable`: it is broken. */
export function readLocked(path: string, source: string): readonly Locked[] | 'unreadable' | undefined {
  const folded = foldPath(path);
  const reader = JSON_LOCKS.find(([name]) => name.test(folded))?.[1];
  if (reader === undefined) return readLockText(folded, source);
  // bun.lock has commas at the end of lists.
  const json = readJson(/bun\.lock$/.test(folded) ? source.replace(/,(?=\s*[}\]])/g, '') : source);
  return json === undefined ? 'unreadable' : reader(json);
}

function* npm(entries: unknown, prefix: string, depth = 0): Generator<Locked> {
  for (const [key, value] of Object.entries(asObject(entries))) {
    const entry = asObject(value);
    const at = key.lastIndexOf('node_modules/');
    const own = at < 0 ? key : key.slice(at + 'node_modules/'.length);
    const { version, resolved, integrity } = entry;
    const source =
      text(resolved) ?? (/^(https?|git|file)[^\s]*:/.test(text(version) ?? '') ? text(version) : undefined);
    if (key !== '' && entry['link'] !== true) {
      const wanted = text(entry['name']) ?? /^npm:(@?[^@]+)@/.exec(text(version) ?? '')?.[1] ?? own;
      const really = tarballName(source ?? '');
      yield {
        name: `${prefix}${key}`,
        version: text(version) ?? '',
        source,
        sums: sumsOf(integrity),
        isReally: really === wanted ? undefined : really,
        wantsSum: /^https?:/.test(source ?? ''),
      };
    }
    if (depth < 50) yield* npm(entry['dependencies'], `${prefix}${key} > `, depth + 1);
  }
}

/** `dependencies` of an entry of `packages` are ranges, those of version 1 are entries. */
function readNpm(json: Json): Locked[] {
  const packages = Object.fromEntries(
    Object.entries(asObject(json['packages'])).map(([key, value]) => [
      key,
      { ...asObject(value), dependencies: {} },
    ]),
  );
  return [...npm(packages, ''), ...npm(json['dependencies'], 'dependencies > ')];
}

/** Where packages of these kinds are fetched as a rule; the name of a new one stands in the manifest. */
function isOnForge(address: unknown): boolean {
  return /^(https:\/\/(api\.github\.com\/repos|codeload\.github\.com|github\.com|gitlab\.com|bitbucket\.org|api\.bitbucket\.org)\/|(github|gitlab):)/.test(
    String(address),
  );
}

function readComposer(json: Json): Locked[] {
  const lists = [json['packages'], json['packages-dev']].flatMap((list) => (Array.isArray(list) ? list : []));
  return lists.flatMap((each) => {
    const [entry, dist, source] = [
      asObject(each),
      asObject(asObject(each)['dist']),
      asObject(asObject(each)['source']),
    ];
    const version = text(entry['version']) ?? '';
    // A branch moves by nature.
    const isBranch = /^dev-|-dev$/.test(version);
    const sums = Object.entries({
      dist: dist['shasum'],
      reference: source['reference'] ?? dist['reference'],
    });
    const kept = sums.flatMap(([of, sum]) =>
      typeof sum === 'string' && sum !== '' && !isBranch ? [[of, sum] as const] : [],
    );
    const base = { name: text(entry['name']) ?? '', version, sums: new Map(kept) };
    const isListed = /^https:\/\/packagist\.org\//.test(String(entry['notification-url']));
    return [dist, source].map((side) => ({
      ...base,
      source: text(side['url']),
      isUsual: isListed && isOnForge(side['url']),
    }));
  });
}

function readPipfile(json: Json): Locked[] {
  const indexes = asObject(json['_meta'])['sources'];
  const places = (Array.isArray(indexes) ? indexes : []).map(
    (each): Locked => ({
      name: 'index',
      version: '',
      source: text(asObject(each)['url']),
      sums: new Map(),
    }),
  );
  const packages = [json['default'], json['develop']].flatMap((section) =>
    Object.entries(asObject(section)).map(([name, value]): Locked => {
      const entry = asObject(value);
      const hashes = Array.isArray(entry['hashes']) ? entry['hashes'].map(String) : [];
      const source = text(entry['git']) ?? text(entry['file']) ?? text(entry['path']);
      const sums = new Map(hashes.map((hash) => [hash, hash]));
      return { name, version: text(entry['version']) ?? '', source, sums, isByFile: true };
    }),
  );
  return [...places, ...packages];
}

function readNuget(json: Json): Locked[] {
  return Object.values(asObject(json['dependencies'])).flatMap((framework) =>
    Object.entries(asObject(framework)).map(([name, value]) => {
      const { resolved, contentHash } = asObject(value);
      const sums = new Map(typeof contentHash === 'string' ? [['content', contentHash]] : []);
      return { name, version: text(resolved) ?? '', sums };
    }),
  );
}

function readSwift(json: Json): Locked[] {
  const pins = json['pins'] ?? asObject(json['object'])['pins'];
  return (Array.isArray(pins) ? pins : []).map((each) => {
    const pin = asObject(each);
    const { version, revision } = asObject(pin['state']);
    const sums = new Map(
      typeof version === 'string' && typeof revision === 'string' ? [['revision', revision]] : [],
    );
    const source = text(pin['location']) ?? text(pin['repositoryURL']);
    return {
      name: text(pin['identity']) ?? text(pin['package']) ?? '',
      version: text(version) ?? '',
      source,
      sums,
      isUsual: isOnForge(source),
    };
  });
}

function readFlake(json: Json): Locked[] {
  return Object.entries(asObject(json['nodes'])).flatMap(([name, node]): Locked[] => {
    const { rev, narHash, url, type, owner, repo } = asObject(asObject(node)['locked']);
    const source =
      text(url) ?? (owner === undefined ? undefined : `${String(type)}:${String(owner)}/${String(repo)}`);
    const sums = new Map(typeof narHash === 'string' ? [['nar', narHash]] : []);
    return [{ name, version: text(rev) ?? '', source, sums, isUsual: isOnForge(source) }];
  });
}

function readDeno(json: Json): Locked[] {
  const nested = asObject(json['packages']);
  const sections = [json['npm'], json['jsr'], nested['npm'], nested['jsr']];
  const packages = sections.flatMap((section) =>
    Object.entries(asObject(section)).map(([name, value]) => ({
      name,
      version: '',
      sums: sumsOf(asObject(value)['integrity']),
    })),
  );
  const remote = Object.entries(asObject(json['remote'])).map(([url, hash]) => ({
    name: url,
    version: '',
    source: url,
    sums: new Map([['file', String(hash)]]),
  }));
  return [...packages, ...remote];
}

function readBun(json: Json): Locked[] {
  return Object.entries(asObject(json['packages'])).flatMap(([name, value]): Locked[] => {
    if (!Array.isArray(value)) return [];
    const [is, second] = value.map(String);
    const version = /(?<=.)@(.*)$/.exec(is ?? '')?.[1] ?? '';
    const isPlain = /^\d/.test(version);
    const source = isPlain ? (/^https?:/.test(second ?? '') ? second : undefined) : version;
    const sum = value.map(String).find((one) => /^sha\d+-/.test(one));
    return [{ name, version, source, sums: sumsOf(sum), wantsSum: isPlain }];
  });
}

const JSON_LOCKS: readonly (readonly [name: RegExp, read: (json: Json) => Locked[]])[] = [
  [/(^|\/)(package-lock|npm-shrinkwrap)\.json$/, readNpm],
  [/(^|\/)composer\.lock$/, readComposer],
  [/(^|\/)pipfile\.lock$/, readPipfile],
  [/(^|\/)packages\.lock\.json$/, readNuget],
  [/(^|\/)package\.resolved$/, readSwift],
  [/(^|\/)flake\.lock$/, readFlake],
  [/(^|\/)deno\.lock$/, readDeno],
  [/(^|\/)bun\.lock$/, readBun],
];
