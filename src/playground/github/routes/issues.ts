// Issues, their comments and their history. A pull is an issue too and answers here under its number.
import { z } from 'zod';
import { created, notFound, ok, paged } from '../answer.ts';
import { setIssueState } from '../pulls.ts';
import { admit, numberOf, parseBody, type RepositoryCall, type Route, repositoryRoute } from '../router.ts';
import { type Issue, type Level, newThread, type Pull, type Repository, type State } from '../state.ts';
import { commentView, issueView, userView } from '../views.ts';
import { setPullState } from './pulls.ts';

const newIssue = z.object({
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.string()).optional(),
});
const issueChange = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened']).nullish(),
  labels: z.array(z.string()).optional(),
});
const newComment = z.object({ body: z.string() });

const READ = { issues: 'read', pull_requests: 'read' } as const;
const WRITE = { issues: 'write', pull_requests: 'write' } as const;

export function issueRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /issues', { issues: 'read' }, (call) => listIssues(state, call)),
    on('POST /issues', { issues: 'write' }, ({ repository, body, login }) => {
      const wish = parseBody(newIssue, body);
      const issue: Issue = newThread(state, repository, {
        title: wish.title,
        body: wish.body ?? null,
        author: login,
      });
      issue.labels = wish.labels ?? [];
      repository.issues.set(issue.number, issue);
      announceIssue(state, repository, issue, { action: 'opened', by: login });
      return created(issueView(state, repository, issue));
    }),
    on('GET /issues/:number', READ, (call) => ok(issueView(state, call.repository, threadOf(call, 'read')))),
    on('PATCH /issues/:number', WRITE, (call) => changeIssue(state, call)),
    on('GET /issues/:number/comments', READ, (call) => {
      const thread = threadOf(call, 'read');
      const since = Date.parse(call.url.searchParams.get('since') ?? '') || 0;
      const comments = thread.comments.filter((comment) => comment.updatedAt.getTime() >= since);
      return paged(
        call.url,
        comments.map((comment) => commentView(state, call.repository, thread, comment)),
      );
    }),
    on('POST /issues/:number/comments', WRITE, (call) => {
      const { body } = parseBody(newComment, call.body);
      const comment = addComment(state, call.repository, threadOf(call, 'write'), {
        body,
        author: call.login,
      });
      return created(commentView(state, call.repository, threadOf(call, 'read'), comment));
    }),
    on('GET /issues/:number/events', READ, (call) =>
      paged(
        call.url,
        threadOf(call, 'read').events.map((event) => ({
          id: event.id,
          event: event.event,
          actor: userView(state, event.actor),
          commit_id: event.commitId,
          created_at: event.createdAt.toISOString(),
        })),
      ),
    ),
  ];
}

/** The issue or pull a request names; 404 when there is none. Rights on pulls are no rights on plain issues. */
function threadOf(call: RepositoryCall, level: Level): Issue | Pull {
  const number = numberOf(call);
  const pull = call.repository.pulls.get(number);
  if (pull) return pull;
  const issue = call.repository.issues.get(number);
  if (!issue) throw notFound();
  admit(call.identity, call.repository, { issues: level });
  return issue;
}

function listIssues(state: State, { repository, url }: RepositoryCall) {
  const wanted = url.searchParams.get('state') ?? 'open';
  const labels = (url.searchParams.get('labels') ?? '').split(',').filter(Boolean);
  const found = [...repository.issues.values(), ...repository.pulls.values()]
    .filter((issue) => wanted === 'all' || issue.state === wanted)
    .filter((issue) => labels.every((label) => issue.labels.includes(label)))
    .sort((a, b) => b.number - a.number);
  return paged(
    url,
    found.map((issue) => issueView(state, repository, issue)),
  );
}

async function changeIssue(state: State, call: RepositoryCall) {
  const { repository, login } = call;
  const change = parseBody(issueChange, call.body);
  const issue = threadOf(call, 'write');
  if (change.title !== undefined) issue.title = change.title;
  if (change.body !== undefined) issue.body = change.body;
  if (change.labels !== undefined) issue.labels = change.labels;
  issue.updatedAt = state.now();
  if (change.state && 'head' in issue) {
    await setPullState(state, repository, issue, { state: change.state, by: login });
  } else if (change.state) {
    const reason = change.state_reason ? { reason: change.state_reason } : {};
    setIssueState(state, repository, issue, { state: change.state, by: login, ...reason });
  }
  state.changed();
  return ok(issueView(state, repository, issue));
}

/** Tells the world what happened to an issue. */
export function announceIssue(
  state: State,
  repository: Repository,
  issue: Issue,
  what: { action: string; by: string },
) {
  const payload = { action: what.action, issue: issueView(state, repository, issue), sender: what.by };
  state.emit('issues', repository, payload);
  state.changed();
}

/** Adds a comment to an issue or a pull and tells the world. */
export function addComment(
  state: State,
  repository: Repository,
  thread: Issue | Pull,
  fields: { body: string; author: string },
) {
  const at = state.now();
  const comment = { id: state.nextId(), ...fields, createdAt: at, updatedAt: at };
  thread.comments.push(comment);
  thread.updatedAt = at;
  state.emit('issue_comment', repository, {
    action: 'created',
    issue: issueView(state, repository, thread),
    comment: commentView(state, repository, thread, comment),
    sender: fields.author,
  });
  state.changed();
  return comment;
}
