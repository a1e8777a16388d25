// The repository's own checks: run by Errand on exactly what would be pushed, before anybody is asked. What the change broke
// goes back to the agent; what was red before is told apart; what stays red is said where people decide.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '8' } });
});
afterAll(() => errand.close());

/** A script of a repository that names `settings`, in a branch of its own, told to the agent. */
async function asks(name: string, settings: readonly string[], script: readonly string[]) {
  const base = `${name}-${crypto.randomUUID().slice(0, 6)}`;
  await errand.github.commitTo(
    errand.repo,
    base,
    { '.agents/config.yml': settings.join('\n') },
    { message: 'Name the checks' },
  );
  const channel = errand.slack.addChannel({ name: base, members: [errand.ann, errand.bob] }).id;
  const job = await errand.asksScript(script, { channel, options: `base=${base} repo=${errand.repo}` });
  return { job, base };
}

const pullOf = (job: JobThread) =>
  errand.github.pulls(errand.repo).find((pull) => pull.head.ref === `errand/${job.name}`);

const promptsOf = async (job: JobThread) =>
  (await errand.eventsInside(job))
    .filter(({ kind }) => kind === 'prompt')
    .map(({ data }) => JSON.stringify(data));

const runsOf = async (job: JobThread) =>
  (await errand.eventsInside(job)).flatMap(({ kind, data }) =>
    kind === 'note' && data['name'] === 'checked'
      ? [`${data['on']}: ${data['check']} ${data['outcome']}`]
      : [],
  );

test.concurrent('green checks stand beside what the agent says, in the thread and in the pull', async () => {
  const { job } = await asks(
    'green',
    [
      'setup: echo ready > .ready',
      'checks:',
      '  tests: cat .ready done.txt',
      '  clean: test ! -e left-over.log',
    ],
    // Ignored files of the agent are not there when its work is checked.
    ['write done.txt <<done', 'write .gitignore <<*.log', 'write left-over.log <<1'],
  );
  const result = await job.result();
  await job.offers(result, DECISION);
  expect(job.words(result)).toMatch(
    /Checks, run by Errand.*✓ \*\*tests\*\* passed in .*`cat \.ready done\.txt`/s,
  );
  expect(job.words(result)).toContain('✓ **clean** passed');
  expect(job.words(result)).toContain('What the agent says it checked');
  expect(job.words(result)).not.toContain('Not green');
  expect(pullOf(job)?.body).toMatch(/## Checks, run by Errand on this commit\s+- ✓ \*\*tests\*\* passed in/);
  expect(await runsOf(job), 'once on the base, to know how many tests run there').toEqual([
    'change: setup passed',
    'change: tests passed',
    'change: clean passed',
    'base: setup passed',
    'base: tests failed',
  ]);
  expect(await errand.pushed(job, '.ready')).toBeUndefined();
  job.expectNotifications(1);
});

test.concurrent('what the change broke goes back to the agent, which mends it, and people are asked once', async () => {
  const { job } = await asks(
    'mended',
    // What a red run leaves in its home must not decide how the base does.
    [
      'checks:',
      '  tests: test ! -e "$HOME/left" -a ! -e bad.txt || { touch "$HOME/left"; echo "bad.txt must not be" >&2; exit 3; }',
    ],
    ['write bad.txt <<1', 'write good.txt <<1', 'next delete bad.txt'],
  );
  const result = await job.result();
  await job.offers(result, DECISION);
  expect(job.words(result)).toContain('✓ **tests** passed');
  expect(await errand.pushed(job, 'good.txt')).toBe('1');
  expect(await errand.pushed(job, 'bad.txt')).toBeUndefined();
  const [, second = ''] = await promptsOf(job);
  expect(second).toContain('failed with exit code 3');
  expect(second).toContain('bad.txt must not be');
  expect(await runsOf(job)).toEqual(['change: tests failed', 'base: tests passed', 'change: tests passed']);
  job.expectNotifications(1);
});

test.concurrent('what stays red after two rounds is said where people decide', async () => {
  const { job, base } = await asks(
    'red',
    ['checks:', '  tests: test ! -e bad.txt', '  lint: "true"'],
    ['write bad.txt <<1', 'next write one.txt <<1', 'next write two.txt <<1', 'next write three.txt <<1'],
  );
  // Three lives of an agent, four rounds of checks.
  const result = await job.result(1, 100_000);
  await job.offers(result, ['Approve & merge anyway', 'Request changes', 'Reject']);
  expect(job.words(result)).toMatch(
    new RegExp(`✗ \\*\\*tests\\*\\* failed with exit code 1 after .*, green on ${base}`),
  );
  expect(job.words(result), 'the question before the merge').toContain(
    'The check tests failed with exit code 1',
  );
  expect(await promptsOf(job), 'the task and two rounds').toHaveLength(3);
  expect(pullOf(job)?.body).toContain('✗ **tests** failed');
  job.expectNotifications(1);
});

test.concurrent('what was red before is told apart and not blamed on the change', async () => {
  const { job, base } = await asks(
    'before',
    ['checks:', '  types: echo it was so; exit 2', '  slow: {run: sleep 60, minutes: 0.02}'],
    ['write done.txt <<done', 'next write blamed.txt <<1'],
  );
  const result = await job.result();
  await job.offers(result, DECISION);
  expect(job.words(result)).toMatch(
    new RegExp(`✗ \\*\\*types\\*\\* failed with exit code 2 .*, red on ${base} as well`),
  );
  expect(job.words(result)).toMatch(
    new RegExp(`✗ \\*\\*slow\\*\\* was not done within 1 s, red on ${base} as well`),
  );
  expect(await promptsOf(job)).toHaveLength(1);
  expect(await errand.pushed(job, 'blamed.txt')).toBeUndefined();
});

test.concurrent('a set-up that fails leaves the checks unrun, and says so', async () => {
  const { job } = await asks(
    'set-up',
    ['setup: [echo one, exit 7]', 'checks:', '  tests: "true"'],
    ['write a.txt <<1'],
  );
  const result = await job.result();
  expect(job.words(result)).toContain('✗ **setup** failed with exit code 7');
  expect(job.words(result)).toContain('✗ **tests** was not run');
  expect(await runsOf(job)).toEqual([
    'change: setup passed',
    'change: setup failed',
    'base: setup passed',
    'base: setup failed',
  ]);
});

test.concurrent('a turn that changes nothing is not checked', async () => {
  const { job } = await asks('answer', ['checks:', '  tests: exit 1'], ['say It is 42.']);
  const result = await job.result();
  expect(job.words(result)).toContain('It is 42.');
  expect(await runsOf(job)).toEqual([]);
});

test.concurrent('Stop ends a check that takes long, and the work is kept', async () => {
  const { job } = await asks('stopped', ['checks:', '  tests: sleep 600'], ['write a.txt <<1']);
  await job.cardSays('Checking');
  await job.presses('Stop');
  expect(job.words(await job.result())).toContain('was stopped');
  expect(pullOf(job)).toBeUndefined();
});
