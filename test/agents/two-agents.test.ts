// One job by two real agents of different makers, in the real sandbox, offline: one writes, the other plans, judges the test
// plan and reviews. Each has a model of its own, which tells who was asked what.
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { type EditRule, SUMMARY, startMockModel } from '../support/mock-model.ts';
import { installAgent, wantedPairs } from '../support/real-agents.ts';

/** A real agent on a full machine takes its time, and here are six sessions. */
const PATIENCE_MS = 400_000;

let errand: Errand | undefined;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await errand?.close();
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

const PLAN = {
  understood: 'A greeting is wanted.',
  files: ['hello.txt', 'bye.txt'],
  steps: ['Write the greeting'],
  tests: [{ level: 'manual', must: 'hello.txt says hello' }],
};
const OBJECTION = {
  verdict: 'object',
  summary: 'Half of it is missing.',
  findings: [{ file: 'hello.txt', line: 1, severity: 'blocking', claim: 'There is no farewell.' }],
};
const APPROVAL = { verdict: 'approve', summary: 'Greeting and farewell are there.' };

describe.each(wantedPairs())('$author.name writes, $other.name plans and reviews', ({ author, other }) => {
  let folders: readonly string[] = [];
  beforeAll(async () => {
    const commands = [await installAgent(author), await installAgent(other)];
    folders = commands.map(([binary = '']) => dirname(binary));
  }, 1_200_000);

  it('goes from a plan over an objection to a verdict, and is merged', async () => {
    const rules: EditRule[] = [];
    const writing = await startMockModel(rules);
    const judging = await startMockModel([], {
      planner: PLAN,
      'test-plan judge': { objections: [] },
      reviewer: (said) => (said.includes('+bye') ? APPROVAL : OBJECTION),
    });
    stops.push(writing.stop, judging.stop);
    errand = await openErrand({
      env: {
        ...author.env(writing.url),
        ...other.env(judging.url),
        ERRAND_AGENT: author.name,
        PATH: [...folders, process.env['PATH']].join(delimiter),
        ERRAND_SANDBOX: 'srt',
        ERRAND_PLAN: 'auto',
        ERRAND_REVIEW: 'on',
      },
    });
    const phases = `phases:\n  plan: {agent: ${other.name}}\n  review: {agent: ${other.name}}\n`;
    const settings = { '.agents/config.yml': phases };
    await errand.github.commitTo(errand.repo, 'main', settings, { message: 'Name who reviews' });
    const tree = join(errand.dir, 'home', 'jobs', 'J-1', 'tree');
    rules.push(
      { when: /greeting/, path: join(tree, 'hello.txt'), content: 'hello\n' },
      { when: /There is no farewell/, path: join(tree, 'bye.txt'), content: 'bye\n' },
    );

    const job = await errand.asks('/agent do Please write the greeting into a file.');
    const result = await job.result(1, PATIENCE_MS);
    await job.offers(result, DECISION);

    const [pull] = errand.github.pulls(errand.repo);
    expect(pull?.body).toContain(APPROVAL.summary);
    const parts = ({ asked }: typeof writing) => [...new Set(asked.map(({ part }) => part))];
    expect(parts(writing)).toEqual(['author']);
    expect(parts(judging)).toEqual(['planner', 'test-plan judge', 'reviewer']);
    expect(judging.heard.join('\n'), 'what the author said').not.toContain(SUMMARY);
    for (const session of [`planner (\`${other.name}\`)`, `author (\`${author.name}\`)`])
      expect(pull?.body).toContain(session);
    expect(pull?.body?.split(`reviewer (\`${other.name}\`)`)).toHaveLength(3);

    await job.presses('Approve');
    await job.cardSays('Merged', 60_000);
    expect(await errand.github.readFile(errand.repo, 'main', 'hello.txt')).toBe('hello\n');
    expect(await errand.github.readFile(errand.repo, 'main', 'bye.txt')).toBe('bye\n');
    job.expectNotifications(1);
  }, 600_000);
});
