// Reads lockfiles that are lines into one shape: yarn, pnpm, Cargo, Poetry, uv, PDM, Go, Bundler, Mix, Pub, CocoaPods,
// Terraform. Each line is looked at once.
import { tarballName } from './lock-addresses.ts';
import { type Locked, sumsOf } from './locked.ts';

type Reader = (text: string) => readonly Locked[];

/** Undefined for a file of another kind. `path` is folded. */
export function readLockText(path: string, text: string): readonly Locked[] | undefined {
  return READERS.find(([name]) => name.test(path))?.[1](text);
}

/** Cuts a text where a line begins an entry; what stands before the first is left out. */
function entriesOf(text: string, begins: RegExp): string[] {
  const entries: string[][] = [];
  for (const line of text.split(/\r?\n/)) {
    if (begins.test(line)) entries.push([line]);
    else entries.at(-1)?.push(line);
  }
  return entries.map((lines) => lines.join('\n'));
}

const pick = (text: string, pattern: RegExp) => pattern.exec(text)?.[1];

function yarn(text: string): Locked[] {
  return entriesOf(text, /^["\w@].*:$/).flatMap((entry): Locked[] => {
    const key = pick(entry, /^"?(@?[^@"\s]+)@/);
    const alias = pick(entry, /^"?@?[^@"\s]+@npm:(@?[a-z][^@"\s,]*)@/i);
    if (key === undefined) return [];
    const source = pick(entry, /^ {2}resolved "([^"]+)"/m);
    const resolution = pick(entry, /^ {2}resolution: "?([^"\n]+)/m);
    const [kind, sum] = /^ {2}checksum: (?:(\w+)\/)?(\S+)/m.exec(entry)?.slice(1) ?? [];
    const sums = sumsOf(pick(entry, /^ {2}integrity (.+)$/m));
    const fragment = source && pick(source, /#([0-9a-f]{40})$/);
    if (fragment) sums.set('fragment', fragment);
    if (sum) sums.set(`checksum ${kind ?? ''}`, sum);
    const really = tarballName(source ?? '') ?? pick(resolution ?? '', /^(@?[^@]+)@npm:/);
    return [
      {
        name: key,
        version: pick(entry, /^ {2}version:? "?([^"\s]+)/m) ?? '',
        source,
        sums,
        isReally: really === (alias ?? key) ? undefined : really,
      },
    ];
  });
}

