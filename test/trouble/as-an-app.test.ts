// Errand as a GitHub App, whose tokens are short-lived and narrow: GitHub's git servers hear of them late, somebody revokes
// them, and the repository gets another name or owner.
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { onlyPull, ownRepository } from '../support/own-repository.ts';

const APP_ID = 4711;
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

let errand: Errand;
afterEach(() => errand.close());

const openAsApp = () =>
  openErrand({
    app: { appId: APP_ID, privateKeyPem },
    env: { GITHUB_APP_ID: String(APP_ID), GITHUB_PRIVATE_KEY: privateKeyPem },
    limits: { lookEveryMs: 300 },
  });

/** A job whose agent waits for `goOn` in the middle of its first turn. */
async function atWork(story: string) {
  const { repo, channel, name } = await ownRepository(errand, story);
  const whistle = join(errand.dir, `whistle-${name}`);
  const script = ['write begun.txt <<1', `wait-for-file ${whistle}`, 'write more.txt <<more'];
  const job = await errand.asksScript(script, { channel, options: `repo=${repo}` });
  await job.cardSays('Last: Edit begun.txt');
  return { job, repo, channel, goOn: () => writeFile(whistle, '') };
}

test('git hears of a token after a second, and of a revoked one never: the work arrives all the same', async () => {
  errand = await openAsApp();
  errand.github.delayTokens(1_000);
  const { job, repo, goOn } = await atWork('late');
  await goOn();
  await job.result();
  const { pull, branch } = onlyPull(errand, repo);
  expect(await errand.github.readFile(repo, branch, 'more.txt')).toBe('more');
  // What the first turn fetched and pushed with is remembered, and is worth nothing by now.
  errand.github.revokeToken();
  job.replies('script: write again.txt <<again');
  const second = job.words(await job.result(2));
  expect(await errand.github.readFile(repo, branch, 'again.txt'), second).toBe('again');
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(pull().mergedAt).not.toBeNull();
});

test('renamed while the first turn is at work: it ends well, and the job follows', async () => {
  errand = await openAsApp();
  const { job, repo, goOn } = await atWork('old-name');
  const renamed = repo.replace('old', 'new');
  await errand.github.renameRepository(repo, { name: renamed.slice('acme/'.length) });
  // Not with what was minted for the old name.
  errand.github.revokeToken();
  await goOn();
  await job.result();
  await job.cardSays(renamed);
  job.replies('script: write again.txt <<again');
  await job.result(2);
  await job.presses('Approve');
  await job.cardSays(':tada: Merged');
  expect(errand.github.pulls(renamed)).toHaveLength(1);
  expect(await errand.github.readFile(renamed, 'main', 'again.txt')).toBe('again');
});

test('renamed before there was a pull: Retry works on under the new name', async () => {
  errand = await openAsApp();
  const { repo, channel } = await ownRepository(errand, 'no-pull-old');
  const job = await errand.asksScript(['write kept.txt <<kept', 'crash 3'], {
    channel,
    options: `repo=${repo}`,
  });
  const failed = await job.result();
  await job.offers(failed, ['Retry']);
  const renamed = repo.replace('old', 'new');
  await errand.github.renameRepository(repo, { name: renamed.slice('acme/'.length) });
  errand.github.revokeToken();
  await job.presses('Retry');
  await job.result(2);
  expect(errand.github.pulls(renamed)).toHaveLength(1);
});

test('given to another owner while the turn is at work: one pull, in its new place', async () => {
  errand = await openAsApp();
  const { job, repo, goOn } = await atWork('given');
  const name = repo.slice('acme/'.length);
  await errand.github.renameRepository(repo, { owner: 'globex', name });
  errand.github.revokeToken();
  await goOn();
  await job.result();
  expect(errand.github.pulls(`globex/${name}`)).toHaveLength(1);
});
