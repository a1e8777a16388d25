// Finds lists in settings of any form (JSON, YAML, TOML, INI, code) without parsing any of them: a key, and the items behind
// it. Pure; takes time in proportion to the text.

export type ListItem = Readonly<{ key: string; item: string; line: number }>;

const KEY = /(?:^|[\s,{(])["']?([A-Za-z_][\w.-]{0,60})["']?\s*(?:\+?=|:|\()\s*(.*)$/;
const ITEM = /^\s*-\s+(.+)$/;
const MOST_ITEMS = 2_000;
const MOST_LIST_LINES = 300;

/** Items of all lists whose key fits. */
export function listsIn(text: string, wanted: RegExp): ListItem[] {
  const lines = text.slice(0, 400_000).split('\n');
  const items: ListItem[] = [];
  for (let at = 0; at < lines.length && items.length < MOST_ITEMS; at++) {
    const line = (lines[at] ?? '').slice(0, 2_000);
    if (/^\s*(?:\/\/|#|;|<!--)/.test(line)) continue;
    const [, key, rest = ''] = KEY.exec(line) ?? [];
    if (key === undefined || !wanted.test(key)) continue;
    for (const item of readItems(lines, at, rest)) items.push({ key, ...item });
  }
  return items;
}

/** In brackets over many lines, on the line itself, or on indented lines below. */
function readItems(lines: readonly string[], at: number, rest: string): Omit<ListItem, 'key'>[] {
  if (/^(?:new Set\()?\[/.test(rest)) return inBrackets(lines, at, rest);
  const onLine = split(rest).map((item) => ({ item, line: at + 1 }));
  const indent = indentOf(lines[at] ?? '');
  const below: Omit<ListItem, 'key'>[] = [];
  for (let down = at + 1; down < lines.length && down - at < MOST_LIST_LINES; down++) {
    const line = lines[down] ?? '';
    if (line.trim() === '') continue;
    const dashed = ITEM.exec(line)?.[1];
    if (dashed !== undefined ? indentOf(line) < indent : indentOf(line) <= indent) break;
    if (/^\s*[#;]/.test(line)) continue;
    // What has a key of its own is no item.
    if (
      dashed === undefined &&
      ((rest !== '' && !/[,|>\\]$|^$/.test(rest)) || /^\s*["']?[\w.-]+["']?\s*[:=]\s/.test(line))
    )
      break;
    for (const item of split(dashed ?? line)) below.push({ item, line: down + 1 });
  }
  return [...onLine, ...below];
}

function inBrackets(lines: readonly string[], at: number, rest: string): Omit<ListItem, 'key'>[] {
  const items: Omit<ListItem, 'key'>[] = [];
  let text = rest.replace(/^(?:new Set\()?\[/, '');
  for (let down = at; down < lines.length && down - at < MOST_LIST_LINES; down++) {
    if (down > at) text = (lines[down] ?? '').slice(0, 2_000);
    const bare = text.replace(/^\s*(?:\/\/|#).*$/, '');
    const end = /(?:^|["'\s,\w/*])\](?!["'])/.exec(bare);
    const inside = end ? bare.slice(0, end.index + end[0].length - 1) : bare;
    for (const item of split(inside)) items.push({ item, line: down + 1 });
    if (end) break;
  }
  return items;
}

function split(text: string): string[] {
  const quoted = [...text.matchAll(/"([^"]{1,300})"|'([^']{1,300})'|`([^`]{1,300})`/g)].map(
    ([, one, other, third]) => one ?? other ?? third ?? '',
  );
  if (quoted.length > 0) return quoted;
  return text
    .replace(/\s+#.*$/, '')
    .split(/[,\s]+/)
    .map((item) => item.replace(/^[[({]+|[\])},;\\]+$/g, ''))
    .filter((item) => item !== '' && !/^[|>&!]/.test(item));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
