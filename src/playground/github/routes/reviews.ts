// Reviews of pulls. Nobody approves their own work, Apps included.
import { z } from 'zod';
import { apiError, created, notFound, ok, paged } from '../answer.ts';
import { addReviewComment, replyToReviewComment } from '../review-comments.ts';
import { parseBody, type Route, repositoryRoute } from '../router.ts';
import type { Pull, Repository, ReviewState, State } from '../state.ts';
import { pullView, reviewCommentView, reviewView } from '../views.ts';
import { pullOf } from './pulls.ts';

const newReview = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().optional(),
  commit_id: z.string().optional(),
  comments: z.array(z.object({ path: z.string(), line: z.number(), body: z.string() }).loose()).optional(),
});
const newReply = z.object({ body: z.string() });
const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

export function reviewRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /pulls/:number/reviews', { pull_requests: 'read' }, (call) => {
      const pull = pullOf(call);
      return paged(
        call.url,
        pull.reviews.map((review) => reviewView(state, call.repository, pull, review)),
      );
    }),
    on('POST /pulls/:number/reviews', { pull_requests: 'write' }, async (call) => {
      const wish = parseBody(newReview, call.body);
      const pull = pullOf(call);
      if (pull.author === call.login && wish.event !== 'COMMENT') {
        const verb = wish.event === 'APPROVE' ? 'approve' : 'request changes on';
        throw apiError(422, 'Unprocessable Entity', { errors: [`Can not ${verb} your own pull request`] });
      }
      if (wish.event !== 'APPROVE' && !wish.body && !wish.comments?.length) {
        throw apiError(422, 'Unprocessable Entity', { errors: ['Body cannot be blank'] });
      }
      const fields = {
        author: call.login,
        state: STATES[wish.event],
        body: wish.body ?? '',
        commitId: wish.commit_id,
      };
      const review = addReview(state, call.repository, pull, fields);
      for (const { path, line, body } of wish.comments ?? []) {
        const comment = { author: call.login, path, line, body, reviewId: review.id };
        await addReviewComment(state, call.repository, pull, comment);
      }
      return ok(reviewView(state, call.repository, pull, review));
    }),
    ...lineRoutes(state),
  ];
}

/** Comments on lines, and what is said under them. */
function lineRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /pulls/:number/comments', { pull_requests: 'read' }, (call) => {
      const pull = pullOf(call);
      const newestFirst = call.url.searchParams.get('direction') === 'desc';
      const all = newestFirst ? pull.reviewComments.toReversed() : pull.reviewComments;
      return paged(
        call.url,
        all.map((comment) => reviewCommentView(state, call.repository, pull, comment)),
      );
    }),
    on('POST /pulls/:number/comments/:id/replies', { pull_requests: 'write' }, (call) => {
      const { body } = parseBody(newReply, call.body);
      const pull = pullOf(call);
      const first = pull.reviewComments.find(({ id }) => String(id) === call.params['id']);
      if (first === undefined) throw notFound();
      // "Replies to replies are not supported" (docs.github.com).
      if (first.inReplyTo !== null)
        throw apiError(422, 'Validation Failed', { errors: ['Can not reply to a reply'] });
      const wish = { author: call.login, body, first };
      return created(
        reviewCommentView(
          state,
          call.repository,
          pull,
          replyToReviewComment(state, call.repository, pull, wish),
        ),
      );
    }),
  ];
}

/** Adds a review and tells the world. */
export function addReview(
  state: State,
  repository: Repository,
  pull: Pull,
  fields: { author: string; state: ReviewState; body?: string; commitId?: string | undefined },
) {
  const review = {
    id: state.nextId(),
    author: fields.author,
    state: fields.state,
    body: fields.body ?? '',
    commitId: fields.commitId ?? pull.head.sha,
    submittedAt: state.now(),
  };
  pull.reviews.push(review);
  pull.updatedAt = review.submittedAt;
  state.emit('pull_request_review', repository, {
    action: 'submitted',
    pull_request: pullView(state, repository, pull),
    review: { ...reviewView(state, repository, pull, review), state: review.state.toLowerCase() },
    sender: fields.author,
  });
  state.changed();
  return review;
}
