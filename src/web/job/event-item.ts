// One event of the record as an item of the transcript. Total: whatever an agent or another version stored becomes text.
import { html } from 'hono/html';
import { z } from 'zod';
import { nameEvent } from '../../job/event-words.ts';
import type { StoredEvent } from '../../store/events.ts';
import type { Html } from '../pages/layout.ts';
import { type Names, shown, shownLine, time } from '../pages/text.ts';
import type { Joined } from './pieces.ts';
import { type Drawn, drawUpdate } from './update-item.ts';
import { commit, phaseWords } from './words.ts';

/** An item of the list. Of items with the same key the newest counts: a tool call that began, went on and ended. */
export type Item = Readonly<{
  /** The event that it began with: what is earlier comes before that one. */
  first: number;
  /** The newest event that it tells of. */
  last: number;
  key: string;
  html: Html;
}>;

type How = Readonly<{
  /** Items before it, by their keys: one that it goes on with keeps its beginning. */
  known?: ReadonlyMap<string, Item>;
  /** Leaves what agents said as they wrote it. */
  isPlain?: boolean;
}>;

export function drawEvent(
  { event, pieces }: Joined,
  names: Names,
  { known = new Map(), isPlain = false }: How = {},
): Item {
  const { id, at, turn } = event;
  const drawn = describe(event, names, isPlain);
  const key = drawn.key === undefined ? `e${id}` : `t${turn}:${drawn.key}`;
  const who = drawn.part === undefined ? '' : html`<span class="part">${shownLine(drawn.part, 40)}</span> `;
  const first = known.get(key)?.first ?? id;
  return {
    first,
    last: pieces.at(-1)?.id ?? id,
    key,
    html: html`<li class="event ${drawn.look}" id="e${id}" data-key="${key}" data-first="${first}"><div class="at"><a href="#e${id}">${time(at)}</a></div><div class="said">${who}${drawn.body}</div></li>`,
  };
}

const bySchema = z.object({ by: z.string() });

/** Slack ids of the people who did it: from the one field that names them, never from words. */
export function peopleIn(events: readonly StoredEvent[]): readonly string[] {
  return events.flatMap(({ kind, data }) => {
    if (kind !== 'status' && kind !== 'note') return [];
    const by = bySchema.safeParse(data).data?.by;
    return by === undefined ? [] : [by];
  });
}

function describe(event: StoredEvent, names: Names, isPlain: boolean): Drawn {
  switch (event.kind) {
    case 'agent':
      return drawUpdate(event.data, isPlain);
    case 'prompt':
      return {
        look: 'prompt',
        body: fold(
          event.data.steering ? 'Said to the agent while it worked' : 'What the agent was told',
          event.data.text,
        ),
      };
    case 'status':
      return { look: 'mark', body: describeStatus(event.data, names) };
    case 'note':
      return describeNote(event.data, names, isPlain);
  }
}

function fold(summary: string, text: string): Html {
  return html`<details><summary>${summary}</summary><pre>${shown(text)}</pre></details>`;
}

const statusSchema = z.object({
  event: z.string().catch('changed'),
  phase: z.string().optional().catch(undefined),
  by: z.string().optional().catch(undefined),
  to: z.string().optional().catch(undefined),
  sha: z.string().optional().catch(undefined),
  runner: z.string().optional().catch(undefined),
  say: z.string().optional().catch(undefined),
  reason: z.string().optional().catch(undefined),
});

function describeStatus(data: unknown, names: Names): Html {
  const { event, phase, by, to, sha, runner, say, reason } = statusSchema.parse(data);
  if (event === 'phase' && phase !== undefined) return html`<strong>${phaseWords(phase)}</strong>`;
  const who = by === undefined ? '' : html`<strong>${names(by)}</strong> `;
  const rest = [
    ...(sha === undefined ? [] : [html` ${commit(shownLine(sha, 60))}`]),
    ...(runner === undefined ? [] : [html` <span class="faint">${shownLine(runner, 60)}</span>`]),
    ...[say, reason].flatMap((text) => (text ? [html`: ${shownLine(text, 400)}`] : [])),
    ...(to === undefined
      ? []
      : [html` <span class="faint">→ ${shownLine(to.replaceAll('_', ' '), 20)}</span>`]),
  ];
  return html`${who}${shownLine(nameEvent(event), 80)}${rest}`;
}

const noteSchema = z.looseObject({ name: z.string() });
const sessionSchema = z.object({
  part: z.string().catch('somebody'),
  prompt: z.string().optional().catch(undefined),
  update: z.looseObject({ kind: z.string() }).optional().catch(undefined),
});
const checkedSchema = z.object({
  check: z.string().catch('a check'),
  command: z.string().catch(''),
  outcome: z.string().catch('unknown'),
  on: z.string().catch('change'),
  output: z.string().catch(''),
});

function describeNote(data: unknown, names: Names, isPlain: boolean): Drawn {
  const note = noteSchema.parse(data);
  switch (note.name) {
    case 'session': {
      const { part, prompt, update } = sessionSchema.parse(note);
      if (prompt !== undefined)
        return { look: 'prompt', part, body: fold('What this session was asked', prompt) };
      const drawn = drawUpdate(update ?? { kind: 'nothing' }, isPlain);
      return { ...drawn, part, ...(drawn.key === undefined ? {} : { key: `${part}:${drawn.key}` }) };
    }
    case 'checked': {
      const { check, command, outcome, on, output } = checkedSchema.parse(note);
      const where = on === 'base' ? ', on the base branch' : '';
      return {
        look: outcome === 'passed' ? 'check passed' : 'check failed',
        body: html`<details><summary>Check <strong>${shownLine(check, 60)}</strong> ${shownLine(outcome.replaceAll('_', ' '), 20)}${where}: <code>${shownLine(command, 200)}</code></summary><pre>${shown(output) || 'It printed nothing.'}</pre></details>`,
      };
    }
    default:
      return { look: 'mark', body: describeOther(note, names) };
  }
}

/** What the host did: the one or two facts that matter, the rest in a fold. */
function describeOther(
  { name, ...rest }: Readonly<Record<string, unknown>> & { name: string },
  names: Names,
): Html {
  const text = (key: string) => (typeof rest[key] === 'string' ? rest[key] : undefined);
  const by = text('by') ?? text('login');
  const who = by === undefined ? '' : html`<strong>${names(by)}</strong> `;
  const number = typeof rest['number'] === 'number' ? ` #${rest['number']}` : '';
  const sha = text('sha');
  const at = sha === undefined ? '' : html` ${commit(shownLine(sha, 60))}`;
  const said = text('summary') ?? text('say') ?? text('branch') ?? text('outcome');
  const tail = said === undefined ? '' : html`: ${shownLine(said, 400)}`;
  return html`${who}${shownLine(nameEvent(name), 80)}${number}${at}${tail}`;
}
