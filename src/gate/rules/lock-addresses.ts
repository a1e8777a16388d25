// Where a lockfile's packages come from: addresses, hosts, public registries. Pure.

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
/** Everybody may put something there: an owner's folder is what counts. */
const OF_MANY =
  /(^|\.)(github\.com|gitlab\.com|bitbucket\.org|githubusercontent\.com|codeberg\.org|amazonaws\.com|googleapis\.com|blob\.core\.windows\.net|jsdelivr\.net|unpkg\.com|esm\.sh|pkg\.dev|cloudfront\.net|r2\.dev)$/;

const ADDRESS =
  /(?:(?:git|registry|sparse)\+)?(?:https?|ssh|git|file):\/\/[^\s"'{},)\]#]+|git@[\w.-]+:[^\s"'#]+|\b(?:github|gitlab|bitbucket):[\w./-]+/g;

export function* addressesIn(line: string): Generator<string> {
  for (const [address] of line.matchAll(ADDRESS)) yield address;
}

/** A whole host for plain downloads, one repository for git, an owner's folder where many have one. */
export function sourceOf(address: string): string {
  if (/^git|^ssh:|^file:|^bitbucket:|\.git\b|codeload\.github\.com/.test(address))
    return withoutLogin(address);
  try {
    const { protocol, host, pathname } = new URL(plainOf(address));
    const owner = OF_MANY.test(host) ? pathname.split('/').slice(0, 3).join('/') : '';
    return `${protocol}//${host}${owner}`;
  } catch {
    return withoutLogin(address);
  }
}

function withoutLogin(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '');
}

function plainOf(address: string): string {
  return address.replace(/^(registry|sparse)\+/, '');
}

export function isRegistry(address: string): boolean {
  if (address === CRATES || address.startsWith(`${CRATES}#`)) return true;
  const plain = plainOf(address);
  return URL.canParse(plain) && plain.startsWith('https://') && REGISTRIES.has(new URL(plain).host);
}

/** The package that a tarball of npm's registry is of. */
export function tarballName(address: string): string | undefined {
  const name = /^https:\/\/registry\.(?:npmjs\.org|yarnpkg\.com)\/((?:@[^/]+(?:\/|%2f))?[^/]+)\/-\//i.exec(
    address,
  )?.[1];
  try {
    return name && decodeURIComponent(name);
  } catch {
    return name;
  }
}
