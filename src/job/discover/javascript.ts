// JavaScript and TypeScript: the scripts of package.json, run by the package manager whose lockfile is there. Pure.
import { z } from 'zod';
import type { Toolchain, Top } from './toolchain.ts';

const manifest = z.object({
  name: z
    .string()
    .regex(/^[\w@./-]{1,80}$/)
    .catch(''),
  scripts: z.record(z.string(), z.string()).catch({}),
  packageManager: z.string().catch(''),
  dependencies: z.record(z.string(), z.unknown()).catch({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}),
});
type Manifest = z.infer<typeof manifest>;
type Manager = 'npm' | 'pnpm' | 'yarn' | 'bun';

const LOCKFILES: readonly (readonly [string, Manager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
];

/** Names of a check → what people call its script. */
const SCRIPTS = [
  ['lint', ['lint']],
  ['types', ['typecheck', 'type-check', 'check-types', 'types', 'tsc']],
  ['tests', ['test']],
] as const;

/** Undefined where there is no package.json that can be read. */
export function findJavaScript({ names, texts, packages = [] }: Top): Toolchain | undefined {
  const read = parse(texts['package.json']);
  if (read === undefined) return undefined;
  const lockfile = LOCKFILES.find(([file]) => names.has(file));
  const named = /^(npm|pnpm|yarn|bun)@/.exec(read.packageManager)?.[1];
  const manager =
    (['npm', 'pnpm', 'yarn', 'bun'] as const).find((one) => one === named) ?? lockfile?.[1] ?? 'npm';
  const below = packages.flatMap((text) => parse(text) ?? []);
  const berry = isBerry(read, names);
  const all = SCRIPTS.flatMap(([name, called]) => {
    const script = called.find((each) => read.scripts[each] !== undefined);
    // What the root does not offer for all of them is run in each package that does.
    if (script === undefined) return findBelow(below, { name, called, manager, isBerry: berry });
    const why = whyNot(read.scripts[script] ?? '');
    return [{ name, command: `${manager} run ${script}`, ...(why ? { why } : {}) }];
  });
  return {
    title: manager,
    language: names.has('tsconfig.json') ? 'TypeScript' : 'JavaScript',
    needs: [manager, ...(manager === 'bun' ? [] : ['node'])],
    setup: install(read, { manager, isLocked: lockfile?.[1] === manager, isBerry: berry }),
    checks: all.flatMap(({ why, ...check }) => (why ? [] : [check])),
    left: all.flatMap(({ why, ...check }) => (why ? [{ ...check, why }] : [])),
  };
}

type Found = Readonly<{ name: string; command: string; why?: string; notIn?: string }>;

/** Packages that people are told by their names. */
const MOST_NAMED = 5;

/** One command for all packages with the script that most of them call so; none where a package's own is not to be run. */
function findBelow(
  below: readonly Manifest[],
  {
    name,
    called,
    manager,
    isBerry,
  }: Readonly<{ name: string; called: readonly string[]; manager: Manager; isBerry: boolean }>,
): readonly Found[] {
  const holders = (script: string) => below.flatMap(({ scripts }) => scripts[script] ?? []);
  const [script] = called.toSorted((one, other) => holders(other).length - holders(one).length);
  const texts = script === undefined ? [] : holders(script);
  if (script === undefined || texts.length === 0) return [];
  const command = runBelow(manager, script, isBerry);
  const why = texts.map(whyNot).find((one) => one !== undefined);
  if (why !== undefined) return [{ name, command, why: `in one of its packages ${why}` }];
  // Yarn 1 stops at the first package that lacks the script.
  if (manager === 'yarn' && !isBerry && texts.length < below.length)
    return [{ name, command, why: 'some of its packages lack that script' }];
  const lacking = below.filter(({ scripts }) => scripts[script] === undefined).map((one) => one.name);
  return [{ name, command, ...(lacking.length > 0 ? { notIn: listNames(lacking) } : {}) }];
}

function listNames(names: readonly string[]): string {
  const rest = names.length - MOST_NAMED;
  const shown = names
    .slice(0, MOST_NAMED)
    .map((name) => (name === '' ? 'one without a name' : `\`${name}\``));
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

function runBelow(manager: Manager, script: string, isBerry: boolean): string {
  switch (manager) {
    case 'npm':
      return `npm run ${script} --workspaces --if-present`;
    case 'pnpm':
      return `pnpm --recursive run ${script}`;
    case 'yarn':
      return isBerry ? `yarn workspaces foreach --all run ${script}` : `yarn workspaces run ${script}`;
    case 'bun':
      return `bun run --filter '*' ${script}`;
  }
}

function parse(text: string | undefined): Manifest | undefined {
  if (text === undefined) return undefined;
  try {
    return manifest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function whyNot(script: string): string | undefined {
  // What `npm init` writes.
  if (/no test specified/i.test(script)) return 'it only says that there is no test';
  if (/(^|\s)--watch(All)?(?!\S)(?!\s*=?\s*false)/.test(script)) return 'it waits for changes and never ends';
  return undefined;
}

/** Yarn from 2 on has other flags. */
function isBerry({ packageManager }: Manifest, names: Top['names']): boolean {
  return names.has('.yarnrc.yml') || /^yarn@(?!0|1\b)/.test(packageManager);
}

function install(
  { dependencies, devDependencies }: Manifest,
  { manager, isLocked, isBerry }: { manager: Manager; isLocked: boolean; isBerry: boolean },
): readonly string[] {
  const hasAny = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  if (!hasAny && !isLocked) return [];
  if (!isLocked)
    return [manager === 'npm' ? 'npm install --no-save --no-package-lock' : `${manager} install`];
  switch (manager) {
    case 'npm':
      return ['npm ci'];
    case 'yarn':
      return [isBerry ? 'yarn install --immutable' : 'yarn install --frozen-lockfile'];
    default:
      return [`${manager} install --frozen-lockfile`];
  }
}
