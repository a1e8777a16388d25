// A pull is merged on GitHub while an agent works on more for it, and Errand looks at GitHub by itself only every hour.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { onlyPull, ownRepository } from '../support/own-repository.ts';

const HOUR_MS = 3_600_000;

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ limits: { lookEveryMs: HOUR_MS } });
});
afterAll(() => errand.close());

test('the job is merged as soon as its turn finds out, so nobody presses a Retry in vain', async () => {
  const { repo, channel, name } = await ownRepository(errand, 'merged-at-work');
  const job = await errand.asksScript(['write hello.txt <<hello'], { channel, options: `repo=${repo}` });
  await job.result();
  const whistle = join(errand.dir, `whistle-${name}`);
  job.replies(`script: write begun.txt <<1 ;; wait-for-file ${whistle} ;; write more.txt <<more`);
  await job.cardSays('Last: Edit begun.txt');
  await errand.github.mergePullByHand(repo, onlyPull(errand, repo).number, { by: 'carla' });
  await writeFile(whistle, '');
  await job.says(/was merged on GitHub meanwhile/);
  await job.cardSays(':tada: Merged');
  expect(errand.github.pulls(repo)).toHaveLength(1);
});
