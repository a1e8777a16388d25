// Tokens, money and how full the context was, over time, as pictures and in words.
import { html } from 'hono/html';
import { contextPercent } from '../../job/agent-update.ts';
import type { Job } from '../../job/job.ts';
import { sumSessions } from '../../job/sessions.ts';
import { describeCost } from '../../job/verdict-text.ts';
import type { UsageSample } from '../../store/transcript.ts';
import type { Html } from '../pages/layout.ts';
import { drawLine, type Point } from '../pages/line-picture.ts';
import { duration, shownLine, time } from '../pages/text.ts';

export function drawCosts(job: Job, samples: readonly UsageSample[]): Html {
  const { spent } = job;
  const total =
    spent === undefined
      ? ''
      : html`<p>All sessions of this job so far: ${spent.tokens.toLocaleString('en-US')} tokens${spent.cost > 0 ? `, ${spent.cost.toFixed(2)} USD` : ''}, as far as agents tell.</p>`;
  const pictures = [drawContext(job, samples), drawMoney(samples)].filter((picture) => picture !== undefined);
  if (pictures.length === 0 && spent === undefined)
    return html`<p class="empty">This agent has told nothing of its tokens and money yet.</p>`;
  return html`${total}${pictures}${drawSessions(job)}`;
}

function drawContext(job: Job, samples: readonly UsageSample[]): Html | undefined {
  const points = samples.flatMap(({ at, usage }): Point[] => {
    const percent = contextPercent(usage);
    return percent === undefined ? [] : [{ x: at.getTime(), y: percent }];
  });
  if (points.length < 2) return undefined;
  const most = Math.max(...points.map(({ y }) => y));
  const handedOver = [...job.results.flatMap((result) => result.handedOver ?? []), ...(job.handedOver ?? [])];
  const marks = handedOver.map(({ at }) => ({ x: Date.parse(at), say: 'handed over' }));
  const [first = { x: 0, y: 0 }, last = { x: 0, y: 0 }] = [points[0], points.at(-1)];
  const inRange = marks.filter(({ x }) => x >= first.x && x <= last.x);
  const title = `How full the author's context was: from ${Math.round(first.y)} % to ${Math.round(last.y)} %, at most ${Math.round(most)} %${handedOver.length > 0 ? `, handed over ${handedOver.length} times to a fresh session` : ''}.`;
  return html`<figure><figcaption>${title}</figcaption>${drawLine({ title, points: spread(points), most: 100, topLabel: '100 %', fromLabel: '', toLabel: lasting(last.x - first.x), marks: inRange, look: 'context' })}</figure>`;
}

/** What was stored in one go has one time; then their order has to do. */
function spread(points: readonly Point[]): readonly Point[] {
  const isOneMoment = points.every(({ x }) => x === points[0]?.x);
  return isOneMoment ? points.map(({ y }, x) => ({ x, y })) : points;
}

function lasting(ms: number): string {
  return ms === 0 ? '' : `after ${duration(ms)}`;
}

/** Counters of sessions begin anew; what is drawn only grows. */
function drawMoney(samples: readonly UsageSample[]): Html | undefined {
  let [sum, last] = [0, 0];
  let currency = 'USD';
  const points = samples.flatMap(({ at, usage: { cost } }): Point[] => {
    if (cost === undefined) return [];
    sum += cost.amount >= last ? cost.amount - last : cost.amount;
    last = cost.amount;
    currency = cost.currency;
    return [{ x: at.getTime(), y: sum }];
  });
  if (points.length < 2 || sum === 0) return undefined;
  const [first, final] = [points[0]?.x ?? 0, points.at(-1)?.x ?? 0];
  const money = `${sum.toFixed(2)} ${shownLine(currency, 10)}`;
  const title = `What the author's sessions cost: ${money} in the end.`;
  return html`<figure><figcaption>${title}</figcaption>${drawLine({ title, points: spread(points), most: sum, topLabel: money, fromLabel: '', toLabel: lasting(final - first), look: 'money' })}</figure>`;
}

function drawSessions(job: Job): Html {
  const rows = job.results.filter(({ verdict }) => (verdict?.sessions.length ?? 0) > 0);
  if (rows.length === 0) return html``;
  return html`<details><summary>Sessions, turn by turn</summary><ul>${rows.map(({ turn, endedAt, verdict }) => html`<li>Turn ${turn}, ${time(endedAt)}: ${describeCost(sumSessions(verdict?.sessions ?? []))}<ul>${(verdict?.sessions ?? []).map((session) => html`<li>${shownLine(session.part, 40)}, ${shownLine(session.agent, 40)}${session.model === undefined ? '' : `, ${shownLine(session.model, 40)}`}: ${describeCost(sumSessions([session]))}</li>`)}</ul></li>`)}</ul></details>`;
}
