// The gate's rules as data: the same tricks in the lockfiles of many languages.
import type { Case } from './cases.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

/** A lockfile before, with a trick, and with an ordinary update. */
const swap = (
  [name, path]: readonly [name: string, path: string],
  [before, caught, innocent]: readonly [before: string, caught: string, innocent: string],
  more: Partial<Case> = {},
): Case => ({
  rule: 'lockfile_source',
  name: `${name} in ${path}`,
  file: path,
  caught: { before: { [path]: before }, after: { [path]: caught } },
  innocent: { before: { [path]: before }, after: { [path]: innocent } },
  ...more,
});
const SUM = 'another checksum';

const tight = (resolved: string, integrity: string, version = '1.0.0') =>
  JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/left': { version, resolved, integrity } } });
const NPM = 'https://registry.npmjs.org/left/-/left-1.0.0.tgz';
const old = (integrity: string) =>
  JSON.stringify({
    lockfileVersion: 1,
    dependencies: {
      right: {
        version: '2.0.0',
        resolved: NPM.replaceAll('left', 'right'),
        integrity: 'sha512-r',
        dependencies: { left: { version: '1.0.0', resolved: NPM, integrity } },
      },
    },
  });
const yarn = (sum: string, version = '1.0.0', from = 'left') =>
  `# yarn lockfile v1\n\n\nleft@^1.0.0:\n  version "${version}"\n  resolved "https://registry.yarnpkg.com/${from}/-/${from}-${version}.tgz#${'c'.repeat(40)}"\n  integrity sha512-${sum}\n`;
const berry = (sum: string, version = '1.0.0', from = 'left') =>
  `__metadata:\n  version: 8\n  cacheKey: 10\n\n"left@npm:^1.0.0":\n  version: ${version}\n  resolution: "${from}@npm:${version}"\n  checksum: 10/${sum}\n  languageName: node\n`;
const pnpm = (sum: string, version = '1.0.0', more = '') =>
  `lockfileVersion: '9.0'\n\npackages:\n\n  left@${version}:\n    resolution: {integrity: sha512-${sum}${more}}\n`;
const cargo = (sum: string, version = '1.0.0') =>
  `version = 4\n\n[[package]]\nname = "left"\nversion = "${version}"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${sum}"\n`;
const poetry = (sum: string, version = '1.0.0', more = '') =>
  `[[package]]\nname = "left"\nversion = "${version}"\nfiles = [\n    {file = "left-${version}.tar.gz", hash = "sha256:${sum}"},\n${more}]\n`;
const uv = (sum: string, version = '1.0.0', registry = 'https://pypi.org/simple') =>
  `version = 1\n\n[[package]]\nname = "left"\nversion = "${version}"\nsource = { registry = "${registry}" }\nsdist = { url = "https://files.pythonhosted.org/packages/left-${version}.tar.gz", hash = "sha256:${sum}", size = 1 }\n`;
const gosum = (sum: string, version = 'v1.0.0') =>
  `example.com/left ${version} h1:${sum}=\nexample.com/left ${version}/go.mod h1:${'m'.repeat(43)}=\n`;
const gem = (sum: string, version = '1.0.0', remote = 'https://rubygems.org/') =>
  `GEM\n  remote: ${remote}\n  specs:\n    left (${version})\n\nCHECKSUMS\n  left (${version}) sha256=${sum}\n`;
const composer = (reference: string, version = '1.0.0', owner = 'acme') =>
  JSON.stringify({
    packages: [
      {
        name: 'acme/left',
        version,
        source: { type: 'git', url: `https://github.com/${owner}/left.git`, reference },
        dist: {
          type: 'zip',
          url: `https://api.github.com/repos/${owner}/left/zipball/${reference}`,
          reference,
          shasum: '',
        },
        'notification-url': 'https://packagist.org/downloads/',
      },
    ],
  });
const pipfile = (hashes: readonly string[], version = '==1.0.0', url = 'https://pypi.org/simple') =>
  JSON.stringify({ _meta: { sources: [{ name: 'pypi', url }] }, default: { left: { version, hashes } } });

