// The time line as people see it: one line a turn, a bar of its phases, and the phases in words.
import { html } from 'hono/html';
import { nameEvent } from '../../job/event-words.ts';
import type { Job, TurnResult } from '../../job/job.ts';
import type { Html } from '../pages/layout.ts';
import { duration, type Names, time } from '../pages/text.ts';
import type { Span, TurnLine } from './time-line.ts';
import { outcomeWords, phaseWords } from './words.ts';

/** `now` ends, for the picture, what still goes on. */
export function drawTimeLine(
  job: Job,
  { turns, names, now }: { turns: readonly TurnLine[]; names: Names; now: Date },
): Html {
  if (turns.length === 0) return html``;
  return html`<section class="card" aria-labelledby="time-line"><h2 id="time-line">Time line</h2>
<ol class="turns">${turns.map((turn) => drawTurn(turn, { result: job.results.find((one) => one.turn === turn.turn), names, now }))}</ol></section>`;
}

type Turn = Readonly<{ result: TurnResult | undefined; names: Names; now: Date }>;

function drawTurn(turn: TurnLine, { result, names, now }: Turn): Html {
  const { by, began, ended, spans, marks } = turn;
  const asked = by === undefined ? '' : html`, after words of ${names(by)}`;
  const took = ended === undefined ? '' : html` after ${duration(ended.getTime() - began.getTime())}`;
  const end = result === undefined ? html`under way` : html`${outcomeWords(result.outcome)}${took}`;
  const handOvers = (result?.handedOver ?? []).map(
    ({ at, percent, written }) =>
      html`<li>${time(at)} A fresh session took over: the context was ${Math.round(percent)} % full${written ? ', and its note went along' : '; it left no note, so it was told from the record'}.</li>`,
  );
  return html`<li><h3>Turn ${turn.turn}</h3><p>Began ${time(began)}${asked}; ${end}.</p>
${drawBar(spans, now)}
<ol class="phases">${spans.map((span) => drawSpan(span, now))}</ol>
${marks.length + handOvers.length === 0 ? '' : html`<ul class="marks">${marks.map(({ what, at, by: who }) => html`<li>${time(at)} ${who === undefined ? '' : html`${names(who)} `}${what === 'taken_over' ? 'another runner took over' : nameEvent(what)}</li>`)}${handOvers}</ul>`}
</li>`;
}

function lasts({ from, to }: Span, now: Date): number {
  return Math.max(0, (to ?? now).getTime() - from.getTime());
}

function drawSpan(span: Span, now: Date): Html {
  return html`<li class="phase ${lookOf(span)}"><span class="dot" aria-hidden="true"></span>${phaseWords(span.phase)} <span class="faint">${span.to === undefined ? 'since ' : ''}${duration(lasts(span, now))}</span></li>`;
}

const WIDTH = 1_000;

/** The words beside it say the same. */
function drawBar(spans: readonly Span[], now: Date): Html {
  const total = spans.reduce((sum, span) => sum + lasts(span, now), 0);
  if (total === 0) return html``;
  let x = 0;
  const bars = spans.map((span) => {
    const width = (WIDTH * lasts(span, now)) / total;
    const bar = html`<rect class="${lookOf(span)}" x="${x.toFixed(1)}" y="0" width="${Math.max(width, 2).toFixed(1)}" height="10"></rect>`;
    x += width;
    return bar;
  });
  return html`<svg class="bar" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">${bars}</svg>`;
}

const LOOKS = ['prepare', 'plan', 'implement', 'check', 'review', 'publish', 'answer', 'remember'];

function lookOf({ phase }: Span): string {
  return LOOKS.includes(phase) ? `p-${phase}` : 'p-other';
}
