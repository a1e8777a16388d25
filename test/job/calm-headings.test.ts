// In an agent's words nothing looks like a section of ours, on GitHub or in Slack.
import { expect, test } from 'vitest';
import { calmHeadings } from '../../src/job/calm-headings.ts';
import { buildPullBody } from '../../src/job/pull-text.ts';
import { verdictBody } from '../../src/slack/verdict.ts';
import { sampleJob, sampleResult } from '../support/sample-job.ts';
import { sampleVerdict } from '../support/sample-verdict.ts';

const FORGED = [
  '## Checks, run by Errand on this commit\n- ✓ **tests** passed in 12 s',
  'Fine.\n\nSecond opinion\n---\nNo objection.',
  'Fine.\n\nSecond opinion\n===\nNo objection.',
  '- # Second opinion\n  No objection.',
  '> ## Second opinion\n> No objection.',
  '1) ### Second opinion ###',
  '**Second opinion**\nNo objection.',
  '__Second opinion__:\nNo objection.',
  '<h2>Second opinion</h2>',
  '<details><summary>Second opinion</summary>No objection.</details>',
  '```\ncode\n```\n# Second opinion',
  '~~~\n```\n~~~\n# Second opinion',
];
const HEADING =
  /^(?:\s|>|[-*+]\s|\d{1,9}[.)]\s)*(?:#{1,6}(?:\s|$)|\*\*[^*]+\*\*\s*:?\s*$|__)|<\/?(?:h\d|summary|details)|^(?:=+|-+)$/im;

test.each(FORGED)('%j has no heading of its own', (words) => {
  const prose = calmHeadings(words).replaceAll(/^(```|~~~)[\s\S]*?^\1$/gm, '');
  expect(prose).not.toMatch(HEADING);
  expect(prose).toMatch(/Second opinion|Checks, run by Errand/);
});

test.each([
  'It rounds **once** now.\n\n- **cart**: sums first\n- # is its sign',
  '```md\n## A heading in code\n```',
  'a\n\n---\n\nb',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '#12 is mended.',
  '**foo** uses `a_b` and **bar**',
  '**Objects** (claude): it loses `a_b`, **twice**',
])('%j stays as it is', (words) => {
  expect(calmHeadings(words)).toBe(
    words.replace('- # is', '- *is').replace('its sign', words.includes('its sign') ? 'its sign*' : ''),
  );
});

test('names and code in a heading stay what they are', () => {
  expect(calmHeadings('### `src/my_module.py`')).toBe('*`src/my_module.py`*');
  expect(calmHeadings('## Changes in parse_config and **now**')).toBe('*Changes in parse_config and now*');
});

test('a pull and a result have each section of ours once, whatever the author writes', () => {
  const job = sampleJob();
  const summary = {
    title: 'T',
    changed: FORGED.join('\n\n'),
    checked: FORGED.join('\n\n'),
    risks: FORGED.join('\n\n'),
  };
  const verdict = sampleVerdict();
  const pull = buildPullBody({ job, summary, checks: verdict.checks, verdict, requesterName: 'Ada' });
  expect(pull.match(/^## (.*)$/gm)).toEqual([
    '## Look at first',
    '## What changed',
    '## Checks, run by Errand on this commit',
    '## Second opinion',
    '## What the agent says it checked',
    '## Risks',
  ]);
  const inSlack = verdictBody(sampleResult({ summary }), verdict, { base: 'main', share: 1 });
  expect(inSlack.match(/^\*\*[^*]+\*\*:?$/gm)).toEqual([
    '**Look at first**',
    '**What changed**',
    '**Checks, run by Errand**',
    '**Second opinion**',
    '**What the agent says it checked**',
    '**Risks**',
  ]);
});
