// The people of a seed. Each follows a story as somebody with a browser would: looks at the thread, does what is to be done
// next, and does it again when nothing came of it. They know nothing but what Slack shows them.
import { setTimeout as delay } from 'node:timers/promises';
import { ask, type Hours } from './asking.ts';
import type { Story } from './plan.ts';
import type { Stage } from './stage.ts';
import { buttonsOf, type FinalState, readThread, type Thread } from './thread.ts';

const LOOK_MS = 200;
/** How long somebody waits before doing the same once more. */
const AGAIN_MS = 5_000;
/** Nobody presses Retry at once again and again: the pauses grow. */
const RETRY_PAUSES_MS = [1_000, 2_000, 4_000, 8_000];
/** What fails so often although nothing is broken any more will not be mended by pressing. */
const MOST_FAILURES_IN_CALM = 3;

/** How far a story has come. */
type Progress = {
  readonly story: Story;
  readonly user: string;
  steered: boolean;
  followUps: Story['followUps'];
  pushed: boolean;
  /** What was done last, at which state of the thread, and when. */
  last: { what: string; results: number; atMs: number } | undefined;
  /** Results that offered nothing but *Retry*: how many, how many of them in calm, when to press next. */
  failures: { results: number; seen: number; inCalm: number; retryAtMs: number };
  gaveUp: string | undefined;
};

export type StoryEnd = Readonly<{
  story: string;
  job: string | undefined;
  final: FinalState | undefined;
  /** Why the person lost patience. */
  gaveUp: string | undefined;
}>;

/** Plays one story until its job is over, the person gives up, or time is. */
export async function playStory(stage: Stage, story: Story, hours: Hours): Promise<StoryEnd> {
  const { isOver } = hours;
  const { slack, channel } = stage;
  const user = slack.addUser({ name: story.name, realName: story.name.toUpperCase() }).id;
  slack.invite({ user: stage.world.people.ann, channel, invitee: user });
  while (Date.now() - stage.journal.startedAt < story.atMs) await delay(LOOK_MS);
  const card = await ask(stage, { story, user, hours });
  if (!card) return { story: story.name, job: undefined, final: undefined, gaveUp: undefined };
  const progress: Progress = {
    story,
    user,
    steered: !story.steers,
    followUps: story.followUps,
    pushed: !story.pushesByHand,
    last: undefined,
    failures: { results: 0, seen: 0, inCalm: 0, retryAtMs: 0 },
    gaveUp: undefined,
  };
  let thread = readThread(slack, channel, card);
  stage.journal.note(`${story.name} has ${thread.job}`);
  while (!isOver() && !thread.final && !progress.gaveUp) {
    await act(stage, { progress, thread, hours }).catch((thrown: unknown) =>
      stage.journal.note(`${story.name} could not: ${String(thrown)}`),
    );
    await delay(LOOK_MS);
    thread = readThread(slack, channel, card);
  }
  stage.journal.note(`${story.name}: ${thread.job} is ${thread.final ?? 'not over'}`);
  return { story: story.name, job: thread.job, final: thread.final, gaveUp: progress.gaveUp };
}

type Look = Readonly<{ progress: Progress; thread: Thread; hours: Hours }>;

async function act(stage: Stage, look: Look): Promise<void> {
  const { progress, thread } = look;
  const { story } = progress;
  const newest = thread.results.at(-1);
  const offered = new Set(buttonsOf(newest).map((button) => button.action_id));
  const working = thread.cardText.includes('Last: ');
  const once = (what: string, work: () => Promise<unknown>) => doOnce(progress, thread, { what, work });
  if (working && !progress.steered) {
    progress.steered = true;
    say(stage, progress, thread, 's');
  } else if (story.decision === 'stop' && (working || offered.has('job_approve'))) {
    // One that was quicker than the person is rejected instead.
    if (working)
      await once('stop', () => press(stage, progress, { message: thread.card, action: 'job_stop' }));
    else await once('reject', () => reject(stage, progress, thread));
  } else if (offered.has('job_retry')) {
    await retry(stage, look);
  } else if (offered.has('job_approve')) {
    await decide(stage, progress, thread);
  }
}

