// One issue, pull or commit of the small GitHub: description, checks, conversation, diff, and what a person can do there.
import { html as drawDiff } from 'diff2html';
import { git } from '../github/git.ts';
import { latestChecks, latestStatuses } from '../github/merge-rules.ts';
import { readCommit } from '../github/repositories.ts';
import type { Issue, Pull, Repository } from '../github/state.ts';
import { drawMarkdown, type Names } from './blocks.ts';
import { badge, standingOf } from './github-lists.ts';
import { clock, type Html, html, type Item, item, join, raw } from './markup.ts';

/** Longer diffs are cut: a page of the playground is no place to read them. */
const DIFF_LIMIT = 200_000;

/** What two commits differ in never changes. */
const drawnDiffs = new Map<string, Promise<Html>>();

export function drawIssue(repository: Repository, number: number, names: Names): readonly Item[] {
  const issue = repository.issues.get(number);
  if (issue === undefined) return [gone(`There is no issue #${number}.`)];
  return [
    title(issue),
    description(issue, names),
    ...conversation(issue, names),
    item('reply', commentForm('issue')),
  ];
}

/** With the diff of its head against where it left its base. */
export async function drawPull(
  repository: Repository,
  number: number,
  names: Names,
): Promise<readonly Item[]> {
  const pull = repository.pulls.get(number);
  if (pull === undefined) return [gone(`There is no pull #${number}.`)];
  const { head, base, mergeCommitSha } = pull;
  const landed = mergeCommitSha
    ? html` · landed as <a href="?github=commit/${mergeCommitSha}" data-github="commit/${mergeCommitSha}"><code>${mergeCommitSha.slice(0, 7)}</code></a>`
    : '';
  const where = html`<p class="where"><code>${head.ref}</code> → <code>${base.ref}</code> · head <code>${head.sha.slice(0, 7)}</code>${landed}</p>`;
  return [
    title(pull),
    item('where', where),
    description(pull, names),
    item('checks', drawChecks(repository, pull)),
    item(
      'diff',
      html`<section class="diff" aria-label="Changed files" tabindex="0">${await diffOf(repository, [`${base.sha}...${head.sha}`])}</section>`,
    ),
    ...conversation(pull, names),
    ...(pull.state === 'open' ? [item('hands', HANDS)] : []),
    item('reply', commentForm('pull')),
  ];
}

export async function drawCommit(
  repository: Repository,
  sha: string,
  names: Names,
): Promise<readonly Item[]> {
  const commit = await readCommit(repository.directory, sha).catch(() => undefined);
  if (commit === undefined) return [gone(`There is no commit ${sha.slice(0, 7)}.`)];
  const [head = '', ...rest] = commit.message.split('\n');
  const range = commit.parents[0]
    ? [commit.parents[0], commit.sha]
    : ['4b825dc642cb6eb9a060e54bf8d69288fbee4904', commit.sha];
  return [
    item(
      'title',
      html`<h3>${head}</h3><p class="where">${commit.author.name} · ${clock(commit.date)} · <code>${commit.sha.slice(0, 7)}</code></p>`,
    ),
    item('message', html`<div class="text">${drawMarkdown(rest.join('\n').trim(), names)}</div>`),
    item(
      'diff',
      html`<section class="diff" aria-label="Changed files" tabindex="0">${await diffOf(repository, range)}</section>`,
    ),
  ];
}

function diffOf(repository: Repository, range: readonly string[]): Promise<Html> {
  const key = `${repository.directory} ${range.join(' ')}`;
  const known = drawnDiffs.get(key) ?? readDiff(repository, range);
  drawnDiffs.set(key, known);
  return known;
}

async function readDiff({ directory }: Repository, range: readonly string[]): Promise<Html> {
  const text = await git(directory, ['diff', '--no-color', ...range]);
  if (text === '') return html`<p class="empty">Nothing is changed.</p>`;
  const shown = text.slice(0, DIFF_LIMIT);
  const drawn = drawDiff(shown, { drawFileList: false, outputFormat: 'line-by-line', matching: 'lines' });
  // diff2html escapes the diff itself; its ids would be there twice, and its "viewed" boxes remember nothing.
  const kept = drawn
    .replaceAll(/<label class="d2h-file-collapse">[\s\S]*?<\/label>/g, '')
    .replaceAll(/ id="[^"]*"/g, '');
  return html`${raw(kept)}${text.length > DIFF_LIMIT ? html`<p class="empty">The rest is left out here.</p>` : ''}`;
}

