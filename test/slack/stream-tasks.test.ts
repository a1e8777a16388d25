// A running turn as task cards: which there are, what they say, and that only what changed is told.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Progress } from '../../src/job/agent-update.ts';
import { asStreamed, buildTasks, changedTasks, sessionTitle } from '../../src/slack/stream-tasks.ts';
import { anyText } from '../property/hostile.ts';
import { jobInStatus, SAMPLE_PLAN } from '../support/sample-job.ts';

const RUNNING = jobInStatus('running');
const NOTHING: Progress = { plan: [], usage: {} };
const lines = (...built: Parameters<typeof buildTasks>) =>
  buildTasks(...built).map(({ status, title }) => `${status} ${title}`);

test('the phase at hand says what the agent does, phases before it are complete, steps stand as they are', () => {
  const seen = asStreamed(buildTasks({ ...RUNNING, phase: 'prepare' }, NOTHING, {}));
  const progress: Progress = {
    plan: [
      { text: 'Read the cart', status: 'completed' },
      { text: 'Round once', status: 'in_progress' },
    ],
    activity: 'npm test',
    usage: {},
  };
  expect(lines({ ...RUNNING, phase: 'implement' }, progress, seen)).toEqual([
    'complete Get the code ready',
    'in_progress Work: npm test',
    'complete Read the cart',
    'in_progress Round once',
  ]);
});

test('until the agent has a list of its own, the steps of the plan that it works from wait', () => {
  const [, first] = lines({ ...RUNNING, plan: { ...SAMPLE_PLAN, turn: 1 } as never }, NOTHING, {});
  expect(first).toBe(`pending ${SAMPLE_PLAN.steps[0]}`);
});

test('only what changed is told again, and no task of another turn', () => {
  const before = buildTasks(RUNNING, NOTHING, {});
  expect(changedTasks(before, asStreamed(before))).toEqual([]);
  const next = buildTasks(RUNNING, { ...NOTHING, activity: 'npm test' }, asStreamed(before));
  expect(changedTasks(next, asStreamed(before))).toHaveLength(1);
  const [task] = buildTasks({ ...RUNNING, turn: 2 }, NOTHING, {});
  expect(task?.id).not.toBe(before[0]?.id);
});

test('whatever an agent calls its steps, titles stay short and mention nobody', () => {
  fc.assert(
    fc.property(fc.array(anyText, { maxLength: 40 }), anyText, (steps, activity) => {
      const plan = steps.map((text) => ({ text, status: 'pending' as const }));
      const tasks = buildTasks(
        { ...RUNNING, task: activity, issue: undefined },
        { plan, activity, usage: {} },
        {},
      );
      expect(tasks.length).toBeLessThanOrEqual(16);
      const titles = [
        ...tasks.map(({ title }) => title),
        sessionTitle({ ...RUNNING, task: activity, issue: undefined }),
      ];
      for (const title of titles) {
        expect(title.length).toBeGreaterThan(0);
        expect(title.length).toBeLessThanOrEqual(200);
        expect(title).not.toMatch(/<[@!#]/);
      }
    }),
  );
});
