// Words that no agent gets: of people who may not steer (any more), judged again right before they would reach it, and those
// that waited when the job ended. Each is marked, answered in the thread once, and in the record.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Errand, type ErrandOptions, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';

let errand: Errand;
afterEach(() => errand.close());

/** A job whose agent works until the whistle; `said` is what it was told so far. */
async function atWork(options: ErrandOptions, directives: readonly string[] = []) {
  errand = await openErrand(options);
  const whistle = join(errand.dir, 'whistle');
  const job = await errand.asksScript([
    'write begun.txt <<',
    ...(directives.length > 0 ? directives : [`wait-for-file ${whistle}`]),
  ]);
  await job.cardSays('Last: Edit begun.txt');
  const told = async () =>
    (await errand.eventsInside(job)).flatMap((event) => (event.kind === 'prompt' ? [event.data.text] : []));
  return { job, told, blows: () => writeFile(whistle, '') };
}

const setRules = (text: string) =>
  errand.github.commitTo(
    errand.repo,
    'main',
    { '.agents/config.yml': text },
    { message: 'Set who may do what' },
  );

const notes = async (job: JobThread, name: string) =>
  (await errand.eventsInside(job)).filter((event) => event.kind === 'note' && event.data.name === name);

test('rules that were tightened while words waited keep them from the agent; others are heard', async () => {
  const { job, told, blows } = await atWork({ agentFlags: '--steering=none' });
  const { ann, bob } = errand;
  const bad = job.replies('@errand BOB SAYS one thing', { user: bob });
  const worse = job.replies('@errand BOB SAYS another', { user: bob });
  const good = job.replies('ANN SAYS use tabs', { user: ann });
  for (const ts of [bad, worse, good]) await job.reacted(ts, 'eyes');
  await setRules(`permissions:\n  steer: [${ann}]\n`);
  await blows();
  await job.result();
  await job.reacted(good, 'white_check_mark');
  for (const ts of [bad, worse]) {
    await job.reacted(ts, 'no_entry_sign');
    await job.lost(ts, 'eyes');
  }
  await job.says(/\*Bob\*: the agent did not get your words\. By the rules as they are now/);
  expect(job.rendered().match(/did not get your words/g)).toHaveLength(1);
  expect((await told()).join('\n')).toContain('ANN SAYS');
  expect((await told()).join('\n')).not.toContain('BOB SAYS');
  expect(await notes(job, 'words_refused')).toMatchObject([
    { data: { by: bob, why: 'not_listed' } },
    { data: { by: bob } },
  ]);
  job.expectNotifications(1);
});

test('words that a bot let in by older rules do not steer a running agent', async () => {
  const { job, told } = await atWork({ agentFlags: '--steering=native' }, ['wait-for-steering']);
  const { ann, bob } = errand;
  await setRules(`permissions:\n  steer: [${ann}]\n`);
  await errand.query(
    `INSERT INTO replies (job_id, key, author, author_name, text) VALUES ($1, 'older', $2, 'bob', 'BOB SAYS stop')`,
    [job.number, bob],
  );
  await job.says(/\*bob\*: the agent did not get your words/);
  job.replies('ANN SAYS go on', { user: ann });
  await job.result();
  expect((await told()).join('\n')).not.toContain('BOB SAYS');
});

test('words of somebody who became a guest while they waited reach no agent', async () => {
  const { job, told, blows } = await atWork({ agentFlags: '--steering=none' });
  const { bob, slack } = errand;
  const said = job.replies('@errand BOB SAYS hello', { user: bob });
  await job.reacted(said, 'eyes');
  slack.changeUser(bob, { isRestricted: true });
  // What the bot learnt when the words came was learnt a while ago.
  await errand.query(`UPDATE standings SET read_at = read_at - interval '1 minute'`);
  await blows();
  await job.result();
  await job.reacted(said, 'no_entry_sign');
  await job.says(/I only listen to full members of this workspace/);
  expect((await told()).join('\n')).not.toContain('BOB SAYS');
  expect(await notes(job, 'words_refused')).toMatchObject([{ data: { by: bob, why: 'guest' } }]);
});

test('words that waited when a job was stopped are answered once', async () => {
  const { job } = await atWork({ agentFlags: '--steering=none' }, ['hang']);
  const said = [job.replies('and a test'), job.replies('and a page')];
  for (const ts of said) await job.reacted(ts, 'eyes');
  await job.presses('Stop');
  await job.says(/\*Ann\*: J-\d+ was stopped before your words reached the agent\. Start the next one with/);
  for (const ts of said) await job.reacted(ts, 'no_entry_sign');
  expect(job.rendered().match(/before your words reached/g)).toHaveLength(1);
  expect(await notes(job, 'words_unheard')).toHaveLength(2);
  job.expectNotifications(1);
});

test('words that a stopped turn left are answered when the pull is merged', async () => {
  errand = await openErrand({ agentFlags: '--steering=none' });
  const job = await errand.asksScript(['write one.txt <<1']);
  await job.result();
  job.replies('script: write two.txt <<2 ;; hang');
  await job.cardSays('Last: Edit two.txt');
  const late = job.replies('and a test');
  await job.reacted(late, 'eyes');
  await job.presses('Stop');
  await job.result(2);
  await job.presses('Approve');
  await job.says(/\*Ann\*: J-\d+ was merged before your words reached the agent/);
  await job.reacted(late, 'no_entry_sign');
});

test('a job that waited is not begun for somebody who is a guest by now', async () => {
  errand = await openErrand({ halves: ['bot'] });
  const { ann, slack } = errand;
  const job = await errand.asksScript(['write one.txt <<1']);
  slack.changeUser(ann, { isRestricted: true });
  await errand.query(`UPDATE standings SET read_at = read_at - interval '1 hour'`);
  await errand.addRunner();
  expect(job.words(await job.result())).toMatch(
    /whoever said this is none any more, so no agent got the words/,
  );
  const events = await errand.eventsInside(job);
  expect(events.filter((event) => event.kind === 'prompt')).toEqual([]);
});