function pnpm(text: string): Locked[] {
  return entriesOf(text, /^ {2}\S.*:$/).flatMap((entry): Locked[] => {
    const [, name, version] = /^ {2}['"]?\/?(@?[^@'"(\s]+?)[@/](\d[^'"(:_]*)/.exec(entry) ?? [];
    const resolution = pick(entry, /^ {4}resolution:([^\n]*(?:\n {6}[^\n]*)*)/m);
    if (name === undefined || version === undefined || resolution === undefined) return [];
    const source = pick(resolution, /tarball: ?['"]?([^\s,'"}]+)/);
    const really = tarballName(source ?? '');
    return [
      {
        name,
        version,
        source,
        sums: sumsOf(pick(resolution, /integrity: ?['"]?([^\s,'"}]+)/)),
        isReally: really === name ? undefined : really,
      },
    ];
  });
}

const FILE_HASH = /(?:file|url) *= *"([^"]+)"[^{}\n]*?\bhash *= *"([^"]+)"/g;

/** Cargo, Poetry, uv, PDM: tables named `package`. */
function tables(text: string): Locked[] {
  const packages = entriesOf(text, /^\[/)
    .filter((entry) => entry.startsWith('[[package]]'))
    .map((entry): Locked => {
      const sums = new Map(filesIn(entry));
      const checksum = pick(entry, /^checksum *= *"([^"]+)"/m);
      if (checksum) sums.set('crate', checksum);
      return {
        name: pick(entry, /^name *= *"([^"]+)"/m) ?? '',
        version: pick(entry, /^version *= *"([^"]+)"/m) ?? '',
        source:
          pick(entry, /^source *= *"([^"]+)"/m) ??
          pick(entry, /^source *= *\{[^}\n]*?(?:registry|git|url) *= *"([^"]+)"/m),
        sums,
        isByFile: checksum === undefined,
      };
    });
  const old = [...text.matchAll(/^"checksum (\S+) (\S+) \([^)\n]*\)" *= *"(\w+)"/gm)].map(
    ([, name = '', version = '', sum = '']): Locked => ({ name, version, sums: new Map([['crate', sum]]) }),
  );
  const files = entriesOf(text, /^\[metadata\.files\]/).map(
    (entry): Locked => ({ name: 'metadata.files', version: '', sums: new Map(filesIn(entry)) }),
  );
  return [...packages, ...old, ...files];
}

function filesIn(entry: string): [string, string][] {
  return [...entry.matchAll(FILE_HASH)].map(([, file = '', hash = '']) => [file.replace(/^.*\//, ''), hash]);
}

function goSum(text: string): Locked[] {
  return [...text.matchAll(/^(\S+) (\S+) (h\d+):(\S+)$/gm)].map(
    ([, name = '', version = '', kind = '', sum = '']) => ({
      name,
      version,
      sums: new Map([[kind, sum]]),
    }),
  );
}

function gems(text: string): Locked[] {
  return [...text.matchAll(/^ {2}(\S+) \(([^)\n]+)\)(?: (sha\d+)=([0-9a-f]+))?$/gm)].flatMap(
    ([, name = '', version = '', kind, sum]): Locked[] =>
      kind && sum ? [{ name, version, sums: new Map([[kind, sum]]) }] : [],
  );
}

function mix(text: string): Locked[] {
  return [...text.matchAll(/^ *"([^"]+)": \{:hex, :(\w+), "([^"]+)", "(\w+)"([^\n]*)/gm)].map(
    ([, name = '', really, version = '', inner = '', rest = '']) => {
      const outer = pick(rest, /"(\w{64})"\}/);
      return {
        name,
        version,
        sums: new Map([['inner', inner], ...(outer ? ([['outer', outer]] as const) : [])]),
        isReally: really === name ? undefined : really,
      };
    },
  );
}

function pub(text: string): Locked[] {
  return entriesOf(text, /^ {2}\w+:$/).map((entry) => {
    const sum = pick(entry, /^ +sha256: "?(\w+)/m);
    return {
      name: pick(entry, /^ {2}(\w+):/) ?? '',
      version: pick(entry, /^ +version: "?([^"\n]+)/m) ?? '',
      source: pick(entry, /^ +url: "?([^"\n]+)/m),
      sums: new Map(sum ? [['sha256', sum]] : []),
    };
  });
}

function pods(text: string): Locked[] {
  const versions = new Map(
    [...text.matchAll(/^ {2}- "?([^\s/("]+) \(([^)\n]+)\)/gm)].map(([, name = '', version = '']) => [
      name,
      version,
    ]),
  );
  const sums = entriesOf(text, /^SPEC CHECKSUMS:/).join('\n');
  return [...sums.matchAll(/^ {2}"?([^\s:"]+)"?: ([0-9a-f]{40})$/gm)].map(([, name = '', sum = '']) => ({
    name,
    version: versions.get(name) ?? '',
    sums: new Map([['spec', sum]]),
  }));
}

function terraform(text: string): Locked[] {
  return entriesOf(text, /^provider "/).map((entry) => ({
    name: pick(entry, /^provider "([^"]+)"/) ?? '',
    version: pick(entry, /^ *version *= *"([^"]+)"/m) ?? '',
    sums: new Map([...entry.matchAll(/"((?:h1|zh):[^"]+)"/g)].map(([, sum = '']) => [sum, sum])),
    isByFile: true,
  }));
}

const READERS: readonly (readonly [name: RegExp, read: Reader])[] = [
  [/(^|\/)yarn\.lock$/, yarn],
  [/(^|\/)pnpm-lock\.yaml$/, pnpm],
  [/(^|\/)(cargo|poetry|uv|pdm)\.lock$/, tables],
  [/(^|\/)go\.(work\.)?sum$/, goSum],
  [/(^|\/)(gemfile\.lock|gems\.locked)$/, gems],
  [/(^|\/)mix\.lock$/, mix],
  [/(^|\/)pubspec\.lock$/, pub],
  [/(^|\/)podfile\.lock$/, pods],
  [/(^|\/)\.terraform\.lock\.hcl$/, terraform],
];
