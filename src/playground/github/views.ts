// The wire shapes of the REST API, built from the state. Pure; only fields that clients are known to read.
import type { ChangedFile, Commit } from './repositories.ts';
import type {
  CheckRun,
  Comment,
  CommitStatus,
  Issue,
  Pull,
  Repository,
  Review,
  ReviewComment,
  State,
  Thread,
} from './state.ts';
import { accountId } from './state.ts';

/** Wraps what GitHub's own `simple-user` carries. */
export function userView(state: State, login: string) {
  return {
    login,
    id: accountId(login),
    node_id: `U_${accountId(login)}`,
    avatar_url: `${state.url}/avatars/${encodeURIComponent(login)}`,
    url: `${state.url}/users/${encodeURIComponent(login)}`,
    html_url: `${state.url}/${encodeURIComponent(login)}`,
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    site_admin: false,
  };
}

export function repositoryView(state: State, repository: Repository, permissions?: Record<string, boolean>) {
  const { settings } = repository;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: repository.fullName,
    owner: { ...userView(state, repository.owner), type: 'Organization' },
    private: settings.private,
    visibility: settings.private ? 'private' : 'public',
    html_url: `${state.url}/${repository.fullName}`,
    url: `${state.url}/repos/${repository.fullName}`,
    clone_url: `${state.url}/${repository.fullName}.git`,
    description: null,
    fork: repository.parent !== undefined,
    archived: settings.archived,
    disabled: false,
    default_branch: repository.defaultBranch,
    has_issues: true,
    allow_squash_merge: settings.allowSquashMerge,
    allow_merge_commit: settings.allowMergeCommit,
    allow_rebase_merge: settings.allowRebaseMerge,
    allow_auto_merge: false,
    delete_branch_on_merge: settings.deleteBranchOnMerge,
    created_at: repository.createdAt.toISOString(),
    updated_at: repository.createdAt.toISOString(),
    pushed_at: repository.createdAt.toISOString(),
    ...(permissions ? { permissions } : {}),
  };
}

function threadView(state: State, repository: Repository, thread: Thread, page: 'issues' | 'pull') {
  const where = `${state.url}/repos/${repository.fullName}`;
  return {
    id: thread.id,
    number: thread.number,
    title: thread.title,
    body: thread.body,
    state: thread.state,
    locked: false,
    user: userView(state, thread.author),
    author_association: thread.author === repository.owner ? 'OWNER' : 'CONTRIBUTOR',
    labels: thread.labels.map((name) => ({ id: accountId(name), name, color: 'ededed', default: false })),
    assignees: [],
    comments: thread.comments.length,
    comments_url: `${where}/issues/${thread.number}/comments`,
    html_url: `${state.url}/${repository.fullName}/${page}/${thread.number}`,
    created_at: thread.createdAt.toISOString(),
    updated_at: thread.updatedAt.toISOString(),
    closed_at: thread.closedAt?.toISOString() ?? null,
  };
}

/** An issue; a pull shown as an issue carries `pull_request`, as on GitHub. */
export function issueView(state: State, repository: Repository, issue: Issue | Pull) {
  const where = `${state.url}/repos/${repository.fullName}`;
  const isPull = 'head' in issue;
  return {
    ...threadView(state, repository, issue, isPull ? 'pull' : 'issues'),
    node_id: `I_${issue.id}`,
    url: `${where}/issues/${issue.number}`,
    repository_url: where,
    state_reason: issue.stateReason,
    closed_by: issue.closedBy ? userView(state, issue.closedBy) : null,
    ...(isPull ? { pull_request: { url: `${where}/pulls/${issue.number}` } } : {}),
  };
}

/** A pull as it stands in lists and webhooks. */
export function pullView(state: State, repository: Repository, pull: Pull) {
  const end = ({ ref, sha, fork }: Pull['head']) => {
    const where = fork ?? repository;
    const repo = repositoryView(state, where);
    const isGone = fork !== undefined && state.find(fork.fullName) !== fork;
    return { label: `${where.owner}:${ref}`, ref, sha, user: repo.owner, repo: isGone ? null : repo };
  };
  return {
    ...threadView(state, repository, pull, 'pull'),
    node_id: `PR_${pull.id}`,
    url: `${state.url}/repos/${repository.fullName}/pulls/${pull.number}`,
    diff_url: `${state.url}/${repository.fullName}/pull/${pull.number}.diff`,
    draft: pull.draft,
    head: end(pull.head),
    base: end(pull.base),
    merged_at: pull.mergedAt?.toISOString() ?? null,
    merge_commit_sha: pull.mergeCommitSha,
    auto_merge: null,
    requested_reviewers: [],
    requested_teams: [],
  };
}

