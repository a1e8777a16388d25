// How agents really end, and what becomes of it.
import { expect, test } from 'vitest';
import { parseSummary } from '../../src/job/summary.ts';

const FORM = `## Title
Round prices once
## What changed
Only checkout rounds now.
## How it was checked
\`npm test\`: 14 passed
## Risks
None seen`;
const PARTS = {
  title: 'Round prices once',
  changed: 'Only checkout rounds now.',
  checked: '`npm test`: 14 passed',
  risks: 'None seen',
};

const SAME: [name: string, message: string][] = [
  ['the closing form exactly', FORM],
  ['Windows line ends', FORM.replaceAll('\n', '\r\n')],
  ['blank lines between', FORM.replaceAll('\n', '\n\n')],
  ['other levels of headings', FORM.replaceAll('## ', '#### ')],
  ['bold headings', FORM.replaceAll(/## (.*)/g, '**$1**')],
  ['bold headings with a colon inside', FORM.replaceAll(/## (.*)\n/g, '**$1:** ')],
  ['bold headings with a colon outside', FORM.replaceAll(/## (.*)\n/g, '**$1**: ')],
  ['bare headings with a colon', FORM.replaceAll(/## (.*)/g, '$1:')],
  ['headings in capitals', FORM.replaceAll(/## (.*)/g, (_, name: string) => `## ${name.toUpperCase()}`)],
  ['headings with emphasis in them', FORM.replaceAll(/## (.*)/g, '## **$1**')],
  ['numbered headings', FORM.replaceAll(/## (.*)/g, '## 1. $1')],
  ['headings with emoji', FORM.replaceAll(/## (.*)/g, '## ✅ $1')],
  ['closed headings', FORM.replaceAll(/## (.*)/g, '## $1 ##')],
  ['the title inside its heading', FORM.replace('## Title\n', '## Title: ')],
  ['everything in one code fence', `\`\`\`markdown\n${FORM}\n\`\`\``],
  ['a title in bold with a full stop', FORM.replace('Round prices once', '**Round prices once.**')],
  ['a title as heading', FORM.replace('Round prices once', '# Round prices once')],
  ['a title in backquotes', FORM.replace('Round prices once', '`Round prices once`')],
];

test.each(SAME)('%s gives the same four parts', (_name, message) => {
  expect(parseSummary(message, 'the task')).toEqual(PARTS);
});

test('words before the form are kept as part of what changed', () => {
  const summary = parseSummary(`All done.\n\n${FORM}`, 'the task');
  expect(summary).toEqual({ ...PARTS, changed: 'All done.\n\nOnly checkout rounds now.' });
});

test('without a title the task is the title, in one line', () => {
  const summary = parseSummary('I changed two files.', 'Fix the cart\nand the rest');
  expect(summary).toEqual({ title: 'Fix the cart', changed: 'I changed two files.', checked: '', risks: '' });
});

test('headings inside code fences open nothing', () => {
  const message = `## What changed\nThe template:\n~~~~md\n## Risks\n~~~\n## Title\n~~~~\nDone.\n## Risks\nFew`;
  const summary = parseSummary(message, 'task');
  expect(summary.risks).toBe('Few');
  expect(summary.changed).toContain('## Title\n~~~~\nDone.');
  expect(summary.title).toBe('task');
});

test('ordinary sentences with the same words open nothing', () => {
  const message =
    'Changes to the risks table were made.\n**Risks of rounding** are explained below\n- tests: all';
  expect(parseSummary(message, 'task')).toEqual({ title: 'task', changed: message, checked: '', risks: '' });
});

test('nothing at all gives the task as title and no words', () => {
  expect(parseSummary('', 'task')).toEqual({ title: 'task', changed: '', checked: '', risks: '' });
  expect(parseSummary('  \n\n', '')).toEqual({ title: '', changed: '', checked: '', risks: '' });
});

test('only a title is also what changed', () => {
  expect(parseSummary('## Title\nRound once', 'task')).toMatchObject({
    title: 'Round once',
    changed: 'Round once',
  });
});

test('names with underscores and issue numbers stay whole in a title', () => {
  expect(parseSummary('## Title\nMake `parse_config` accept C# (#12)', 'x').title).toBe(
    'Make parse_config accept C# (#12)',
  );
});

test('huge endings are cut within the limits, quickly and at whole characters', () => {
  const started = performance.now();
  const wall = '😀'.repeat(60_000);
  const summary = parseSummary(
    `## Title\n${wall}\n## What changed\n${wall}\n## Tests\n${wall}\n## Risks\n${wall}`,
    'x',
  );
  const lengths = [summary.title, summary.changed, summary.checked, summary.risks].map((part) => part.length);
  expect(lengths.every((length, at) => length <= ([100, 6000, 3000, 2000][at] ?? 0))).toBe(true);
  expect(JSON.stringify(summary)).not.toMatch(/\\ud[89a-f]/);
  // Each of these would take a careless pattern minutes.
  const nasty = ['# '.padEnd(100_000), `**${'a'.repeat(100_000)}`, `#${' #'.repeat(50_000)}x`];
  for (const line of nasty) parseSummary(`${line}\n`.repeat(3), 'x');
  expect(performance.now() - started).toBeLessThan(2_000);
});
