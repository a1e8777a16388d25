// Webhooks, rows of jobs and names of branches in any shape: a value, a named refusal or nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHint } from '../../src/github/webhooks.ts';
import { jobDataSchema } from '../../src/job/job.ts';
import { keepUnknown } from '../../src/store/newer-rows.ts';
import { branchRef } from '../../src/workspace/places.ts';
import { jobInStatus } from '../support/sample-job.ts';
import { anyJson, anyText, broken, nearly } from './hostile.ts';

describe('a webhook', () => {
  const payload = {
    repository: { full_name: 'acme/shop' },
    ref: 'refs/heads/main',
    pull_request: { number: 3 },
    issue: { number: 3, pull_request: {} },
  };
  const events = [
    'pull_request',
    'push',
    'issues',
    'issue_comment',
    'check_suite',
    'constructor',
    '__proto__',
    'toString',
    '',
  ];

  test('of any kind and shape is a hint or nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...events), anyText),
        fc.oneof(anyJson, broken(payload)),
        (event, body) => {
          expect(['object', 'undefined']).toContain(typeof parseHint(event, body));
        },
      ),
    );
  });
});

describe('a row', () => {
  const { id: _id, revision: _revision, attempt: _attempt, ...data } = jobInStatus('merged');

  test('of a job is read or refused, and what is read keeps all that stood in it', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, broken({ ...data, later: { a: [1] } })), (raw) => {
        const stored: unknown = JSON.parse(JSON.stringify(raw) ?? 'null');
        const parsed = jobDataSchema.safeParse(stored);
        if (!parsed.success) return;
        const kept: unknown = JSON.parse(JSON.stringify(keepUnknown(stored, parsed.data)));
        expect(kept).toMatchObject(Object(stored));
        expect(jobDataSchema.safeParse(kept).success).toBe(true);
      }),
    );
  });
});

test('a branch is a full ref that git takes, or refused by name', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyText, nearly('main', '/', '..', '.lock', '-x', '@{', 'a b', ':', '~')),
      (branch) => {
        let ref: string | undefined;
        try {
          ref = branchRef(branch);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'bad_branch' });
        }
        if (ref !== undefined) expect(ref).toMatch(/^refs\/heads\/[^\s:^~?*[\\]+$/);
      },
    ),
  );
});
