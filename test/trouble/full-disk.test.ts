// A runner whose disk is full. /dev/full stands in for it: whatever is written there finds no room (full(4), Linux).
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openErrand } from '../support/errand.ts';

test('a disk that is full is named as the reason, and Retry goes on once there is room', async () => {
  const errand = await openErrand({ agentFlags: '--diligent' });
  const mirror = join(errand.dir, 'home', 'repos', `${errand.repo}.git`);
  await mkdir(mirror, { recursive: true });
  await symlink('/dev/full', join(mirror, 'config'));
  const job = await errand.asksScript(['write made.txt <<room']);
  const failed = await job.result();
  expect(job.words(failed)).toContain('The disk of this runner is full. Make room and retry.');
  await job.offers(failed, ['Retry']);
  await rm(join(mirror, 'config'));
  await job.presses('Retry');
  const made = await job.result(2);
  await job.offers(made, ['Approve & merge', 'Request changes', 'Reject']);
  expect(await errand.pushed(job, 'made.txt')).toBe('room');
  await errand.close();
});
