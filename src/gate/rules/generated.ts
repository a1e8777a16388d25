// Which files programs wrote, by the word of the base: its .gitattributes say `linguist-generated`, as GitHub reads it. What a
// file is called, or what a change says of itself, is an agent's to choose. Pure.
import { matchesGlob } from 'node:path';
import type { Change } from '../../workspace/change.ts';
import { baseName } from '../found.ts';

const NAME = '.gitattributes';
/** Longer patterns, or more stars, keep a matcher busy. */
const MOST_CHARACTERS = 300;
const MOST_STARS = 6;

type Line = Readonly<{ glob: string; isGenerated: boolean }>;

export function isAttributes(path: string): boolean {
  return baseName(path) === NAME;
}

/** Whether the base says of a path that it is generated. The folder nearest to it has the last word, there the last line. */
export function generatedOnBase({ files, beside }: Change): (path: string) => boolean {
  const texts = new Map([...beside.texts].filter(([path]) => isAttributes(path)));
  for (const { path, oldPath = path, whole } of files) {
    if (isAttributes(path)) texts.delete(path);
    if (isAttributes(oldPath) && whole.before !== undefined) texts.set(oldPath, whole.before);
  }
  const lines = [...texts]
    .map(([path, text]) => ({ folder: path.slice(0, -NAME.length), text }))
    .toSorted((one, other) => one.folder.length - other.folder.length)
    .flatMap(({ folder, text }) => text.split('\n').flatMap((line) => readLine(folder, line)));
  return (path) => lines.findLast(({ glob }) => matchesGlob(path, glob))?.isGenerated ?? false;
}

/** `src/gen/*.ts linguist-generated=true`; macros and lines about other attributes say nothing. */
function readLine(folder: string, line: string): Line[] {
  const [pattern = '', ...attributes] = line.trim().split(/\s+/);
  const said = attributes.findLast((one) => /^[-!]?linguist-generated(?:=|$)/.test(one));
  if (said === undefined || /^[#[!]/.test(pattern) || pattern.length > MOST_CHARACTERS) return [];
  if (pattern.split('*').length - 1 > MOST_STARS) return [];
  const inside = pattern.replace(/^\//, '');
  // Without a slash a pattern is about names, wherever they are (git-scm.com/docs/gitattributes).
  const glob = pattern.includes('/') ? `${folder}${inside}` : `${folder}**/${inside}`;
  return [{ glob, isGenerated: /^linguist-generated(?:=true|=1)?$/.test(said) }];
}
