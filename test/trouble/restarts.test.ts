// Bots and runners go and come back while a job is under way: in an orderly way, or killed in the middle of a word.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openErrand } from '../support/errand.ts';
import { startBotProcess, startRunnerProcess } from '../support/runner-process.ts';

describe('an orderly restart', () => {
  test.concurrent('of the runner puts the turn back and goes on with the work so far', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand();
    onTestFinished(errand.close);
    const job = await errand.asksScript(['write one.txt <<1', 'hang']);
    await job.cardSays('Last: Edit one.txt');
    await errand.stopRunner();
    await job.cardSays('Queued again: Errand was restarted');
    await errand.addRunner();
    await job.result();
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
    job.expectNotifications(1);
  });

  test.concurrent('of the runner tells an agent its whole task again, if it has shown no sign of knowing it', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand();
    onTestFinished(errand.close);
    const job = await errand.asksScript(['hang']);
    const isTold = async () =>
      (await errand.query(`SELECT 1 FROM events WHERE kind = 'prompt'`)).rowCount === 1;
    await expect.poll(isTold, { timeout: 30_000 }).toBe(true);
    await errand.stopRunner();
    await errand.addRunner();
    await job.result();
    expect(await errand.pushed(job, 'NOTES.md')).toContain('# Task');
  });

  test.concurrent('of the bot shows what happened meanwhile, once', async ({ onTestFinished }) => {
    const errand = await openErrand();
    onTestFinished(errand.close);
    const whistle = join(errand.dir, 'whistle');
    const job = await errand.asksScript(['write one.txt <<1', `wait-for-file ${whistle}`]);
    await job.cardSays('Last: Edit one.txt');
    await errand.stopBot();
    await writeFile(whistle, '');
    await errand.github.waitFor(() => errand.github.pulls(errand.repo).length === 1, { timeoutMs: 30_000 });
    await errand.restartBot();
    await job.presses('Approve');
    await job.cardSays('Merged');
    expect(job.thread().filter((message) => message.isByBot)).toHaveLength(2);
    job.expectNotifications(1);
  });
});

describe('a runner that is killed', () => {
  test.concurrent('while its agent works is replaced by another machine within 15 s', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand({ halves: ['bot'] });
    onTestFinished(errand.close);
    const doomed = await startRunnerProcess(errand, 'doomed-home');
    const job = await errand.asksScript(['write one.txt <<1', 'hang']);
    await job.cardSays('Last: Edit one.txt');
    await errand.addRunner('next-home');
    const killedAt = Date.now();
    await doomed.kill();
    await job.result();
    const takes = (await errand.eventsInside(job)).filter(
      (event) => event.kind === 'status' && event.data['event'] === 'taken',
    );
    expect(takes).toHaveLength(2);
    expect((takes[1]?.at.getTime() ?? 0) - killedAt).toBeLessThan(15_000);
    expect(await errand.pushed(job, 'NOTES.md')).toContain('Edit one.txt');
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
    job.expectNotifications(1);
    // The machine comes back and clears what its dead runner left there; closing the scenario looks.
    await errand.addRunner('doomed-home');
  });

  test.concurrent('right after its agent took a reply leaves the words to whoever comes next', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand({ halves: ['bot'] });
    onTestFinished(errand.close);
    const doomed = await startRunnerProcess(errand, 'doomed-home');
    const job = await errand.asksScript(['write one.txt <<1', 'wait-for-steering', 'hang']);
    await job.cardSays('Last: Edit one.txt');
    job.replies('Make it teal, please.');
    const isDelivered = async () =>
      (await errand.query('SELECT 1 FROM replies WHERE delivered_at IS NOT NULL')).rowCount === 1;
    await expect.poll(isDelivered, { interval: 5, timeout: 20_000 }).toBe(true);
    await doomed.kill();
    await errand.addRunner('next-home');
    await job.result();
    expect(await errand.pushed(job, 'NOTES.md')).toContain('Make it teal, please.');
    // The machine comes back and clears what its dead runner left there; closing the scenario looks.
    await errand.addRunner('doomed-home');
  });

  test.concurrent('while it opens the pull leaves one pull, whoever comes next', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand({ halves: ['bot'] });
    onTestFinished(errand.close);
    const doomed = await startRunnerProcess(errand, 'doomed-home');
    const path = `/repos/${errand.repo}/pulls`;
    errand.github.fault({ method: 'POST', path, delayMs: 1_000 });
    const job = await errand.asksScript(['write one.txt <<1']);
    const isPublishing = () =>
      errand.github.requests.some((one) => one.method === 'POST' && one.path === path);
    await errand.github.waitFor(isPublishing, { timeoutMs: 30_000 });
    await errand.addRunner('next-home');
    await doomed.kill();
    await job.result();
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    job.expectNotifications(1);
    await errand.addRunner('doomed-home');
  });
});

test.concurrent('a command that was acknowledged is done, although the bot was killed before it could', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: [] });
  onTestFinished(errand.close);
  const doomed = await startBotProcess(errand);
  errand.github.fault({ path: `/repos/${errand.repo}`, delayMs: 3_000 });
  const asked = await errand.types(`/agent do repo=${errand.repo} script: write one.txt <<1`);
  expect(asked.error).toBeUndefined();
  await doomed.kill();
  expect(await errand.countJobs()).toBe(0);
  // Nobody takes up what another bot may still have in its hands; this one is long dead.
  await errand.query(`UPDATE inbox SET received_at = received_at - interval '1 minute'`);
  await errand.addBot();
  await errand.slack.waitFor(
    { description: 'the card', check: () => errand.cardsIn()[0] },
    { timeoutMs: 20_000 },
  );
  expect(await errand.countJobs()).toBe(1);
});

test.concurrent('a runner that is asked to stop while an agent ignores it keeps the work and ends in peace', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: ['bot'] });
  onTestFinished(errand.close);
  const runner = await startRunnerProcess(errand, 'home');
  const job = await errand.asksScript(['ignore-cancel', 'write one.txt <<1', 'hang']);
  await job.cardSays('Last: Edit one.txt');
  const askedAt = Date.now();
  expect(await runner.terminate()).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(28_000);
  await job.cardSays('Queued again: Errand was restarted');
  await errand.addRunner('other-home');
  await job.result();
  expect(await errand.pushed(job, 'one.txt')).toBe('1');
});

test.concurrent('a bot that is asked to stop while its sockets are being opened again lets go of them and ends in peace', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: [] });
  onTestFinished(errand.close);
  const bot = await startBotProcess(errand);
  errand.slack.fault({ method: 'apps.connections.open', delayMs: 2_000, times: 10 });
  errand.slack.cutSockets();
  const isOpening = () => errand.slack.socketCount() === 0;
  await expect.poll(isOpening).toBe(true);
  const askedAt = Date.now();
  expect(await bot.terminate()).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(10_000);
});
