// Which file is a lockfile, and of which manifest. Pure.
import { foldPath } from '../found.ts';

const NPM = /(^|\/)package\.json$|(^|\/)pnpm-workspace\.yaml$/;
const PYTHON = /(^|\/)(pyproject\.toml|setup\.(py|cfg)|requirements[^/]*\.(txt|in)|pipfile)$/;

/** Lockfile → its manifests; all folded. */
export const LOCKFILES: readonly (readonly [lock: RegExp, manifest: RegExp])[] = [
  [/(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/, NPM],
  [/(^|\/)deno\.lock$/, /(^|\/)(deno\.jsonc?|package\.json)$/],
  [/(^|\/)cargo\.lock$/, /(^|\/)cargo\.toml$/],
  [/(^|\/)(poetry|uv|pdm)\.lock$/, PYTHON],
  [/(^|\/)pipfile\.lock$/, PYTHON],
  [/(^|\/)(gemfile|gems)\.(lock|locked)$/, /(^|\/)(gemfile|gems\.rb|[^/]+\.gemspec)$/],
  [/(^|\/)composer\.lock$/, /(^|\/)composer\.json$/],
  [/(^|\/)go\.(sum|work\.sum)$/, /(^|\/)go\.(mod|work)$/],
  [/(^|\/)mix\.lock$/, /(^|\/)mix\.exs$/],
  [/(^|\/)packages\.lock\.json$/, /\.(cs|fs|vb)proj$|(^|\/)directory\.packages\.props$/],
  [/(^|\/)podfile\.lock$/, /(^|\/)podfile$|\.podspec$/],
  [/(^|\/)pubspec\.lock$/, /(^|\/)pubspec\.ya?ml$/],
  [/(^|\/)flake\.lock$/, /(^|\/)flake\.nix$/],
  [/(^|\/)gradle\.lockfile$/, /\.gradle(\.kts)?$|(^|\/)libs\.versions\.toml$/],
  [/(^|\/)package\.resolved$/, /(^|\/)package\.swift$/],
  [/(^|\/)\.terraform\.lock\.hcl$/, /\.tf$/],
];

export function isLockfile(path: string): boolean {
  return manifestOf(path) !== undefined;
}

/** Fits the manifests of a lockfile (folded); undefined for any other file. */
export function manifestOf(path: string): RegExp | undefined {
  const folded = foldPath(path);
  return LOCKFILES.find(([lock]) => lock.test(folded))?.[1];
}
