// What people may do with a plan: once however often it is delivered, by those who may start and steer, and never halfway.
import { expect, test } from 'vitest';
import type { ActionContext, Standpoint } from '../../src/actions/act.ts';
import { answerPlan, dropPlan, runPlan } from '../../src/actions/plan-job.ts';
import { splitPlan } from '../../src/actions/split-plan.ts';
import { isRefusal } from '../../src/errors.ts';
import type { JobPlan } from '../../src/job/plan.ts';
import { listJobs, loadJob } from '../../src/store/jobs.ts';
import { jobInStatus, MEMBER, SAMPLE_PLAN } from '../support/sample-job.ts';
import { addJob, now, shareRoom, tenTimes } from '../support/store-room.ts';

const room = shareRoom();
const context = (rules: Partial<ActionContext['rules']> = {}): ActionContext => ({
  store: room(),
  now,
  rules: { approvers: [], ...rules },
});
const ada = { team: 'T1', by: 'U0ADA', from: MEMBER };
const bob = { team: 'T1', by: 'U0BOB', from: MEMBER };
const code = (answer: unknown) => (isRefusal(answer) ? answer.code : 'done');

/** A job whose plan waits. `team` keeps its jobs apart from those of other tests. */
const waits = (plan: Partial<JobPlan> = {}, team = 'T1') => {
  const { id: _id, ...fields } = jobInStatus('waiting');
  return addJob(room(), { ...fields, team, plan: { ...SAMPLE_PLAN, ...plan } });
};
const TASKS = { tasks: ['Refactor the cart', 'Make it faster', 'Clean up its tests'] };

test('a press that is delivered ten times runs the plan once; a second one is told so', async () => {
  const { id: jobId } = await waits();
  const answers = await tenTimes(() => runPlan(context(), { jobId, ...ada, key: `run:${jobId}`, turn: 1 }));
  expect(answers.map(code)).toEqual(Array(10).fill('done'));
  expect(await loadJob(room().db.sql, jobId)).toMatchObject({
    status: 'queued',
    turn: 2,
    plan: { approvedBy: 'U0ADA' },
  });
  expect(code(await runPlan(context(), { jobId, ...bob, key: `bob:${jobId}`, turn: 1 }))).toBe(
    'already_decided',
  );
});

test('who runs a plan must be on both lists: those who start and those who steer', async () => {
  const { id: jobId } = await waits();
  const run = (rules: Partial<ActionContext['rules']>, from: Standpoint = MEMBER) =>
    runPlan(context(rules), { jobId, team: 'T1', by: 'U0BOB', from, turn: 1 });
  expect(code(await run({ start: ['U0ADA'] }))).toBe('not_listed');
  expect(code(await run({ steer: ['U0ADA'] }))).toBe('not_listed');
  expect(code(await run({}, { ...MEMBER, asker: { ...MEMBER.asker, standing: 'guest' } }))).toBe('guest');
  expect(code(await run({ start: ['U0BOB'], steer: ['U0BOB'] }))).toBe('done');
});

test('an answer and a drop ask for the same right as words and a stop', async () => {
  const questions = [{ question: 'Which?', proposals: ['This', 'That'] }];
  const { id: jobId } = await waits({ questions });
  const only = context({ steer: ['U0ADA'] });
  const chosen = { jobId, turn: 1, question: 0, proposal: 1 };
  expect(code(await answerPlan(only, { ...chosen, ...bob }))).toBe('not_listed');
  expect(code(await dropPlan(only, { jobId, ...bob, turn: 1 }))).toBe('not_listed');
  expect(code(await answerPlan(only, { ...chosen, ...ada, byName: 'Ada' }))).toBe('done');
  expect(await loadJob(room().db.sql, jobId)).toMatchObject({
    status: 'queued',
    plan: { chosen: [{ text: 'That', by: 'U0ADA', byName: 'Ada' }] },
  });
});

test('many presses by two people make one job for each task, and the first job names them', async () => {
  const team = 'T-SPLIT';
  const { id: jobId } = await waits(TASKS, team);
  const press = (who: typeof ada, key: string) => splitPlan(context(), { ...who, team, jobId, key, turn: 1 });
  const answers = await Promise.all([
    ...[1, 2, 3].map(() => press(ada, `split:ada:${jobId}`)),
    ...[1, 2, 3].map(() => press(bob, `split:bob:${jobId}`)),
  ]);
  expect(new Set(answers.map(code))).toEqual(new Set(['done', 'already_decided']));
  const made = (await listJobs(room().db.sql, { team })).filter(({ id }) => id !== jobId);
  expect(made.map(({ task }) => task.split('\n')[0]).toSorted()).toEqual([...TASKS.tasks].sort());
  for (const job of made)
    expect(job).toMatchObject({
      status: 'queued',
      kind: 'do',
      asOne: true,
      requester: 'U0ADA',
      base: 'main',
    });
  expect(await loadJob(room().db.sql, jobId)).toMatchObject({
    status: 'done',
    planEnd: { how: 'split', jobs: made.map(({ id }) => id).toReversed() },
  });
});

test('a plan of one task is not split, and whoever may not start splits none: no job is made', async () => {
  const team = 'T-WHOLE';
  const { id: one } = await waits({}, team);
  const { id: many } = await waits(TASKS, team);
  expect(code(await splitPlan(context(), { ...ada, team, jobId: one, turn: 1 }))).toBe('one_task');
  expect(code(await splitPlan(context({ start: ['U0BOB'] }), { ...ada, team, jobId: many, turn: 1 }))).toBe(
    'not_listed',
  );
  expect(code(await splitPlan(context(), { ...ada, team, jobId: many, turn: 3 }))).toBe('stale');
  expect(await listJobs(room().db.sql, { team })).toHaveLength(2);
});
