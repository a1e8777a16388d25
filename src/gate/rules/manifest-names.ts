// Which file says what a project needs and what runs at its installation. Pure.
import { foldPath } from '../found.ts';

const MANIFEST =
  /(^|\/)(package\.json|composer\.json|pyproject\.toml|pipfile|cargo\.toml|go\.(mod|work)|gemfile|gems\.rb|setup\.(py|cfg)|pom\.xml|pnpm-workspace\.yaml|deno\.jsonc?|import_map\.json|environment\.ya?ml|action\.ya?ml)$|\.gradle(\.kts)?$|requirements[^/]*\.(txt|in|pip)$/;
const STARTER = /(^|\/)(package\.json|composer\.json|cargo\.toml|pyproject\.toml)$/;
const OF_OTHERS = /(^|\/)(node_modules|vendor|third_party|testdata|fixtures|__fixtures__)\//;

/** Its whole text decides what an added line of it means. */
export function isManifest(path: string): boolean {
  return MANIFEST.test(foldPath(path));
}

/** It names other files that run at an installation, although it stays as it is. */
export function isStarter(path: string): boolean {
  const folded = foldPath(path);
  return STARTER.test(folded) && !OF_OTHERS.test(folded);
}
