// How people name a pull request: `34`, `#34`, `owner/repo#34`, its address. Pure.
import { parseRepo } from '../job/repo.ts';
import type { IssueRef } from './parse-issue.ts';

/** Reads the first word (or Slack's `label (address)`) as a pull; `rest` is what was said besides. */
export function parsePullWords(
  text: string,
  serverUrl: string,
): Readonly<{ pull: IssueRef; rest: string }> | undefined {
  const labelled = /^[^()\n]{1,120} \((https?:\/\/\S+)\)/.exec(text);
  const [first = ''] = text.split(/\s+/);
  const pull = parsePull(first, serverUrl);
  if (pull !== undefined) return { pull, rest: text.slice(first.length).trim() };
  const linked = labelled?.[1] === undefined ? undefined : parsePull(labelled[1], serverUrl);
  if (linked !== undefined && labelled) return { pull: linked, rest: text.slice(labelled[0].length).trim() };
  // `pull 34`, `pr #34`
  const [, named = ''] = /^(?:pull(?:\s+request)?|pr)\s+(\S+)/i.exec(text) ?? [];
  const said = named === '' ? undefined : parsePull(named, serverUrl);
  return said && { pull: said, rest: text.slice(text.indexOf(named) + named.length).trim() };
}

function parsePull(written: string, serverUrl: string): IssueRef | undefined {
  const word = written.replace(/^[`'"(<]+|[`'").,;:!?>]+$/g, '');
  if (/^https?:\/\//i.test(word)) return parsePullUrl(word, serverUrl);
  const [, path, digits] = /^(?:([^\s#]+\/[^\s#]+)(?=#))?#?(\d{1,9})$/.exec(word) ?? [];
  if (digits === undefined || Number(digits) === 0) return undefined;
  if (path === undefined) return { number: Number(digits) };
  const repo = parseRepo(path);
  return repo && { number: Number(digits), repo };
}

function parsePullUrl(word: string, serverUrl: string): IssueRef | undefined {
  const url = URL.parse(word);
  const server = URL.parse(serverUrl);
  if (url === null || server === null || url.host !== server.host) return undefined;
  const path = url.pathname.slice(server.pathname.replace(/\/+$/, '').length);
  const [, owner, name, digits] = /^\/([^/]+)\/([^/]+)\/pulls?\/(\d{1,9})(?:\/.*)?$/.exec(path) ?? [];
  const repo = parseRepo(`${owner}/${name}`);
  return repo === undefined || digits === undefined ? undefined : { number: Number(digits), repo };
}
