// A job as people meet it: a thread in Slack with a card, results, buttons. Every verb waits for what it names and fails
// with the thread printed.
import { expect } from 'vitest';
import type { World } from '../../src/playground/world.ts';

type Button = Readonly<{ action_id: string; value?: string; text: Readonly<{ text: string }> }>;
type Reaction = 'eyes' | 'white_check_mark' | 'no_entry_sign';
type Shown = Readonly<{ ts: string; text: string; blocks: readonly unknown[] }>;

const PATIENCE_MS = 40_000;

export type JobThread = ReturnType<typeof createJobThread>;

export function createJobThread(options: {
  world: World;
  channel: string;
  threadTs: string;
  cardTs: string;
  requester: string;
}) {
  const { world, channel, threadTs, requester } = options;
  const { slack } = world;

  const wait = <T>(description: string, check: () => T, timeoutMs = PATIENCE_MS) =>
    slack.waitFor({ description, check }, { timeoutMs });
  const thread = () => slack.thread(channel, threadTs).filter((message) => message.deletedAt === undefined);
  const card = () => {
    const found = slack.message(channel, options.cardTs);
    if (found === undefined) throw new Error('The card is gone.');
    return found;
  };
  const textOf = (message: Shown) => `${message.text}\n${JSON.stringify(message.blocks)}`;
  const buttonsOf = (message: Shown): readonly Button[] =>
    message.blocks.flatMap((block) =>
      (block as { type: string; elements?: readonly Button[] }).type === 'actions' // blocks were checked when posted
        ? ((block as { elements?: readonly Button[] }).elements ?? [])
        : [],
    );
  const results = () =>
    thread().filter(
      (message) => message.isByBot && message.ts !== options.cardTs && /<@U/.test(textOf(message)),
    );
  const name = /J-\d+/.exec(card().text)?.[0] ?? 'J-?';
  const labelsOf = (message: Shown) => buttonsOf(message).map((button) => button.text.text);

  return {
    threadTs,
    channel,
    /** `J-12`. */
    name,
    number: Number(name.slice(2)),
    card,
    cardText: () => textOf(card()),
    cardButtons: () => labelsOf(card()),
    thread,
    /** Messages that mention somebody, oldest first: one a finished turn. */
    results,
    buttons: (message: Shown) => labelsOf(message),
    /** All words of a message, those in its blocks too. */
    words: (message: Shown) => textOf(message),
    /** Waits until a message offers exactly these buttons. */
    async offers(message: Shown, labels: readonly string[]) {
      const wanted = JSON.stringify(labels);
      await wait(`${message.ts} to offer ${wanted}`, () => JSON.stringify(labelsOf(message)) === wanted);
    },
    rendered: () => slack.renderThread(channel, threadTs),

    /** Waits until the card says these words. */
    async cardSays(words: string | RegExp, timeoutMs?: number) {
      const matches = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
      await wait(`the card to say ${words}`, () => matches(textOf(card())), timeoutMs);
    },

    /** Waits for the result of the `turn`th finished turn (from 1). */
    result: (turn = 1, timeoutMs?: number) =>
      wait(`result ${turn} in the thread`, () => results()[turn - 1], timeoutMs),

    /** Waits until some message in the thread by the bot says these words. */
    async says(words: string | RegExp, timeoutMs?: number) {
      const matches = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text));
      return wait(
        `the bot to say ${words}`,
        () => thread().find((message) => message.isByBot && matches(textOf(message))),
        timeoutMs,
      );
    },

    /** Waits until a message offers a button whose label starts so, then presses it. */
    async presses(label: string, by: { user?: string; confirms?: boolean } = {}) {
      const found = await wait(`a button ${label}`, () => {
        for (const message of thread().toReversed()) {
          const button = buttonsOf(message).find((one) => one.text.text.startsWith(label));
          if (button) return { ts: message.ts, button };
        }
        return undefined;
      });
      return slack.click({
        user: by.user ?? requester,
        channel,
        ts: found.ts,
        actionId: found.button.action_id,
        ...(by.confirms === undefined ? {} : { confirms: by.confirms }),
      });
    },

    /** Presses a button that opens a modal, fills its one text field and submits. */
    async pressesAndSays(label: string, text: string, by: { user?: string } = {}) {
      const user = by.user ?? requester;
      await this.presses(label, by);
      const modal = await wait(`the modal of ${name}`, () =>
        slack
          .modals(user)
          .find(({ content }) => content.type === 'modal' && content.title.text.endsWith(` ${name}`)),
      );
      const field = /"action_id":"([^"]+)"/.exec(JSON.stringify(modal.content.blocks))?.[1] ?? '';
      return slack.submitView({ user, viewId: modal.id, values: { [field]: text } });
    },

    /** Somebody writes in the thread; answers the message's ts. */
    replies(text: string, by: { user?: string } = {}): string {
      return slack.post({ user: by.user ?? requester, channel, threadTs, text }).ts;
    },

    /** Waits until a reply carries this reaction. */
    async reacted(ts: string, name: Reaction) {
      await wait(`:${name}: on ${ts}`, () =>
        slack.reactions(channel, ts).some((reaction) => reaction.name === name),
      );
    },

    /** Waits until a reply carries this reaction no more. */
    async lost(ts: string, name: Reaction) {
      await wait(
        `no :${name}: on ${ts}`,
        () => !slack.reactions(channel, ts).some((reaction) => reaction.name === name),
      );
    },

    /** The promise that people are asked once: one notifying message a finished turn, and none by the card. */
    expectNotifications(count: number) {
      const notifying = thread().filter(
        (message) => message.isByBot && /<@U/.test(JSON.stringify(message.history[0])),
      );
      expect(notifying, slack.renderThread(channel, threadTs)).toHaveLength(count);
    },
  };
}
