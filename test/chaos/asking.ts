// How a person of the suite asks for a job and gets to its card: types a command or mentions the bot, reads what is
// answered, and asks again, in other words, where the answer was a no or nothing came.
import { setTimeout as delay } from 'node:timers/promises';
import type { Wish } from './journal.ts';
import type { Story } from './plan.ts';
import type { Stage } from './stage.ts';
import { findCards } from './thread.ts';

const LOOK_MS = 200;
/** How long somebody waits for a card after an answer that said nothing. */
const PATIENCE_MS = 15_000;
/** Nobody types faster. */
const TYPING_MS = 2_000;

/** How a story knows when its time is up. */
export type Hours = Readonly<{
  /** Nothing breaks any more. */
  isCalm(): boolean;
  /** All has been well for so long that what was to come of earlier wishes has come. */
  isLate(): boolean;
  isOver(): boolean;
}>;

type Asker = Readonly<{ story: Story; user: string; hours: Hours }>;

/** The card of the story's job; undefined when nothing came of what was accepted, or once time is up. */
export async function ask(stage: Stage, { story, user, hours }: Asker) {
  for (let attempt = 1; !hours.isOver(); attempt += 1) {
    if (attempt > 1) await delay(TYPING_MS);
    const wish = await makeWish(stage, story, { user, attempt });
    const card = await waitForCard(stage, wish, hours);
    if (card || (wish.outcome === 'accepted' && hours.isLate())) return card;
  }
  return undefined;
}

async function makeWish(stage: Stage, story: Story, by: { user: string; attempt: number }): Promise<Wish> {
  const { slack, channel, github, repo, journal } = stage;
  const token = `${story.name}-try${by.attempt}`;
  const script = firstScript(story, token);
  const wish: Wish = { token, story: story.name, user: by.user, text: script, outcome: 'unknown' };
  journal.wishes.push(wish);
  if (story.way === 'mention') {
    slack.post({ user: by.user, channel, text: `@errand ${script}` });
    // Slack delivers a message until somebody takes it.
    wish.outcome = 'accepted';
  } else {
    const text = story.way === 'do' ? `do ${script}` : `fix #${fileIssue(github, repo, token, script)}`;
    const told = slack.ephemerals(by.user).length;
    const { error, ackBody } = await slack.slashCommand({ user: by.user, channel, command: '/agent', text });
    const refused = JSON.stringify(ackBody ?? '').includes('nothing was started');
    wish.outcome = error ? 'unknown' : refused ? 'refused' : 'accepted';
    if (refused && slack.ephemerals(by.user).length === told) journal.note(`${token} was refused silently`);
  }
  journal.note(`${token} asked by ${story.way}: ${wish.outcome}`);
  return wish;
}

function fileIssue(github: Stage['github'], repo: string, token: string, script: string): number {
  return github.addIssue({ repo, title: `Issue of ${token}`, body: script, author: 'carla' }).number;
}

/** Two files with time to interfere between them. The agent shows a sign of life every second, as real ones do. */
function firstScript(story: Story, token: string): string {
  const work = Array.from({ length: story.workS }, (_, second) => `run sleep 1 # ${second + 1}`);
  return `script: ${[`write ${token}-a.txt <<a`, ...work, `write ${token}-b.txt <<b`].join(' ;; ')}`;
}

async function waitForCard(stage: Stage, wish: Wish, hours: Hours) {
  const { slack, channel } = stage;
  const told = slack.ephemerals(wish.user).length;
  const deadline = Date.now() + PATIENCE_MS;
  while (!hours.isOver()) {
    const [card] = findCards(slack, channel, wish.token);
    if (card) return card;
    // Whoever was accepted waits, whoever was told no asks again, and so does who heard nothing for a while.
    const refusedSince = slack.ephemerals(wish.user).length > told;
    if (refusedSince || wish.outcome === 'refused') return rest(wish, 'refused');
    if (wish.outcome === 'unknown' && Date.now() > deadline) return undefined;
    if (wish.outcome === 'accepted' && hours.isLate()) return undefined;
    await delay(LOOK_MS);
  }
  return undefined;
}

function rest(wish: Wish, outcome: Wish['outcome']): undefined {
  wish.outcome = outcome;
  return undefined;
}
