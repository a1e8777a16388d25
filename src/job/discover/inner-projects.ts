// Projects below the top folder that what was found there does not reach: nothing of them is checked, and people are told so.
// Pure.
import { cutHead } from '../cut.ts';
import type { Toolchain } from './toolchain.ts';

/** The file that makes a folder a project of its own → the languages whose command at the top runs it, too. */
const MANIFESTS: Readonly<Record<string, readonly string[]>> = {
  'package.json': [],
  'pyproject.toml': ['Python'],
  'setup.py': ['Python'],
  // `./...` stops at the border of a module.
  'go.mod': [],
  'Cargo.toml': ['Rust'],
  'pom.xml': ['Java', 'Java or Kotlin'],
  'build.gradle': ['Java or Kotlin'],
  'build.gradle.kts': ['Java or Kotlin'],
  'mix.exs': ['Elixir'],
};

export const INNER_MANIFESTS: ReadonlySet<string> = new Set(Object.keys(MANIFESTS));

/** Folders whose projects are material or somebody else's, and nobody's product. */
const ASIDE =
  /(^|\/)(\.|(docs?|examples?|fixtures?|tests?|__\w+__|testdata|vendor|third_party|node_modules|templates?|samples?)\/)/i;

const MOST_DEPTH = 3;
const MOST_NAMED = 5;
const MOST_CHARACTERS = 120;

/**
 * A sentence about the projects at these paths of manifests that nothing runs; undefined where there are none. A `Makefile`
 * at the top runs what its people want run, and a monorepo's packages are run by its root.
 */
export function describeUnreached(
  paths: readonly string[],
  { toolchains, hasPackages }: Readonly<{ toolchains: readonly Toolchain[]; hasPackages: boolean }>,
): string | undefined {
  const found = toolchains.filter(({ checks }) => checks.length > 0);
  if (found.length === 0 || found.some(({ title }) => title === 'make')) return undefined;
  const isReached = (file: string) =>
    file === 'package.json' ? hasPackages : found.some(({ language }) => MANIFESTS[file]?.includes(language));
  const unreached = paths.flatMap((path) => {
    const parts = path.split('/');
    const file = parts.at(-1) ?? '';
    const isFar = parts.length < 2 || parts.length > MOST_DEPTH + 1;
    return isFar || ASIDE.test(path) || !INNER_MANIFESTS.has(file) || isReached(file) ? [] : [path];
  });
  if (unreached.length === 0) return undefined;
  const rest = unreached.length - MOST_NAMED;
  const named = [
    ...unreached
      .slice(0, MOST_NAMED)
      .map((path) => `\`${cutHead(path.replaceAll(/[`\s]+/g, ' '), MOST_CHARACTERS)}\``),
    ...(rest > 0 ? [`${rest} more`] : []),
  ];
  return `Errand ran what the top folder offers, which may leave out ${named.join(', ')}. Name the checks of all projects under \`checks:\` in \`.agents/config.yml\`.`;
}
