// A runner that is held still loses its job to another machine; when it goes on, it does no harm.
import { expect, test } from 'vitest';
import { openErrand } from '../support/errand.ts';
import { startRunnerProcess } from '../support/runner-process.ts';

test.concurrent('A runner that wakes up while its successor has finished changes nothing', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: ['bot'] });
  onTestFinished(errand.close);
  const sleeper = await startRunnerProcess(errand, 'sleeping-home');
  const job = await errand.asksScript(['write one.txt <<1', 'hang']);
  await job.cardSays('Last: Edit one.txt');
  await errand.addRunner('next-home');
  sleeper.signal('SIGSTOP');
  await job.result();
  const [pull] = errand.github.pulls(errand.repo);
  const events = (await errand.eventsInside(job)).length;
  sleeper.signal('SIGCONT');
  // It has noticed once it can be asked to stop, which waits for its turns.
  expect(await sleeper.terminate()).toBe(0);
  expect(errand.github.pulls(errand.repo)).toEqual([pull]);
  expect(await errand.github.branchSha(errand.repo, `errand/${job.name}`)).toBe(pull?.head.sha);
  expect((await errand.eventsInside(job)).length).toBe(events);
  job.expectNotifications(1);
  // Its machine comes back, with its old tree, and the next turn runs there: nothing old comes back with it.
  await errand.addRunner('sleeping-home');
  job.replies('script: write two.txt <<2');
  await job.result(2);
  expect(await errand.pushed(job, 'two.txt')).toBe('2');
  expect(await errand.pushed(job, 'NOTES.md')).toContain('Edit one.txt');
});

test.concurrent('A runner that is held still between the push and the pull opens no second one', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: ['bot'] });
  onTestFinished(errand.close);
  const sleeper = await startRunnerProcess(errand, 'sleeping-home');
  const path = `/repos/${errand.repo}/pulls`;
  errand.github.fault({ method: 'POST', path, delayMs: 1_500 });
  const job = await errand.asksScript(['write one.txt <<1']);
  const isPublishing = () => errand.github.requests.some((one) => one.method === 'POST' && one.path === path);
  await errand.github.waitFor(isPublishing, { timeoutMs: 30_000 });
  sleeper.signal('SIGSTOP');
  await errand.addRunner('next-home');
  await job.result();
  const [pull] = errand.github.pulls(errand.repo);
  sleeper.signal('SIGCONT');
  expect(await sleeper.terminate()).toBe(0);
  expect(errand.github.pulls(errand.repo)).toEqual([pull]);
  expect(await errand.pushed(job, 'one.txt')).toBe('1');
  job.expectNotifications(1);
  await errand.addRunner('sleeping-home');
});

test.concurrent('A pull that is merged by hand before the runner that opened it could tell of it is told all the same', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: ['bot'] });
  onTestFinished(errand.close);
  const sleeper = await startRunnerProcess(errand, 'sleeping-home');
  const path = `/repos/${errand.repo}/pulls`;
  // Nobody tells the runner that the pull is there, and it is held still before it has looked.
  errand.github.fault({ method: 'POST', path, delayMs: 1_000, dropAfterApply: true });
  const job = await errand.asksScript(['write one.txt <<1']);
  const asked = (method: string) =>
    errand.github.requests.filter((one) => one.method === method && one.path === path).length;
  await errand.github.waitFor(() => asked('POST') > 0, { timeoutMs: 30_000 });
  const looks = asked('GET');
  errand.github.fault({ method: 'GET', path, delayMs: 5_000, dropBefore: true });
  await errand.github.waitFor(() => asked('GET') > looks, { timeoutMs: 30_000 });
  sleeper.signal('SIGSTOP');
  const [pull] = errand.github.pulls(errand.repo);
  await errand.github.mergePullByHand(errand.repo, pull?.number ?? 0, { by: 'carla' });
  await errand.addRunner('next-home');
  await job.cardSays(':tada: Merged');
  expect(errand.github.pulls(errand.repo)).toHaveLength(1);
  sleeper.signal('SIGCONT');
  expect(await sleeper.terminate()).toBe(0);
  await errand.addRunner('sleeping-home');
});
