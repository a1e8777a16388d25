// Settings of pnpm, in package.json or in a file of their own: what may run scripts, and what stands in whose place.
// Source: https://pnpm.io/settings
import { parse } from 'yaml';
import type { FileChange } from '../../workspace/change.ts';
import { type FileRule, type Found, foldPath, lineOf } from '../found.ts';
import { findForeign } from './foreign.ts';
import { asObject, type Json } from './json.ts';

const RUNS =
  /^(onlyBuiltDependencies(File)?|neverBuiltDependencies|allowBuilds|dangerouslyAllowAllBuilds|configDependencies|pnpmfile|pnpmfilePath|globalPnpmfile|scriptShell|ignoreScripts|strictDepBuilds|blockExoticSubdeps|verifyDepsBeforeRun|registry|registries|namedRegistries|trustPolicy|trustPolicyExclude|minimumReleaseAge|minimumReleaseAgeExclude)$/;
const REPLACES = /^(patchedDependencies|packageExtensions)$/;
const SECTIONS = ['overrides', 'catalog', 'catalogs', 'packageExtensions'] as const;

/** What changed between two sets of pnpm's settings. */
export function judgePnpm(file: FileChange, before: Json, after: Json): Found[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const found = keys.flatMap((key): Found[] => {
    const [old, now] = [before[key], after[key]];
    if (JSON.stringify(old) === JSON.stringify(now) || isFewer(old, now)) return [];
    const at = { path: file.path, ...lineOf(file, key) };
    const say = `changes \`${key}\`, which decides what runs or is taken at an installation. Look at what it lets in.`;
    if (RUNS.test(key)) return [{ rule: 'install_script', ...at, severity: 'block', say }];
    return REPLACES.test(key) ? [{ rule: 'install_script', ...at, severity: 'warn', say }] : [];
  });
  return [...found, ...SECTIONS.flatMap((name) => findForeign(file, before[name], after[name]))];
}

function isFewer(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !(Array.isArray(after) || after === undefined)) return false;
  return (after ?? []).every((one: unknown) => before.includes(one));
}

/** `pnpm-workspace.yaml`. */
export const pnpmWorkspace: FileRule = (file) => {
  if (!/(^|\/)pnpm-workspace\.yaml$/.test(foldPath(file.path)) || file.after === undefined) return [];
  const [before, after] = [readYaml(file.whole.before), readYaml(file.whole.after)];
  if (before && after) return judgePnpm(file, before, after);
  const say = 'holds settings that cannot be read, so they could not be judged. Look at it by hand.';
  return file.isUnread ? [] : [{ rule: 'install_script', path: file.path, severity: 'block', say }];
};

function readYaml(text: string | undefined): Json | undefined {
  try {
    return asObject(parse(text ?? '', { maxAliasCount: 100 }));
  } catch {
    return undefined;
  }
}