function title(thread: Issue | Pull): Item {
  const { number, author, createdAt } = thread;
  return item(
    'title',
    html`<h3>${thread.title} <small>#${number}</small></h3><p class="where">${badge(standingOf(thread))} ${author} · ${clock(createdAt)}${join(thread.labels.map((label) => html` <span class="label">${label}</span>`))}</p>`,
  );
}

function description(thread: Issue | Pull, names: Names): Item {
  return item('body', html`<div class="text">${drawMarkdown(thread.body ?? '', names)}</div>`);
}

type Said = Readonly<{ key: string; at: Date; by: string; what: string; body: string }>;

/** Comments, reviews, comments on lines and what happened, as one conversation. */
function conversation(thread: Issue | Pull, names: Names): readonly Item[] {
  const said: readonly Said[] = [
    ...thread.comments.map(({ id, createdAt, author, body }) => ({
      key: `s${id}`,
      at: createdAt,
      by: author,
      what: 'commented',
      body,
    })),
    ...thread.events.map(({ id, createdAt, actor, event }) => ({
      key: `v${id}`,
      at: createdAt,
      by: actor,
      what: event.replaceAll('_', ' '),
      body: '',
    })),
    ...('reviews' in thread ? reviewsOf(thread) : []),
  ];
  const sorted = said.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return sorted.map(({ key, at, by, what, body }) =>
    item(
      key,
      html`<div class="comment"><p><b>${by}</b> ${what} · ${clock(at)}</p>${body === '' ? '' : html`<div class="text">${drawMarkdown(body, names)}</div>`}</div>`,
    ),
  );
}

const VERDICTS = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'asked for changes',
  COMMENTED: 'reviewed',
  DISMISSED: 'reviewed (dismissed)',
} as const;

function reviewsOf(pull: Pull): readonly Said[] {
  const reviews = pull.reviews.map(({ id, submittedAt, author, state, body }) => ({
    key: `r${id}`,
    at: submittedAt,
    by: author,
    what: VERDICTS[state],
    body,
  }));
  const lines = pull.reviewComments.map(({ id, createdAt, author, path, line, body, inReplyTo }) => ({
    key: `l${id}`,
    at: createdAt,
    by: author,
    what: `${inReplyTo === null ? 'commented' : 'answered'} on ${path}:${line}${pull.resolvedThreads.has(inReplyTo ?? id) ? ' (resolved)' : ''}`,
    body,
  }));
  return [...reviews, ...lines];
}

function drawChecks(repository: Repository, { head }: Pull): Html {
  const runs = latestChecks(repository, head.sha).map(({ name, status, conclusion }) => ({
    name,
    word: conclusion ?? status,
  }));
  const statuses = latestStatuses(repository, head.sha).map(({ context, state }) => ({
    name: context,
    word: state,
  }));
  const all = [...runs, ...statuses];
  if (all.length === 0)
    return html`<p class="empty">No checks ran on <code>${head.sha.slice(0, 7)}</code>.</p>`;
  return html`<ul class="checks" aria-label="Checks">${join(all.map(({ name, word }) => html`<li class="${word}"><b>${name}</b> ${word}</li>`))}</ul>`;
}

/** What others do on GitHub, so that one person can play them all. */
const HANDS = html`<fieldset class="hands"><legend>As mira, who has write access here</legend>
<button type="button" class="button" data-hand="approve">Approve on GitHub</button>
<button type="button" class="button" data-hand="changes">Ask for changes</button>
<button type="button" class="button" data-hand="push">Push to the branch</button></fieldset>`;

function commentForm(kind: string): Html {
  return html`<form class="new-issue" data-comment="${kind}"><label>Comment as mira <textarea name="body" rows="2" required maxlength="20000"></textarea></label><button class="button">Comment</button></form>`;
}

const gone = (text: string): Item => item('gone', html`<p class="empty">${text}</p>`);
