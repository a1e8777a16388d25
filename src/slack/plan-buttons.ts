// What presses on a plan do: run it, answer its questions, make its tasks jobs of their own, drop it. *Change* is the same
// form as *Request changes*. Who may press, and whether the plan still waits, is read from the database.
import { noSuchJob } from '../actions/act.ts';
import { answerPlan, dropPlan, runPlan } from '../actions/plan-job.ts';
import { splitPlan } from '../actions/split-plan.ts';
import { pressing } from './buttons.ts';

export const pressRun = pressing('start', (desk, wish) => runPlan(desk.actions, wish));
export const pressRunAsOne = pressing('start', (desk, wish) =>
  runPlan(desk.actions, { ...wish, asOne: true }),
);
export const pressSplit = pressing('start', (desk, wish) => splitPlan(desk.actions, wish));
export const pressDrop = pressing('stop', (desk, wish) => dropPlan(desk.actions, wish));
export const pressAnswer = pressing('steer', async (desk, wish, { choice }) => {
  if (choice === undefined) return noSuchJob(wish.jobId);
  const byName = await desk.people.nameOf(wish.by);
  return answerPlan(desk.actions, { ...wish, ...choice, ...(byName === undefined ? {} : { byName }) });
});
