// Lists of the parts that a project is made of: a part that is no longer listed is neither built nor tested, although its folder
// stands where it stood. Pure.
import { posix } from 'node:path';
import type { Change } from '../../workspace/change.ts';
import { baseName, type FileRule, folderOf } from '../found.ts';
import { asObject, readJson } from './json.ts';
import { quote } from './quote.ts';

const LIST =
  /^(?:package\.json|lerna\.json|pnpm-workspace\.ya?ml|Cargo\.toml|settings\.gradle(?:\.kts)?|pom\.xml|go\.work|[^/]+\.slnx?)$/;

/** Files whose text is needed on both sides. */
export function isModuleList(path: string): boolean {
  return LIST.test(baseName(path));
}

export const lostModules: FileRule = (file, change) => {
  const { path, whole } = file;
  if (!isModuleList(path) || whole.before === undefined || whole.after === undefined) return [];
  const [was, is] = [modulesOf(path, whole.before), modulesOf(path, whole.after)];
  const isLeftOut = (entry: string) => entry.startsWith('!') && !was.includes(entry);
  const lost = [
    ...was.filter((entry) => !entry.startsWith('!') && !is.includes(entry) && !isCovered(entry, is)),
    ...is.filter(isLeftOut).map((entry) => entry.slice(1)),
  ].filter((entry) => isThere(path, entry, change));
  const [first] = lost;
  if (first === undefined) return [];
  const more = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
  const say = `no longer lists ${quote(first)}${more}, which is still there: what it holds is neither built nor tested with the rest. Look at whether the task asks for it.`;
  return [{ rule: 'check_changed', path, line: 1, severity: 'warn', say }];
};

/** Folders and files as the list names them; `!` before those that it leaves out. */
function modulesOf(path: string, given: string): string[] {
  const text = given.slice(0, 200_000);
  const name = baseName(path);
  if (name.endsWith('.json')) return ofJson(text);
  if (/^pnpm/.test(name))
    return items(/^packages:[^\n]*\n((?:[ \t]*(?:-[^\n]*|#[^\n]*)?\n?)*)/m.exec(text)?.[1]);
  if (name === 'Cargo.toml') {
    const listOf = (key: string) =>
      items(new RegExp(String.raw`^[ \t]*${key}\s*=\s*\[([^\]]*)\]`, 'm').exec(text)?.[1]);
    const isWorkspace = /^[ \t]*\[workspace\]/m.test(text);
    return isWorkspace ? [...listOf('members'), ...listOf('exclude').map((entry) => `!${entry}`)] : [];
  }
  if (/gradle/.test(name)) {
    return [...text.matchAll(/^[ \t]*include\b(\s*\([^)]*\)|(?:[^\n]*,[ \t]*\n)*[^\n]*)/gm)]
      .flatMap(([, list]) => items(list))
      .map((entry) => entry.replace(/^:/, '').replaceAll(':', '/'));
  }
  if (name === 'pom.xml')
    return [...text.matchAll(/<module>\s*([^<\s]+)\s*<\/module>/g)].map(([, one = '']) => one);
  if (name === 'go.work') {
    const uses = [...text.matchAll(/^use\s*\(([^)]*)\)|^use\s+([^(\s]+)/gm)];
    return uses.flatMap(([, block, one]) =>
      (one ?? block ?? '').split(/\s+/).filter((word) => /^\.|\//.test(word)),
    );
  }
  return [...text.matchAll(/"([^"\n]+\.\w*proj)"/g)].map(([, one = '']) => one.replaceAll('\\', '/'));
}

function ofJson(text: string): string[] {
  const json = readJson(text);
  const { workspaces, packages } = json ?? {};
  const lists = [workspaces, asObject(workspaces)['packages'], packages].filter((list) =>
    Array.isArray(list),
  );
  return lists.flat().filter((entry) => typeof entry === 'string');
}

/** Words in quotes, or behind the dashes of a list. */
function items(list = ''): string[] {
  return [...list.matchAll(/["']([^"'\n]+)["']|^[ \t]*-[ \t]*([^\s"'#]+)/gm)].map(
    ([, one, other]) => one ?? other ?? '',
  );
}

/** `packages/*` lists `packages/a` as well. */
function isCovered(entry: string, is: readonly string[]): boolean {
  return is.some((other) => other.includes('*') && entry.startsWith(other.slice(0, other.indexOf('*'))));
}

function isThere(path: string, entry: string, { beside }: Change): boolean {
  const fixed = entry.includes('*') ? entry.slice(0, entry.indexOf('*')) : entry;
  const place = posix.join(folderOf(path), fixed).replace(/\/$/, '');
  return beside.names.some((name) => name === place || name.startsWith(`${place}/`));
}
