// Draws messages as one person sees them: in a channel, in a thread, those that only they can see, and how often they were
// answered. Everything people and agents wrote goes through drawBlocks and drawText, which escape it.
import type { LocalSlack } from '../slack/local-slack.ts';
import { drawBlocks, drawText, type Names } from './blocks.ts';
import type { Form } from './elements.ts';
import { clock, type Html, html, type Item, item, join } from './markup.ts';
import type { Place } from './place.ts';

export type Desk = Readonly<{
  slack: LocalSlack;
  names: Names;
  /** The app's message shortcuts. */
  shortcuts: readonly Readonly<{ name: string; callbackId: string }>[];
}>;
type Message = ReturnType<LocalSlack['messages']>[number];
type Ephemeral = ReturnType<LocalSlack['ephemerals']>[number];

/** The roots of a channel with what only this person sees there, oldest first. */
export function drawChannel(desk: Desk, place: Place): readonly Item[] {
  const { channelId } = place;
  if (channelId === undefined) return [];
  const roots = desk.slack.messages(channelId).filter(({ threadTs }) => threadTs === undefined);
  const mine = ephemeralsIn(desk, place, undefined);
  const said = inOrder(desk, place, { messages: roots, ephemerals: mine, isThread: false });
  return [item('beginning', drawBeginning(desk, channelId)), ...said];
}

/** What stands above the first message, so that an empty channel says what it is for. */
function drawBeginning({ slack }: Desk, channelId: string): Html {
  const channel = slack.channels().find(({ id }) => id === channelId);
  if (channel === undefined || channel.kind === 'im')
    return html`<div class="beginning"><p>Between you and the app: what you say here is a task, and nobody else reads it.</p></div>`;
  return html`<div class="beginning"><h2># ${channel.name}</h2><p>This is where the channel begins. Talk as you would in Slack; <code>/agent</code> sends an agent on an errand.</p></div>`;
}

/** A thread; empty where none is open. */
export function drawThread(desk: Desk, place: Place): readonly Item[] {
  const { channelId, thread } = place;
  if (channelId === undefined || thread === '') return [];
  const messages = desk.slack.thread(channelId, thread);
  return inOrder(desk, place, { messages, ephemerals: ephemeralsIn(desk, place, thread), isThread: true });
}

function ephemeralsIn({ slack }: Desk, place: Place, thread: string | undefined): readonly Ephemeral[] {
  const mine = slack.ephemerals(place.userId).filter(({ channel }) => channel === place.channelId);
  return mine.filter(({ threadTs }) => threadTs === thread);
}

function inOrder(
  desk: Desk,
  place: Place,
  shown: Readonly<{ messages: readonly Message[]; ephemerals: readonly Ephemeral[]; isThread: boolean }>,
): readonly Item[] {
  const all = [
    ...shown.messages.map((message) => ({
      ts: message.ts,
      item: item(`m${message.ts}`, drawMessage(desk, place, message, shown.isThread)),
    })),
    ...shown.ephemerals.map((one) => ({
      ts: one.ts,
      item: item(`e${one.ts}`, drawEphemeral(desk, one)),
    })),
  ];
  return all.toSorted((a, b) => Number(a.ts) - Number(b.ts)).map((each) => each.item);
}

function drawMessage(desk: Desk, place: Place, message: Message, isThread: boolean): Html {
  const { ts, channel, user } = message;
  const who = desk.slack.users().find(({ id }) => id === user);
  if (message.deletedAt !== undefined)
    return html`<article class="message gone"><p>This message was deleted.</p></article>`;
  const isEdited = message.history.length > 1;
  const isForMe =
    user !== place.userId && JSON.stringify([message.text, message.blocks]).includes(`<@${place.userId}>`);
  return html`<article class="message${isForMe ? ' for-me' : ''}" data-channel="${channel}" data-ts="${ts}" aria-label="${who?.realName ?? user}, ${timeOf(ts)}">
${avatar(who?.realName ?? user, message.isByBot)}
<div class="said"><header><b>${who?.realName ?? user}</b>${message.isByBot ? html` <span class="app">APP</span>` : ''} <time>${timeOf(ts)}</time></header>
<div class="blocks">${drawContent(desk, message)}${isEdited ? html` <small class="edited">(edited)</small>` : ''}</div>
${join(message.files.map(({ name }) => html`<p class="file">📎 ${name}</p>`))}${drawReactions(desk, message)}
${isThread ? '' : drawAnswers(desk, message)}</div>${drawTools(desk, message, isThread)}</article>`;
}

function drawContent(desk: Desk, content: Pick<Message, 'text' | 'blocks'>): Html {
  if (content.blocks.length > 0) return drawBlocks(content.blocks, desk.names, formOf(desk));
  return drawText(content.text === '' ? ' ' : content.text, desk.names);
}

/** The surface of everything that is no modal. */
export function formOf({ names }: Desk): Form {
  return { users: names.users, channels: names.channels };
}

function drawEphemeral(desk: Desk, one: Ephemeral): Html {
  const name = one.isFromSlack ? 'Slackbot' : desk.slack.users().find(({ isBot }) => isBot)?.realName;
  return html`<article class="message ephemeral" data-channel="${one.channel}" data-ts="${one.ts}" aria-label="${name}, only visible to you">
${avatar(name ?? '', true)}<div class="said"><p class="only"><span aria-hidden="true">👁</span> Only visible to you</p>
<header><b>${name}</b> <span class="app">APP</span> <time>${timeOf(one.ts)}</time></header>
<div class="blocks">${drawContent(desk, one)}</div></div></article>`;
}

function avatar(name: string, isByBot: boolean): Html {
  return html`<span class="avatar${isByBot ? ' bot' : ''}" aria-hidden="true">${isByBot ? '⌁' : name.slice(0, 1)}</span>`;
}

export function timeOf(ts: string): string {
  return clock(new Date(Number(ts) * 1000));
}

function drawReactions(desk: Desk, message: Message): Html | '' {
  if (message.reactions.length === 0) return '';
  const each = message.reactions.map(
    ({ name, users }) =>
      html`<li title=":${name}:"><span class="visually-hidden">${name.replaceAll('_', ' ')}</span>${drawText(`:${name}:`, desk.names)} ${users.length}</li>`,
  );
  return html`<ul class="reactions" aria-label="Reactions">${join(each)}</ul>`;
}

function drawAnswers(desk: Desk, { channel, ts }: Message): Html | '' {
  const answers = desk.slack.thread(channel, ts).slice(1);
  const last = answers.at(-1);
  if (last === undefined) return '';
  const count = answers.length === 1 ? '1 reply' : `${answers.length} replies`;
  return html`<button type="button" class="answers" data-thread="${ts}"><b>${count}</b> Last at ${timeOf(last.ts)}</button>`;
}

function drawTools(desk: Desk, { ts }: Message, isThread: boolean): Html {
  const shortcuts = desk.shortcuts.map(
    ({ name, callbackId }) =>
      html`<button type="button" data-shortcut="${callbackId}" title="${name}">${name}</button>`,
  );
  const reply = isThread ? '' : html`<button type="button" data-thread="${ts}">Reply in thread</button>`;
  return html`<div class="tools">${reply}${join(shortcuts)}</div>`;
}
