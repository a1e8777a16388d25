// The small GitHub beside the workspace: what is open, what was merged, and the commits of the default branch.
import { readCommit } from '../github/repositories.ts';
import type { LocalGitHub } from '../github/server.ts';
import type { Issue, Pull, Repository } from '../github/state.ts';
import { clock, type Html, html, type Item, item } from './markup.ts';

/** How many commits are shown; the rest is history. */
const COMMITS_SHOWN = 30;
const PARTS_SHOWN = 5;

export type Kind = 'issue' | 'pull';

/** One word of how a thread stands, and its class. */
export function standingOf(thread: Issue | Pull): 'open' | 'closed' | 'merged' | 'draft' {
  if ('mergedAt' in thread && thread.mergedAt !== null) return 'merged';
  if (thread.state === 'closed') return 'closed';
  return 'draft' in thread && thread.draft ? 'draft' : 'open';
}

export function badge(standing: string): Html {
  return html`<span class="standing ${standing}">${standing}</span>`;
}

/** Everything at a glance, newest first: a stranger sees a pull open and a commit land without a click. */
export async function drawOverview(github: LocalGitHub, repo: string): Promise<readonly Item[]> {
  const repository = github.repository(repo);
  const issues = [...repository.issues.values()];
  const open = issues.filter(({ state }) => state === 'open');
  const [commits, pulls] = [await drawCommits(repository, PARTS_SHOWN), drawPulls(repository)];
  return [
    heading('issues', `Open issues · ${open.length}`),
    ...(open.length > 0
      ? open.map((issue) => row('issue', issue))
      : [empty('issues', 'No issue is open. Write one under Issues.')]),
    heading('pulls', `Pull requests · ${pulls.length}`),
    ...(pulls.length > 0
      ? pulls.slice(0, PARTS_SHOWN)
      : [empty('pulls', 'None yet. The agent opens one when its work is done.')]),
    heading('commits', `Commits on ${repository.defaultBranch}`),
    ...commits,
  ];
}

export function drawIssues(repository: Repository): readonly Item[] {
  const rows = [...repository.issues.values()].toReversed().map((issue) => row('issue', issue));
  return [...rows, item('new-issue', NEW_ISSUE)];
}

export function drawPulls(repository: Repository): readonly Item[] {
  return [...repository.pulls.values()].toReversed().map((pull) => row('pull', pull));
}

/** The newest commits of the default branch. */
export async function drawCommits(repository: Repository, most = COMMITS_SHOWN): Promise<readonly Item[]> {
  const items: Item[] = [];
  let next = repository.branches.get(repository.defaultBranch);
  while (next !== undefined && items.length < most) {
    const commit = await readCommit(repository.directory, next);
    if (commit === undefined) break;
    const { sha, message, author, date, parents } = commit;
    const [title = ''] = message.split('\n');
    items.push(
      item(
        `c${sha}`,
        html`<a class="row commit" href="?github=commit/${sha}" data-github="commit/${sha}"><span aria-hidden="true">●</span><span><b>${title}</b><small>${author.name} · ${clock(date)} · <code>${sha.slice(0, 7)}</code></small></span></a>`,
      ),
    );
    [next] = parents;
  }
  return items;
}

function row(kind: Kind, thread: Issue | Pull): Item {
  const { number, title, author, comments } = thread;
  const standing = standingOf(thread);
  const said = comments.length === 0 ? '' : html` · ${comments.length} 💬`;
  return item(
    `${kind}${number}`,
    html`<a class="row" href="?github=${kind}/${number}" data-github="${kind}/${number}">${badge(standing)}<span><b>${title}</b><small>#${number} · ${author}${said}</small></span></a>`,
  );
}

const heading = (key: string, text: string): Item => item(`h-${key}`, html`<h3>${text}</h3>`);
const empty = (key: string, text: string): Item => item(`empty-${key}`, html`<p class="empty">${text}</p>`);

const NEW_ISSUE = html`<form class="new-issue" data-issue><h3>New issue</h3>
<label>Title <input name="title" required maxlength="250"></label>
<label>What is it about? <textarea name="body" rows="3" maxlength="20000"></textarea></label>
<button class="button">Open issue</button></form>`;
