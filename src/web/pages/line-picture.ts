// A small line picture, drawn on the server: no script, no library in the browser. Scales are linear and begin at nothing.
import { area, line } from 'd3-shape';
import { html } from 'hono/html';
import type { Html } from './layout.ts';

export type Point = Readonly<{ x: number; y: number }>;

const SIZE = { width: 640, height: 150, left: 8, right: 8, top: 14, bottom: 20 } as const;

/** `title` says in a sentence what the line does; `marks` are upright lines with a word each. */
export function drawLine(picture: {
  title: string;
  points: readonly Point[];
  /** The top of the scale. */
  most: number;
  topLabel: string;
  fromLabel: string;
  toLabel: string;
  marks?: readonly Readonly<{ x: number; say: string }>[];
  look: string;
}): Html {
  const { points, most, title, marks = [] } = picture;
  const xs = points.map(({ x }) => x);
  const [first, last] = [Math.min(...xs), Math.max(...xs)];
  const width = SIZE.width - SIZE.left - SIZE.right;
  const floor = SIZE.height - SIZE.bottom;
  const atX = (x: number) => SIZE.left + (last === first ? width : ((x - first) / (last - first)) * width);
  const atY = (y: number) => floor - (most === 0 ? 0 : (Math.min(y, most) / most) * (floor - SIZE.top));
  const draw = line<Point>(
    ({ x }) => round(atX(x)),
    ({ y }) => round(atY(y)),
  );
  const fill = area<Point>()
    .x(({ x }) => round(atX(x)))
    .y0(floor)
    .y1(({ y }) => round(atY(y)));
  return html`<svg class="picture ${picture.look}" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" aria-label="${title}">
<line class="axis" x1="${SIZE.left}" x2="${SIZE.width - SIZE.right}" y1="${floor}" y2="${floor}"></line>
<path class="fill" d="${fill([...points]) ?? ''}"></path><path class="line" d="${draw([...points]) ?? ''}"></path>
${marks.map(({ x, say }) => html`<line class="mark" x1="${round(atX(x))}" x2="${round(atX(x))}" y1="${SIZE.top}" y2="${floor}"></line><text class="small" x="${round(atX(x)) + 3}" y="${SIZE.top + 8}">${say}</text>`)}
<text x="${SIZE.left}" y="11">${picture.topLabel}</text>
<text x="${SIZE.left}" y="${SIZE.height - 5}">${picture.fromLabel}</text>
<text x="${SIZE.width - SIZE.right}" y="${SIZE.height - 5}" text-anchor="end">${picture.toLabel}</text>
</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
