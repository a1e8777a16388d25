// Real agents through the whole bot, in the real sandbox, offline: from `/agent fix` to a merged pull, and a follow-up turn
// in the agent's own old session.
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { type EditRule, startMockModel } from '../support/mock-model.ts';
import { installAgent, wantedAgents } from '../support/real-agents.ts';

/** A real agent on a full machine takes its time. */
const PATIENCE_MS = 180_000;

let errand: Errand | undefined;
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await errand?.close();
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

describe.each(wantedAgents())('$name, inside the sandbox', (real) => {
  let command: string[] = [];
  beforeAll(async () => {
    command = await installAgent(real);
  });

  it('fixes an issue, goes on after a reply, and is merged', async () => {
    const rules: EditRule[] = [];
    const model = await startMockModel(rules);
    stops.push(model.stop);
    errand = await openErrand({
      env: {
        ...real.env(model.url),
        ERRAND_AGENT: command.join(' '),
        ERRAND_SANDBOX: 'srt',
        ERRAND_PLAN: 'off',
        ERRAND_REVIEW: 'off',
      },
    });
    const tree = join(errand.dir, 'home', 'jobs', 'J-1', 'tree');
    rules.push(
      { when: /greeting/, path: join(tree, 'hello.txt'), content: 'hello\n' },
      { when: /farewell/, path: join(tree, 'bye.txt'), content: 'bye\n' },
    );
    const issue = errand.files({ title: 'Add the greeting', body: 'Please write the greeting into a file.' });

    const job = await errand.asks(`/agent fix #${issue}`);
    await job.result(1, PATIENCE_MS);
    const [pull] = errand.github.pulls(errand.repo);
    expect(await errand.github.readFile(errand.repo, `errand/${job.name}`, 'hello.txt')).toBe('hello\n');

    job.replies('And the farewell, too.');
    await job.result(2, PATIENCE_MS);
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
    expect(model.heard.at(-1)).toMatch(/greeting[\s\S]*farewell/);

    await job.presses('Approve');
    await job.cardSays('Merged', 60_000);
    expect(errand.github.pull(errand.repo, pull?.number ?? 0).mergedAt).not.toBeNull();
    expect(await errand.github.readFile(errand.repo, 'main', 'bye.txt')).toBe('bye\n');
    expect(job.cardText()).toMatch(/context \d+ %/);
    job.expectNotifications(2);
  }, 400_000);
});

describe.each(wantedAgents().filter(({ models }) => models.length > 0))(
  '$name, with a model for each part',
  (real) => {
    let command: string[] = [];
    beforeAll(async () => {
      command = await installAgent(real);
    });

    it('plans, works and is reviewed in sessions of their own', async () => {
      const rules: EditRule[] = [];
      const model = await startMockModel(rules, {
        planner: {
          understood: 'A greeting is wanted.',
          files: ['hello.txt'],
          steps: ['Write the greeting'],
          tests: [{ level: 'manual', must: 'hello.txt says hello' }],
        },
        'test-plan judge': { objections: [] },
        reviewer: { verdict: 'approve', summary: 'The greeting is there.' },
      });
      stops.push(model.stop);
      const [binary = ''] = command;
      errand = await openErrand({
        env: {
          ...real.env(model.url),
          // By its name, so that its modes for planning and working are used.
          ERRAND_AGENT: real.name,
          PATH: [dirname(binary), process.env['PATH']].join(delimiter),
          ERRAND_SANDBOX: 'srt',
          ERRAND_PLAN: 'auto',
          ERRAND_REVIEW: 'on',
        },
      });
      const [planner = '', author = '', reviewer = ''] = real.models;
      await errand.github.commitTo(
        errand.repo,
        'main',
        {
          '.agents/config.yml': `phases:\n  plan: {model: ${planner}}\n  implement: {model: ${author}}\n  review: {model: ${reviewer}}\n`,
        },
        { message: 'Choose a model for each phase' },
      );
      const tree = join(errand.dir, 'home', 'jobs', 'J-1', 'tree');
      rules.push({ when: /greeting/, path: join(tree, 'hello.txt'), content: 'hello\n' });

      const job = await errand.asks('/agent do Please write the greeting into a file.');
      await job.result(1, PATIENCE_MS);

      expect(await errand.github.readFile(errand.repo, `errand/${job.name}`, 'hello.txt')).toBe('hello\n');
      const told = model.asked.map(({ model: which, part }) => `${part}: ${which}`);
      expect([...new Set(told)]).toEqual([
        'planner: mock-planner',
        'test-plan judge: mock-reviewer',
        'author: mock-author',
        'reviewer: mock-reviewer',
      ]);
      const [pull] = errand.github.pulls(errand.repo);
      expect(pull?.body).toContain('The greeting is there.');
      job.expectNotifications(1);
    }, 400_000);
  },
);
