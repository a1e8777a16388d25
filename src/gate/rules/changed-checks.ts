// Any change of what is checked or how, whatever its form: a command with a path more or a flag less, a list of what to look at
// that became shorter, a setting that is gone. Only what plainly asks for more stays unsaid.
import type { Change, FileChange } from '../../workspace/change.ts';
import { baseName, type FileRule, type Found, folderOf, isProse } from '../found.ts';
import { checkCommands } from './check-commands.ts';
import { isHarmless, isLevel, isMoreOf, isStricter, isWelcome } from './check-directions.ts';
import { type Fact, keyOfFact, nameFact, readFacts } from './check-facts.ts';
import { type CheckFileKind, checkFileKind } from './check-files.ts';
import { checkingNames, isPartOfChecks, isPartOfCommands } from './check-parts.ts';
import { checkSettings } from './check-settings.ts';
import { quote } from './quote.ts';
import { runnerSettings } from './runner-settings.ts';

export const changedChecks: FileRule = (file, change) => {
  const kind =
    checkFileKind(file.path) ?? (file.oldPath === undefined ? undefined : checkFileKind(file.oldPath));
  if (kind === undefined) return ofPragmas(file);
  const { before = '', after = '' } = file.whole;
  if (file.kind === 'added') return ofNew(file, kind, change);
  const [was, is] = [relevant(file.oldPath ?? file.path, kind, before), relevant(file.path, kind, after)];
  const told = [checkSettings, checkCommands, runnerSettings].flatMap((rule) => rule(file, change));
  if (file.kind === 'deleted')
    return was.length === 0 || told.length > 0 ? [] : [tell(file.path, 1, 'was removed')];
  if (file.oldPath !== undefined && isMoved(file, change) && was.length > 0) {
    return [tell(file.path, 1, `was ${quote(file.oldPath)}, where its program looks for it`)];
  }
  const edits = compare(kind, was, is).filter((edit) => !isTold(edit, told));
  return edits.length === 0 ? [] : [describe(file.path, edits)];
};