export function commentView(state: State, repository: Repository, thread: Thread, comment: Comment) {
  const where = `${state.url}/repos/${repository.fullName}/issues`;
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${where}/comments/${comment.id}`,
    html_url: `${state.url}/${repository.fullName}/issues/${thread.number}#issuecomment-${comment.id}`,
    issue_url: `${where}/${thread.number}`,
    body: comment.body,
    user: userView(state, comment.author),
    author_association: comment.author === repository.owner ? 'OWNER' : 'CONTRIBUTOR',
    created_at: comment.createdAt.toISOString(),
    updated_at: comment.updatedAt.toISOString(),
  };
}

export function reviewView(state: State, repository: Repository, pull: Pull, review: Review) {
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: userView(state, review.author),
    body: review.body,
    state: review.state,
    commit_id: review.commitId,
    submitted_at: review.submittedAt.toISOString(),
    html_url: `${state.url}/${repository.fullName}/pull/${pull.number}#pullrequestreview-${review.id}`,
    pull_request_url: `${state.url}/repos/${repository.fullName}/pulls/${pull.number}`,
    author_association: 'COLLABORATOR',
  };
}

export function reviewCommentView(state: State, repository: Repository, pull: Pull, comment: ReviewComment) {
  const where = `${state.url}/repos/${repository.fullName}/pulls`;
  return {
    id: comment.id,
    node_id: `PRRC_${comment.id}`,
    url: `${where}/comments/${comment.id}`,
    html_url: `${state.url}/${repository.fullName}/pull/${pull.number}#discussion_r${comment.id}`,
    pull_request_url: `${where}/${pull.number}`,
    pull_request_review_id: comment.reviewId,
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
    path: comment.path,
    line: comment.line,
    original_line: comment.line,
    side: 'RIGHT',
    diff_hunk: comment.hunk,
    commit_id: pull.head.sha,
    original_commit_id: comment.commitId,
    body: comment.body,
    user: userView(state, comment.author),
    author_association: 'COLLABORATOR',
    created_at: comment.createdAt.toISOString(),
    updated_at: comment.updatedAt.toISOString(),
  };
}

export function checkRunView(state: State, repository: Repository, check: CheckRun) {
  const done = check.status === 'completed';
  return {
    id: check.id,
    node_id: `CR_${check.id}`,
    head_sha: check.sha,
    name: check.name,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.at.toISOString(),
    completed_at: done ? check.at.toISOString() : null,
    html_url: `${state.url}/${repository.fullName}/runs/${check.id}`,
    url: `${state.url}/repos/${repository.fullName}/check-runs/${check.id}`,
    details_url: check.log
      ? `${state.url}/${repository.fullName}/actions/runs/1/job/${check.id}`
      : `${state.url}/${repository.fullName}/runs/${check.id}`,
    app: { slug: check.log ? 'github-actions' : 'some-ci' },
    output: {
      title: check.title ?? null,
      summary: check.summary ?? null,
      text: null,
      annotations_count: 0,
    },
    pull_requests: [],
  };
}

export function statusView(state: State, status: CommitStatus) {
  return {
    id: status.id,
    context: status.context,
    state: status.state,
    description: status.description,
    target_url: null,
    creator: userView(state, status.creator),
    created_at: status.at.toISOString(),
    updated_at: status.at.toISOString(),
  };
}

export function commitView(state: State, repository: Repository, commit: Commit) {
  const person = { ...commit.author, date: commit.date.toISOString() };
  return {
    sha: commit.sha,
    html_url: `${state.url}/${repository.fullName}/commit/${commit.sha}`,
    commit: { message: commit.message, author: person, committer: person },
    author: null,
    committer: null,
    parents: commit.parents.map((sha) => ({ sha })),
  };
}

export function changedFileView(file: ChangedFile) {
  const { path, status, additions, deletions, patch } = file;
  return { filename: path, status, additions, deletions, changes: additions + deletions, patch };
}