export const LOCK_FORMAT_CASES: readonly Case[] = [
  swap(
    [SUM, 'package-lock.json'],
    [tight(NPM, 'sha512-a'), tight(NPM, 'sha512-b'), tight(NPM, 'sha512-b', '1.0.1')],
  ),
  swap(
    ['another host without a space', 'npm-shrinkwrap.json'],
    [
      tight(NPM, 'sha512-a'),
      tight('https://evil.example/left.tgz', 'sha512-a'),
      tight(NPM, 'sha512-b', '1.0.1'),
    ],
  ),
  swap(
    [`${SUM} deep`, 'a/package-lock.json'],
    [old('sha512-a'), old('sha512-b'), old('sha512-a').replace('2.0.0', '2.0.1')],
  ),
  swap(
    ['a plain http', 'b/package-lock.json'],
    [
      tight(NPM, 'sha512-a'),
      tight(NPM.replace('https', 'http'), 'sha512-a'),
      tight(NPM.replace('npmjs.org', 'yarnpkg.com'), 'sha512-a'),
    ],
  ),
  swap(
    ['a public registry for a private package', 'c/package-lock.json'],
    [
      tight('https://npm.acme.example/left.tgz', 'sha512-a'),
      tight(NPM, 'sha512-b', '9.0.0'),
      tight('https://npm.acme.example/left2.tgz', 'sha512-b', '1.0.1'),
    ],
  ),
  swap([SUM, 'yarn.lock'], [yarn('a'), yarn('b'), yarn('b', '1.0.1')]),
  swap(['another package', 'x/yarn.lock'], [yarn('a'), yarn('b', '1.0.1', 'leff'), yarn('b', '1.0.1')]),
  swap([SUM, 'berry/yarn.lock'], [berry('a'), berry('b'), berry('b', '1.0.1')]),
  swap(
    ['another package', 'berry2/yarn.lock'],
    [berry('a'), berry('b', '1.0.1', 'leff'), berry('b', '1.0.1')],
  ),
  swap([SUM, 'pnpm-lock.yaml'], [pnpm('a'), pnpm('b'), pnpm('b', '1.0.1')]),
  swap(
    ['another host', 'x/pnpm-lock.yaml'],
    [pnpm('a'), pnpm('b', '1.0.1', ', tarball: https://evil.example/left.tgz'), pnpm('b', '1.0.1')],
  ),
  swap([SUM, 'Cargo.lock'], [cargo(A), cargo(B), cargo(B, '1.0.1')]),
  swap(
    ['another registry', 'x/Cargo.lock'],
    [
      cargo(A),
      cargo(A).replace('https://github.com/rust-lang/crates.io-index', 'https://evil.example/index'),
      cargo(B, '1.0.1'),
    ],
  ),
  swap([SUM, 'poetry.lock'], [poetry(A), poetry(B), poetry(B, '1.0.1')]),
  swap(
    ['one more file of the same version', 'x/poetry.lock'],
    [
      poetry(A),
      poetry(A, '1.0.0', `    {file = "left-1.0.0-py3-none-any.whl", hash = "sha256:${B}"},\n`),
      poetry(B, '1.0.1'),
    ],
    { severity: 'warn' },
  ),
  swap([SUM, 'uv.lock'], [uv(A), uv(B), uv(B, '1.0.1')]),
  swap(
    ['another index', 'x/uv.lock'],
    [uv(A), uv(A, '1.0.0', 'https://evil.example/simple'), uv(B, '1.0.1')],
  ),
  swap([SUM, 'go.sum'], [gosum(A), gosum(B), `${gosum(A)}${gosum(B, 'v1.0.1')}`]),
  swap([SUM, 'Gemfile.lock'], [gem(A), gem(B), gem(B, '1.0.1')]),
  swap(
    ['another source', 'x/Gemfile.lock'],
    [gem(A), gem(A, '1.0.0', 'https://evil.example/'), gem(B, '1.0.1')],
  ),
  swap(
    [SUM, 'composer.lock'],
    [composer('a'.repeat(40)), composer('b'.repeat(40)), composer('b'.repeat(40), '1.0.1')],
  ),
  swap(
    ['another repository', 'x/composer.lock'],
    [composer('a'.repeat(40)), composer('b'.repeat(40), '1.0.1', 'evil'), composer('b'.repeat(40), '1.0.1')],
  ),
  swap([SUM, 'Pipfile.lock'], [pipfile([A]), pipfile([B]), pipfile([B], '==1.0.1')]),
  swap(
    ['another index', 'x/Pipfile.lock'],
    [pipfile([A]), pipfile([A], '==1.0.0', 'https://evil.example/simple'), pipfile([B], '==1.0.1')],
  ),
  swap(
    [SUM, 'bun.lock'],
    [
      '{\n  "packages": {\n    "left": ["left@1.0.0", "", {}, "sha512-a"],\n  },\n}\n',
      '{\n  "packages": {\n    "left": ["left@1.0.0", "", {}, "sha512-b"],\n  },\n}\n',
      '{\n  "packages": {\n    "left": ["left@1.0.1", "", {}, "sha512-b"],\n  },\n}\n',
    ],
  ),
];
