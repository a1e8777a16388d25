// The demo's story, told by people: Ann asks for a fix, says one more thing while the agent works, approves; then she asks
// for something else and throws it away. Everything is seen and done through Slack and GitHub, as people would.
import type { World } from './world.ts';

/** What happened to one job, as far as people can see it. Times in ms since the command was typed. */
export type TalePart = Readonly<{
  id: string;
  status: 'merged' | 'rejected';
  pull: number;
  /** The head SHA that the person was shown before they decided. */
  shownSha: string;
  mergedSha: string | undefined;
  /** New messages by the bot that mention a person, divided by finished turns. */
  notifications: number;
  threadTs: string;
  ms: Readonly<{ ack: number; card: number; result: number; settled: number }>;
}>;

export type Tell = (step: string, more?: Readonly<Record<string, unknown>>) => void;

/** How patient people are: a scripted agent takes seconds, a real one minutes. */
export type Patience = Readonly<{ resultMs: number; settleMs: number }>;

type Job = Readonly<{ startedAt: number; ack: number; card: number; threadTs: string; id: string }>;

/** Plays the whole story; rejects with what was on the screen when somebody waited in vain. */
export async function playStory(
  world: World,
  options: { tell: Tell; patience: Patience },
): Promise<TalePart[]> {
  const { tell } = options;
  const first = await ask(world, '/agent fix #1', tell);
  await steer(world, first, { tell, text: 'Please also mention it in CHANGELOG.md.' });
  const merged = await approve(world, first, options);
  const second = await ask(world, '/agent fix #2', tell);
  const rejected = await reject(world, second, options);
  return [merged, rejected];
}

async function ask(world: World, typed: string, tell: Tell): Promise<Job> {
  const { slack, channel, people } = world;
  const before = new Set(cards(world).map((message) => message.ts));
  const [command = '', ...words] = typed.split(' ');
  const startedAt = Date.now();
  tell('typed', { by: 'Ann', text: typed });
  const answer = await slack.slashCommand({ user: people.ann, channel, command, text: words.join(' ') });
  if (answer.error) throw new Error(`${typed} was not answered in time: ${answer.error}`);
  const ack = Math.round(answer.ackMs);
  tell('acknowledged', { ms: ack });
  const card = await slack.waitFor({
    description: `the card of ${typed}`,
    check: () => cards(world).find((message) => !before.has(message.ts)),
  });
  const posted = Date.now() - startedAt;
  const id = /J-\d+/.exec(card.text)?.[0] ?? 'J-?';
  tell('card', { job: id, ms: posted });
  return { startedAt, ack, card: posted, threadTs: card.ts, id };
}

/** Root messages of the channel that the bot wrote. */
function cards({ slack, channel }: World) {
  return slack.messages(channel).filter((message) => message.isByBot && message.threadTs === undefined);
}

async function steer(world: World, job: Job, said: { tell: Tell; text: string }): Promise<void> {
  const { slack, channel, people } = world;
  await slack.waitFor(
    {
      description: 'the agent to be at work',
      check: () => slack.renderThread(channel, job.threadTs).includes(':hammer_and_wrench: Working'),
    },
    { timeoutMs: 60_000 },
  );
  const { ts } = slack.post({ user: people.ann, channel, threadTs: job.threadTs, text: said.text });
  said.tell('replied', { by: 'Ann', text: said.text });
  await slack.waitFor(
    { description: 'the eyes on the reply', check: () => slack.reactions(channel, ts).length > 0 },
    { timeoutMs: 20_000 },
  );
  said.tell('reply_stored', { job: job.id });
}

async function result(world: World, job: Job, options: { tell: Tell; patience: Patience }) {
  const { slack, channel } = world;
  const message = await slack.waitFor(
    {
      description: `the result of ${job.id}`,
      check: () => slack.thread(channel, job.threadTs).find((one) => one.isByBot && buttonOf(one, 'Approve')),
    },
    { timeoutMs: options.patience.resultMs },
  );
  const ms = Date.now() - job.startedAt;
  const shownSha = /[0-9a-f]{40}/.exec(JSON.stringify(buttonOf(message, 'Approve')))?.[0] ?? '';
  options.tell('result', { job: job.id, shownSha, ms });
  return { ts: message.ts, ms, shownSha };
}

