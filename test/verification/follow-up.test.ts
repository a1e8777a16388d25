// A second turn: more words for a job that already has a pull. Same branch, same pull, and the agent knows what it did.
import { describe, expect, test } from 'vitest';
import { openErrand } from '../support/errand.ts';

/** The first turn's own words say "Remembers: teal" only because the agent looked it up: no script contains them. */
const FIRST_TURN = ['remember teal', 'recall', 'write one.txt <<1'];
const BUTTONS = ['Approve & merge', 'Request changes', 'Reject'];

describe('a reply to a job in review', () => {
  test.concurrent('is a new turn of the same agent session on the same branch and pull', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand();
    onTestFinished(errand.close);
    const job = await errand.asksScript(FIRST_TURN);
    const first = await job.result(1);
    const [pull] = errand.github.pulls(errand.repo);
    const shown = pull?.head.sha;

    const said = job.replies('script: recall ;; write two.txt <<2');
    const second = await job.result(2);
    await job.reacted(said, 'white_check_mark');
    expect(job.words(second)).toContain('Remembers: teal');
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
    const after = errand.github.pull(errand.repo, pull?.number ?? 0);
    expect(after.head.ref).toBe(pull?.head.ref);
    expect(after.head.sha).not.toBe(shown);
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    expect(await errand.pushed(job, 'two.txt')).toBe('2');

    await job.offers(second, BUTTONS);
    await job.offers(first, []);
    job.expectNotifications(2);
    await job.presses('Approve');
    await job.cardSays('Merged');
    expect(await errand.github.readFile(errand.repo, 'main', 'two.txt')).toBe('2');
  });

  test.concurrent('is told with the whole story where the agent cannot take up its old session', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand({ agentFlags: '--resume=no' });
    onTestFinished(errand.close);
    const job = await errand.asksScript(FIRST_TURN);
    await job.result(1);

    job.replies('Please note down what you know.');
    await job.result(2);
    const told = await errand.pushed(job, 'NOTES.md');
    expect(told).toContain('Please note down what you know.');
    expect(told).toContain('Remembers: teal');
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
  });

  test.concurrent('may be taken by a runner on another machine that never saw the job', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand();
    onTestFinished(errand.close);
    const job = await errand.asksScript(FIRST_TURN);
    await job.result(1);
    await errand.stopRunner();
    await errand.addRunner('another-home');

    job.replies('Please note down what you know.');
    const second = await job.result(2);
    expect(await errand.pushed(job, 'NOTES.md')).toContain('Remembers: teal');
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
    await job.offers(second, BUTTONS);
  });
});

test.concurrent('a reply after the branch was deleted at GitHub leads to a pull that can be decided', async ({
  onTestFinished,
}) => {
  const errand = await openErrand();
  onTestFinished(errand.close);
  const job = await errand.asksScript(['write one.txt <<1']);
  await job.result(1);
  await errand.github.deleteBranch(errand.repo, `errand/${job.name}`);
  job.replies('script: write two.txt <<2');
  await job.result(2);
  expect(errand.github.pulls(errand.repo).map((pull) => pull.state)).toEqual(['closed', 'open']);
  await job.presses('Approve');
  await job.cardSays('Merged');
  const onMain = (path: string) => errand.github.readFile(errand.repo, 'main', path);
  expect([await onMain('one.txt'), await onMain('two.txt')]).toEqual(['1', '2']);
});

describe('Request changes', () => {
  test.concurrent('makes the words of its form the next turn', async ({ onTestFinished }) => {
    const errand = await openErrand();
    onTestFinished(errand.close);
    const job = await errand.asksScript(['write one.txt <<1']);
    const first = await job.result(1);

    await job.pressesAndSays('Request changes', 'script: write one.txt <<uno');
    const second = await job.result(2);
    expect(await errand.pushed(job, 'one.txt')).toBe('uno');
    await job.offers(second, BUTTONS);
    await job.offers(first, []);
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
    job.expectNotifications(2);
  });
});
