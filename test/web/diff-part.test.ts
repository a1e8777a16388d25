// The change as a page shows it: what does not fit is said, and people's files come before those that programs write.
import { expect, test } from 'vitest';
import type { Job } from '../../src/job/job.ts';
import { drawDiff } from '../../src/web/job/diff-part.ts';
import { SAMPLE_PULL, SHA_A, SHA_B, sampleJob, sampleResult } from '../support/sample-job.ts';
import { APPROVAL, sampleVerdict } from '../support/sample-verdict.ts';

const file = (path: string, lines: number, text: string) =>
  `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines} @@\n${`+${text}\n`.repeat(lines)}`;

function draw(text: string, fields: Partial<Job> = {}): string {
  const patch = { turn: 1, baseSha: SHA_B, headSha: SHA_A, whole: { text, cut: false } };
  const job = sampleJob({ status: 'in_review', pull: SAMPLE_PULL, ...fields });
  return String(drawDiff(job, { patch, turns: [1], isStep: false }));
}

test('no early file that programs write hides the files behind it', () => {
  const page = draw(file('a.lock', 5_990, 'locked') + file('src/b.ts', 20, 'grant(everybody)'));
  expect(page).toContain('grant');
  expect(page).not.toContain('locked');
  expect(page).toContain('5990 lines, not shown here');
  expect(page).toContain(`href="${SAMPLE_PULL.url}/files"`);
  expect(page).toContain('Not all of it is shown here');
  expect(page).not.toContain('without changes');
});

test('a file too large for the page is said to be there, and a small one after it is shown', () => {
  const page = draw(file('src/a.ts', 7_000, 'large') + file('src/b.ts', 2, 'small'));
  expect(page).toContain('small');
  expect(page).toContain('7000 lines, not shown here');
});

test('what fits is shown whole, and nothing is said to be missing', () => {
  const page = draw(file('src/a.ts', 3, 'one') + file('src/b.ts', 2, 'two'));
  expect(page).not.toContain('not shown here');
  expect(page).not.toContain('Not all of it');
});

test('a commit that came after the one shown is named, with the way to what changed', () => {
  const patch = file('src/a.ts', 3, 'one');
  const page = draw(patch, { pull: { ...SAMPLE_PULL, headSha: SHA_B } });
  expect(page).toContain('This is not the newest commit.');
  expect(page).toContain(`/compare/${SHA_A}...${SHA_B}"`);
  expect(draw(patch)).not.toContain('not the newest');
});

test("of somebody's pull the diff that was reviewed stands with what was found in it, and the way to all of it", () => {
  const reviewOf = { number: 7, title: 'Add', url: 'https://github.com/acme/shop/pull/7' };
  const claim = 'Two is **no** number.';
  const findings = [{ severity: 'blocking' as const, file: 'src/a.ts', line: 2, claim }];
  const verdict = sampleVerdict({ review: { ...APPROVAL, outcome: 'objected', findings } });
  const results = [sampleResult({ outcome: 'review', verdict })];
  const page = draw(`${file('src/a.ts', 3, 'one')}${file('src/b.ts', 7_000, 'two')}`, {
    status: 'done',
    reviewOf,
    pull: undefined,
    results,
  });
  expect(page).toMatch(/<tr class="remark bad">.*Reviewer, blocking.*Two is <strong>no<\/strong> number\./);
  expect(page).toContain(`href="${reviewOf.url}/files"`);
  expect(page).not.toContain('at no line that is shown here');
  const none = drawDiff(sampleJob({ reviewOf }), { patch: undefined, turns: [], isStep: false });
  expect(String(none)).toContain('Once the reviewer has looked');
});

test('where the diff is kept no more, the page says where to see it', () => {
  const none = (fields: Partial<Job>) =>
    String(drawDiff(sampleJob(fields), { patch: undefined, turns: [], isStep: false }));
  const merged = none({ status: 'merged', pull: SAMPLE_PULL });
  expect(merged).toContain('kept here for some time only');
  expect(merged).toContain(`href="${SAMPLE_PULL.url}/files"`);
  expect(none({ status: 'cancelled', pull: undefined })).toContain('No change came of this job.');
  expect(none({ status: 'running', pull: undefined })).toContain('Nothing was pushed yet.');
});
