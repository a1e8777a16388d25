// Agents can be verbose; Slack's limits are not.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('sixty thousand characters over three hundred files still make one message that can be decided by', async () => {
  errand = await openErrand();
  const limits = 'limits: {diff_files: 1000}\n';
  await errand.github.commitTo(
    errand.repo,
    'main',
    { '.agents/config.yml': limits },
    { message: 'Allow many files' },
  );
  const paragraph = `- Changed a & b < c > d, \`code\` and <!channel> ${'word '.repeat(400)}`;
  const summary = [
    '## Title',
    'Change a great deal',
    '## What changed',
    ...Array(30).fill(paragraph),
    '## How it was checked',
    '```',
    ...Array(200).fill('ok 1 - a test that passes'),
    '## Risks',
    'None.',
  ];
  const many =
    'mkdir -p many && for i in $(seq 1 300); do echo "$i" > "many/a-file-with-quite-a-long-name-$i.txt"; done';
  const issue = errand.files({
    title: 'Change everything',
    directives: [`run ${many}`, `answer ${summary.join('\\n')}`],
  });
  const job = await errand.asks(`/agent fix #${issue}`);
  const result = await job.result();
  const shown = JSON.stringify(result.blocks);
  expect(shown).toContain('Change a great deal');
  expect(shown).toMatch(/300 files/);
  expect(shown).not.toContain('<!channel>');
  expect(job.buttons(result)).toEqual(['Approve & merge', 'Request changes', 'Reject']);
  const refused = errand.slack.calls.filter(
    (call) => call.answer.ok === false && call.method.startsWith('chat.'),
  );
  expect(refused.map((call) => call.answer.error)).toEqual([]);
  const [pull] = errand.github.pulls(errand.repo);
  expect(pull?.title).toContain('Change a great deal');
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  job.expectNotifications(1);
});
