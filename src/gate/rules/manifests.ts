// What a manifest of npm or Composer makes of an installation: scripts that run by themselves, and dependencies from
// elsewhere than a registry.
import type { FileChange } from '../../workspace/change.ts';
import { baseName, type FileRule, type Found, foldPath, lineOf } from '../found.ts';
import { findForeign } from './foreign.ts';
import { asObject, type Json, readJson } from './json.ts';
import { judgePnpm } from './pnpm-settings.ts';

/** Run without being named, by npm, pnpm, yarn or bun, when a package is installed, packed or published. */
export const LIFECYCLE =
  /^(pre|post)?(install|prepare|uninstall)$|^(prepublish|prepublishOnly|prepack|postpack|dependencies|preversion|postversion|pnpm:devPreinstall)$/;
export const COMPOSER =
  /^(pre|post)-[a-z-]+-cmd$|^(pre|post)-(package|pool|file)[a-z-]*$|^post-(autoload|create)[a-z-]*$/;
const DEPENDENCIES = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
] as const;
/** Names that let packages of others run their scripts. */
const TRUST = /^(trustedDependencies|allowScripts|onlyBuiltDependencies|gypfile|lavamoat|dependenciesMeta)$/;
const HOOKS = /^(husky|simple-git-hooks|lint-staged|pre-commit|gitHooks|yorkie|ghooks)$/;
const COMPOSER_TRUST = /^(allow-plugins|secure-http|disable-tls|platform-check)$/;

export const packageManifests: FileRule = (file) => {
  const name = baseName(foldPath(file.path));
  if ((name !== 'package.json' && name !== 'composer.json') || file.after === undefined) return [];
  const [before, after] = [readJson(file.whole.before) ?? {}, readJson(file.whole.after)];
  if (after === undefined) {
    const say =
      'is a manifest that is no valid JSON, so its scripts could not be judged. Look at it by hand.';
    return file.isUnread ? [] : [{ rule: 'install_script', path: file.path, severity: 'block', say }];
  }
  const isNpm = name === 'package.json';
  return [
    ...lifecycleScripts(file, { before, after, pattern: isNpm ? LIFECYCLE : COMPOSER }),
    ...trustedPackages(file, before, after),
    ...(isNpm ? npmOnly(file, before, after) : composerOnly(file, before, after)),
  ];
};

function lifecycleScripts(
  file: FileChange,
  { before, after, pattern }: { before: Json; after: Json; pattern: RegExp },
): Found[] {
  return changedKeys(before['scripts'], after['scripts'])
    .filter((key) => pattern.test(key))
    .map((key): Found => {
      const say = `has a script \`${key}\` that runs by itself when the project is installed. Look at what it starts.`;
      return { rule: 'install_script', path: file.path, ...lineOf(file, key), severity: 'block', say };
    });
}

function trustedPackages(file: FileChange, before: Json, after: Json): Found[] {
  return changedKeys(before, after).flatMap((key): Found[] => {
    const at = { path: file.path, ...lineOf(file, key) };
    const say = `changes \`${key}\`, which decides what runs by itself. Look at what it starts.`;
    if (TRUST.test(key)) return [{ rule: 'install_script', ...at, severity: 'block', say }];
    return HOOKS.test(key) ? [{ rule: 'git_hooks', ...at, severity: 'block', say }] : [];
  });
}

function npmOnly(file: FileChange, before: Json, after: Json): Found[] {
  return [
    ...DEPENDENCIES.flatMap((section) => findForeign(file, before[section], after[section])),
    ...judgePnpm(file, asObject(before['pnpm']), asObject(after['pnpm'])),
    ...packageManager(file, before['packageManager'], after['packageManager']),
    ...publishRegistry(file, before, after),
  ];
}

/** Corepack fetches and runs what it names. */
function packageManager(file: FileChange, before: unknown, after: unknown): Found[] {
  if (typeof after !== 'string' || after === before) return [];
  const nameOf = (value: unknown) => (typeof value === 'string' ? value.replace(/@.*/, '') : undefined);
  const isOther = /:\/\//.test(after) || (before !== undefined && nameOf(before) !== nameOf(after));
  const say =
    'changes `packageManager`, which is fetched and run by itself. Look at where the new one comes from.';
  const at = { path: file.path, ...lineOf(file, 'packageManager') };
  return [{ rule: 'install_script', ...at, severity: isOther ? 'block' : 'warn', say }];
}

function publishRegistry(file: FileChange, before: Json, after: Json): Found[] {
  const registryOf = (json: Json) => asObject(json['publishConfig'])['registry'];
  if (registryOf(after) === undefined || registryOf(before) === registryOf(after)) return [];
  const say = 'changes where the package is published. Look at who owns that registry.';
  const at = { path: file.path, ...lineOf(file, 'registry') };
  return [{ rule: 'dependency_source', ...at, severity: 'block', say }];
}

function composerOnly(file: FileChange, before: Json, after: Json): Found[] {
  const trust = changedKeys(before['config'], after['config'])
    .filter((key) => COMPOSER_TRUST.test(key))
    .map((key): Found => {
      const say = `changes \`${key}\`, which decides whose code runs at an installation. Look at what it lets in.`;
      return { rule: 'install_script', path: file.path, ...lineOf(file, key), severity: 'block', say };
    });
  if (JSON.stringify(before['repositories'] ?? null) === JSON.stringify(after['repositories'] ?? null))
    return trust;
  const say = 'changes where packages come from. Look at every address in `repositories`.';
  const at = { path: file.path, ...lineOf(file, 'repositories') };
  return [...trust, { rule: 'dependency_source', ...at, severity: 'block', say }];
}

/** Keys that are new or say something else. */
function changedKeys(before: unknown, after: unknown): string[] {
  const old = asObject(before);
  return Object.entries(asObject(after))
    .filter(([key, value]) => JSON.stringify(old[key]) !== JSON.stringify(value))
    .map(([key]) => key);
}
