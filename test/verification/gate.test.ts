// What the gate does in a job: nothing that blocks leaves the machine, the agent hears of it once, people learn what to do.
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';

const WORKFLOW = '.github/workflows/ci.yml';

describe('a change that the gate judges', () => {
  let errand: Errand;
  beforeAll(async () => {
    errand = await openErrand();
  });
  afterAll(() => errand.close());

  const pullOf = (job: JobThread) =>
    errand.github.pulls(errand.repo).find((pull) => pull.head.ref === `errand/${job.name}`);

  test('is held back where it touches a workflow, and passes with a note once the base branch allows it', async () => {
    const job = await errand.asksScript([`write ${WORKFLOW} <<on: push`]);
    const held = await job.result();
    expect(job.words(held)).toContain(`\`workflow\` ${WORKFLOW} defines what CI runs`);
    expect(job.words(held)).toContain('gates: {workflow: warn}');
    expect(pullOf(job)).toBeUndefined();
    await job.offers(held, ['Retry']);

    await errand.github.commitTo(
      errand.repo,
      'main',
      { '.agents/config.yml': 'gates:\n  workflow: warn\n' },
      { message: 'Let agents change workflows' },
    );
    await job.presses('Retry');
    const passed = await job.result(2);
    await job.offers(passed, ['Approve & merge', 'Request changes', 'Reject']);
    expect(job.words(passed)).toMatch(/Look at first.*ci\.yml.*defines what CI runs/s);
    expect(pullOf(job)?.body).toMatch(
      /## Look at first\s+- `.github\/workflows\/ci.yml` defines what CI runs/,
    );
    expect(await errand.pushed(job, WORKFLOW)).toBe('on: push');
    job.expectNotifications(2);
    await errand.github.commitTo(errand.repo, 'main', { '.agents/config.yml': '' }, { message: 'Forbid it' });
  });

  test('passes with what a person pushed, and is held back once the agent edits the same file', async () => {
    const job = await errand.asksScript(['write one.txt <<1']);
    await job.result(1);
    const pushed = { '.github/workflows/mine.yml': 'on: push\n' };
    const message = 'Add a workflow by hand';
    await errand.github.commitTo(errand.repo, `errand/${job.name}`, pushed, { message });

    job.replies('script: write two.txt <<2');
    expect(job.words(await job.result(2))).toMatch(/Look at first.*mine\.yml/s);
    expect(await errand.pushed(job, 'two.txt')).toBe('2');

    job.replies('script: write .github/workflows/mine.yml <<on: [push, evil]');
    expect(job.words(await job.result(3))).toContain('`workflow` .github/workflows/mine.yml');
    expect(await errand.pushed(job, '.github/workflows/mine.yml')).toBe('on: push\n');
  });

  test('is mended by the agent when it hears what blocks, and nobody is asked', async () => {
    const job = await errand.asksScript([
      'write CODEOWNERS <<* @mallory',
      'write done.txt <<done',
      'next delete CODEOWNERS',
    ]);
    const result = await job.result();
    await job.offers(result, ['Approve & merge', 'Request changes', 'Reject']);
    expect(job.words(result)).not.toContain('Look at first');
    expect(await errand.pushed(job, 'done.txt')).toBe('done');
    expect(await errand.pushed(job, 'CODEOWNERS')).toBeUndefined();
    const prompts = (await errand.eventsInside(job)).filter(({ kind }) => kind === 'prompt');
    expect(JSON.stringify(prompts)).toContain('- codeowners: ');
    job.expectNotifications(1);
  });

  test('is never pushed with a secret in it, and the secret is told to nobody', async () => {
    const rest = 'p_aZ3kQ9xVb7LmT2wRc8NpY5sHd4JfG6uE1vKt';
    const token = `gh${rest}`;
    // In the request it stands in two parts.
    const job = await errand.asksScript([`run printf 'const token = "gh%s";' ${rest} > keys.js`]);
    const result = await job.result();
    expect(job.words(result)).toContain('`secret` keys.js:1 holds what looks like a GitHub token');
    expect(job.words(result)).not.toContain('gates:');
    expect(pullOf(job)).toBeUndefined();
    expect(job.rendered()).not.toContain(token);
    expect(JSON.stringify(await errand.eventsInside(job))).not.toContain(token);
    const { stdout } = await execa('git', ['for-each-ref', '--format=%(refname)'], {
      cwd: join(errand.dir, 'github', ...(await repositoryFolder())),
    });
    expect(stdout).toContain('refs/heads/main');
    expect(stdout).not.toContain(job.name);
  });

  /** Where the world's GitHub keeps the repository, below its folder. */
  async function repositoryFolder(): Promise<string[]> {
    const { stdout } = await execa('find', [join(errand.dir, 'github'), '-name', 'shop.git', '-type', 'd']);
    return (
      stdout
        .split('\n')[0]
        ?.slice(join(errand.dir, 'github').length + 1)
        .split('/') ?? []
    );
  }
});
