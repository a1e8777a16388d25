// What stands on GitHub under the bot's name: found again, decidable, and without power over people and issues.
import { expect, test } from 'vitest';
import { buildCommitMessage, buildPullBody, buildPullTitle, pullMarker } from '../../src/job/pull-text.ts';
import { SAMPLE_PLAN, sampleJob } from '../support/sample-job.ts';
import { APPROVAL, GREEN, sampleVerdict } from '../support/sample-verdict.ts';

const job = sampleJob({ threadUrl: 'https://acme.slack.test/archives/C1/p1' });
const summary = {
  title: 'Round once',
  changed: 'Only checkout rounds.',
  checked: 'npm test',
  risks: 'None seen',
};
const body = (changed: string) =>
  buildPullBody({ job, summary: { ...summary, changed }, requesterName: 'Ada' });

/** A mention or closing keyword as GitHub would act on it, outside code. */
const MENTION = /(^|[^\w/`])@[a-z0-9]/i;
const CLOSES = /\b(close[sd]?|fix(e[sd])?|resolve[sd]?):?\s+([\w.-]+\/[\w.-]+)?#\d/i;

test('the body has the four parts, closes the issue that was asked for and is found by its marker', () => {
  expect(buildPullBody({ job, summary, requesterName: 'Ada' })).toBe(
    [
      '## What changed\n\nOnly checkout rounds.',
      '## How it was checked\n\nnpm test',
      '## Risks\n\nNone seen',
      'Fixes #12',
      '---',
      'J-7, asked for by Ada in [Slack thread](https://acme.slack.test/archives/C1/p1). Written by a coding agent; a human decides.',
      '<!-- errand:J-7 -->',
    ].join('\n\n'),
  );
});

test('parts that the agent left out are said to be missing', () => {
  const { issue: _issue, threadUrl: _url, ...without } = job;
  const text = buildPullBody({
    job: without,
    summary: { ...summary, checked: '', risks: '' },
    requesterName: '@channel',
  });
  expect(text).toContain('The agent did not say.');
  expect(text).toContain('The agent named none.');
  expect(text).toContain('in Slack.');
  expect(text).not.toMatch(CLOSES);
  expect(text).not.toMatch(MENTION);
});

test.each([
  '@ada did it',
  'cc (@acme/reviewers)',
  'mail a,@bob',
  '`code`@ada',
  '\\`@ada\\`',
  '> @ada',
  '- @ada\n- **@bob**',
])('nobody is notified by %j', (words) => {
  expect(body(words).replaceAll(/(?<!\\)`[^`\n]*`(?!@)/g, '')).not.toMatch(/(^|[^\w/])@[a-z0-9]/i);
});

test.each(['Fixes #1', 'closes: #99', 'Resolved acme/other#5', 'fix #3, close #4', 'this FIXES\n#7'])(
  'no other issue is closed by %j',
  (words) => {
    expect(body(words).replace('Fixes #12', '')).not.toMatch(CLOSES);
  },
);

test.each(['Closes https://github.com/acme/shop/issues/3', 'fixes GH-3'])(
  'no other issue is closed by its other names: %j',
  (words) => {
    expect(body(words)).toMatch(/(Closes|fixes) \u200b/);
  },
);

test('code stays as it was written', () => {
  const code = 'Use `@types/node` and:\n\n```sh\nnpm i @acme/x # fixes #3 <!-- -->\n```\n\n`` a ` @b ``';
  expect(body(code)).toContain(code);
  expect(body('a@b.c and x/@y')).toContain('a@b.c and x/@y');
});

test('an open fence or comment swallows neither the next section nor the marker', () => {
  expect(body('```js\nlet a')).toContain('```js\nlet a\n```\n\n## How it was checked');
  expect(body('~~~~\n~~~\nx')).toContain('~~~~\n~~~\nx\n~~~~\n\n## How it was checked');
  expect(body('see <!-- hidden')).toContain('see &lt;!-- hidden');
  expect(body('``` @ada ``` and @bob')).toContain('``` @ada ``` and @\u200bbob');
});

test('a foreign marker in the words of an agent finds nothing', () => {
  expect(body(pullMarker({ id: 99 }))).not.toContain(pullMarker({ id: 99 }));
});

test('whatever is said, GitHub takes the body, and the pull is found again and closes its issue', () => {
  const huge = `\`\`\`\n${'<!-- @ada fixes #3 '.repeat(5_000)}`;
  const finding = { file: 'src/a.ts', line: 3, severity: 'blocking', claim: huge.slice(0, 4_000) } as const;
  const review = {
    ...APPROVAL,
    outcome: 'objected',
    summary: huge,
    findings: Array.from({ length: 40 }, () => ({ ...finding, fix: huge.slice(0, 4_000) })),
  } as const;
  const text = buildPullBody({
    job: { ...job, plan: { ...SAMPLE_PLAN, steps: Array.from({ length: 40 }, () => huge.slice(0, 2_000)) } },
    summary: { title: 'x', changed: '<!--'.repeat(20_000), checked: huge, risks: '<!--'.repeat(20_000) },
    checks: Array.from({ length: 50 }, () => ({ ...GREEN, command: huge })),
    verdict: sampleVerdict({ review }),
    requesterName: 'Ada',
  });
  expect(text.length).toBeLessThanOrEqual(60_000);
  expect(text).toContain('*Cut here: it is too long for a pull request.*');
  expect(text).toContain('\n\nFixes #12\n\n---\n\nJ-7, asked for by Ada');
  expect(text.endsWith(pullMarker(job))).toBe(true);
  expect(body('short')).not.toContain('Cut here');
});

test('titles are one tame line', () => {
  expect(buildPullTitle({ ...summary, title: 'Fix #99 for\n@ada' })).toBe('Fix \u200b#99 for @\u200bada');
});

test('nothing in a commit closes an issue or mentions anybody: what is code in Markdown is none there', () => {
  const changed = 'Say `fixes #12`.\n```\ncloses acme/shop#3 for @acme/team\n```\nResolves\n#4';
  const message = buildCommitMessage({ job, summary: { ...summary, changed }, coAuthors: {} });
  expect(message).not.toMatch(/(fixes|closes|resolves):?\s+(acme\/shop)?#\d/i);
  expect(message).not.toMatch(/@[a-z]/i);
});

test('the commit ends in trailers of ours alone', () => {
  const message = buildCommitMessage({
    job: { ...job, requesterName: 'Ada\nSigned-off-by: Eve <e@x>' },
    summary,
    coAuthors: { [job.requester]: '1+ada@users.noreply.github.com' },
  });
  expect(message).toBe(
    [
      'Round once',
      'Only checkout rounds.',
      'Errand-Job: J-7\nCo-authored-by: Ada Signed-off-by: Eve  e@x <1+ada@users.noreply.github.com>',
    ].join('\n\n'),
  );
  const nothing = { title: '', changed: '', checked: '', risks: '' };
  expect(
    buildCommitMessage({ job, summary: nothing, coAuthors: { USOMEBODY: 'x@users.noreply.github.com' } }),
  ).toBe('J-7\n\nErrand-Job: J-7');
});
