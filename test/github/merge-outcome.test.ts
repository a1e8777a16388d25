// The naming of refusals, from facts as GitHub gives them. The same outcomes over the wire are in merge.test.ts.
import { describe, expect, it } from 'vitest';
import { type MergeFacts, nameRefusal } from '../../src/github/merge-outcome.ts';
import type { Pull } from '../../src/github/pulls.ts';

const SHA = 'a'.repeat(40);
const GENERIC = { status: 405, said: 'Pull Request is not mergeable' };

function pull(changes: Partial<Pull> = {}): Pull {
  return {
    number: 7,
    url: 'https://github.test/acme/shop/pull/7',
    state: 'open',
    title: 'Fix',
    draft: false,
    headSha: SHA,
    headRef: 'errand/J-1',
    baseRef: 'main',
    mergeable: true,
    ...changes,
  };
}

function facts(changes: Partial<MergeFacts> = {}): MergeFacts {
  return {
    pull: pull(),
    mergeableState: 'blocked',
    checks: [],
    requiredChecks: [],
    approvals: { required: 0, given: 0, objecting: [] },
    ...changes,
  };
}

const name = (changes: Partial<MergeFacts>, refusal: { status?: number; said: string } = GENERIC) =>
  nameRefusal(facts(changes), SHA, refusal);

describe('naming a refused merge', () => {
  it('says merged, closed or moved before anything else', () => {
    const merged = pull({ state: 'merged', mergeCommitSha: 'c'.repeat(40), mergeable: false });
    expect(name({ pull: merged })).toEqual({
      kind: 'already_merged',
      headSha: SHA,
      mergeCommitSha: 'c'.repeat(40),
    });
    expect(name({ pull: pull({ state: 'closed' }) })).toEqual({ kind: 'closed' });
    expect(name({ pull: pull({ headSha: 'b'.repeat(40) }) })).toEqual({
      kind: 'head_moved',
      headSha: 'b'.repeat(40),
    });
  });

  it('knows a conflict, a draft and a branch that is behind', () => {
    expect(name({ pull: pull({ mergeable: false }) })).toMatchObject({ kind: 'conflict' });
    expect(name({ mergeableState: 'behind' })).toMatchObject({
      kind: 'conflict',
      say: expect.stringContaining('up to date'),
    });
    expect(name({ pull: pull({ draft: true }) })).toMatchObject({ kind: 'not_permitted' });
  });

  it('counts only required checks, and one that never reported as pending', () => {
    const checks = [
      { name: 'lint', state: 'failed' },
      { name: 'unit', state: 'passed' },
    ] as const;
    expect(name({ checks, requiredChecks: ['unit', 'e2e'] })).toMatchObject({
      kind: 'checks_pending',
      say: 'Checks are not finished: e2e.',
    });
    expect(name({ checks, requiredChecks: ['lint', 'e2e'] })).toMatchObject({ kind: 'checks_failed' });
  });

  it('falls back on all checks where the rules are hidden from us', () => {
    const checks = [{ name: 'unit', state: 'failed' }] as const;
    expect(name({ checks, requiredChecks: undefined, approvals: undefined })).toMatchObject({
      kind: 'checks_failed',
    });
    expect(name({ checks, requiredChecks: undefined, mergeableState: 'unstable' })).toMatchObject({
      kind: 'not_permitted',
    });
  });

  it('names missing approvals and people who asked for changes', () => {
    expect(name({ approvals: { required: 2, given: 1, objecting: [] } })).toMatchObject({
      kind: 'review_required',
      say: expect.stringContaining('one approving review'),
    });
    expect(name({ approvals: { required: undefined, given: 1, objecting: ['dora'] } })).toMatchObject({
      kind: 'review_required',
      say: 'dora asked for changes on GitHub.',
    });
  });

  it("lets GitHub's sentence decide between reasons that are all true", () => {
    const both = {
      checks: [{ name: 'unit', state: 'pending' }],
      requiredChecks: ['unit'],
      approvals: { required: 1, given: 0, objecting: [] },
    } as const;
    expect(name(both)).toMatchObject({ kind: 'review_required' });
    expect(name(both, { status: 405, said: 'Required status check "unit" is pending.' })).toMatchObject({
      kind: 'checks_pending',
    });
  });

  it("believes GitHub's sentence where no fact explains it", () => {
    const hidden = { checks: undefined, requiredChecks: undefined, approvals: undefined };
    const said = (text: string, status = 405) => name(hidden, { status, said: text });
    expect(said('At least 1 approving review is required by reviewers with write access.')).toMatchObject({
      kind: 'review_required',
    });
    expect(said('Required status check "ci" is failing.')).toMatchObject({ kind: 'checks_failed' });
    expect(said('Required status check "ci" is expected.')).toMatchObject({ kind: 'checks_pending' });
    expect(said('Base branch was modified. Review and try the merge again.', 409)).toMatchObject({
      kind: 'unknown',
    });
    expect(said('Squash merges are not allowed on this repository. - https://docs.github.com/x')).toEqual({
      kind: 'not_permitted',
      say: 'GitHub does not permit this merge: Squash merges are not allowed on this repository.',
    });
  });
});
