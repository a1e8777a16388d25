// A check can stay green and look at less: fewer tests than on the base, or none. And one that is red anyway can be red for
// something new. Both are noticed by what test runners print.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DECISION, IN_SPITE } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { ownBranch, promptsOf, runsOf } from '../support/own-branch.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '4' } });
});
afterAll(() => errand.close());

/** A project whose tests print what stands in a file, as `npm test` prints what a script of the tree lets it run. */
const project = (printed: string, command = 'cat printed.txt') => ({
  'printed.txt': `${printed}\n`,
  '.agents/config.yml': `checks:\n  tests: ${command}\n`,
});

const shownBy = async (job: Awaited<ReturnType<Errand['asksScript']>>) => {
  const result = await job.result(1, 100_000);
  return { result, words: job.words(result) };
};

test.concurrent('a check that runs fewer tests than on the base goes back once, and then stands before people', async () => {
  const { asks, base } = await ownBranch(errand, 'fewer', project('# pass 41'));
  const job = await asks([
    'write printed.txt <<# pass 38',
    'next write more.txt <<1',
    'next write again.txt <<1',
  ]);
  const { result, words } = await shownBy(job);
  await job.offers(result, DECISION);
  expect(words).toContain('The check tests ran 38 tests where the base ran 41 tests.');
  expect(words).toMatch(new RegExp(`✓ \\*\\*tests\\*\\* passed in \\d+ s, 38 tests, 41 tests on ${base}`));
  expect(words).toMatch(/Medium risk/);
  const prompts = await promptsOf(errand, job);
  expect(prompts, 'it is told once').toHaveLength(2);
  expect(prompts[1]).toContain('- tests: `cat printed.txt` ran 38 tests where the base ran 41 tests');
});

test.concurrent('tests that come back are nothing to speak of, and the base is counted once', async () => {
  const { asks } = await ownBranch(errand, 'back', project('# pass 41'));
  const job = await asks(['write printed.txt <<# pass 0', 'next write printed.txt <<# pass 42']);
  const { result, words } = await shownBy(job);
  await job.offers(result, DECISION);
  expect(words).not.toContain('where the base ran');
  expect(words).toMatch(/passed in \d+ s, 42 tests/);
  expect((await promptsOf(errand, job))[1]).toContain('ran no tests where the base ran 41 tests');
  expect(await runsOf(errand, job)).toEqual([
    'change: tests passed',
    'base: tests passed',
    'change: tests passed',
  ]);
  const other = await asks(['write good.txt <<1']);
  await shownBy(other);
  expect(await runsOf(errand, other), 'another job of the same base').toEqual(['change: tests passed']);
});

test.concurrent.for([
  ['says that none ran', '# pass 0', 'ran no tests where the base ran 41 tests', IN_SPITE],
  ['ran less than half', '# pass 3', 'ran 3 tests where the base ran 41 tests', IN_SPITE],
  [
    'says nothing any more',
    'all is well',
    'does not say that it ran any tests, where the base ran 41 tests',
    IN_SPITE,
  ],
] as const)('a green check that %s is no proof', async ([, printed, said, buttons]) => {
  const { asks } = await ownBranch(errand, 'none', project('# pass 41'));
  const job = await asks([`write printed.txt <<${printed}`, 'next write more.txt <<1']);
  const { result, words } = await shownBy(job);
  await job.offers(result, [...buttons]);
  expect(words).toContain(`The check tests ${said}.`);
});

test.concurrent('a check that is green without a test is said to be so, whatever the base did', async () => {
  const { asks } = await ownBranch(errand, 'empty', project('No tests found, exiting with code 0'));
  const job = await asks(['write good.txt <<1', 'next write more.txt <<1']);
  const { result, words } = await shownBy(job);
  await job.offers(result, DECISION);
  expect(words).toContain('The check tests is green and says that it ran no tests.');
});

test.concurrent('what fails anew beside what failed before is broken by the change', async () => {
  const { asks, base } = await ownBranch(
    errand,
    'anew',
    project('not ok 1 - old', 'cat printed.txt; exit 1'),
  );
  const job = await asks([
    'write printed.txt <<not ok 1 - fresh\\nnot ok 2 - old',
    'next write more.txt <<1',
    'next write again.txt <<1',
    'next write never.txt <<1',
  ]);
  const { result, words } = await shownBy(job);
  await job.offers(result, IN_SPITE);
  expect(words).toMatch(new RegExp(`✗ \\*\\*tests\\*\\* failed .*, red on ${base} as well, but not “fresh”`));
  expect(words).toContain('was red before, but not because of “fresh”');
  const prompts = await promptsOf(errand, job);
  expect(prompts, 'the task and two rounds').toHaveLength(3);
  expect(prompts[1]).toContain('It is red without your change, too, but not because of these:\n- fresh');
});
