// Slack is shut for a while: the bot is taken out of the channel, the channel is archived, the token is revoked. The work goes
// on, and as soon as somebody mends it, everything is shown, once.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand();
});
afterAll(() => errand.close());

let count = 0;
/** A job whose agent waits in the middle of its work, in a channel of its own. */
async function atWork() {
  count += 1;
  const whistle = join(errand.dir, `whistle-${count}`);
  const channel = errand.slack.addChannel({
    name: `revival-${count}`,
    members: [errand.ann, errand.slack.botUserId],
  }).id;
  const job = await errand.asksScript(
    ['write begun.txt <<', `wait-for-file ${whistle}`, `write done-${count}.txt <<done`],
    { channel },
  );
  await job.cardSays('Last: Edit begun.txt');
  return { job, channel, goOn: () => writeFile(whistle, '') };
}

/** The agent has done its work: there is a pull, and nobody was told. */
async function endsUnseen({ job, goOn }: { job: JobThread; goOn: () => Promise<void> }) {
  await goOn();
  await errand.github.waitFor(() =>
    errand.github.pulls(errand.repo).some(({ head }) => head.ref === `errand/${job.name}`),
  );
  expect(job.results()).toEqual([]);
}

/** The next look is far away: what is shown afterwards is shown because somebody let the bot in. */
async function isShut(job: JobThread) {
  const shut = `UPDATE message_sets SET not_before = now() + interval '1 day'
    WHERE job_id = ${job.number} AND shut_since IS NOT NULL AND leased_by IS NULL`;
  await expect.poll(async () => (await errand.query(shut)).rowCount, { timeout: 30_000 }).toBe(1);
}

async function isShownOnce(job: JobThread) {
  await job.result();
  await job.cardSays('Ready, waiting for a decision');
  job.expectNotifications(1);
  expect(errand.cardsIn(job.channel)).toHaveLength(1);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
}

test('taken out of the channel and invited again', async () => {
  const { slack, ann } = errand;
  const { job, channel, goOn } = await atWork();
  slack.kick({ user: ann, channel, kicked: slack.botUserId });
  await endsUnseen({ job, goOn });
  await isShut(job);
  slack.invite({ user: ann, channel, invitee: slack.botUserId });
  await isShownOnce(job);
});

test('a channel that is archived and comes back', async () => {
  const { slack, ann } = errand;
  const { job, channel, goOn } = await atWork();
  slack.archive(channel);
  await endsUnseen({ job, goOn });
  await isShut(job);
  slack.unarchive({ user: ann, channel });
  await isShownOnce(job);
});

test('a token that is revoked and replaced', async () => {
  const { slack } = errand;
  const { job, goOn } = await atWork();
  slack.refuseToken('token_revoked');
  await endsUnseen({ job, goOn });
  slack.refuseToken(undefined);
  // Its operator starts it with the new one.
  await errand.restartBot();
  await isShownOnce(job);
});
