// Agents that get green by other means than being right: they hear once what the gate saw, and what they leave as it is stands
// before the person who decides, with both sides of it. A change too large to be read is split instead of shown.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import type { JobThread } from '../support/job-thread.ts';
import { ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '8' } });
});
afterAll(() => errand.close());

const TEST = "test('adds', () => {\n  expect(sum(1, 2)).toBe(3);\n});\n";
const LOOSE = TEST.replace('toBe(3)', 'toBeTruthy()');
/** As a script has line ends. */
const inScript = (text: string) => text.replaceAll('\n', '\\n');
/** A last message that waits for the next prompt is read twice. */
const lastWords = (...lines: readonly string[]) => `next answer ${lines.join('\\u{5c}u{a}')}`;

/** A job in a repository of its own that holds these files and more. */
async function asks(
  story: string,
  script: readonly string[],
  { files = {}, others = [] }: { files?: Readonly<Record<string, string>>; others?: readonly string[] } = {},
) {
  const own = await ownRepository(errand, story);
  await errand.github.commitTo(own.repo, 'main', { 'sum.test.js': TEST, ...files }, { message: 'Begin' });
  const job = await errand.asksScript(script, { channel: own.channel, options: `repo=${own.repo}`, others });
  return { job, ...own };
}

const promptsOf = async (job: JobThread) =>
  (await errand.eventsInside(job))
    .filter(({ kind }) => kind === 'prompt')
    .map(({ data }) => JSON.stringify(data));

test('a test that was deleted is told to the agent, and never pushed', async () => {
  const { job, repo } = await asks('deleted', ['delete sum.test.js', 'write sum.js <<1']);
  const held = await job.result();
  expect(job.words(held)).toContain('`deleted_test` sum.test.js is a whole test file that was removed');
  await job.offers(held, ['Retry']);
  expect(errand.github.pulls(repo)).toEqual([]);
  const prompts = await promptsOf(job);
  expect(prompts).toHaveLength(2);
  expect(prompts[1]).toContain('- deleted_test: ');
});

test('a weakened assertion that stays is shown with both sides and the reason of the agent', async () => {
  const reason = 'The rule of three is gone, so the test only asks for a sum.';
  const { job, repo } = await asks('weakened', [
    `write sum.test.js <<${inScript(LOOSE)}`,
    lastWords('## Title', 'Add up', '## What changed', 'Sums', '## Risks', reason),
  ]);
  const result = await job.result();
  await job.offers(result, DECISION);
  expect(job.words(result)).toMatch(/Look at first.*sum\.test\.js:2.*toBe\(3\).* became .*toBeTruthy\(\)/s);
  expect(job.words(result)).toContain(reason);
  const prompts = await promptsOf(job);
  expect(prompts).toHaveLength(2);
  expect(prompts[1]).toMatch(/weakens what checks it.*- weakened_test: .*under Risks/s);
  const [pull] = errand.github.pulls(repo);
  expect(pull?.body).toMatch(/## Look at first.*toBeTruthy.*weakened_test.*## Risks.*rule of three/s);
});

test('a check that was switched off and is on again leaves nothing to look at', async () => {
  const { job, repo } = await asks(
    'switched-off',
    [
      'write package.json <<{"scripts":{"test":"echo ok"}}',
      'write sum.js <<1',
      'next write package.json <<{"scripts":{"test":"vitest run"}}',
    ],
    { files: { 'package.json': '{"scripts":{"test":"vitest run"}}' } },
  );
  const result = await job.result();
  await job.offers(result, DECISION);
  expect(job.words(result)).not.toContain('Look at first');
  expect((await promptsOf(job))[1]).toMatch(/- check_off: .*package\.json.*echo ok/s);
  expect(errand.github.pulls(repo)).toHaveLength(1);
  job.expectNotifications(1);
});

test('a skipped test is no news again in the next turn', async () => {
  const skipped = inScript(TEST.replace('test(', 'test.skip('));
  const { job } = await asks('skipped', [
    `write sum.test.js <<${skipped}\\ntest('b', () => expect(2).toBe(b()));`,
  ]);
  expect(job.words(await job.result())).toMatch(/Look at first.*adds.*which is skipped now/s);
  const before = (await promptsOf(job)).length;
  job.replies('script: write more.txt <<1');
  expect(job.words(await job.result(2))).toMatch(/Look at first.*adds.*which is skipped now/s);
  expect(await promptsOf(job)).toHaveLength(before + 1);
});

test('a file that the plan does not name is pointed at', async () => {
  const plan = { understood: 'Add up.', steps: ['Write sum.js'], files: ['sum.js'] };
  const { job } = await asks('planned', ['write sum.js <<1', 'write auth.js <<2'], {
    files: { '.agents/config.yml': 'plan: auto\n' },
    others: [`script planner: answer \`\`\`json\\u{a}${JSON.stringify(plan)}\\u{a}\`\`\``],
  });
  const result = await job.result();
  await job.offers(result, DECISION);
  expect(job.words(result)).toMatch(/Look at first.*auth\.js.*not among the files of the plan/s);
  expect(job.words(result)).not.toMatch(/`sum\.js`[^\n]*not among/);
});

const PARTS = { split: [{ title: 'Add the second half', what: 'Lines 101 to 1200, with their tests' }] };
const words = (parts: unknown) => lastWords('## Title', 'Count', '```json', JSON.stringify(parts), '```');

test('a change that is too large becomes its first part, and the rest is named', async () => {
  const { job, repo } = await asks('split', [
    'run seq 1 1200 > count.txt',
    'next run seq 1 100 > count.txt',
    words(PARTS),
  ]);
  const result = await job.result();
  await job.offers(result, DECISION);
  expect(job.words(result)).toMatch(/Left for later.*1\. Add the second half: Lines 101 to 1200/s);
  expect((await promptsOf(job))[1]).toMatch(/too large to be read in one sitting: 1,200 lines.*first part/s);
  const [pull] = errand.github.pulls(repo);
  expect(pull?.body).toMatch(/## Left for later\s+1\. Add the second half/);
  expect(pull?.body).not.toContain('"split"');
  job.expectNotifications(1);
});

test('a change that stays too large is not shown: people see the parts, and may raise the limit', async () => {
  const { job, repo } = await asks('too-large', ['run seq 1 1200 > count.txt', words(PARTS)]);
  const held = await job.result();
  expect(job.words(held)).toMatch(
    /No pull was opened.*1,200 lines.*1\. Add the second half.*raise that limit/s,
  );
  await job.offers(held, ['Retry']);
  expect(errand.github.pulls(repo)).toEqual([]);
  const raised = { '.agents/config.yml': 'limits:\n  diff_lines: 2000\n' };
  await errand.github.commitTo(repo, 'main', raised, { message: 'Let more pass' });
  await job.presses('Retry');
  await job.offers(await job.result(2), DECISION);
  expect(errand.github.pulls(repo)).toHaveLength(1);
});
