// Reads settings and commands of any form as facts: what stands where. Layout, order, quotes and comments play no part, so that
// two readings can be compared. Pure; takes time in proportion to the text.
import { baseName } from '../found.ts';
import { isPlainObject, readLooseJson } from './json.ts';

export type Fact = Readonly<{
  /** The keys, sections and lines that it stands under, the outermost first. */
  under: readonly string[];
  /** Of `key: value`; absent for an item of a list and for a line without one. */
  key?: string;
  /** The value, the item, or the line. */
  value: string;
  line: number;
}>;

const MOST_FACTS = 5_000;
const MOST_CHARS = 400_000;
const MOST_LINE_CHARS = 2_000;

/** All that a text says, in its order. */
export function readFacts(path: string, text: string): readonly Fact[] {
  const head = text.slice(0, MOST_CHARS);
  if (/(?:\.json[c5]?|rc)$/i.test(path)) {
    const value = readLooseJson(head);
    if (value !== undefined) return ofJson(value, head).slice(0, MOST_FACTS);
  }
  return isMakefile(path) ? ofMakefile(head) : ofLines(head);
}

/** `scripts.test: vitest run`, as people would write it down. */
export function nameFact({ under, key, value }: Fact): string {
  return key === undefined
    ? value
    : /^(?:on|@?[\w.-]+)$/.test(key) || under.length > 0
      ? `${key}: ${value}`
      : `${key} ${value}`;
}

/** Equal for two facts that say the same in the same place. */
export function keyOfFact({ under, key, value }: Fact): string {
  return JSON.stringify([under, key, value]);
}

function ofJson(value: unknown, text: string): Fact[] {
  const facts: Fact[] = [];
  const places = placesIn(text);
  let at = 0;
  // Keys come in the order of the text, so that the line of one is looked for behind the last.
  const lineOf = (word: string) => {
    const place = places.get(JSON.stringify(word).slice(1, -1));
    while (place !== undefined && (place.lines[place.next] ?? at) < at) place.next += 1;
    at = place?.lines[place.next] ?? at;
    return at + 1;
  };
  const walk = (node: unknown, under: readonly string[], key: string | undefined) => {
    if (facts.length >= MOST_FACTS || under.length > 30) return;
    const inside = key === undefined ? under : [...under, key];
    if (Array.isArray(node)) {
      for (const item of node) {
        if (facts.length >= MOST_FACTS) return;
        if (typeof item === 'object' && item !== null) walk(item, inside, '');
        else facts.push({ under: inside, value: String(item), line: lineOf(String(item)) });
      }
    } else if (isPlainObject(node)) {
      for (const [name, child] of Object.entries(node)) {
        if (facts.length >= MOST_FACTS) return;
        lineOf(name);
        walk(child, inside, name);
      }
    } else if (key !== undefined) {
      facts.push({ under, key, value: String(node), line: at + 1 });
    }
  };
  walk(value, [], undefined);
  return facts;
}

