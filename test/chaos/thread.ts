// What a person sees of a job in Slack: its card, its newest result and the buttons on them. Reads the local Slack only.
import type { LocalSlack } from '../../src/playground/slack/local-slack.ts';

type Message = ReturnType<LocalSlack['messages']>[number];
type Button = Readonly<{ action_id: string; value?: string; text: Readonly<{ text: string }> }>;

/** How a card says that nothing will ever happen again (the words of its status line). */
const FINAL = {
  merged: ':tada: Merged',
  rejected: ':no_entry_sign: Rejected',
  stopped: ':octagonal_sign: Stopped',
};
export type FinalState = keyof typeof FINAL;

export type Thread = Readonly<{
  /** `J-12`. */
  job: string;
  threadTs: string;
  card: Message;
  /** All words of the card. */
  cardText: string;
  /** Results in order; the newest is the one that counts. */
  results: readonly Message[];
  final: FinalState | undefined;
}>;

/** The slot of a message of the bot's, from its metadata: `card`, `result:2`, `notice:…`. */
export function slotOf(message: Message): { job: number; slot: string } | undefined {
  const payload = message.history[0]?.metadata?.event_payload ?? message.metadata?.event_payload;
  const { job, slot } = payload ?? {};
  return typeof slot === 'string' ? { job: Number(job), slot } : undefined;
}

export function wordsOf(message: Message): string {
  return `${message.text}\n${JSON.stringify(message.blocks)}`;
}

export function buttonsOf(message: Message | undefined): readonly Button[] {
  return (message?.blocks ?? []).flatMap((block) => {
    const { type, elements } = block as { type: string; elements?: readonly Button[] }; // checked when it was posted
    return type === 'actions' ? (elements ?? []) : [];
  });
}

/** Everything the bot posted that still stands. */
export function ownMessages(slack: LocalSlack, channel: string): readonly Message[] {
  return slack.messages(channel).filter((message) => message.isByBot && message.deletedAt === undefined);
}

/** The cards that carry a word. */
export function findCards(slack: LocalSlack, channel: string, token: string): readonly Message[] {
  return ownMessages(slack, channel).filter(
    (message) => slotOf(message)?.slot === 'card' && wordsOf(message).includes(token),
  );
}

/** Reads the thread of a card as it is now. */
export function readThread(slack: LocalSlack, channel: string, card: Message): Thread {
  const about = slotOf(card)?.job;
  const results = ownMessages(slack, channel)
    .filter((message) => slotOf(message)?.job === about && slotOf(message)?.slot.startsWith('result:'))
    .toSorted((a, b) => numberOf(a) - numberOf(b));
  const cardText = wordsOf(card);
  const states = Object.keys(FINAL) as FinalState[]; // the keys of the object above
  return {
    job: `J-${about}`,
    threadTs: card.threadTs ?? card.ts,
    card,
    cardText,
    results,
    final: states.find((state) => cardText.includes(FINAL[state])),
  };
}

function numberOf(message: Message): number {
  return Number(slotOf(message)?.slot.split(':')[1]);
}
