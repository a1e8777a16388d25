// What a newcomer may do next, read off what stands in the workspace and at GitHub: one line above the composer, and a
// button that does the typing or the walking.
import type { LocalGitHub } from '../github/server.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { type Html, html } from './markup.ts';
import type { Place } from './place.ts';

type Scene = Readonly<{ slack: LocalSlack; github: LocalGitHub; repo: string; channel: string }>;
type Message = ReturnType<LocalSlack['messages']>[number];
type Pull = ReturnType<LocalGitHub['pulls']>[number];

/** One command of the bot as it stands in the channel: its card, and the message that asks for a decision. */
type Errand = Readonly<{
  card: Message;
  /** The pull that the card links to. */
  pull: Pull | undefined;
  /** What waits for an answer, and the button that stands out on it. */
  asks: Readonly<{ message: Message; button: string }> | undefined;
  isUnderWay: boolean;
}>;

/** The line for this person: about the thread that is open, else what waits for an answer, else what came last. */
export function drawCoach(scene: Scene, place: Place): Html {
  const errands = readErrands(scene);
  const errand =
    errands.find(({ card }) => card.ts === place.thread) ??
    errands.findLast(({ asks }) => asks !== undefined) ??
    errands.at(-1);
  if (errand === undefined) return begin(scene);
  const { card, pull, asks, isUnderWay } = errand;
  const isOpen = place.thread === card.ts;
  if (asks) return isOpen ? decide(errand, asks, place) : call(card, asks, place);
  if (isUnderWay)
    return isOpen
      ? html`<p>The agent is at work; the card says what it does. Reply in the thread to steer it.</p>`
      : html`<p>The card above stays up to date. ${open(card.ts, 'Open its thread')} to reply while the agent works.</p>`;
  if (pull?.mergedAt && pull.mergeCommitSha)
    return html`<p><b>Merged.</b> The commit ${at(`commit/${pull.mergeCommitSha}`, pull.mergeCommitSha.slice(0, 7))} landed on ${pull.base.ref}. ${next(scene)}</p>`;
  return html`<p>That is done${isOpen ? '' : html`: ${open(card.ts, 'see what came of it')}`}. ${next(scene)}</p>`;
}

/** All of the channel, oldest first. */
function readErrands({ slack, github, repo, channel }: Scene): readonly Errand[] {
  const cards = slack
    .messages(channel)
    .filter(
      ({ isByBot, threadTs, deletedAt }) => isByBot && threadTs === undefined && deletedAt === undefined,
    );
  return cards.map((card) => {
    const [, number] = /\/pull\/(\d+)/.exec(JSON.stringify(card.blocks)) ?? [];
    const answers = slack.thread(channel, card.ts).filter((one) => one.isByBot && one.ts !== card.ts);
    const asked = answers.flatMap((message) => {
      // A button that stands out asks for a decision; others may stay when it was made.
      const button = buttonsOf(message).find(({ style }) => style === 'primary')?.text;
      return button === undefined ? [] : [{ message, button }];
    });
    return {
      card,
      pull: github.pulls(repo).find((pull) => pull.number === Number(number)),
      asks: asked.at(-1),
      // What can be stopped has not ended.
      isUnderWay: buttonsOf(card).some(({ text }) => text === 'Stop'),
    };
  });
}

function buttonsOf({ blocks }: Message): readonly Readonly<{ text: string; style: string | undefined }>[] {
  return blocks.flatMap((block) => {
    if (block.type !== 'actions') return [];
    return block.elements.flatMap((each) =>
      each.type === 'button' ? [{ text: each.text.text, style: each.style }] : [],
    );
  });
}

/** Beside the open thread: what to press. */
function decide({ pull }: Errand, { message, button }: NonNullable<Errand['asks']>, place: Place): Html {
  if (!calls(message, place))
    return html`<p>It waits for whoever asked. Others reply and ask for changes; who may not press a button is told why.</p>`;
  if (pull === undefined)
    return html`<p>Press <b>${button}</b>, or reply in the thread to have it otherwise.</p>`;
  return html`<p>The result waits for a decision. Read the diff${at(`pull/${pull.number}`, 'here')}, then press <b>${button}</b> and confirm, or <b>Request changes</b>, or just reply.</p>`;
}

/** From the channel: where to go. */
function call(card: Message, { message }: NonNullable<Errand['asks']>, place: Place): Html {
  if (!calls(message, place))
    return html`<p>It is ready, and waits for whoever asked. ${open(card.ts, 'Look at the result')}</p>`;
  return html`<p>It is ready, and asks you once. <button type="button" class="button primary" data-thread="${card.ts}">See the result and decide</button></p>`;
}

function calls({ text, blocks }: Message, { userId }: Place): boolean {
  return JSON.stringify([text, blocks]).includes(`<@${userId}>`);
}

function begin({ github, repo }: Scene): Html {
  const [first] = openIssues(github, repo);
  if (first === undefined)
    return html`<p>This is <b>${repo}</b>. Type ${fill('/agent do add a line to the readme', 'a task')} and press Enter, or open an issue at the right first.</p>`;
  return html`<p>New here? Type ${fill(`/agent fix #${first}`)} and press <kbd>Enter</kbd>: an agent fixes the issue while you watch.</p>`;
}

function next({ github, repo }: Scene): Html {
  const [first] = openIssues(github, repo);
  const plan =
    first === undefined ? fill('/agent ask What does this code do?') : fill(`/agent plan #${first}`);
  return html`Next: ${plan}, or break something: <button type="button" class="link" data-open="faults">Faults</button>`;
}

function openIssues(github: LocalGitHub, repo: string): readonly number[] {
  return [...github.repository(repo).issues.values()]
    .filter(({ state }) => state === 'open')
    .map(({ number }) => number);
}

const fill = (text: string, words?: string): Html =>
  html`<button type="button" class="fill" data-fill="${text}">${words ?? text}</button>`;
const open = (ts: string, words: string): Html =>
  html`<button type="button" class="link" data-thread="${ts}">${words}</button>`;
const at = (view: string, words: string): Html =>
  html` <a href="?github=${view}" data-github="${view}">${words}</a>`;