/** Where each word stands, from 0; `next` is the first that nobody asked for yet. */
function placesIn(text: string): ReadonlyMap<string, { readonly lines: readonly number[]; next: number }> {
  const places = new Map<string, { lines: number[]; next: number }>();
  for (const [at, line] of text.split('\n').entries()) {
    for (const [token] of line.matchAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[-\w.$]+/g)) {
      const word = token.replace(/^["'](.*)["']$/, '$1');
      const place = places.get(word) ?? { lines: [], next: 0 };
      if (place.lines.length === 0) places.set(word, place);
      place.lines.push(at);
    }
  }
  return places;
}

function isMakefile(path: string): boolean {
  return /^(?:(?:gnu)?makefile|[\w.-]+\.mk|\.?justfile)$/i.test(baseName(path));
}

/** Targets with what they need and what they run, and variables. */
function ofMakefile(text: string): Fact[] {
  const facts: Fact[] = [];
  let target: string[] = [];
  for (const [at, line] of joinContinued(text)) {
    if (facts.length >= MOST_FACTS) break;
    if (/^\s*#/.test(line) || line.trim() === '') continue;
    const variable = /^(?:export\s+)?([\w.]+)\s*(?:[:?+]?:?=)\s*(.*)$/.exec(line);
    const rule = /^([A-Za-z.@][^\s:=]{0,60}(?:\s+[\w.*="'-]{1,40})*)\s*::?(?!=)\s*([^=]*)$/.exec(line);
    if (/^\s/.test(line)) facts.push({ under: target, value: plain(line), line: at });
    else if (variable)
      facts.push({ under: [], key: variable[1] ?? '', value: plain(variable[2] ?? ''), line: at });
    else if (rule) {
      target = [plain(rule[1] ?? '')];
      const needs = plain((rule[2] ?? '').replace(/#.*$/, ''))
        .split(' ')
        .filter((word) => word !== '' && word !== '|');
      for (const need of needs) facts.push({ under: [...target, 'needs'], value: need, line: at });
    } else {
      facts.push({ under: [], value: plain(line), line: at });
      target = [];
    }
  }
  return facts;
}

/** Lines with those that go on behind a backslash, each with the number of its first. */
function joinContinued(text: string): [number, string][] {
  const joined: [number, string][] = [];
  let open: [number, string] | undefined;
  for (const [at, given] of text.split('\n').entries()) {
    const line = given.slice(0, MOST_LINE_CHARS);
    const whole: [number, string] = open ? [open[0], `${open[1]} ${line.trim()}`] : [at + 1, line];
    const goesOn = /\\\s*$/.test(line) && whole[1].length < MOST_LINE_CHARS;
    open = goesOn ? [whole[0], whole[1].replace(/\\\s*$/, '')] : undefined;
    if (!goesOn) joined.push(whole);
  }
  return open ? [...joined, open] : joined;
}

const PAIR =
  /^(?:-\s+)?(?:(?:export|const|let|var|set)\s+)?(@?["']?[A-Za-z_$][\w./@$*-]{0,80}["']?(?:\.\w+)*)\s*(?::(?!:)|=(?![=>~])|\+=)\s*(.*)$/;
const ELEMENT = /^<([\w.:-]{1,60})(?:\s[^>]{0,300})?>(.*?)<\/\1>$/;
const SECTION = /^\[\[?([^[\]]{1,120})\]\]?$/;

/** Of text with one thing a line: what a line stands under is told by sections and indentation. */
function ofLines(text: string): Fact[] {
  const facts: Fact[] = [];
  let section: string[] = [];
  let over: { indent: number; name: string }[] = [];
  for (const [at, line] of joinContinued(text)) {
    if (facts.length >= MOST_FACTS) break;
    const bare = line.trim();
    if (isComment(bare) || /^(?:[[\](){}<>,;]*|<\/[\w.:-]+>)$/.test(bare)) continue;
    const indent = line.length - line.trimStart().length;
    const named = SECTION.exec(bare)?.[1];
    if (named !== undefined && indent === 0) {
      section = [plain(named)];
      over = [];
      continue;
    }
    over = over.filter((each) => each.indent < indent);
    // What a plugin of Maven is called stands within it.
    const plugin = /^<artifactId>([\w.-]{1,80})<\/artifactId>$/.exec(bare)?.[1];
    const parent = over.at(-1);
    if (plugin !== undefined && parent?.name === 'plugin')
      over = [...over.slice(0, -1), { ...parent, name: plugin }];
    const under = [...section, ...over.map(({ name }) => name)];
    facts.push(...ofLine(bare, under, at));
    over.push({ indent, name: nameOf(bare) });
  }
  return facts;
}

function ofLine(bare: string, under: readonly string[], line: number): Fact[] {
  const element = ELEMENT.exec(bare);
  if (element) return [{ under, key: element[1] ?? '', value: plain(element[2] ?? ''), line }];
  const pair = PAIR.exec(bare);
  if (pair === null) return itemsOf(bare).map((value) => ({ under, value, line }));
  const key = plain(pair[1] ?? '');
  const said = (pair[2] ?? '').replace(/,$/, '').trim();
  // What opens a block or a list says nothing by itself.
  if (/^(?:[[({]|\|[-+]?|>[-+]?|=>\s*\{)?$/.test(said)) return [];
  const list = /^\[(.*)\]$/.exec(said)?.[1];
  if (list === undefined) return [{ under, key, value: plain(said), line }];
  return itemsOf(list).map((value) => ({ under: [...under, key], value, line }));
}

/** `'a', 'b'` as two; anything else as one. */
function itemsOf(text: string): string[] {
  const isList = /^(?:-\s+)?(?:(?:"[^"]*"|'[^']*'|[\w./*-]+)\s*(?:,\s*|$))+$/.test(text.slice(0, 500));
  const items = isList ? text.split(',') : [text];
  return items.map((item) => plain(item.replace(/^\s*-\s+/, ''))).filter((item) => item !== '');
}

function nameOf(bare: string): string {
  const key = PAIR.exec(bare)?.[1] ?? /^<([\w.:-]+)/.exec(bare)?.[1] ?? bare;
  return plain(key.replace(/[\s({[=>:|]+$/, '')).slice(0, 80);
}

/** Without what quotes, separates and explains. */
function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/ (?:#|\/\/) .*$/, '')
    .replaceAll(/["'`]/g, '')
    .replace(/[,;]\s*$/, '')
    .trim();
}

function isComment(bare: string): boolean {
  return bare === '' || /^(?:\/\/|#(?![!\w-]*\[)|;|\*|\/\*|<!--|--\s)/.test(bare);
}
