// What a job goes through while GitHub or Slack is away.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('GitHub is down when the turn starts: the job is put back and goes on once it is up', async () => {
  errand = await openErrand({ halves: ['bot'] });
  const job = await errand.asksScript(['write hello.txt <<hello']);
  errand.github.down(true);
  await errand.addRunner();
  await job.cardSays('Queued again');
  errand.github.down(false);
  await job.result();
  expect(errand.github.pulls(errand.repo)).toHaveLength(1);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  job.expectNotifications(1);
});

test('Slack is down during a job: the job goes on, and the thread is complete afterwards', async () => {
  errand = await openErrand();
  const { slack, github, repo } = errand;
  const whistle = join(errand.dir, 'whistle');
  const job = await errand.asksScript([
    'write begun.txt <<',
    `wait-for-file ${whistle}`,
    'write hello.txt <<hello',
  ]);
  await job.cardSays('Last: Edit begun.txt');
  slack.down(true);
  await writeFile(whistle, '');
  await github.waitFor(() => github.pulls(repo)[0], { timeoutMs: 40_000 });
  slack.down(false);
  const result = await job.result();
  expect(job.buttons(result)).toEqual(['Approve & merge', 'Request changes', 'Reject']);
  await job.cardSays('Ready, waiting for a decision');
  await slack.waitFor(
    { description: 'the bot to be back', check: () => slack.socketCount() > 0 },
    { timeoutMs: 30_000 },
  );
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  job.expectNotifications(1);
  expect(errand.cardsIn()).toHaveLength(1);
});
