// What people do with issues and pulls on their pages: look, comment, review, merge, close. Repositories are `owner/name`.
import { advanceQueue } from '../merge-requests.ts';
import { mergePull } from '../merging.ts';
import { announcePull, closePull, setIssueState } from '../pulls.ts';
import { addReviewComment, editReviewComment, replyToReviewComment } from '../review-comments.ts';
import { addComment, announceIssue } from '../routes/issues.ts';
import { type NewPull, proposePull, setPullState } from '../routes/pulls.ts';
import { addReview } from '../routes/reviews.ts';
import {
  exclusively,
  type Issue,
  type MergeMethod,
  newThread,
  type Pull,
  type Repository,
  type ReviewState,
  type State,
} from '../state.ts';

export type NewIssue = {
  repo: string;
  title: string;
  body?: string;
  author: string;
  comments?: readonly { author: string; body: string }[];
  state?: 'open' | 'closed';
  labels?: readonly string[];
};

/** Somebody opens an issue, with all that was said under it. */
export function addIssue(state: State, wish: NewIssue): Issue {
  const repository = state.get(wish.repo);
  const fields = { title: wish.title, body: wish.body ?? null, author: wish.author };
  const issue: Issue = { ...newThread(state, repository, fields), labels: [...(wish.labels ?? [])] };
  repository.issues.set(issue.number, issue);
  announceIssue(state, repository, issue, { action: 'opened', by: wish.author });
  for (const comment of wish.comments ?? []) addComment(state, repository, issue, comment);
  if (wish.state === 'closed') setIssueState(state, repository, issue, { state: 'closed', by: wish.author });
  return issue;
}

/** A review that comments on lines. */
export type LineReview = {
  author: string;
  state?: ReviewState;
  body?: string;
  lines: readonly { path: string; line: number; body: string | ((ids: readonly number[]) => string) }[];
};

function pullOf(repository: Repository, number: number): Pull {
  const pull = repository.pulls.get(number);
  if (!pull) throw new Error(`${repository.fullName} has no pull #${number}.`);
  return pull;
}

export function createThreadHands(state: State) {
  return {
    pull: (repo: string, number: number): Pull => pullOf(state.get(repo), number),
    pulls: (repo: string): Pull[] => [...state.get(repo).pulls.values()],
    issue(repo: string, number: number): Issue {
      const issue = state.get(repo).issues.get(number);
      if (!issue) throw new Error(`${repo} has no issue #${number}.`);
      return issue;
    },
    /** Somebody opens a pull; `head` is `owner:branch` where it comes from their fork. Throws GitHub's refusals. */
    propose(repo: string, wish: NewPull & { by: string }): Promise<Pull> {
      const repository = state.get(repo);
      const { by, ...fields } = wish;
      return exclusively(repository, () => proposePull(state, repository, fields, by));
    },
    /** Comments on an issue or pull. */
    comment(repo: string, number: number, fields: { author: string; body: string }): void {
      const repository = state.get(repo);
      addComment(state, repository, repository.issues.get(number) ?? pullOf(repository, number), fields);
    },
    closeIssue(repo: string, number: number, by: string): void {
      const issue = state.get(repo).issues.get(number);
      if (issue) setIssueState(state, state.get(repo), issue, { state: 'closed', by });
    },
    reopenIssue(repo: string, number: number, by: string): void {
      const issue = state.get(repo).issues.get(number);
      if (issue) setIssueState(state, state.get(repo), issue, { state: 'open', by });
    },
    /** Overrides what git says: true, false, null ("not known yet"); undefined asks git again. */
    setMergeable(repo: string, number: number, mergeable: boolean | null | undefined): void {
      pullOf(state.get(repo), number).forcedMergeable = mergeable;
      state.changed();
    },
  };
}

