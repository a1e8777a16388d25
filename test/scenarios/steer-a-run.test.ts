// Words for an agent that is at work: how and when they reach it depends on what the agent can do.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openErrand } from '../support/errand.ts';

describe.each(['native', 'queue'])('an agent that takes words mid-turn (%s)', (steering) => {
  test.concurrent('hears a reply while it works and finishes the same turn with it', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand({ agentFlags: `--steering=${steering}` });
    onTestFinished(errand.close);
    const job = await errand.asksScript(['write begun.txt <<', 'wait-for-steering', 'write done.txt <<done']);
    await job.cardSays('Last: Edit begun.txt');

    const said = job.replies('Make it teal, please.');
    await job.reacted(said, 'white_check_mark');
    const result = await job.result();
    expect(job.words(result)).toContain('Make it teal, please.');
    expect(await errand.pushed(job, 'done.txt')).toBe('done');
    expect(job.cardButtons()).not.toContain('Interrupt now');
    job.expectNotifications(1);
  });
});

describe('an agent that cannot be disturbed', () => {
  test.concurrent('gets a reply at the end of its turn, and both are one result', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand({ agentFlags: '--steering=none' });
    onTestFinished(errand.close);
    const whistle = join(errand.dir, 'whistle');
    const job = await errand.asksScript(['write one.txt <<1', `wait-for-file ${whistle}`]);
    await job.cardSays('Last: Edit one.txt');

    const said = job.replies('script: write two.txt <<2');
    await job.reacted(said, 'eyes');
    await job.cardSays('1 reply waits for the end of this turn');
    expect(errand.slack.reactions(job.channel, said).map((reaction) => reaction.name)).toEqual(['eyes']);

    await writeFile(whistle, '');
    await job.result();
    await job.reacted(said, 'white_check_mark');
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    expect(await errand.pushed(job, 'two.txt')).toBe('2');
    job.expectNotifications(1);
  });

  test.concurrent('is interrupted by a button on the card and goes on with the reply', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand({ agentFlags: '--steering=none' });
    onTestFinished(errand.close);
    const job = await errand.asksScript(['write one.txt <<1', 'hang']);
    await job.cardSays('Last: Edit one.txt');
    expect(job.cardButtons()).toEqual(['Stop']);

    const said = job.replies('script: write two.txt <<2');
    await job.presses('Interrupt now');
    await job.result();
    await job.reacted(said, 'white_check_mark');
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    expect(await errand.pushed(job, 'two.txt')).toBe('2');
    job.expectNotifications(1);
  });
});

test('words in the very moment the card appears are heard', async ({ onTestFinished }) => {
  const errand = await openErrand();
  onTestFinished(errand.close);
  const { slack, channel, ann } = errand;
  const said = Promise.withResolvers<string>();
  const overtaking = slack.onChange(() => {
    const card = slack.messages(channel).find((one) => one.isByBot);
    if (card === undefined) return;
    overtaking();
    said.resolve(
      slack.post({ user: ann, channel, threadTs: card.ts, text: 'script: write quick.txt <<q' }).ts,
    );
  });
  const job = await errand.asksScript(['write slow.txt <<slow']);
  await job.reacted(await said.promise, 'white_check_mark');
});
