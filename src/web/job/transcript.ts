// The transcript: a window of the newest events, with the way to earlier ones.
import { html } from 'hono/html';
import type { StoredEvent } from '../../store/events.ts';
import type { Html } from '../pages/layout.ts';
import type { Names } from '../pages/text.ts';
import { drawEvent, type Item } from './event-item.ts';

/** As many as a page begins with, and as many as come with each look at earlier ones. */
export const WINDOW = 200;

/** What was said of one tool call in several events stands once, in its newest state. */
export function drawItems(events: readonly StoredEvent[], names: Names): readonly Item[] {
  const items = new Map<string, Item>();
  for (const event of events) {
    if (isSilent(event)) continue;
    const item = drawEvent(event, names, items);
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
