// The same story over signed HTTP, as deployments behind a public address have it.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
afterEach(() => errand.close());

test('over signed HTTP: ask, steer, approve, merged; and unsigned words are not heard', async () => {
  errand = await openErrand({
    halves: ['runner'],
    slack: { signingSecret: 'a-secret-of-ours' },
    env: { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'a-secret-of-ours', PORT: '0' },
  });
  const { slack } = errand;
  const { port } = await errand.addBot();
  const requestUrl = `http://127.0.0.1:${port}/slack/events`;
  await slack.connectHttp({ requestUrl });

  const forged = await fetch(requestUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ command: '/agent', text: 'do evil', trigger_id: '1.2.3' }),
  });
  expect(forged.status).toBe(401);
  expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);

  const job = await errand.asksScript(['write begun.txt <<', 'wait-for-steering', 'write hello.txt <<hello']);
  await job.cardSays('Last: Edit begun.txt');
  const ts = job.replies('script: write more.txt <<more');
  await job.reacted(ts, 'white_check_mark');
  await job.result();
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(await errand.github.readFile(errand.repo, 'main', 'more.txt')).toBe('more');
  job.expectNotifications(1);
  expect(await errand.countJobs()).toBe(1);
});
