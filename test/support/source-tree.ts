// The sources as data, for tests that hold the house's own rules: files, imports and syntax trees. Judges nothing.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync, visitorKeys } from 'oxc-parser';

export const ROOT = join(import.meta.dirname, '../..');

export type Import = Readonly<{
  /** As written: `../errors.ts`, `zod`, `node:fs`. */
  specifier: string;
  /** For a file of ours: its path from the root, e.g. `src/errors.ts`. */
  path: string | undefined;
  typeOnly: boolean;
  line: number;
}>;

export type Node = Readonly<{ type: string; start: number; end: number; [key: string]: unknown }>;

/** A node and where it stands. */
export type Place = Readonly<{ node: Node; above: Place | undefined }>;

export type SourceFile = Readonly<{
  /** From the root, e.g. `src/job/job.ts`. */
  path: string;
  text: string;
  imports: readonly Import[];
  /** Every node of its syntax tree. */
  places: readonly Place[];
  /** `src/job/job.ts:12`, of a place in the text. */
  at: (offset: number) => string;
}>;

/** Reads and parses every TypeScript file under a folder (`src`, `test`). */
export function readSources(folder: string): readonly SourceFile[] {
  const paths = globSync(`${folder}/**/*.ts`, { cwd: ROOT }).toSorted();
  return paths.map((path) => parseSource(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Parses one file's text. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  const found = (specifier: string, typeOnly: boolean, offset: number): Import => ({
    specifier,
    path: specifier.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), specifier)) : undefined,
    typeOnly,
    line: lineOf(offset),
  });
  const statics = module.staticImports.map(({ moduleRequest, entries, start }) =>
    found(moduleRequest.value, entries.length > 0 && entries.every(({ isType }) => isType), start),
  );
  const exported = module.staticExports.flatMap(({ entries, start }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [found(moduleRequest.value, isType, start)] : [],
    ),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest, start }) =>
    found(text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''), false, start),
  );
  return {
    path,
    text,
    imports: [...statics, ...exported, ...dynamic],
    places: walk(program as unknown as Node), // The generated tree types know no common shape to walk by.
    at: (offset) => `${path}:${lineOf(offset)}`,
  };
}

/** Every node of a tree, from the top. */
export function walk(node: Node, above?: Place): Place[] {
  const place = { node, above };
  const places: Place[] = [place];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = node[key];
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) places.push(...walk(child, place));
    }
  }
  return places;
}

/** Whether a node stands somewhere inside one that fits. */
export function isInside({ above }: Place, fits: (node: Node) => boolean): boolean {
  return above !== undefined && (fits(above.node) || isInside(above, fits));
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The text of a node's name: of an identifier, a property key or a text literal. */
export function nameOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'Identifier') return String(value['name']);
  return value.type === 'Literal' && typeof value['value'] === 'string' ? value['value'] : undefined;
}
