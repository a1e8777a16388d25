// Which names a file gets from other files, in JavaScript and in Python, and where those files lie. Pure.
import { extensionOf } from '../found.ts';

/** `name` in the file stands for `of` in the module `from`; `of` is `*` for all of it. */
export type Import = Readonly<{ name: string; of: string; from: string; line: number }>;

const MOST_CHARS = 200_000;
const MOST_IMPORTS = 500;
const JS = /^(?:[cm]?[jt]sx?|vue|svelte)$/;

const FROM =
  /(?:^|[\n;])[ \t]*(?:import|export)\s+(?!type\s)([\w$*\s{},]{1,2000}?)\s*from\s*["'`]([^"'`\n]{1,300})["'`]/g;
const REQUIRED =
  /(?:^|[\n;])[ \t]*(?:const|let|var)\s+([\w$]+|\{[^{}]{1,2000}\})\s*=\s*(?:await\s+)?(?:require|import)\(\s*["'`]([^"'`\n]{1,300})["'`]\s*\)(?:\.([\w$]+))?/g;
const PY_FROM = /^[ \t]*from\s+([\w.]{1,200})\s+import\s+(\([^)]{1,3000}\)|[^\n]{1,1000})/gm;
const PY_IMPORT = /^[ \t]*import\s+([\w., \t]{1,500})/gm;

/** In the order of the text; what a name got last counts. */
export function readImports(path: string, text: string): readonly Import[] {
  const head = text.slice(0, MOST_CHARS);
  const extension = extensionOf(path);
  const lineOf = lineCounter(head);
  const found = JS.test(extension)
    ? ofScript(head, lineOf)
    : /^pyi?$/.test(extension)
      ? ofPython(head, lineOf)
      : [];
  return found.slice(0, MOST_IMPORTS);
}

function ofScript(text: string, lineOf: (at: number) => number): Import[] {
  const imported = [...text.matchAll(FROM)].flatMap(({ 0: all, 1: names = '', 2: from = '', index }) =>
    /^[\n;]?[ \t]*export/.test(all)
      ? []
      : namesOf(names).map((each) => ({ ...each, from, line: lineOf(index + 1) })),
  );
  const required = [...text.matchAll(REQUIRED)].flatMap(({ 1: names = '', 2: from = '', 3: member, index }) =>
    namesOf(names.replaceAll(/:/g, ' as ')).map((each) => ({
      ...each,
      of: member ?? (each.of === 'default' ? '*' : each.of),
      from,
      line: lineOf(index + 1),
    })),
  );
  return [...imported, ...required].toSorted((a, b) => a.line - b.line);
}

/** `a, { b as c }, * as d`. */
function namesOf(text: string): Pick<Import, 'name' | 'of'>[] {
  const inside = /\{([^}]*)\}/.exec(text)?.[1] ?? '';
  const plain = text.replace(/\{[^}]*\}/, '').split(',');
  return [
    ...plain.flatMap((one) => {
      const all = /^\s*\*\s+as\s+([\w$]+)/.exec(one)?.[1];
      const name = all ?? /^\s*([\w$]+)\s*$/.exec(one)?.[1];
      return name === undefined ? [] : [{ name, of: all === undefined ? 'default' : '*' }];
    }),
    ...inside.split(',').flatMap((one) => {
      const [, of, name] = /^\s*([\w$]+)(?:\s+as\s+([\w$]+))?\s*(?:=.*)?$/s.exec(one) ?? [];
      return of === undefined ? [] : [{ name: name ?? of, of }];
    }),
  ];
}

function ofPython(text: string, lineOf: (at: number) => number): Import[] {
  const from = [...text.matchAll(PY_FROM)].flatMap(({ 1: module = '', 2: names = '', index }) =>
    aliases(names.replaceAll(/#[^\n]*|[()]/g, '')).map(([of, name]) => ({
      name,
      of,
      from: module,
      line: lineOf(index),
    })),
  );
  const whole = [...text.matchAll(PY_IMPORT)].flatMap(({ 1: names = '', index }) =>
    aliases(names).map(([module, name]) => ({
      name: name === module ? (module.split('.')[0] ?? module) : name,
      of: '*',
      from: name === module ? (module.split('.')[0] ?? module) : module,
      line: lineOf(index),
    })),
  );
  return [...from, ...whole].toSorted((a, b) => a.line - b.line);
}

function aliases(names: string): (readonly [of: string, name: string])[] {
  return names.split(',').flatMap((one) => {
    const [, of, name] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(one) ?? [];
    return of === undefined ? [] : [[of, name ?? of] as const];
  });
}

/** Counts on from where it was asked last. */
function lineCounter(text: string): (at: number) => number {
  const starts = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (at) => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

/** The paths that a module may lie at, without extension; none for one of a registry. */
export function placesOf(path: string, from: string, names: readonly string[]): readonly string[] {
  if (/^pyi?$/.test(extensionOf(path))) return pythonPlaces(path, from, names);
  if (/^\.{1,2}(?:\/|$)/.test(from)) return [bare(join(path, from))];
  const rest = /^(?:[@~#]?\/|[@~#](?=[\w]+$)|(?=src\/|app\/|lib\/))(.+)$/.exec(from)?.[1];
  return rest === undefined ? [] : endingWith(bare(rest), names);
}

function pythonPlaces(path: string, from: string, names: readonly string[]): readonly string[] {
  const dots = /^\.+/.exec(from)?.[0].length ?? 0;
  const rest = from.slice(dots).replaceAll('.', '/');
  if (dots === 0) return endingWith(rest, names);
  return [bare(join(path, `${dots === 1 ? '.' : '../'.repeat(dots - 1)}/${rest}`))];
}

function endingWith(rest: string, names: readonly string[]): string[] {
  return names.map(bare).filter((name) => name === rest || name.endsWith(`/${rest}`));
}

function join(path: string, from: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of from.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** Without its extension, and without the name of the file that stands for its folder. */
export function bare(path: string): string {
  return path
    .replace(/\.(?:[cm]?[jt]sx?|d\.ts|vue|svelte|pyi?|json)$/, '')
    .replace(/(?:^|\/)(?:index|__init__)$/, '');
}
