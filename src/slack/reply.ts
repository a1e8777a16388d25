// A message in a job's thread: words for the agent, a command about the job, or people talking to each other.
import { type Standpoint, turnOf } from '../actions/act.ts';
import { runPlan } from '../actions/plan-job.ts';
import { replyToJob } from '../actions/reply-to-job.ts';
import { stopJob } from '../actions/stop-job.ts';
import { isRefusal, type Refusal } from '../errors.ts';
import { isFinal, type Job } from '../job/job.ts';
import { awaited } from '../job/planning.ts';
import { steers } from '../job/steering.ts';
import { hadEffect } from '../store/effects.ts';
import { loadChannel } from '../store/settings.ts';
import { answer } from './answer.ts';
import { opensWithOtherMention } from './decode.ts';
import type { Desk } from './desk.ts';
import type { HeardPost } from './mention.ts';
import { type Command, parseCommand } from './parse-command.ts';
import { runCommand } from './run-command.ts';
import { recipientOf } from './start-request.ts';

type HeardReply = HeardPost & Readonly<{ job: Job }>;

export async function hearReply(desk: Desk, heard: HeardReply): Promise<void> {
  if (!(await isForTheAgent(desk, heard))) return;
  const words = await heard.words();
  const go = await hearGo(desk, heard, words);
  if (go) return goAhead(desk, heard, go);
  const command =
    heard.addressed && !isStop(words) ? readCommand(words, heard.job, desk.serverUrl) : undefined;
  if (command === undefined) return sayToJob(desk, heard, words);
  const guest = await desk.people.mayNotCommand(heard.place.speaker);
  if (guest) return answer(desk, recipientOf(heard.place), guest.refusal);
  if ('refusal' in command) return answer(desk, recipientOf(heard.place), command.refusal);
  await runCommand(desk, command, { ...heard.place, job: heard.job });
}

async function sayToJob(desk: Desk, heard: HeardReply, words: string): Promise<void> {
  const { job, place, post } = heard;
  const who = { speaker: place.speaker, channel: post.channel, jobId: job.id };
  const may = await desk.rights.forJob(isStop(words) ? 'stop' : 'steer', who);
  if (!isRefusal(may)) {
    return isStop(words) ? stop(desk, heard, may.from) : passOn(desk, heard, { words, from: may.from });
  }
  await refuseWords(desk, heard, may);
}

/** Who is no member and only talks along in the thread is left in peace. */
async function refuseWords(desk: Desk, { addressed, place }: HeardReply, refused: Refusal): Promise<void> {
  const isOurs = refused.code !== 'guest' && refused.code !== 'stranger';
  if (addressed || isOurs) await answer(desk, recipientOf(place), refused.refusal);
}

/** Whether the words of a job's thread are meant for it. */
export async function isForTheAgent(
  desk: Desk,
  { post, job, addressed }: Pick<HeardReply, 'post' | 'job' | 'addressed'>,
): Promise<boolean> {
  const { replyPolicy } = await loadChannel(desk.actions.store.db.sql, post);
  const message = {
    author: post.user,
    mentionsBot: addressed,
    opensWithOtherMention: opensWithOtherMention(post.text, desk.identity().botUserId),
  };
  return steers(job, message, replyPolicy);
}

/** `stop`, `Stop!`, `*STOP*.` */
function isStop(words: string): boolean {
  return /^[\p{P}\p{S}\s]*stop[\p{P}\p{S}\s]*$/iu.test(words);
}

/** `go`, `Run it!`, `as one`: what the buttons of a plan say, in words; only while one waits, or waited for these very words. */
async function hearGo(
  { actions }: Desk,
  { job, place }: HeardReply,
  words: string,
): Promise<{ asOne?: true } | undefined> {
  const go = /^\W*(?:go|run)(?: (?:on|ahead|it))?\W*$/i.test(words);
  const asOne = /^\W*(?:(?:run|do)(?: it)? )?as one\W*$/i.test(words);
  if (!go && !asOne) return undefined;
  const isMeant = awaited(job) !== undefined || (await hadEffect(actions.store.db.sql, place.sourceKey));
  return isMeant ? (asOne ? { asOne } : {}) : undefined;
}

async function goAhead(desk: Desk, heard: HeardReply, go: { asOne?: true }): Promise<void> {
  const { job, place, post } = heard;
  const who = { speaker: place.speaker, channel: post.channel, jobId: job.id };
  const may = await desk.rights.forJob('start', who);
  if (isRefusal(may)) return refuseWords(desk, heard, may);
  const { sourceKey: key, askedAt } = place;
  const seen = await turnOf(desk.actions, { jobId: job.id, askedAt });
  const wish = { jobId: job.id, team: post.team, by: post.user, from: may.from, key, ...seen, ...go };
  const outcome = await runPlan(desk.actions, wish);
  if (isRefusal(outcome)) await answer(desk, recipientOf(place), outcome.refusal);
}

async function stop(desk: Desk, { post, job, place }: HeardReply, from: Standpoint): Promise<void> {
  const { sourceKey: key, askedAt } = place;
  const wish = { jobId: job.id, team: post.team, by: post.user, from, key, askedAt };
  const stopped = await stopJob(desk.actions, wish);
  if (isRefusal(stopped)) await answer(desk, recipientOf(place), stopped.refusal);
}

/**
 * Inside a job's thread words are for the agent unless they clearly are a command: one about jobs, `fix` with an
 * issue, `plan` with nothing but issues, or `do`, `ask` and `plan` once this job is over.
 */
function readCommand(words: string, job: Job, serverUrl: string) {
  const command = parseCommand(words, { freeWords: true, serverUrl });
  const opening = /^\S*/.exec(words)?.[0]?.toLowerCase().replace(/[:,]$/, '');
  if (isRefusal(command)) {
    if (command.code === 'unknown_verb') return command;
    return STARTING.some((verb) => verb === opening) && command.code !== 'task_too_long'
      ? command
      : undefined;
  }
  return isForTheBot(command, opening, job) ? command : undefined;
}

const STARTING = ['fix', 'do', 'ask', 'plan'] as const;

function isForTheBot(command: Command, opening: string | undefined, job: Job): boolean {
  // "plan it differently" is for whoever plans; issues are other jobs.
  if (command.kind === 'plan')
    return isFinal(job.status) || command.wishes.every(({ kind, task }) => kind === 'fix' && task === '');
  if (command.kind === 'do' || command.kind === 'ask') return opening === command.kind && isFinal(job.status);
  return true;
}

/** Stores the words; 👀 and ✅ show what becomes of them. */
async function passOn(
  desk: Desk,
  { post, job, place }: HeardReply,
  { words, from }: { words: string; from: Standpoint },
): Promise<void> {
  if (words === '') return;
  const byName = await desk.people.nameOf(post.user);
  const outcome = await replyToJob(desk.actions, {
    jobId: job.id,
    team: post.team,
    key: place.sourceKey,
    by: post.user,
    from,
    ...(byName === undefined ? {} : { byName }),
    text: words,
    message: { channel: post.channel, ts: post.ts },
  });
  if (outcome.kind !== 'refused') return;
  // A finished job answers in its thread, once for each person.
  if (outcome.refusal.code !== 'final') await answer(desk, recipientOf(place), outcome.refusal.refusal);
}
