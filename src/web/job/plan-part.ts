// The plan of a job: what was understood and will be done, and the agent's own list as it ticks it off.
import { html } from 'hono/html';
import type { PlanStep } from '../../job/agent-update.ts';
import type { Job } from '../../job/job.ts';
import type { JobPlan } from '../../job/plan.ts';
import type { Html } from '../pages/layout.ts';
import { prose, proseLine } from '../pages/markdown.ts';
import { type Names, shownLine } from '../pages/text.ts';
import { drawSteps } from './update-item.ts';

export function drawPlan(job: Job, { steps, names }: { steps: readonly PlanStep[]; names: Names }): Html {
  if (job.plan === undefined && steps.length === 0) {
    if (job.planMissing === undefined) return html``;
    return html`<section class="card" aria-labelledby="plan"><h2 id="plan">Plan</h2><p>There is none: it ${shownLine(job.planMissing, 400)}</p></section>`;
  }
  const done = steps.filter(({ status }) => status === 'completed').length;
  return html`<section class="card" aria-labelledby="plan"><h2 id="plan">Plan</h2>
${job.plan === undefined ? '' : drawBody(job.plan, names)}
${steps.length === 0 ? '' : html`<h3>The agent's own list: ${done} of ${steps.length} done</h3>${drawSteps(steps)}`}
</section>`;
}

function drawBody(plan: JobPlan, names: Names): Html {
  const list = (title: string, items: readonly string[]) =>
    items.length === 0
      ? ''
      : html`<h3>${title}</h3><ul>${items.map((item) => html`<li>${proseLine(item, 600)}</li>`)}</ul>`;
  const state =
    plan.state === 'approved' && plan.approvedBy !== undefined
      ? html`<p class="faint">${names(plan.approvedBy)} let it run.</p>`
      : '';
  return html`${prose(plan.understood, 4_000)}${state}
<h3>Steps</h3><ol>${plan.steps.map((step) => html`<li>${proseLine(step, 600)}</li>`)}</ol>
${list(
  'Tests',
  plan.tests.map(({ level, must }) => `${level.replaceAll('_', ' ')}: ${must}`),
)}
${list(
  'Assumed',
  plan.assumptions.map(({ assumed, instead }) =>
    instead.length > 0 ? `${assumed} (not chosen: ${instead.join('; ')})` : assumed,
  ),
)}
${list('Several tasks', plan.tasks)}
${list('Files', plan.files)}
${list(
  'Chosen',
  (plan.chosen ?? []).map(
    ({ question, text, by }) => `${plan.questions[question]?.question ?? ''} ${text} (${names(by)})`,
  ),
)}`;
}
