// The buttons of the job page. Each opens to what it will do, and a second press does it: nothing happens by one slip of a
// finger, with or without scripts.
import { randomBytes } from 'node:crypto';
import { html } from 'hono/html';
import type { Job } from '../../job/job.ts';
import { mergeDoubts } from '../../job/merge-doubts.ts';
import type { Offer } from '../../job/offers.ts';
import { shownLine as planLine } from '../../job/planning.ts';
import type { Html } from '../pages/layout.ts';
import { proseLine } from '../pages/markdown.ts';
import { shown, shownLine } from '../pages/text.ts';
import type { Viewer } from '../site.ts';
import { knowingOf } from './knowing.ts';
import { commit, LABELS } from './words.ts';

/** Longest text that a person may send; Slack's form takes as much. */
export const INPUT_LIMIT = 3_000;

type Place = Readonly<{ job: Job; jobName: string; viewer: Viewer }>;

export function drawActions(place: Place, offers: readonly Offer[]): Html {
  if (offers.length === 0) return html``;
  const answers = offers.filter((offer) => offer.act === 'plan_answer');
  const others = offers.filter((offer) => offer.act !== 'plan_answer');
  return html`<section class="card actions" aria-labelledby="what-now">
<h2 id="what-now">What now?</h2>
${questions(place, answers)}
<div class="buttons">${others.map((offer) => drawOffer(place, offer))}</div>
</section>`;
}

type Answer = Extract<Offer, { act: 'plan_answer' }>;

function questions(place: Place, answers: readonly Answer[]): Html {
  const { plan } = place.job;
  const asked = [...new Set(answers.map(({ question }) => question))];
  return html`${asked.map((question) => {
    const { question: words = '', proposals = [] } = plan?.questions[question] ?? {};
    const own = answers.filter((answer) => answer.question === question);
    return html`<div class="question"><p><strong>${proseLine(planLine(words, 'question'), 900)}</strong></p>${own.map(
      (answer) =>
        html`<form method="post" action="/jobs/${place.jobName}/press">${carried(place, answer)}<button>${shown(planLine(proposals[answer.proposal] ?? '', 'proposal')) || `Answer ${answer.proposal + 1}`}</button></form>`,
    )}</div>`;
  })}`;
}

/** What a press carries: whose form it is, what was seen, and a key by which it counts once. */
function carried({ viewer }: Place, offer: Offer): Html {
  const { act, ...seen } = offer;
  const fields = Object.entries(seen).filter(
    ([, value]) => typeof value === 'string' || typeof value === 'number',
  );
  return html`<input type="hidden" name="token" value="${viewer.formToken}">
<input type="hidden" name="key" value="${randomBytes(16).toString('base64url')}">
<input type="hidden" name="act" value="${act}">
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${String(value)}">`)}
${offer.act === 'approve' && offer.blocking.length > 0 ? html`<input type="hidden" name="knowing" value="${knowingOf(offer.blocking)}">` : ''}`;
}

function drawOffer(place: Place, offer: Exclude<Offer, Answer>): Html {
  const { say, confirm, look, field } = describe(place, offer);
  const knowing = offer.act === 'approve' && offer.blocking.length > 0;
  const label = knowing ? 'Approve & merge anyway' : LABELS[offer.act];
  return html`<details class="offer" name="offer"><summary class="button ${look}">${label}</summary>
<form class="sheet" method="post" action="/jobs/${place.jobName}/press">
${carried(place, offer)}
${say}
${field === undefined ? '' : html`<label>${field.label}<textarea name="text" rows="4" maxlength="${INPUT_LIMIT}"${field.required ? html` required` : ''}></textarea></label>`}
<button class="${look}">${confirm}</button>
</form></details>`;
}

type Sheet = Readonly<{
  say: Html;
  confirm: string;
  look: '' | 'primary' | 'danger';
  field?: Readonly<{ label: string; required: boolean }>;
}>;

function describe({ job }: Place, offer: Exclude<Offer, Answer>): Sheet {
  const p = (words: string) => html`<p>${words}</p>`;
  switch (offer.act) {
    case 'approve':
      return offer.blocking.length > 0 ? approveAnyway(job, offer) : approve(job, offer);
    case 'reject':
      return {
        say: p('The pull request is closed with your reason as a comment, and its branch is deleted.'),
        confirm: 'Reject',
        look: 'danger',
        field: { label: 'Why? The author and the next agent learn from it.', required: false },
      };
    case 'changes':
      return {
        say: p('The agent goes on with the same branch and pull request, and hears your words.'),
        confirm: 'Send',
        look: '',
        field: { label: 'What should be different?', required: true },
      };
    case 'update':
      return {
        say: p(
          `Merges ${shownLine(job.base, 80)} into the branch. An agent is asked only where something conflicts.`,
        ),
        confirm: 'Update branch',
        look: '',
      };
    case 'retry':
      return {
        say: p('Tries again from where it was; the work so far is kept.'),
        confirm: 'Retry',
        look: 'primary',
      };
    case 'stop':
      return {
        say: p(
          job.status === 'merging'
            ? "Takes the pull request out of GitHub's merge queue where that is possible. You can decide again afterwards."
            : 'The agent is stopped right away and no pull request is opened. What it has done so far is kept for a week.',
        ),
        confirm: 'Stop it',
        look: 'danger',
      };
    case 'interrupt':
      return {
        say: p('Cancels what the agent is doing; it hears the replies that wait and goes on.'),
        confirm: 'Interrupt now',
        look: '',
      };
    default:
      return describeRest(job, offer.act);
  }
}

type Rest = 'plan_run' | 'plan_one' | 'plan_split' | 'plan_drop' | 'remember';

/** What is offered before the work and after it. */
function describeRest(job: Job, act: Rest): Sheet {
  const p = (words: string) => html`<p>${words}</p>`;
  switch (act) {
    case 'plan_run':
      return { say: p('Work begins from this plan.'), confirm: 'Run', look: 'primary' };
    case 'plan_one':
      return { say: p('Works on all of it as one job.'), confirm: 'Run as one', look: '' };
    case 'plan_split':
      return {
        say: p(`Makes ${job.plan?.tasks.length ?? 0} jobs of it, one a task.`),
        confirm: 'Run as several jobs',
        look: 'primary',
      };
    case 'remember':
      return {
        say: p(
          'A job of its own proposes what people said here as a rule for this repository, as a pull request. You decide on it like on any other.',
        ),
        confirm: 'Remember it',
        look: '',
      };
    case 'plan_drop':
      return { say: p('Nothing is done, and the job is over.'), confirm: 'Drop', look: 'danger' };
  }
}

type Approve = Extract<Offer, { act: 'approve' }>;

function approve(job: Job, { sha, base }: Approve): Sheet {
  return {
    say: html`${mergeDoubts(job).map((doubt) => html`<p><strong>${shownLine(doubt, 300)}</strong></p>`)}<p>Merges exactly ${commit(sha)} of #${job.pull?.number} into <code>${shownLine(base, 80)}</code>. If anything was pushed since, nothing is merged.</p>`,
    confirm: 'Merge',
    look: 'primary',
  };
}

function approveAnyway(job: Job, { sha, base, blocking }: Approve): Sheet {
  return {
    say: html`<p><strong>Merge in spite of this?</strong></p><ul>${blocking.map((each) => html`<li>${proseLine(each, 600)}</li>`)}</ul><p>Merges ${commit(sha)} of #${job.pull?.number} into <code>${shownLine(base, 80)}</code> all the same.</p>`,
    confirm: 'Merge anyway',
    look: 'danger',
  };
}
