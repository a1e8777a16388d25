// Stopping: by the card's button, by a command, by the word alone. Nothing goes on running, and what was shown before stays.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { untilGone } from '../support/nothing-left.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ agentFlags: '--steering=none' });
});
afterAll(() => errand.close());

const pullsOf = (name: string) =>
  errand.github.pulls(errand.repo).filter((pull) => pull.head.ref === `errand/${name}`);
const STOPPED = ':octagonal_sign: Stopped';

describe('a running job', () => {
  test.concurrent('is stopped by the button on its card', async () => {
    const job = await errand.asksScript(['write one.txt <<1', 'hang']);
    await job.cardSays('Last: Edit one.txt');
    await job.presses('Stop');
    const result = await job.result();
    expect(job.words(result)).toContain('was stopped');
    await job.cardSays(STOPPED);
    expect(job.cardButtons()).toEqual([]);
    expect(pullsOf(job.name)).toEqual([]);
    job.expectNotifications(1);
  });

  test.concurrent('is stopped by the command, and by nobody twice', async () => {
    const job = await errand.asksScript(['write one.txt <<1', 'hang']);
    await job.cardSays('Last: Edit one.txt');
    const told = await errand.types(`/agent stop ${job.name}`, { user: errand.bob });
    expect(await told.answer()).toContain(`Stopping ${job.name}.`);
    expect(job.words(await job.result())).toContain(`by <@${errand.bob}>`);
    const again = await errand.types(`/agent stop ${job.name}`, { user: errand.bob });
    expect(await again.answer()).toContain('already cancelled');
  });

  test.concurrent('is stopped by a reply that says nothing else, even where the agent ignores it', async () => {
    const orphan = join(errand.dir, 'orphan-id');
    const job = await errand.asksScript([
      `spawn-orphan ${orphan}`,
      'ignore-cancel',
      'write one.txt <<1',
      'hang',
    ]);
    await job.cardSays('Last: Edit one.txt');
    const id = Number(await readFile(orphan, 'utf8'));
    job.replies('Stop!');
    expect(job.words(await job.result())).toContain('was stopped');
    await untilGone(id);
  });

  test.concurrent('keeps the pull of an earlier turn as it was', async () => {
    const job = await errand.asksScript(['write one.txt <<1']);
    await job.result(1);
    const shown = pullsOf(job.name)[0]?.head.sha;
    job.replies('script: write two.txt <<2 ;; hang');
    await job.cardSays('Last: Edit two.txt');
    const late = job.replies('And make it quick.');
    await job.reacted(late, 'eyes');
    await job.presses('Stop');
    const second = await job.result(2);
    expect(job.words(second)).toContain('The pull request stays as it was');
    await job.offers(second, ['Approve & merge', 'Request changes', 'Reject']);
    expect(pullsOf(job.name)[0]?.head.sha).toBe(shown);
    await job.presses('Approve');
    await job.cardSays('Merged');
    expect(await errand.github.readFile(errand.repo, 'main', 'two.txt')).toBeUndefined();
    job.expectNotifications(2);
  });
});

describe('a queued job', () => {
  let idle: Errand;
  beforeAll(async () => {
    idle = await openErrand({ halves: ['bot'] });
  });
  afterAll(() => idle.close());

  test.concurrent('is stopped by the button on its card', async () => {
    const job = await idle.asksScript(['hang']);
    await job.presses('Stop');
    await job.cardSays(STOPPED);
    job.expectNotifications(1);
  });

  test.concurrent('is stopped by the command', async () => {
    const job = await idle.asksScript(['hang']);
    const told = await idle.types(`/agent stop ${job.name}`);
    expect(await told.answer()).toContain(`Stopped ${job.name}.`);
    await job.cardSays(STOPPED);
  });
});

test('a job whose agent takes for ever to start is stopped all the same', async () => {
  const slow = await openErrand({ agentFlags: '--slow-start' });
  try {
    const job = await slow.asksScript(['write one.txt <<1']);
    await job.cardSays(':hammer_and_wrench: Working');
    await job.presses('Stop');
    expect(job.words(await job.result())).toContain('was stopped');
    await job.cardSays(STOPPED);
  } finally {
    await slow.close();
  }
});
