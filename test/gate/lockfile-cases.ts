// The gate's rules as data: lockfiles, which nobody reads.
import type { Tree } from '../support/gate-repository.ts';
import { added, type Case, manifest, type Step } from './cases.ts';

const lock = (resolved: string, integrity?: string) =>
  `${JSON.stringify({ name: 'shop', lockfileVersion: 3, packages: { '': { name: 'shop' }, 'node_modules/left': { version: '1.0.0', resolved, ...(integrity ? { integrity } : {}), funding: { url: 'https://opencollective.com/left' } } } }, null, 2)}\n`;
const LEFT = 'https://registry.npmjs.org/left/-/left-1.0.0.tgz';
const withLock = (text: string, more: object = {}): Tree => ({
  'package.json': manifest({ dependencies: { left: '1.0.0' }, ...more }),
  'package-lock.json': text,
});
const lockStep = (after: string): Step => ({
  before: withLock(lock(LEFT, 'sha512-aaaa')),
  after: withLock(after, { version: '1.0.1' }),
});
/** An ordinary update: manifest and lock together, the same registry. */
const UPDATE = lockStep(lock(LEFT.replaceAll('1.0.0', '1.0.1'), 'sha512-bbbb').replace('"1.0.0"', '"1.0.1"'));

export const LOCKFILE_CASES: readonly Case[] = [
  {
    rule: 'lockfile_source',
    name: 'another host in a first lockfile',
    caught: { after: withLock(lock('https://npm.evil.example/left.tgz', 'sha512-aaaa')) },
    innocent: { after: withLock(lock(LEFT, 'sha512-aaaa')) },
  },
  {
    rule: 'lockfile',
    name: 'a lockfile alone',
    severity: 'warn',
    caught: {
      before: withLock(lock(LEFT, 'sha512-aaaa')),
      after: withLock(lock(LEFT.replaceAll('1.0.0', '1.0.1'), 'sha512-bbbb').replace('"1.0.0"', '"1.0.1"')),
    },
    innocent: UPDATE,
  },
  {
    rule: 'lockfile_source',
    name: 'another host',
    caught: lockStep(lock('https://npm.evil.example/left/-/left-1.0.0.tgz', 'sha512-aaaa')),
    innocent: UPDATE,
  },
  { rule: 'lockfile_source', name: 'no checksum', caught: lockStep(lock(LEFT)), innocent: UPDATE },
  {
    rule: 'lockfile_source',
    name: 'another checksum for the same version',
    caught: lockStep(lock(LEFT, 'sha512-cccc')),
    innocent: lockStep(lock(LEFT, 'sha1-dddd sha512-aaaa')),
  },
  {
    rule: 'lockfile_source',
    name: 'another package under the same name',
    caught: lockStep(lock('https://registry.npmjs.org/leff/-/leff-1.0.0.tgz', 'sha512-eeee')),
    innocent: UPDATE,
  },
  {
    rule: 'lockfile_source',
    name: 'git in yarn.lock',
    caught: added(
      'yarn.lock',
      'left@1:\n  version "1.0.0"\n  resolved "git+https://github.com/evil/left.git#abc"\n',
    ),
    innocent: added(
      'yarn.lock',
      `left@1:\n  version "1.0.0"\n  resolved "${LEFT.replace('npmjs.org', 'yarnpkg.com')}#abc"\n  integrity sha512-aaaa\n`,
    ),
  },
  {
    rule: 'lockfile_source',
    name: 'git in Cargo.lock',
    caught: added('Cargo.lock', '[[package]]\nname = "a"\nsource = "git+https://github.com/evil/a#abc"\n'),
    innocent: added(
      'Cargo.lock',
      '[[package]]\nname = "a"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "abc"\n',
    ),
  },
];
