// The rest of the matrix: what each thing that people do at GitHub does to a job in every status.
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import { STATUSES } from '../../src/job/job.ts';
import { transition } from '../../src/job/transition.ts';
import { NOW, OUTSIDE_EVENTS } from '../support/job-events.ts';
import { jobInStatus } from '../support/sample-job.ts';

test('every status answers every outside event with one status or one refusal', () => {
  const answer = (status: (typeof STATUSES)[number], name: string) => {
    const event = OUTSIDE_EVENTS[name];
    const next = event && transition(jobInStatus(status), event, NOW);
    return isRefusal(next) ? `(${next.code})` : next?.status;
  };
  const lines = Object.keys(OUTSIDE_EVENTS).map((name) => {
    const answers = STATUSES.map((status) => [status, answer(status, name)] as const);
    const moved = answers
      .filter(([status, next]) => next !== status)
      .map(([status, next]) => `${status}: ${next}`);
    return `${name}\n  ${moved.join(' · ')}`;
  });
  expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    merged by somebody
      queued: (wrong_status) · running: (wrong_status) · waiting: merged · in_review: merged · merging: merged · closing: merged · failed: merged · done: (wrong_status) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    pull_closed
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    pull_reopened
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    pull_pushed
      running: (wrong_status) · merging: (wrong_status) · closing: (wrong_status) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    pull_retargeted
      running: (wrong_status) · merging: (wrong_status) · closing: (wrong_status) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    repo_renamed
      running: (wrong_status) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    pull_gone
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    pull_back
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    issue_closed
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    issue_reopened
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    pull_outdated
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    pull_current
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    checks_seen
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    follow_up
      queued: (wrong_status) · running: (wrong_status) · waiting: (wrong_status) · in_review: queued · merging: (wrong_status) · closing: (wrong_status) · failed: (wrong_status) · done: (wrong_status) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    update_branch
      queued: (wrong_status) · running: (wrong_status) · waiting: (wrong_status) · in_review: queued · merging: (wrong_status) · closing: (wrong_status) · failed: (wrong_status) · done: (wrong_status) · merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    mute
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    unmute
      merged: (already_final) · rejected: (already_final) · cancelled: (already_final)
    "
  `);
});
