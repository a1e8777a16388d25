// Retells a job from its events, for an agent whose own memory of it is gone: another machine, another agent, an
// expired session. Pure; bounded, newest kept.
import type { AgentUpdate } from './agent-update.ts';
import { cutHead } from './cut.ts';
import { isHandOverPrompt } from './hand-over.ts';

/** The events a story is made of, in order. */
export type StoryEvent =
  | Readonly<{ kind: 'prompt'; turn: number; text: string }>
  | Readonly<{ kind: 'agent'; turn: number; update: AgentUpdate }>
  | Readonly<{ kind: 'ended'; turn: number; outcome: string; say: string }>;

/** Longest story in characters: about 8,000 tokens, small beside any agent's context. */
export const STORY_LIMIT = 30_000;
const PIECE_LIMIT = 4_000;

/** Undefined when there is nothing to tell. */
export function buildStory(events: readonly StoryEvent[]): string | undefined {
  const pieces = events.flatMap(tell);
  const kept: string[] = [];
  let size = 0;
  for (const piece of pieces.toReversed()) {
    size += piece.length;
    if (size > STORY_LIMIT) {
      kept.push('[earlier parts left out]');
      break;
    }
    kept.push(piece);
  }
  return kept.length === 0 ? undefined : kept.toReversed().join('\n\n');
}

function tell(event: StoryEvent): readonly string[] {
  switch (event.kind) {
    case 'prompt':
      // Asked of a session that has ended; whoever reads the story must not answer it.
      if (isHandOverPrompt(event.text)) return [];
      return [`Turn ${event.turn}, the agent was told:\n${cut(event.text)}`];
    case 'ended':
      // Whoever reads on has the plan itself.
      if (event.outcome === 'plan') return [];
      return [`Turn ${event.turn} ended (${event.outcome}): ${cut(event.say)}`];
    case 'agent':
      return tellUpdate(event.turn, event.update);
  }
}

function tellUpdate(turn: number, update: AgentUpdate): readonly string[] {
  if (update.kind === 'message' && update.text.trim() !== '') {
    return [`Turn ${turn}, the agent said:\n${cut(update.text)}`];
  }
  if (update.kind === 'tool' && (update.status === 'completed' || update.status === 'failed')) {
    return [`Turn ${turn}, the agent did (${update.status}): ${update.title}`];
  }
  return [];
}

function cut(text: string): string {
  return text.length <= PIECE_LIMIT ? text : `${cutHead(text, PIECE_LIMIT)} […]`;
}
