// What a newcomer may do next, read off what stands in the workspace and at GitHub: one line above the composer, and a
// button that does the typing or the walking.
import type { LocalGitHub } from '../github/server.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { type Html, html } from './markup.ts';
import type { Place } from './place.ts';

type Scene = Readonly<{ slack: LocalSlack; github: LocalGitHub; repo: string; channel: string }>;

/** The line for this person. */
export function drawCoach(scene: Scene, place: Place): Html {
  const { slack, github, repo, channel } = scene;
  const cards = slack.messages(channel).filter(({ isByBot, threadTs }) => isByBot && threadTs === undefined);
  const card = cards.at(-1);
  if (card === undefined) return begin(scene);
  const [pull] = github.repository(repo).pulls.values().toArray().toReversed();
  const results = slack.thread(channel, card.ts).filter((one) => one.isByBot && one.threadTs !== undefined);
  // A button that stands out asks for a decision; others may stay when it was made.
  const waits = results.some(({ blocks }) => JSON.stringify(blocks).includes('"style":"primary"'));
  if (waits) {
    if (place.thread === card.ts)
      return html`<p>The result waits for a decision. Read the diff${pull ? at(`pull/${pull.number}`, 'here') : ''}, then press <b>Approve &amp; merge</b> and confirm, or <b>Request changes</b>, or just reply.</p>`;
    return html`<p>It is ready, and asks you once. ${decide(card.ts)}</p>`;
  }
  if (pull?.mergedAt && pull.mergeCommitSha)
    return html`<p><b>Merged.</b> The commit ${at(`commit/${pull.mergeCommitSha}`, pull.mergeCommitSha.slice(0, 7))} landed on ${pull.base.ref}. ${next(scene)} Or break something: <button type="button" class="link" data-open="faults">Faults</button></p>`;
  if (place.thread === card.ts)
    return html`<p>The agent is at work; the card says what it does. Reply here to steer it.</p>`;
  return html`<p>The card above stays up to date. ${open(card.ts, 'Open its thread')} to reply while the agent works.</p>`;
}

function begin({ github, repo }: Scene): Html {
  const [first] = openIssues(github, repo);
  if (first === undefined)
    return html`<p>This is <b>${repo}</b>. Type ${fill('/agent do add a line to the readme', 'a task')} and press Enter, or open an issue at the right first.</p>`;
  return html`<p>New here? Type ${fill(`/agent fix #${first}`)} and press <kbd>Enter</kbd>: an agent fixes the issue while you watch.</p>`;
}

function next({ github, repo }: Scene): Html {
  const [first] = openIssues(github, repo);
  return first === undefined ? html`` : html`Next: ${fill(`/agent fix #${first}`)}.`;
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
const decide = (ts: string): Html =>
  html`<button type="button" class="button primary" data-thread="${ts}">See the result and decide</button>`;
const at = (view: string, words: string): Html =>
  html` <a href="?github=${view}" data-github="${view}">${words}</a>`;
