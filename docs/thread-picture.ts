// Draws a recorded thread as an SVG that looks like a chat: the command, the card, the reply, the result with its buttons,
// the merge. Pure: the same recording always gives the same picture. Draws for light and dark pages alike.
import { z } from 'zod';
import { drawIcon, ICON_ROOM, takeIcon } from './thread-icons.ts';
import { measure, type Names, parseLine, type Run, wrap } from './thread-text.ts';

const textSchema = z.object({ text: z.string() });
const blockSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('section'), text: textSchema }),
  z.object({ type: z.literal('context'), elements: z.array(textSchema) }),
  z.object({ type: z.literal('markdown'), text: z.string() }),
  z.object({
    type: z.literal('actions'),
    elements: z.array(z.object({ text: textSchema, style: z.string().optional() })),
  }),
]);
type Block = z.infer<typeof blockSchema>;

const postSchema = z.object({
  by: z.string(),
  isByBot: z.boolean(),
  /** Since the command was typed. */
  afterMs: z.number(),
  text: z.string(),
  blocks: z.array(blockSchema),
  reactions: z.array(z.string()),
});
type Post = z.infer<typeof postSchema>;

/** What draw-thread.ts writes down of a demo: messages as they stood when Ann decided, and how it ended. */
export const recordingSchema = z.object({
  typed: z.string(),
  names: z.record(z.string(), z.string()),
  posts: z.array(postSchema),
  ended: z.object({ pressed: z.string(), afterMs: z.number(), text: z.string() }),
});
export type Recording = z.infer<typeof recordingSchema>;

const WIDTH = 800;
const LEFT = 76;
const ROOM = WIDTH - LEFT - 32;
const BODY = 14;
const SMALL = 12;

/** Draws the recording; answers the SVG's text. */
export function drawThread(recording: Recording): string {
  const { names, posts, ended, typed } = recording;
  const sheet: Sheet = { names, parts: [], y: 24 };
  command(sheet, typed);
  for (const [index, post] of posts.entries()) {
    if (index === 1) divider(sheet, `${posts.length - 1} replies`);
    drawPost(sheet, post);
  }
  divider(sheet, `Ann presses ${ended.pressed}`);
  ending(sheet, ended);
  return frame(sheet.parts, sheet.y, describe(recording));
}

function describe({ typed, posts, ended, names }: Recording): string {
  const said = posts.map((post) => (post.isByBot ? post.text : `${post.by} replies: ${post.text}`));
  const plain = (text: string) =>
    parseLine(takeIcon(text).rest, names)
      .map((run) => run.text)
      .join('');
  return [`Ann types ${typed}.`, ...said, `Ann presses ${ended.pressed}.`, ended.text].map(plain).join(' ');
}

/** The drawing so far; `y` is where the next thing goes. */
type Sheet = { readonly names: Names; readonly parts: string[]; y: number };

function line(sheet: Sheet, runs: readonly Run[], given: { x: number; size: number; muted?: boolean }): void {
  const spans = runs.map(({ text, style }) => `<tspan class="${style}">${escapeXml(text)}</tspan>`).join('');
  const { x, size, muted } = given;
  sheet.y += Math.round(size * 1.5);
  sheet.parts.push(
    `<text xml:space="preserve" x="${x}" y="${sheet.y - Math.round(size * 0.4)}" font-size="${size}" class="${muted ? 'muted' : 'ink'}">${spans}</text>`,
  );
}

function paragraph(sheet: Sheet, text: string, given: { size: number; muted?: boolean }): void {
  for (const written of text.split('\n')) {
    if (written.trim() === '') {
      sheet.y += 8;
      continue;
    }
    const { icon, rest } = takeIcon(written);
    const bullet = rest.startsWith('- ');
    const indent = icon ? ICON_ROOM : bullet ? 14 : 0;
    if (icon) sheet.parts.push(drawIcon(icon, { x: LEFT, y: sheet.y + Math.round(given.size * 1.1) - 13 }));
    if (bullet) sheet.parts.push(`<circle cx="${LEFT + 4}" cy="${sheet.y + 11}" r="2.2" class="ink"/>`);
    const runs = parseLine(bullet ? rest.slice(2) : rest, sheet.names);
    for (const broken of wrap(runs, ROOM - indent, given.size)) {
      line(sheet, broken, { ...given, x: LEFT + indent });
    }
  }
}

function buttons(sheet: Sheet, elements: Extract<Block, { type: 'actions' }>['elements']): void {
  let x = LEFT;
  sheet.y += 8;
  for (const { text, style } of elements) {
    const width = Math.round(measure(text.text, 'bold', 13) + 26);
    sheet.parts.push(
      `<rect x="${x}" y="${sheet.y}" width="${width}" height="30" rx="5" class="button ${style ?? ''}"/>`,
      `<text xml:space="preserve" x="${x + width / 2}" y="${sheet.y + 20}" font-size="13" text-anchor="middle" class="label ${style ?? ''}">${escapeXml(text.text)}</text>`,
    );
    x += width + 10;
  }
  sheet.y += 34;
}

function block(sheet: Sheet, one: Block): void {
  if (one.type === 'actions') {
    buttons(sheet, one.elements);
  } else if (one.type === 'context') {
    sheet.y += 2;
    for (const { text } of one.elements) paragraph(sheet, text, { size: SMALL, muted: true });
    sheet.y += 2;
  } else {
    paragraph(sheet, one.type === 'markdown' ? one.text : one.text.text, { size: BODY });
    sheet.y += 3;
  }
}

