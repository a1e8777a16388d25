// The trail of a job: who asked, steered, approved which commit, and what was written where, for people in Slack and for
// programs.
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { runCommand } from '../support/errand-command.ts';

let errand: Errand;
afterEach(() => errand.close());

test('from the wish to the merge every change and every outside write has its entry, with who and which commit', async () => {
  errand = await openErrand();
  const job = await errand.asksScript(['write one.txt <<1', 'wait-for-steering']);
  await job.cardSays('Last: Edit one.txt');
  job.replies('script: write two.txt <<2');
  await job.result();
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  const { entries, exitCode, stderr } = await runCommand(errand, ['audit', job.name, '--json']);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  const trail = entries();
  const whats = trail.map((entry) => entry['what']);
  const order = [
    'created',
    'taken',
    'reply',
    'push_begun',
    'pushed',
    'pull_opened',
    'turn_ended',
    'approve',
    'merge_asked',
    'branch_deleted',
    'merged',
  ];
  expect(whats.filter((what) => order.includes(String(what)))).toEqual(order);
  const one = (what: string) => trail.find((entry) => entry['what'] === what) ?? {};
  for (const what of ['created', 'reply', 'approve']) expect(one(what)).toMatchObject({ who: errand.ann });
  const sha = one('pushed')['sha'];
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
  for (const what of ['pull_opened', 'turn_ended', 'approve', 'merge_asked'])
    expect(one(what)).toMatchObject({ sha });
  expect(one('taken')).toMatchObject({
    attempt: 1,
    from: 'queued',
    to: 'running',
    detail: { runner: expect.any(String) },
  });
  expect(one('merged')).toMatchObject({ job: job.name, from: 'merging', to: 'merged' });

  const told = await (await errand.types(`/agent audit ${job.name}`)).answer();
  for (const words of [
    'asked for it',
    'wrote to the agent',
    'approved',
    'pushed',
    String(sha).slice(0, 7),
    'merged',
  ])
    expect(told).toContain(words);
  expect((await runCommand(errand, ['audit', '--since', '1h'])).stdout).toContain(` ${job.name} turn 1`);
  expect((await runCommand(errand, ['audit', '--since', 'yesterday'])).stderr).toContain('is no time');
});

test('a rejected pull leaves what was said, closed and deleted; what the agent was refused is there, too', async () => {
  errand = await openErrand();
  const job = await errand.asksScript(['write one.txt <<1', 'ask-permission delete /etc/passwd']);
  await job.result();
  await job.pressesAndSays('Reject', 'Not like that.');
  await job.cardSays('Rejected');
  const trail = (await runCommand(errand, ['audit', job.name, '--json'])).entries();
  const whats = trail.map((entry) => entry['what']);
  expect(trail.find((entry) => entry['what'] === 'permission')).toMatchObject({ detail: { allowed: false } });
  for (const what of ['reject', 'commented', 'pull_closed', 'branch_deleted', 'closed'])
    expect(whats).toContain(what);
});

test('nobody reads the trail of a private conversation that is not theirs', async () => {
  errand = await openErrand({ halves: ['bot'] });
  const { slack, ann, bob } = errand;
  const { id: dm } = slack.openDm(ann);
  const job = await errand.asks('/agent do mend it', { channel: dm });
  const asked = await errand.types(`/agent audit ${job.name}`, { user: bob });
  expect(await asked.answer()).toContain('There is no job');
  expect(await (await errand.types(`/agent audit ${job.name}`)).answer()).toContain('asked for it');
});
