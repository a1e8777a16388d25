// Things that happen at the same time: two jobs in one repository, and words while a pull is being opened.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand();
});
afterAll(() => errand.close());

test('two jobs work in one repository without seeing each other, and both are merged', async () => {
  const hers = await errand.asksScript(['write hers.txt <<hers', 'wait-for-steering']);
  const his = await errand.asksScript(['write his.txt <<his', 'wait-for-steering'], { user: errand.bob });
  await Promise.all([hers.cardSays('Last: Edit hers.txt'), his.cardSays('Last: Edit his.txt')]);
  hers.replies('Go on.');
  his.replies('Go on.');
  await Promise.all([hers.result(), his.result()]);
  expect(await errand.pushed(hers, 'his.txt')).toBeUndefined();
  expect(await errand.pushed(his, 'hers.txt')).toBeUndefined();

  await Promise.all([hers.presses('Approve'), his.presses('Approve')]);
  await Promise.all([hers.cardSays('Merged'), his.cardSays('Merged')]);
  expect(await errand.github.readFile(errand.repo, 'main', 'hers.txt')).toBe('hers');
  expect(await errand.github.readFile(errand.repo, 'main', 'his.txt')).toBe('his');
});

test('words that arrive while the pull is being opened are the next turn', async () => {
  const path = `/repos/${errand.repo}/pulls`;
  const opened = () => errand.github.requests.filter((one) => one.method === 'POST' && one.path === path);
  const before = opened().length;
  errand.github.fault({ method: 'POST', path, delayMs: 2_000 });
  const job = await errand.asksScript(['write one.txt <<1']);
  await errand.github.waitFor(() => opened().length > before, { timeoutMs: 30_000 });

  const said = job.replies('script: write two.txt <<2');
  await job.reacted(said, 'eyes');
  await job.result(1);
  await job.offers(await job.result(2), ['Approve & merge', 'Request changes', 'Reject']);
  await job.reacted(said, 'white_check_mark');
  expect(await errand.pushed(job, 'two.txt')).toBe('2');
  expect(opened().length).toBe(before + 1);
  job.expectNotifications(2);
});