function head(sheet: Sheet, by: string, given: { isByBot: boolean; afterMs: number }): void {
  const kind = given.isByBot ? 'bot' : 'person';
  const name = by.charAt(0).toUpperCase() + by.slice(1);
  sheet.parts.push(
    `<rect x="28" y="${sheet.y + 2}" width="34" height="34" rx="7" class="${kind}"/>`,
    `<text xml:space="preserve" x="45" y="${sheet.y + 25}" font-size="16" text-anchor="middle" class="initial">${escapeXml(name.charAt(0))}</text>`,
    `<text xml:space="preserve" x="${LEFT}" y="${sheet.y + 15}" font-size="${BODY}" class="ink"><tspan class="bold">${escapeXml(name)}</tspan>` +
      `<tspan class="muted" font-size="${SMALL}" dx="8">${given.isByBot ? 'app · ' : ''}${seconds(given.afterMs)}</tspan></text>`,
  );
  sheet.y += 20;
}

function command(sheet: Sheet, typed: string): void {
  sheet.parts.push(
    `<rect x="28" y="${sheet.y}" width="${WIDTH - 56}" height="40" rx="8" class="field"/>`,
    `<text xml:space="preserve" x="44" y="${sheet.y + 25}" font-size="${BODY}" class="ink"><tspan class="code">${escapeXml(typed)}</tspan></text>`,
    `<text xml:space="preserve" x="${WIDTH - 44}" y="${sheet.y + 25}" font-size="${SMALL}" text-anchor="end" class="muted">Ann, in #shop</text>`,
  );
  sheet.y += 58;
}

function divider(sheet: Sheet, label: string): void {
  const width = measure(label, 'plain', SMALL) + 14;
  sheet.parts.push(
    `<text xml:space="preserve" x="28" y="${sheet.y + 6}" font-size="${SMALL}" class="muted">${escapeXml(label)}</text>`,
    `<line x1="${28 + width}" y1="${sheet.y + 2}" x2="${WIDTH - 28}" y2="${sheet.y + 2}" class="rule"/>`,
  );
  sheet.y += 22;
}

function drawPost(sheet: Sheet, post: Post): void {
  head(sheet, post.by, post);
  if (post.blocks.length === 0) paragraph(sheet, post.text, { size: BODY });
  for (const one of post.blocks) block(sheet, one);
  for (const name of post.reactions) {
    sheet.parts.push(
      `<rect x="${LEFT}" y="${sheet.y + 4}" width="48" height="24" rx="12" class="reaction"/>`,
      drawIcon(name, { x: LEFT + 8, y: sheet.y + 8 }),
      `<text x="${LEFT + 36}" y="${sheet.y + 21}" font-size="13" text-anchor="middle" class="ink">1</text>`,
    );
    sheet.y += 28;
  }
  sheet.y += 20;
}

function ending(sheet: Sheet, { text, afterMs }: Recording['ended']): void {
  head(sheet, 'errand', { isByBot: true, afterMs });
  paragraph(sheet, text, { size: BODY });
  sheet.y += 24;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s after the command`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function frame(parts: readonly string[], height: number, description: string): string {
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="title desc">
<title id="title">An errand in Slack, from the command to the merge</title>
<desc id="desc">${escapeXml(description)}</desc>
<style>${COLOURS}</style>
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="12" class="page"/>
${parts.join('\n')}
</svg>
`;
}

const COLOURS = `
text { font-family: -apple-system, "Segoe UI", Inter, Roboto, Helvetica, Arial, sans-serif }
.code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.92em }
.bold, .label, .initial { font-weight: 700 }
.page { fill: #ffffff; stroke: #d5d9de }
.ink { fill: #1d1c1d } .muted { fill: #5f6570 } .link { fill: #1264a3 } .code { fill: #b3261e }
.rule { stroke: #e2e5e9 } .field { fill: #f6f7f9; stroke: #c6cbd2 }
.bot { fill: #1f2937 } .person { fill: #8b5cf6 } .initial { fill: #ffffff }
.button { fill: #ffffff; stroke: #b4bac2 } .label { fill: #1d1c1d }
.button.primary { fill: #007a5a; stroke: #007a5a } .label.primary { fill: #ffffff }
.button.danger { stroke: #c01343 } .label.danger { fill: #c01343 }
.reaction { fill: #eef4fb; stroke: #bcd3ea } .empty { stroke: #9aa1ab; stroke-width: 1.6 }
@media (prefers-color-scheme: dark) {
  .page { fill: #1a1d21; stroke: #3a3f45 }
  .ink { fill: #e8e8e8 } .muted { fill: #a5abb3 } .link { fill: #6cb8f0 } .code { fill: #f0a58f }
  .rule { stroke: #363b41 } .field { fill: #22262b; stroke: #4b5158 }
  .bot { fill: #4b5b73 }
  .button { fill: #22262b; stroke: #5c636b } .label { fill: #e8e8e8 }
  .button.danger { stroke: #f0607f } .label.danger { fill: #ff8aa3 }
  .reaction { fill: #22303d; stroke: #3b5873 }
}
`;
