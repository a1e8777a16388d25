// Agents speak in pieces, a few words each while they stream. What belongs to one message is drawn as one: its Markdown means
// nothing in pieces. Pure.
import { z } from 'zod';
import type { StoredEvent } from '../../store/events.ts';

/** A message that goes on and on is parted, so that what is sent again as it grows stays small. */
const MOST_JOINED = 16_000;

/** An event to be drawn, or a message of several; it stands under the id of the first. */
export type Joined = Readonly<{
  event: StoredEvent;
  /** The pieces it is made of, at least one. */
  pieces: readonly StoredEvent[];
}>;

const speechSchema = z.object({ kind: z.enum(['message', 'thought']), text: z.string() });
const sessionSchema = z.object({ name: z.literal('session'), part: z.string(), update: speechSchema });

/** What a piece of text says, and whose and which text it is a piece of: the same for those that follow. */
function speechIn({ kind, data, turn, attempt }: StoredEvent) {
  if (kind === 'agent') {
    const said = speechSchema.safeParse(data).data;
    return said && { text: said.text, voice: JSON.stringify([turn, attempt, said.kind]) };
  }
  if (kind !== 'note') return undefined;
  const heard = sessionSchema.safeParse(data).data;
  if (heard === undefined) return undefined;
  return { text: heard.update.text, voice: JSON.stringify([turn, attempt, heard.update.kind, heard.part]) };
}

/** Undefined for what is no text of an agent's. */
export function voiceOf(event: StoredEvent): string | undefined {
  return speechIn(event)?.voice;
}

/** How many characters of an agent's text it holds. */
export function spokenLength(event: StoredEvent): number {
  return speechIn(event)?.text.length ?? 0;
}

/** Joins what follows each other in one voice. */
export function joinPieces(events: readonly StoredEvent[]): readonly Joined[] {
  const joined: { pieces: StoredEvent[]; voice: string | undefined; length: number }[] = [];
  for (const event of events) {
    const speech = speechIn(event);
    const open = joined.at(-1);
    const length = speech?.text.length ?? 0;
    if (open && speech && open.voice === speech.voice && open.length + length <= MOST_JOINED) {
      open.pieces.push(event);
      open.length += length;
    } else joined.push({ pieces: [event], voice: speech?.voice, length });
  }
  return joined.flatMap(({ pieces }) => {
    const [first] = pieces;
    return first === undefined ? [] : [{ event: withText(first, pieces), pieces }];
  });
}

function withText(first: StoredEvent, pieces: readonly StoredEvent[]): StoredEvent {
  if (pieces.length === 1) return first;
  const text = pieces.map((piece) => speechIn(piece)?.text ?? '').join('');
  switch (first.kind) {
    case 'agent': {
      const said = speechSchema.safeParse(first.data).data;
      return said === undefined ? first : { ...first, data: { ...said, text } };
    }
    case 'note': {
      const heard = sessionSchema.safeParse(first.data).data;
      return heard === undefined
        ? first
        : { ...first, data: { ...heard, update: { ...heard.update, text } } };
    }
    default:
      return first;
  }
}