export function createReviewHands(state: State) {
  return {
    /** A person presses the merge button; returns the merge commit. Throws what the button would say. */
    mergePullByHand(
      repo: string,
      number: number,
      how: { by?: string; method?: MergeMethod } = {},
    ): Promise<string> {
      const repository = state.get(repo);
      return exclusively(repository, async () => {
        const attempt = { method: how.method ?? ('merge' as const), by: how.by ?? repository.owner };
        const outcome = await mergePull(state, repository, pullOf(repository, number), attempt);
        if ('merged' in outcome) return outcome.merged;
        throw new Error(outcome.message);
      });
    },
    closePullByHand(repo: string, number: number, by?: string): void {
      const repository = state.get(repo);
      closePull(state, repository, pullOf(repository, number), by ?? repository.owner);
    },
    /** Throws what GitHub's page would say where a pull cannot be opened again. */
    reopenPullByHand(repo: string, number: number, by?: string): Promise<void> {
      const repository = state.get(repo);
      const to = { state: 'open' as const, by: by ?? repository.owner };
      return exclusively(repository, () => setPullState(state, repository, pullOf(repository, number), to));
    },
    /** A person chooses another base branch for a pull. */
    retargetPullByHand(repo: string, number: number, base: string, by?: string): void {
      const repository = state.get(repo);
      const pull = pullOf(repository, number);
      const from = pull.base.ref;
      pull.base = { ref: base, sha: repository.branches.get(base) ?? pull.base.sha };
      pull.updatedAt = state.now();
      const what = { action: 'edited', by: by ?? repository.owner, changes: { base: { ref: { from } } } };
      announcePull(state, repository, pull, what);
    },
    /** A person reviews; who reviews gets write access unless access was set before. */
    review(
      repo: string,
      number: number,
      fields: { author: string; state: ReviewState; body?: string },
    ): void {
      const repository = state.get(repo);
      if (!repository.collaborators.has(fields.author)) repository.collaborators.set(fields.author, 'write');
      addReview(state, repository, pullOf(repository, number), fields);
    },
    /** A person reviews lines; answers the comments' ids, of which a text may be made. Access as above. */
    async reviewLines(repo: string, number: number, wish: LineReview): Promise<readonly number[]> {
      const repository = state.get(repo);
      const { author, body = '', lines } = wish;
      if (!repository.collaborators.has(author)) repository.collaborators.set(author, 'write');
      const pull = pullOf(repository, number);
      const ids = lines.map(() => state.nextId());
      const review = addReview(state, repository, pull, { author, body, state: wish.state ?? 'COMMENTED' });
      for (const [at, { path, line, body: text }] of lines.entries()) {
        const said = typeof text === 'string' ? text : text(ids);
        const comment = { author, path, line, body: said, reviewId: review.id, id: ids[at] ?? 0 };
        await addReviewComment(state, repository, pull, comment);
      }
      return ids;
    },
    /** A person answers in a thread; `first` is the id of its first comment. Answers the comment's id. */
    replyInThread(
      repo: string,
      number: number,
      wish: { author: string; body: string; first: number },
    ): number {
      const repository = state.get(repo);
      const pull = pullOf(repository, number);
      const first = pull.reviewComments.find(({ id }) => id === wish.first);
      if (first === undefined) throw new Error(`There is no comment ${wish.first}.`);
      return replyToReviewComment(state, repository, pull, { ...wish, first }).id;
    },
    /** A person writes a comment on a line anew. */
    editReviewComment(repo: string, number: number, id: number, body: string): void {
      const repository = state.get(repo);
      const pull = pullOf(repository, number);
      const comment = pull.reviewComments.find((one) => one.id === id);
      if (comment) editReviewComment(state, repository, pull, { comment, body, by: comment.author });
    },
    /** The merge queue takes its next pull: merges it or, with `kickOut`, removes it. */
    advanceQueue: (repo: string, how: { kickOut?: boolean; method?: MergeMethod } = {}) =>
      advanceQueue(state, state.get(repo), how),
  };
}
