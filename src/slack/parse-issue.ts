// How people name an issue: `12`, `#12`, `owner/repo#12`, its address. Pure.
import type { Refusal } from '../errors.ts';
import { parseRepo, type Repo } from '../job/repo.ts';
import { notAnIssueLink, pullInsteadOfIssue, strangeIssue, wrongHost } from './words/mistakes.ts';

export type IssueRef = Readonly<{ number: number; repo?: Repo }>;

/** The words of `fix`: an issue (with what was said besides), a mistake in naming one, or no issue at all. */
export type FixWords =
  | Readonly<{ kind: 'issue'; issue: IssueRef; rest: string }>
  | Readonly<{ kind: 'mistake'; refusal: Refusal }>
  | Readonly<{ kind: 'words' }>;

/** Reads what follows `fix`. `serverUrl` is where this deployment's repositories live. */
export function parseFixWords(text: string, serverUrl: string): FixWords {
  const labelled = /^[^()\n]{1,120} \((https?:\/\/\S+)\)/.exec(text);
  const [first = '', ...others] = text.split(/\s+/);
  const issue = parseIssue(first, serverUrl);
  if (issue !== undefined) return withRest(issue, text.slice(first.length).trim());
  const linked = labelled?.[1] === undefined ? undefined : parseIssue(labelled[1], serverUrl);
  if (linked !== undefined && labelled) return withRest(linked, text.slice(labelled[0].length).trim());
  // `issue 12`, `issue #12`
  if (/^(?:issue|bug|ticket)$/i.test(first) && others[0] !== undefined) {
    const named = parseIssue(others[0], serverUrl);
    if (named !== undefined && named.kind === 'issue') return withRest(named, others.slice(1).join(' '));
  }
  if (others.length === 0 && /^[^\s]*(?:#|\/)[^\s]*$/.test(first)) {
    return { kind: 'mistake', refusal: strangeIssue(first) };
  }
  return { kind: 'words' };
}

type Reading = Readonly<{ kind: 'issue'; issue: IssueRef }> | Readonly<{ kind: 'mistake'; refusal: Refusal }>;

function withRest(reading: Reading, rest: string): FixWords {
  return reading.kind === 'issue' ? { ...reading, rest } : reading;
}

function parseIssue(written: string, serverUrl: string): Reading | undefined {
  const word = written.replace(/^[`'"(]+|[`'").,;:!?]+$/g, '');
  if (/^https?:\/\//i.test(word)) return parseIssueUrl(word, serverUrl);
  const [, path, digits] = /^(?:([^\s#]+\/[^\s#]+))?#?(\d{1,9})$/.exec(word) ?? [];
  if (digits === undefined || Number(digits) === 0) return undefined;
  if (path === undefined) return { kind: 'issue', issue: { number: Number(digits) } };
  // Without the hash `owner/repo12` would be read as an issue.
  if (!word.includes('#')) return undefined;
  const repo = parseRepo(path);
  if (repo === undefined) return { kind: 'mistake', refusal: strangeIssue(word) };
  return { kind: 'issue', issue: { number: Number(digits), repo } };
}

function parseIssueUrl(word: string, serverUrl: string): Reading | undefined {
  const url = URL.parse(word);
  const server = URL.parse(serverUrl);
  if (url === null || server === null) return undefined;
  const ours = url.host === server.host;
  const base = ours ? server.pathname.replace(/\/+$/, '') : '';
  const [, owner, name, kind, digits] =
    /^\/([^/]+)\/([^/]+)\/(issues|pull|pulls|discussions)\/(\d{1,9})(?:\/.*)?$/.exec(
      url.pathname.slice(base.length),
    ) ?? [];
  const repo = parseRepo(`${owner}/${name}`);
  if (repo === undefined || digits === undefined) {
    return ours ? { kind: 'mistake', refusal: notAnIssueLink() } : undefined;
  }
  if (!ours) return { kind: 'mistake', refusal: wrongHost(url.host, server.host) };
  if (kind !== 'issues') {
    return {
      kind: 'mistake',
      refusal: kind === 'discussions' ? notAnIssueLink() : pullInsteadOfIssue(Number(digits)),
    };
  }
  return { kind: 'issue', issue: { number: Number(digits), repo } };
}