type Button = Readonly<{ action_id: string; text: Readonly<{ text: string }> }>;

function buttonOf(message: { blocks: readonly unknown[] }, label: string): Button | undefined {
  const buttons = message.blocks.flatMap((block) => {
    const { elements } = block as { elements?: readonly Button[] }; // blocks were checked when they were posted
    return elements ?? [];
  });
  return buttons.find((button) => button.text?.text?.startsWith(label));
}

async function press(world: World, ts: string, label: string): Promise<void> {
  const { slack, channel, people } = world;
  await slack.click({ user: people.ann, channel, ts, actionId: actionOf(world, ts, label) });
}

async function approve(
  world: World,
  job: Job,
  options: { tell: Tell; patience: Patience },
): Promise<TalePart> {
  const shown = await result(world, job, options);
  await press(world, shown.ts, 'Approve');
  options.tell('approved', { by: 'Ann', sha: shown.shownSha });
  await settled(world, job, { words: 'Merged', ...options });
  return finish(world, job, { ...shown, status: 'merged' });
}

async function reject(
  world: World,
  job: Job,
  options: { tell: Tell; patience: Patience },
): Promise<TalePart> {
  const { slack, people } = world;
  const shown = await result(world, job, options);
  await press(world, shown.ts, 'Reject');
  const modal = await slack.waitFor({
    description: 'the modal',
    check: () => slack.modals(people.ann).at(-1),
  });
  const field = /"action_id":"([^"]+)"/.exec(JSON.stringify(modal.content.blocks))?.[1] ?? '';
  const reason = 'Not this quarter, thank you.';
  await slack.submitView({ user: people.ann, viewId: modal.id, values: { [field]: reason } });
  options.tell('rejected', { by: 'Ann', reason });
  await settled(world, job, { words: 'Rejected', ...options });
  return finish(world, job, { ...shown, status: 'rejected' });
}

function actionOf({ slack, channel }: World, ts: string, label: string): string {
  const message = slack.message(channel, ts);
  const button = message && buttonOf(message, label);
  if (button === undefined) throw new Error(`There is no button ${label} any more.`);
  return button.action_id;
}

async function settled(
  world: World,
  job: Job,
  options: { words: string; tell: Tell; patience: Patience },
): Promise<void> {
  const { slack, channel } = world;
  const says = () => slack.message(channel, job.threadTs)?.blocks ?? [];
  await slack.waitFor(
    {
      description: `${job.id} to be settled`,
      check: () => {
        const words = JSON.stringify(says());
        return (
          words.includes(options.words) && !words.includes('being closed') && !words.includes('Approved,')
        );
      },
    },
    { timeoutMs: options.patience.settleMs },
  );
  options.tell('settled', { job: job.id, as: options.words.toLowerCase(), ms: Date.now() - job.startedAt });
}

function finish(
  world: World,
  job: Job,
  shown: { status: TalePart['status']; shownSha: string; ms: number },
): TalePart {
  const { slack, github, repo, channel } = world;
  const settledMs = Date.now() - job.startedAt;
  const pull = github.pulls(`${repo.owner}/${repo.name}`).find((one) => one.head.sha === shown.shownSha);
  if (pull === undefined) throw new Error(`No pull has the head ${shown.shownSha} that was shown.`);
  const notifying = slack
    .thread(channel, job.threadTs)
    .filter((message) => message.isByBot && /<@U/.test(JSON.stringify(message.history[0])));
  return {
    id: job.id,
    status: shown.status,
    pull: pull.number,
    shownSha: shown.shownSha,
    mergedSha: shown.status === 'merged' ? pull.head.sha : undefined,
    // Each of the story's jobs has one turn.
    notifications: notifying.length,
    threadTs: job.threadTs,
    ms: { ack: job.ack, card: job.card, result: shown.ms, settled: settledMs },
  };
}
