// The transcript: a window of the newest events, with the way to earlier ones.
import { html } from 'hono/html';
import type { Sql } from '../../store/database.ts';
import type { StoredEvent } from '../../store/events.ts';
import { readTranscriptBefore } from '../../store/transcript.ts';
import type { Html } from '../pages/layout.ts';
import type { Names } from '../pages/text.ts';
import { drawEvent, type Item } from './event-item.ts';
import { joinPieces, spokenLength, voiceOf } from './pieces.ts';

/** As many as a page begins with, and as many as come with each look at earlier ones. */
const WINDOW = 200;

/** As much of what agents said is drawn as Markdown at once, the newest first: 0.7 s where it is meant to take long. */
const MOST_FORMATTED = 100_000;

/** A message that began long before the window is shown from the window on. */
const MOST_LOOKS_BACK = 10;

/** The newest events (or those before one), from the beginning of a message on, and whether there are earlier ones. */
export async function readWindow(
  sql: Sql,
  jobId: number,
  { beforeId }: { beforeId?: number | undefined } = {},
): ReturnType<typeof readTranscriptBefore> {
  let { events, hasEarlier } = await readTranscriptBefore(sql, jobId, { beforeId, limit: WINDOW });
  for (let look = 0; look < MOST_LOOKS_BACK && hasEarlier; look += 1) {
    const begun = events.find((event) => !isSilent(event));
    const voice = begun && voiceOf(begun);
    if (voice === undefined) break;
    const earlier = await readTranscriptBefore(sql, jobId, { beforeId: events[0]?.id, limit: WINDOW });
    const from = earlier.events.findLastIndex((event) => !isSilent(event) && voiceOf(event) !== voice) + 1;
    events = [...earlier.events.slice(from), ...events];
    hasEarlier = from > 0 || earlier.hasEarlier;
    if (from > 0) break;
  }
  return { events, hasEarlier };
}

/** The pieces of the message that these events end with, to which more may come; none where they end with anything else. */
export function openPieces(events: readonly StoredEvent[]): readonly StoredEvent[] {
  const last = joinPieces(events.filter((event) => !isSilent(event))).at(-1);
  return last === undefined || voiceOf(last.event) === undefined ? [] : last.pieces;
}

/** What was said of one tool call in several events stands once, in its newest state; so does a message of many pieces. */
export function drawItems(events: readonly StoredEvent[], names: Names): readonly Item[] {
  const joined = joinPieces(events.filter((event) => !isSilent(event)));
  const items = new Map<string, Item>();
  let room = MOST_FORMATTED;
  const formatted = new Set(
    joined.toReversed().filter(({ event }) => {
      room -= spokenLength(event);
      return room >= 0;
    }),
  );
  for (const one of joined) {
    const item = drawEvent(one, names, { known: items, isPlain: !formatted.has(one) });
    items.set(item.key, item);
  }
  return [...items.values()];
}

/** What the runner notes for itself says nothing to people. */
function isSilent({ kind, data }: StoredEvent): boolean {
  return kind === 'status' && 'event' in data && data['event'] === 'learned';
}

export type TranscriptPart = Readonly<{
  jobName: string;
  items: readonly Item[];
  /** The first event of this window, while there are earlier ones. */
  earlierThan: number | undefined;
  /** The last event that this window knows of: the stream goes on from there. */
  last: number;
  /** False on a look at earlier ones: then the newest are elsewhere. */
  isNewest: boolean;
}>;

export function drawTranscript({ jobName, items, earlierThan, last, isNewest }: TranscriptPart): Html {
  const more =
    earlierThan === undefined
      ? ''
      : html`<p class="more"><a class="button" data-earlier href="/jobs/${jobName}?before=${earlierThan}#transcript">Show earlier</a></p>`;
  const newest = isNewest
    ? ''
    : html`<p class="more"><a class="button" href="/jobs/${jobName}#transcript">Back to the newest</a></p>`;
  return html`<section id="transcript" class="card" data-stream="${isNewest ? `/jobs/${jobName}/stream` : ''}" data-last="${last}">
<div class="heading"><h2>Transcript</h2><p class="faint live" role="status" data-live></p></div>
<p class="faint">Everything the agent was told, said and did, and what the host did around it, as it was recorded. Thoughts, output and edits unfold.</p>
${more}
<ol class="events">
${items.map((item) => item.html)}
</ol>
${items.length === 0 ? html`<p class="empty">Nothing has happened yet. As soon as a runner takes the job, it shows here by itself.</p>` : ''}
${newest}
</section>`;
}