/** Words in code that ask a compiler or a checker to be strict. */
const PRAGMA =
  /^\s*(?:#!\[(?:deny|forbid|warn)\(|use (?:strict|warnings)\b|\/\/\s*@ts-check\b|\/[/*]\s*@flow\b|#\s*typed:\s*(?:true|strict|strong)|declare\(strict_types=1\)|<\?php declare\(strict_types=1\)|#nullable enable\b|\{-#\s*OPTIONS_GHC[^\n]{0,80}-W|#pragma\s+(?:GCC|clang)\s+diagnostic\s+error|#pragma\s+warning\s*\(\s*error|option (?:strict|explicit) on\b|# mypy: |# pyright: strict|set -[a-z]*e)/i;

function ofPragmas({ path, kind, removed, added }: FileChange): Found[] {
  if (kind === 'deleted' || isProse(path)) return [];
  const come = new Set(added.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
  const [gone] = removed
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => PRAGMA.test(line) && !come.has(line.trim()));
  return gone === undefined ? [] : [tell(path, 1, `lost ${quote(gone)}`)];
}

/** One thing that changed: on either side only, or on both. */
type Edit = Readonly<{ was?: Fact; is?: Fact }>;

function relevant(path: string, kind: CheckFileKind, text: string): readonly Fact[] {
  const facts = readFacts(path, text);
  if (kind === 'whole' || kind === 'passed_over') return facts;
  const names = checkingNames(facts);
  const isPart = kind === 'parts' ? isPartOfChecks : isPartOfCommands;
  return facts.filter((fact) => isPart(path, fact, names));
}

/** Another name is another file to the program that reads it; with all of its folder it only moved house. */
function isMoved({ path, oldPath = path }: FileChange, { files }: Change): boolean {
  const [from, to] = [folderOf(oldPath), folderOf(path)];
  if (baseName(path) !== baseName(oldPath)) return true;
  const isWithIt = (other: FileChange) =>
    other.oldPath !== undefined &&
    checkFileKind(other.path) === undefined &&
    other.oldPath.startsWith(from) &&
    other.path === `${to}${other.oldPath.slice(from.length)}`;
  return from !== to && (from === '' || !files.some(isWithIt));
}

function compare(kind: CheckFileKind, was: readonly Fact[], is: readonly Fact[]): Edit[] {
  const [gone, come] = difference(was, is);
  const known = new Set(was.map(placeOf));
  const edits: Edit[] = [];
  const left = Map.groupBy(come, placeOf);
  for (const one of gone) {
    const other = counterpart(one, left.get(placeOf(one)) ?? []);
    if (other !== undefined) {
      if (!isStricter(one, other, kind)) edits.push({ was: one, is: other });
    } else if (!isHarmless(one, kind)) edits.push({ was: one });
  }
  for (const one of [...left.values()].flat()) {
    if (!isWelcome(one, known, kind)) edits.push({ is: one });
  }
  return edits;
}

/** Another rule says it, with the key and one of the values. */
function isTold({ was, is }: Edit, told: readonly Found[]): boolean {
  const squash = (text: string) => text.replaceAll(/[\s"'`\\,;]+/g, '');
  return told.some(({ say, line }) => {
    if (line !== undefined && line > 1 && line === is?.line) return true;
    const said = squash(say);
    const [one] = [was, is].filter((fact) => fact !== undefined);
    return (
      said.includes(squash(one?.key ?? '')) &&
      [was, is].some((fact) => fact !== undefined && said.includes(squash(fact.value).slice(0, 60)))
    );
  });
}

/** What took the place of a fact, taken out of `left`: the value of the same key, or the likest line. */
function counterpart(one: Fact, left: Fact[]): Fact | undefined {
  const fits = (each: Fact) =>
    one.key !== undefined ||
    (isLevel(one) && isLevel(each)) ||
    isMoreOf(one.value, each.value) ||
    isLike(one, each);
  const at = left.findIndex(fits);
  return at < 0 ? undefined : left.splice(at, 1)[0];
}

function isLike(one: Fact, other: Fact): boolean {
  const words = one.value.split(/[\s/]+/);
  const others = new Set(other.value.split(/[\s/]+/));
  return words.length > 1 && words.filter((word) => others.has(word)).length >= words.length / 2;
}

function placeOf({ under, key }: Fact): string {
  return JSON.stringify([under, key]);
}

/** What stands on one side only; what moved within its place stands on both. */
function difference(was: readonly Fact[], is: readonly Fact[]): readonly [gone: Fact[], come: Fact[]] {
  const left = Map.groupBy(is, keyOfFact);
  const gone = was.filter((one) => left.get(keyOfFact(one))?.shift() === undefined);
  return [gone, [...left.values()].flat().toSorted((a, b) => a.line - b.line)];
}

function describe(path: string, edits: readonly Edit[]): Found {
  const [first] = edits;
  const rest = edits.length - 1;
  const more = rest > 0 ? `, and ${rest} more ${rest === 1 ? 'line' : 'lines'}` : '';
  return tell(path, first?.is?.line ?? first?.was?.line ?? 1, `${first ? sayEdit(first) : 'changed'}${more}`);
}

function sayEdit({ was, is }: Edit): string {
  const place = (was ?? is)?.under.at(-1);
  const where =
    place === undefined || place === '' ? '' : ` in \`${place.replaceAll('`', "'").slice(0, 60)}\``;
  if (was !== undefined && is !== undefined)
    return `changed${where}: ${quote(nameFact(was))} became ${quote(nameFact(is))}`;
  if (was !== undefined) return `lost ${quote(nameFact(was))}${where}`;
  return is === undefined ? 'changed' : `got ${quote(nameFact(is))}${where}`;
}

function tell(path: string, line: number, how: string): Found {
  const say = `decides what is checked, and ${how}. Look at whether the task asks for it, and what is no longer checked.`;
  return { rule: 'check_changed', path, line, severity: 'warn', say };
}

/** A file that begins something takes nothing away, unless others of its kind were there, or it begins by letting things pass. */
function ofNew(file: FileChange, kind: CheckFileKind, change: Change): Found[] {
  const { path, whole } = file;
  if (kind === 'commands' || kind === 'parts') return [];
  const facts = readFacts(path, whole.after ?? '');
  if (kind === 'passed_over') {
    const [first] = facts;
    return first === undefined
      ? []
      : [tell(path, 1, `is new: a check passes over what it lists, such as ${quote(nameFact(first))}`)];
  }
  const lax = facts.find((fact) => !isWelcome(fact, new Set([placeOf(fact)]), kind));
  const [other] = change.beside.names.filter((name) => name !== path && familyOf(name) === familyOf(path));
  if (lax !== undefined) return [tell(path, lax.line, `is new and says ${quote(nameFact(lax))}`)];
  return other === undefined
    ? []
    : [tell(path, 1, `is new beside ${quote(other)}: one of them may no longer count`)];
}

/** Files that one program reads. */
function familyOf(path: string): string | undefined {
  return /^\.?(eslint|biome|oxlint|stylelint|pytest|mypy|ruff|pylint|flake8|rubocop|jest|vitest|mocha|playwright|cypress|phpunit|phpstan|golangci|detekt|clippy|swiftlint|karma)/i
    .exec(baseName(path))?.[1]
    ?.toLowerCase();
}
