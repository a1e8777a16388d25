// Comments on the lines of a pull, in threads: a first comment and what was said under it. Threads are resolved, comments
// are not.
import { listChangedFiles } from './repositories.ts';
import type { Pull, Repository, ReviewComment, State } from './state.ts';
import { pullView, reviewCommentView } from './views.ts';

export type NewReviewComment = {
  author: string;
  body: string;
  path: string;
  line: number;
  /** The review that it came with; a comment alone gets a review of its own on GitHub, too. */
  reviewId: number | null;
};

/** Somebody comments on a line of the pull as it is now. */
export async function addReviewComment(
  state: State,
  repository: Repository,
  pull: Pull,
  wish: NewReviewComment & { id?: number },
): Promise<ReviewComment> {
  const at = state.now();
  const hunk = await readHunk(repository, pull, wish.path);
  const comment: ReviewComment = {
    id: wish.id ?? state.nextId(),
    author: wish.author,
    body: wish.body,
    path: wish.path,
    line: wish.line,
    hunk,
    reviewId: wish.reviewId,
    inReplyTo: null,
    commitId: pull.head.sha,
    createdAt: at,
    updatedAt: at,
  };
  return announce(state, repository, pull, comment);
}

/** Somebody answers in a thread, at its end. */
export function replyToReviewComment(
  state: State,
  repository: Repository,
  pull: Pull,
  wish: { author: string; body: string; first: ReviewComment },
): ReviewComment {
  const { first, author, body } = wish;
  const at = state.now();
  const comment = {
    ...first,
    id: state.nextId(),
    author,
    body,
    inReplyTo: first.id,
    createdAt: at,
    updatedAt: at,
  };
  return announce(state, repository, pull, comment);
}

/** Somebody writes their comment anew. */
export function editReviewComment(
  state: State,
  repository: Repository,
  pull: Pull,
  wish: { comment: ReviewComment; body: string; by: string },
): void {
  wish.comment.body = wish.body;
  wish.comment.updatedAt = state.now();
  emit(state, repository, pull, { comment: wish.comment, action: 'edited', by: wish.by });
}

function announce(state: State, repository: Repository, pull: Pull, comment: ReviewComment): ReviewComment {
  pull.reviewComments.push(comment);
  pull.updatedAt = state.now();
  emit(state, repository, pull, { comment, action: 'created', by: comment.author });
  return comment;
}

function emit(
  state: State,
  repository: Repository,
  pull: Pull,
  what: { comment: ReviewComment; action: 'created' | 'edited'; by: string },
): void {
  state.emit('pull_request_review_comment', repository, {
    action: what.action,
    pull_request: pullView(state, repository, pull),
    comment: reviewCommentView(state, repository, pull, what.comment),
    sender: what.by,
  });
  state.changed();
}

/** The patch of the file; GitHub cuts it after the line that is commented. */
async function readHunk(repository: Repository, pull: Pull, path: string): Promise<string> {
  const files = await listChangedFiles(repository.directory, pull.base.sha, pull.head.sha);
  return files.find((file) => file.path === path)?.patch ?? '';
}
