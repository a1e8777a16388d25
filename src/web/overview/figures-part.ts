// The numbers as small pictures, each with the sentence that it says.
import { html } from 'hono/html';
import type { Html } from '../pages/layout.ts';
import { drawLine } from '../pages/line-picture.ts';
import { duration } from '../pages/text.ts';
import type { Figures } from './figures.ts';

export function drawFigures(figures: Figures, days: number): Html {
  if (figures.merged === 0 && figures.minutesToPull.length === 0)
    return html`<p class="empty">Nothing was brought to a pull request in the last ${days} days. As soon as something is, this says how much came through, how fast, how often right at once, and for how much.</p>`;
  return html`<div class="figures">${throughput(figures, days)}${speed(figures)}${rightAtOnce(figures)}${price(figures)}</div>`;
}

function card(big: string, title: string, picture: Html): Html {
  return html`<figure class="figure"><figcaption><strong>${big}</strong> ${title}</figcaption>${picture}</figure>`;
}

const BARS = { width: 240, height: 60 } as const;

function throughput({ merged, mergedPerDay }: Figures, days: number): Html {
  const most = Math.max(1, ...mergedPerDay);
  const step = BARS.width / mergedPerDay.length;
  const title = `merged in ${days} days, at most ${most} on one day`;
  const bars = mergedPerDay.map((count, day) => {
    const height = (count / most) * BARS.height;
    return html`<rect x="${(day * step + 1).toFixed(1)}" y="${(BARS.height - height).toFixed(1)}" width="${(step - 2).toFixed(1)}" height="${height.toFixed(1)}"></rect>`;
  });
  return card(
    String(merged),
    title,
    html`<svg class="picture bars" viewBox="0 0 ${BARS.width} ${BARS.height + 1}" role="img" aria-label="${merged} ${title}"><line class="axis" x1="0" x2="${BARS.width}" y1="${BARS.height}" y2="${BARS.height}"></line>${bars}</svg>`,
  );
}

function speed({ minutesToPull, medianMinutesToPull }: Figures): Html {
  if (medianMinutesToPull === undefined)
    return card('–', 'from the wish to a pull request: none yet', html``);
  const median = duration(medianMinutesToPull * 60_000);
  const title = 'from the wish to a pull request, half of them faster';
  return card(median, title, sparkline(minutesToPull, `${median} ${title}`));
}

function rightAtOnce({ merged, unchanged }: Figures): Html {
  if (merged === 0) return card('–', 'merged without a change: none merged yet', html``);
  const percent = Math.round((100 * unchanged) / merged);
  const title = `merged without a change (${unchanged} of ${merged})`;
  return card(
    `${percent} %`,
    title,
    html`<svg class="picture share" viewBox="0 0 240 14" role="img" aria-label="${percent} % ${title}"><rect class="all" width="240" height="14" rx="7"></rect><rect width="${Math.round(2.4 * percent)}" height="14" rx="7"></rect></svg>`,
  );
}

function price({ costs, meanCost }: Figures): Html {
  if (meanCost === undefined) return card('–', 'a merged pull: agents tell no cost here', html``);
  const mean = `${meanCost.toFixed(2)} USD`;
  const title = 'a merged pull on average, as far as agents tell';
  return card(mean, title, sparkline(costs, `${mean} ${title}`));
}

function sparkline(values: readonly number[], title: string): Html {
  if (values.length < 2) return html``;
  return drawLine({
    title,
    points: values.map((y, x) => ({ x, y })),
    most: Math.max(...values),
    topLabel: '',
    fromLabel: 'oldest',
    toLabel: 'newest',
    look: 'spark',
  });
}
