// The whole matrix: what every event does to a job in every status.
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import { STATUSES } from '../../src/job/job.ts';
import { transition } from '../../src/job/transition.ts';
import { EVENTS, NOW } from '../support/job-events.ts';
import { jobInStatus } from '../support/sample-job.ts';

test('every status answers every event with one status or one refusal', () => {
  const lines = STATUSES.map((status) => {
    const answers = Object.entries(EVENTS).map(([name, event]) => {
      const next = transition(jobInStatus(status), event, NOW);
      return isRefusal(next) ? `${name}: (${next.code})` : `${name}: ${next.status}`;
    });
    return `${status}\n  ${answers.join('\n  ')}`;
  });
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    queued
      taken: running
      taken by another: running
      phase: (wrong_status)
      learned: (wrong_status)
      ended with a pull: (wrong_status)
      ended with an answer: (wrong_status)
      ended with a plan: (wrong_status)
      ended by failure: (wrong_status)
      ended by stop: (wrong_status)
      put_back: (wrong_status)
      reply: queued
      interrupt: (not_running)
      stop: cancelled
      retry: (not_failed)
      approve the shown: (not_in_review)
      approve another: (not_in_review)
      reject: (not_in_review)
      merge_under_way: (wrong_status)
      settle_delayed: (wrong_status)
      merged: (wrong_status)
      closed: (wrong_status)
      settle_refused: (wrong_status)
    running
      taken: running
      taken by another: (nothing_to_take)
      phase: running
      learned: running
      ended with a pull: in_review
      ended with an answer: done
      ended with a plan: waiting
      ended by failure: failed
      ended by stop: cancelled
      put_back: queued
      reply: running
      interrupt: running
      stop: running
      retry: (not_failed)
      approve the shown: (not_in_review)
      approve another: (not_in_review)
      reject: (not_in_review)
      merge_under_way: (wrong_status)
      settle_delayed: (wrong_status)
      merged: (wrong_status)
      closed: (wrong_status)
      settle_refused: (wrong_status)
    waiting
      taken: (nothing_to_take)
      taken by another: (nothing_to_take)
      phase: (wrong_status)
      learned: (wrong_status)
      ended with a pull: (wrong_status)
      ended with an answer: (wrong_status)
      ended with a plan: (wrong_status)
      ended by failure: (wrong_status)
      ended by stop: (wrong_status)
      put_back: (wrong_status)
      reply: queued
      interrupt: (not_running)
      stop: cancelled
      retry: (not_failed)
      approve the shown: (not_in_review)
      approve another: (not_in_review)
      reject: (not_in_review)
      merge_under_way: (wrong_status)
      settle_delayed: (wrong_status)
      merged: merged
      closed: (wrong_status)
      settle_refused: (wrong_status)
    in_review
      taken: (nothing_to_take)
      taken by another: (nothing_to_take)
      phase: (wrong_status)
      learned: (wrong_status)
      ended with a pull: (wrong_status)
      ended with an answer: (wrong_status)
      ended with a plan: (wrong_status)
      ended by failure: (wrong_status)
      ended by stop: (wrong_status)
      put_back: (wrong_status)
      reply: queued
      interrupt: (not_running)
      stop: (not_running)
      retry: (not_failed)
      approve the shown: merging
      approve another: (stale)
      reject: closing
      merge_under_way: (wrong_status)
      settle_delayed: (wrong_status)
      merged: merged
      closed: rejected
      settle_refused: (wrong_status)
    merging
      taken: (nothing_to_take)
      taken by another: (nothing_to_take)
      phase: (wrong_status)
      learned: (wrong_status)
      ended with a pull: (wrong_status)
      ended with an answer: (wrong_status)
      ended with a plan: (wrong_status)
      ended by failure: (wrong_status)
      ended by stop: (wrong_status)
      put_back: (wrong_status)
      reply: (deciding)
      interrupt: (not_running)
      stop: (not_running)
      retry: (not_failed)
      approve the shown: (already_decided)
      approve another: (already_decided)
      reject: (not_in_review)
      merge_under_way: merging
      settle_delayed: merging
      merged: merged
      closed: (wrong_status)
      settle_refused: in_review
    closing
      taken: (nothing_to_take)
      taken by another: (nothing_to_take)
      phase: (wrong_status)
      learned: (wrong_status)
      ended with a pull: (wrong_status)
      ended with an answer: (wrong_status)
      ended with a plan: (wrong_status)
      ended by failure: (wrong_status)
      ended by stop: (wrong_status)
      put_back: (wrong_status)
      reply: (deciding)
      interrupt: (not_running)
      stop: (not_running)
      retry: (not_failed)
      approve the shown: (not_in_review)
      approve another: (not_in_review)
      reject: (already_decided)
      merge_under_way: (wrong_status)
      settle_delayed: closing
      merged: merged
      closed: rejected
      settle_refused: in_review
    failed
      taken: (nothing_to_take)
      taken by another: (nothing_to_take)
      phase: (wrong_status)
      learned: (wrong_status)
      ended with a pull: (wrong_status)
      ended with an answer: (wrong_status)
      ended with a plan: (wrong_status)
      ended by failure: (wrong_status)
      ended by stop: (wrong_status)
      put_back: (wrong_status)
      reply: queued
      interrupt: (not_running)
      stop: cancelled
      retry: queued
      approve the shown: (not_in_review)
      approve another: (not_in_review)
      reject: (not_in_review)
      merge_under_way: (wrong_status)
      settle_delayed: (wrong_status)
      merged: merged
      closed: rejected
      settle_refused: (wrong_status)
    done
      taken: (nothing_to_take)
      taken by another: (nothing_to_take)
      phase: (wrong_status)
      learned: (wrong_status)
      ended with a pull: (wrong_status)
      ended with an answer: (wrong_status)
      ended with a plan: (wrong_status)
      ended by failure: (wrong_status)
      ended by stop: (wrong_status)
      put_back: (wrong_status)
      reply: queued
      interrupt: (not_running)
      stop: cancelled
      retry: (not_failed)
      approve the shown: (not_in_review)
      approve another: (not_in_review)
      reject: (not_in_review)
      merge_under_way: (wrong_status)
      settle_delayed: (wrong_status)
      merged: (wrong_status)
      closed: (wrong_status)
      settle_refused: (wrong_status)
    merged
      taken: (already_final)
      taken by another: (already_final)
      phase: (already_final)
      learned: (already_final)
      ended with a pull: (already_final)
      ended with an answer: (already_final)
      ended with a plan: (already_final)
      ended by failure: (already_final)
      ended by stop: (already_final)
      put_back: (already_final)
      reply: (final)
      interrupt: (already_final)
      stop: (already_final)
      retry: (already_final)
      approve the shown: (already_final)
      approve another: (already_final)
      reject: (already_final)
      merge_under_way: (already_final)
      settle_delayed: (already_final)
      merged: (already_final)
      closed: (already_final)
      settle_refused: (already_final)
    rejected
      taken: (already_final)
      taken by another: (already_final)
      phase: (already_final)
      learned: (already_final)
      ended with a pull: (already_final)
      ended with an answer: (already_final)
      ended with a plan: (already_final)
      ended by failure: (already_final)
      ended by stop: (already_final)
      put_back: (already_final)
      reply: (final)
      interrupt: (already_final)
      stop: (already_final)
      retry: (already_final)
      approve the shown: (already_final)
      approve another: (already_final)
      reject: (already_final)
      merge_under_way: (already_final)
      settle_delayed: (already_final)
      merged: (already_final)
      closed: (already_final)
      settle_refused: (already_final)
    cancelled
      taken: (already_final)
      taken by another: (already_final)
      phase: (already_final)
      learned: (already_final)
      ended with a pull: (already_final)
      ended with an answer: (already_final)
      ended with a plan: (already_final)
      ended by failure: (already_final)
      ended by stop: (already_final)
      put_back: (already_final)
      reply: (final)
      interrupt: (already_final)
      stop: (already_final)
      retry: (already_final)
      approve the shown: (already_final)
      approve another: (already_final)
      reject: (already_final)
      merge_under_way: (already_final)
      settle_delayed: (already_final)
      merged: (already_final)
      closed: (already_final)
      settle_refused: (already_final)
    "
  `);
});
