// Dependencies that come from elsewhere than a registry, in the notation of npm and its kin.
import type { FileChange } from '../../workspace/change.ts';
import { type Found, folderOf, lineOf } from '../found.ts';
import { asObject } from './json.ts';

/** Entries of a section that are new and lead elsewhere. */
export function findForeign(file: FileChange, before: unknown, after: unknown): Found[] {
  const [old, now] = [flatten(before), flatten(after)];
  return [...now].flatMap(([key, version]): Found[] => {
    if (old.get(key) === version || !isForeign(version, file.path)) return [];
    const isAlias = version.startsWith('npm:');
    const severity = isAlias ? 'warn' : 'block';
    const what = isAlias ? 'another package' : 'elsewhere than the registry';
    const say = `takes \`${key.slice(0, 100)}\` from ${what} (${JSON.stringify(maskUrl(version))}). Look at who can change what is there.`;
    return [{ rule: 'dependency_source', path: file.path, ...lineOf(file, version), severity, say }];
  });
}

/** `overrides` nest. */
function flatten(section: unknown, prefix = '', depth = 0): Map<string, string> {
  const flat = new Map<string, string>();
  if (depth > 20) return flat;
  for (const [key, value] of Object.entries(asObject(section))) {
    if (typeof value === 'string') flat.set(`${prefix}${key}`, value.trim());
    else
      for (const [inner, version] of flatten(value, `${prefix}${key} > `, depth + 1))
        flat.set(inner, version);
  }
  return flat;
}

function isForeign(version: string, path: string): boolean {
  if (/^(workspace|catalog|patch|portal|link|jsr):/.test(version))
    return /^(link|portal):.*\.\.\/\.\./.test(version);
  if (/^npm:/.test(version)) return true;
  const local = /^(?:file:)?(\.{1,2}\/.*|\.{1,2})$/.exec(version)?.[1];
  if (local !== undefined) return leavesTree(path, local);
  // Two words with a stroke between are a repository of GitHub.
  return (
    /^[a-z][a-z+]*:|^git@|^[\w.-]+\/[\w.-]+(#|$)|^(~\/|\/)/i.test(version) && !/^file:[\w@]/.test(version)
  );
}

/** Whether a path that stands in a file leads out of the tree. */
export function leavesTree(path: string, target: string): boolean {
  const depth = folderOf(path).split('/').length - 1;
  return (target.match(/(^|\/)\.\.(?=\/|$)/g) ?? []).length > depth;
}

/** Addresses may hold a login. */
function maskUrl(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//***@').slice(0, 150);
}