/** Presses *Retry* after a while, later each time; gives up on what fails again and again. */
async function retry(stage: Stage, { progress, thread, hours }: Look): Promise<void> {
  const { story, failures } = progress;
  const results = thread.results.length;
  const newest = thread.results.at(-1);
  if (results !== failures.results) {
    const pauseMs = RETRY_PAUSES_MS[Math.min(failures.seen, RETRY_PAUSES_MS.length - 1)] ?? AGAIN_MS;
    failures.results = results;
    failures.seen += 1;
    failures.inCalm += hours.isCalm() ? 1 : 0;
    failures.retryAtMs = Date.now() + pauseMs;
    stage.journal.note(`${story.name} reads in ${thread.job}: ${reasonOf(newest)}`);
  }
  if (failures.inCalm >= MOST_FAILURES_IN_CALM) {
    progress.gaveUp = `${story.name} gave up on ${thread.job}, which failed ${failures.seen} times, ${failures.inCalm} of them after the last fault: ${reasonOf(newest)}`;
    return;
  }
  if (Date.now() < failures.retryAtMs) return;
  failures.retryAtMs = Date.now() + AGAIN_MS;
  await press(stage, progress, { message: newest, action: 'job_retry' });
}

/** The words below the headline of a result. */
function reasonOf(message: Thread['results'][number] | undefined): string {
  const texts = [...JSON.stringify(message?.blocks ?? []).matchAll(/"text":("(?:[^"\\]|\\.)*")/g)];
  const [, ...rest] = texts.map(([, text = '""']) => String(JSON.parse(text)));
  return rest.join(' ').replaceAll(/\s+/g, ' ').slice(0, 240);
}

async function decide(stage: Stage, progress: Progress, thread: Thread): Promise<void> {
  const { story } = progress;
  const once = (what: string, work: () => Promise<unknown>) => doOnce(progress, thread, { what, work });
  const [how, ...rest] = progress.followUps;
  if (how === 'changes') {
    await once('changes', async () => {
      if (await requestChanges(stage, progress, thread)) progress.followUps = rest;
    });
  } else if (how === 'reply') {
    progress.followUps = rest;
    say(stage, progress, thread, 'f');
    progress.last = { what: 'reply', results: thread.results.length, atMs: Date.now() };
  } else if (isWaitingForReply(progress, thread)) {
    // The next result will come.
  } else if (story.decision === 'reject') {
    await once('reject', () => reject(stage, progress, thread));
  } else {
    await once('approve', () => approve(stage, progress, thread));
  }
}

/** Whoever asked for more decides on what comes of it, not on what was there before. */
function isWaitingForReply({ last }: Progress, thread: Thread): boolean {
  const asked = last?.what === 'reply' || last?.what === 'changes';
  return asked && last.results === thread.results.length && Date.now() - last.atMs < 60_000;
}

/** The same thing in the same situation is done again only after a while. */
async function doOnce(
  progress: Progress,
  thread: Thread,
  { what, work }: { what: string; work: () => Promise<unknown> },
): Promise<void> {
  const { last } = progress;
  const results = thread.results.length;
  if (last?.what === what && last.results === results && Date.now() - last.atMs < AGAIN_MS) return;
  progress.last = { what, results, atMs: Date.now() };
  await work();
}

/** Words that ask for one more file. */
function say(stage: Stage, { story, user }: Progress, thread: Thread, what: string): void {
  const { slack, channel, journal } = stage;
  const file = `${story.name}-${what}${journal.words.length}.txt`;
  const text = `script: write ${file} <<${what}`;
  const { ts } = slack.post({ user, channel, threadTs: thread.threadTs, text });
  journal.words.push({ story: story.name, job: thread.job, file, text, ts, user });
  journal.note(`${story.name} says ${file} in ${thread.job}`);
}

type Target = Readonly<{ message: Thread['card'] | undefined; action: string; by?: string }>;

async function press(
  stage: Stage,
  { story, user }: Progress,
  { message, action, by }: Target,
): Promise<void> {
  if (!message) return;
  const { slack, channel, journal } = stage;
  const { isAcked, error } = await slack.click({
    user: by ?? user,
    channel,
    ts: message.ts,
    actionId: action,
  });
  journal.note(`${story.name} pressed ${action}: ${isAcked ? 'taken' : error}`);
}

async function approve(stage: Stage, progress: Progress, thread: Thread): Promise<void> {
  const { story, user } = progress;
  const message = thread.results.at(-1);
  const value = buttonsOf(message).find((button) => button.action_id === 'job_approve')?.value ?? '';
  const sha = value.split(':')[1] ?? '';
  const press1 = (by: string) => {
    stage.journal.presses.push({ job: thread.job, kind: 'approve', sha, user: by });
    return press(stage, progress, { message, action: 'job_approve', by });
  };
  const second = story.decision === 'approve-by-two' ? stage.approver : user;
  const twice = story.decision === 'approve-twice' || story.decision === 'approve-by-two';
  await Promise.all([press1(user), ...(twice ? [press1(second)] : []), pushByHand(stage, progress, thread)]);
}

/** A colleague commits to the branch in the very moment of the approval. */
async function pushByHand(stage: Stage, progress: Progress, thread: Thread): Promise<void> {
  if (progress.pushed) return;
  progress.pushed = true;
  const branch = `errand/${thread.job}`;
  if ((await stage.github.branchSha(stage.repo, branch)) === undefined) return;
  const file = `${progress.story.name}-by-hand.txt`;
  const commit = { message: 'Add a word by hand', author: 'carla' };
  const sha = await stage.github.commitTo(stage.repo, branch, { [file]: 'by hand' }, commit);
  stage.journal.handPushes.push({ branch, sha });
  stage.journal.count('push-by-hand');
}

async function reject(stage: Stage, progress: Progress, thread: Thread): Promise<void> {
  const { journal } = stage;
  const opened = await openModal(stage, progress, { thread, action: 'job_reject' });
  if (!opened) return;
  journal.presses.push({ job: thread.job, kind: 'reject', sha: '', user: progress.user });
  const { error } = await fillIn(stage, progress, opened, `Not wanted, says ${progress.story.name}.`);
  journal.note(`${progress.story.name} rejected ${thread.job}: ${error ?? 'taken'}`);
}

async function requestChanges(stage: Stage, progress: Progress, thread: Thread): Promise<boolean> {
  const { journal } = stage;
  const opened = await openModal(stage, progress, { thread, action: 'job_changes' });
  if (!opened) return false;
  const { story, user } = progress;
  const file = `${story.name}-c${journal.words.length}.txt`;
  const text = `script: write ${file} <<c`;
  const { isAcked, ackBody } = await fillIn(stage, progress, opened, text);
  const taken = isAcked && !JSON.stringify(ackBody ?? '').includes('errors');
  journal.note(`${story.name} requests ${file} in ${thread.job}: ${taken ? 'taken' : 'not taken'}`);
  if (taken) journal.words.push({ story: story.name, job: thread.job, file, text, ts: undefined, user });
  return taken;
}

/** Presses a button that opens a form; a form that does not come within Slack's 3 s will not come. */
async function openModal(stage: Stage, progress: Progress, at: { thread: Thread; action: string }) {
  const { user } = progress;
  const { thread, action } = at;
  const open = () =>
    stage.slack
      .modals(user)
      .find(({ content }) => content.type === 'modal' && content.title.text.endsWith(` ${thread.job}`));
  await press(stage, progress, { message: thread.results.at(-1), action });
  const deadline = Date.now() + 4_000;
  while (!open() && Date.now() < deadline) await delay(LOOK_MS);
  return open();
}

async function fillIn(
  { slack }: Stage,
  { user }: Progress,
  modal: NonNullable<Awaited<ReturnType<typeof openModal>>>,
  text: string,
) {
  const field = /"action_id":"([^"]+)"/.exec(JSON.stringify(modal.content.blocks))?.[1] ?? '';
  return slack.submitView({ user, viewId: modal.id, values: { [field]: text } });
}
