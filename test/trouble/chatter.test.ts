// People talk to each other in a job's thread. Whose words are for the agent is the channel's choice.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand();
});
afterAll(() => errand.close());

/** A job that rests in review: words that count start its next turn, and words that do not leave no trace. */
async function restingJob(options = '') {
  const job = await errand.asksScript(['write one.txt <<1'], { options });
  await job.result(1);
  return job;
}

/** What is said last is a sure sign: messages of a thread are heard in their order. */
async function expectOnly(
  job: Awaited<ReturnType<typeof restingJob>>,
  unheard: readonly string[],
  heard: string,
) {
  await job.reacted(heard, 'white_check_mark');
  await job.result(2);
  for (const ts of unheard) expect(errand.slack.reactions(job.channel, ts)).toEqual([]);
  job.expectNotifications(2);
}

describe('by default', () => {
  test.concurrent('only the requester steers, until somebody writes to the bot', async () => {
    const job = await restingJob();
    const chatter = job.replies('I would have done that differently.', { user: errand.bob });
    const toBob = job.replies('@bob, what do you think?');
    const heard = job.replies('script: write two.txt <<2');
    await expectOnly(job, [chatter, toBob], heard);

    job.replies('@errand script: write three.txt <<3', { user: errand.bob });
    await job.result(3);
    job.replies('script: write four.txt <<4', { user: errand.bob });
    await job.result(4);
    expect(await errand.pushed(job, 'four.txt')).toBe('4');
  });
});

describe('replies=all', () => {
  test.concurrent("everybody steers, but not with words that open with somebody else's mention", async () => {
    const job = await restingJob('replies=all');
    const toAnn = job.replies('@ann shall we take it?', { user: errand.bob });
    const heard = job.replies('script: write two.txt <<2', { user: errand.bob });
    await expectOnly(job, [toAnn], heard);
  });
});

describe('replies=mention', () => {
  test.concurrent('even the requester mentions the bot to steer', async () => {
    const job = await restingJob('replies=mention');
    const thinking = job.replies('Hm, let me think.');
    const heard = job.replies('@errand script: write two.txt <<2');
    await expectOnly(job, [thinking], heard);
  });
});

describe('a job with nothing to change', () => {
  test.concurrent('is done with the answer, and a reply makes a new turn of it', async () => {
    const job = await errand.asksScript(['answer It is fine as it is: 42.']);
    const first = await job.result(1);
    expect(job.words(first)).toContain('It is fine as it is: 42.');
    expect(job.buttons(first)).toEqual([]);
    await job.cardSays('Done without a pull request');

    job.replies('script: write two.txt <<2');
    const second = await job.result(2);
    await job.offers(second, ['Approve & merge', 'Request changes', 'Reject']);
    job.expectNotifications(2);
  });
});
