// Plain pages of the local GitHub, so that links in the playground lead somewhere: a repository, an issue, a pull with
// its diff, a commit. Read only, for people on this machine; nothing parses them.
import { git } from './git.ts';
import { resolveCommit } from './repositories.ts';
import type { Issue, Pull, Repository, State } from './state.ts';

/** The page behind a path that a person may follow; undefined when the path is something else. */
export async function renderPage(state: State, pathname: string): Promise<string | undefined> {
  const [, owner = '', name = '', kind, id = '', ...rest] = pathname.split('/');
  const repository = state.find(`${owner}/${name}`);
  if (!repository || rest.some((part) => part !== 'files')) return undefined;
  if (kind === undefined) return repositoryPage(repository);
  const thread = repository.pulls.get(Number(id)) ?? repository.issues.get(Number(id));
  if ((kind === 'issues' || kind === 'pull') && thread) return threadPage(repository, thread);
  return kind === 'commit' ? commitPage(repository, id) : undefined;
}

function repositoryPage(repository: Repository): string {
  const { fullName } = repository;
  const link = (thread: Issue | Pull) => {
    const kind = 'head' in thread ? 'pull' : 'issues';
    const text = `#${thread.number} ${escapeHtml(thread.title)} (${describe(thread)})`;
    return `<li><a href="/${fullName}/${kind}/${thread.number}">${text}</a></li>`;
  };
  const list = (threads: Iterable<Issue | Pull>) => `<ul>${[...threads].map(link).join('')}</ul>`;
  const branches = [...repository.branches].map(([branch, sha]) => `<li>${code(branch)} ${code(sha)}</li>`);
  return frame(repository, fullName, [
    `<h2>Issues</h2>${list(repository.issues.values())}<h2>Pulls</h2>${list(repository.pulls.values())}`,
    `<h2>Branches</h2><ul>${branches.join('')}</ul>`,
  ]);
}

async function threadPage(repository: Repository, thread: Issue | Pull): Promise<string> {
  const comments = thread.comments.map((comment) => section(comment.author, comment.body));
  const body = [
    `<p><strong>${describe(thread)}</strong></p>`,
    section(thread.author, thread.body ?? ''),
    ...comments,
  ];
  if ('head' in thread) {
    const { head, base } = thread;
    const diff = await git(repository.directory, ['diff', `${base.sha}...${head.sha}`]);
    body.push(`<p>${code(head.ref)} → ${code(base.ref)}, head ${code(head.sha)}</p>`, pre(diff));
  }
  return frame(repository, `${thread.title} #${thread.number}`, body);
}

async function commitPage(repository: Repository, id: string): Promise<string | undefined> {
  const sha = await resolveCommit(repository.directory, id);
  if (!sha) return undefined;
  return frame(repository, `Commit ${sha.slice(0, 7)}`, [
    pre(await git(repository.directory, ['show', sha])),
  ]);
}

const STYLE = `body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}
pre{white-space:pre-wrap}section,.diff{border:1px solid #ccc;border-radius:6px;margin:1rem 0;padding:.5rem 1rem}`;

function frame(repository: Repository, title: string, body: readonly string[]): string {
  const { fullName } = repository;
  return `<!doctype html><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style>
<p><a href="/${fullName}">${escapeHtml(fullName)}</a> on the local GitHub</p>
<h1>${escapeHtml(title)}</h1>${body.join('\n')}`;
}

function describe(thread: Issue | Pull): string {
  if ('mergedAt' in thread && thread.mergedAt) return `merged by ${escapeHtml(thread.mergedBy ?? '')}`;
  return thread.state;
}

const section = (author: string, text: string) =>
  `<section><b>${escapeHtml(author)}</b><pre>${escapeHtml(text)}</pre></section>`;
const code = (text: string) => `<code>${escapeHtml(text)}</code>`;
const pre = (text: string) => `<pre class="diff">${escapeHtml(text)}</pre>`;

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
