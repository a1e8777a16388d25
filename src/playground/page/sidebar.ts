// Who plays, where one can go, and what calls: mentions that this person has not seen yet.
import type { LocalSlack } from '../slack/local-slack.ts';
import { flag, type Html, html, type Item, item, join } from './markup.ts';
import type { Desk } from './messages.ts';
import type { Place } from './place.ts';

type Message = ReturnType<LocalSlack['messages']>[number];

export type Seen = ReturnType<typeof createSeen>;

/** Remembers what each person has had before their eyes. Only new posts call: an edit notifies nobody, as in Slack. */
export function createSeen(slack: LocalSlack) {
  const seen = new Set<string>();
  const keyOf = (userId: string, { channel, ts }: Message) => `${userId} ${channel} ${ts}`;
  const calls = (userId: string, message: Message): boolean => {
    const [first] = message.history;
    return (
      message.user !== userId &&
      message.deletedAt === undefined &&
      JSON.stringify([first?.text, first?.blocks]).includes(`<@${userId}>`)
    );
  };
  return {
    /** What stands in the open channel and thread counts as seen. */
    look({ userId, channelId, thread }: Place): void {
      if (channelId === undefined) return;
      for (const message of slack.messages(channelId)) {
        const isShown = message.threadTs === undefined ? true : message.threadTs === thread;
        if (isShown && calls(userId, message)) seen.add(keyOf(userId, message));
      }
    },
    /** Mentions that were not seen yet, oldest first. */
    unseen(userId: string): readonly Message[] {
      const mine = slack.channels().filter(({ members }) => members.has(userId));
      return mine
        .flatMap(({ id }) => slack.messages(id))
        .filter((message) => calls(userId, message) && !seen.has(keyOf(userId, message)));
    },
  };
}

/** Says what each person is, so that a guest's refusal is no riddle. */
export function drawPeople(desk: Desk & { seen: Seen }, place: Place): Html {
  const people = desk.slack.users().filter(({ isBot }) => !isBot);
  const options = people.map(({ id, name, realName, isRestricted }) => {
    const waiting = id === place.userId ? 0 : desk.seen.unseen(id).length;
    const more = `${isRestricted ? ' (guest)' : ''}${waiting > 0 ? ` · ${waiting} new` : ''}`;
    return html`<option value="${name}"${flag('selected', id === place.userId)}>${realName}${more}</option>`;
  });
  return html`<label><span>You are</span> <select data-me>${join(options)}</select></label>`;
}

export function drawChannels(desk: Desk & { seen: Seen }, place: Place): Html {
  const unseen = desk.seen.unseen(place.userId);
  const bot = desk.slack.users().find(({ isBot }) => isBot)?.realName ?? '';
  const listed = desk.slack
    .channels()
    .filter(({ kind, members }) => kind !== 'im' && members.has(place.userId));
  const isDm = (channel: string) => desk.slack.channels().find(({ id }) => id === channel)?.kind === 'im';
  const entry = (id: string, label: string, waiting: number): Html => {
    const isHere = place.channel === id;
    const count =
      waiting === 0 ? '' : html`<b class="count" aria-label="${waiting} new mentions">${waiting}</b>`;
    // The composers send to the channel that is marked as the current one.
    const current = isHere ? html` aria-current="page" data-channel="${place.channelId ?? ''}"` : '';
    return html`<li><button type="button" data-go="${id}"${current}>${label}${count}</button></li>`;
  };
  return html`<h2>Channels</h2><ul>${join(
    listed.map(({ id, name }) =>
      entry(id, `# ${name}`, unseen.filter(({ channel }) => channel === id).length),
    ),
  )}</ul><h2>App</h2><ul>${entry('home', `${bot} · Home`, 0)}${entry('dm', `${bot} · Messages`, unseen.filter(({ channel }) => isDm(channel)).length)}</ul>`;
}

/** The mentions themselves, with the way there. */
export function drawBell(desk: Desk & { seen: Seen }, place: Place): readonly Item[] {
  return desk.seen.unseen(place.userId).map((message) => {
    const who = desk.slack.users().find(({ id }) => id === message.user)?.realName ?? message.user;
    const channel = desk.slack.channels().find(({ id }) => id === message.channel);
    const isIm = channel?.kind === 'im';
    return item(
      `b${message.ts}`,
      html`<button type="button" data-go="${isIm ? 'dm' : message.channel}" data-thread="${message.threadTs ?? ''}"><b>${who}</b> mentioned you${isIm ? '' : ` in #${channel?.name}`}: ${shorten(message.text)}</button>`,
    );
  });
}

function shorten(text: string): string {
  const words = text
    .replaceAll(/<@[^>]*>|[*_`]/g, '')
    .replaceAll(/<[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const plain = words.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  return plain.length > 120 ? `${plain.slice(0, 119)}…` : plain;
}
