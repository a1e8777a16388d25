// What may reach an agent, judged by the rules of this very moment: the wish of a turn, earlier words of the thread, and each
// reply right before it goes along. The words of anybody else are refused for good, and their author is told.
import { PermanentError, TransientError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { Denial, RepositoryRules, Standing } from '../job/permissions.ts';
import { formatRepo } from '../job/repo.ts';
import { REPO_SETTINGS_PATH } from '../job/repo-settings.ts';
import { loadStanding } from '../store/people.ts';
import { pendingReplies, type Reply } from '../store/replies.ts';
import { type RefusedReply, refuseWords } from '../store/unheard.ts';
import { judge, readRulesNow } from './permissions.ts';
import { standingNow } from './standings.ts';
import type { TurnRun } from './turn-run.ts';

/** Bots remember people for 5 min, and a job that waited longer than this is no longer in a hurry. */
const ASKED_LATELY_MS = 10 * 60_000;

/** Ends the turn where its requester may not start jobs here, and takes out words of people who may not steer. */
export async function judgeTurn(turn: TurnRun, repository: RepositoryRules): Promise<Job['context']> {
  const job = turn.job();
  if (!hadEffect(job)) {
    const person = job.requester;
    const standing = await standingLately(turn, person);
    const denial = await judge(turn.context, { ask: 'start', person, standing, job, repository });
    if (denial) throw refused(turn, { ask: 'start', by: job.requester, denial });
  }
  await dropReplies(turn, repository);
  const heard = await Promise.all(
    job.context.map(async (message) => {
      const person = message.by;
      if (person === undefined) return [message];
      const standing = await standingLately(turn, person);
      return (await judge(turn.context, { ask: 'steer', person, standing, job, repository }))
        ? []
        : [message];
    }),
  );
  return heard.flat();
}

/** A wish that had a result was let in; what comes after it are other people's words, too. */
function hadEffect(job: Job): boolean {
  return job.results.some(
    ({ outcome }) => outcome === 'pull' || outcome === 'answer' || outcome === 'review',
  );
}

async function dropReplies(turn: TurnRun, repository: RepositoryRules): Promise<void> {
  const waiting = await pendingReplies(turn.context.store.db.sql, turn.job().id);
  const { refused: dropped } = await judgeWords(turn, waiting, { repository, waits: true });
  const [first] = dropped;
  const isForThem = hadEffect(turn.job()) && turn.job().occasion === undefined;
  // A turn that only these words asked for has nothing to do.
  if (first !== undefined && dropped.length === waiting.length && isForThem) {
    throw refused(turn, { ask: 'steer', by: first.reply.author, denial: first.denial });
  }
}

function refused(
  turn: TurnRun,
  { ask, by, denial }: { ask: 'start' | 'steer'; by: string; denial: Denial },
): PermanentError {
  turn.log.info({ ask, by, why: denial.why }, 'runner.refused');
  if (denial.why === 'guest' || denial.why === 'stranger')
    return new PermanentError(
      'not_permitted',
      'Only full members of this workspace are listened to, and whoever said this is none any more, so no agent got the words. Ask a colleague to send them.',
    );
  const where = formatRepo(turn.job().repo);
  const from =
    denial.why === 'not_listed' && denial.from === 'repository' ? REPO_SETTINGS_PATH : SETTING[ask];
  return new PermanentError(
    'not_permitted',
    `The rules do not let this person ${ask === 'start' ? 'start jobs' : 'steer'} in \`${where}\` (\`${from}\`), so no agent got the words. Ask somebody who may to send them, or change the list and press Retry.`,
  );
}

const SETTING = { start: 'ERRAND_START', steer: 'ERRAND_STEER' } as const;

/** The words that wait and may go along now. Throws TransientError while nobody can tell: then they go on waiting. */
export async function admitWaiting(turn: TurnRun): Promise<readonly Reply[]> {
  const replies = await pendingReplies(turn.context.store.db.sql, turn.job().id);
  return admitWords(turn, replies, { waits: true });
}

/**
 * Those of `replies` that may reach the agent now. Throws as `admitWaiting`, and with `waits: false` also while Slack is
 * asked about their author.
 */
export async function admitWords(
  turn: TurnRun,
  replies: readonly Reply[],
  { waits }: { waits: boolean },
): Promise<readonly Reply[]> {
  if (replies.length === 0) return [];
  const repository = await readRulesNow(turn.context, turn.job(), { waits });
  return (await judgeWords(turn, replies, { repository, waits })).admitted;
}

type Judged = Readonly<{ admitted: readonly Reply[]; refused: readonly RefusedReply[] }>;

/** The same by rules that were just read. */
async function judgeWords(
  turn: TurnRun,
  replies: readonly Reply[],
  { repository, waits }: Readonly<{ repository: RepositoryRules; waits: boolean }>,
): Promise<Judged> {
  const { context, log } = turn;
  const job = turn.job();
  const admitted: Reply[] = [];
  const refused: RefusedReply[] = [];
  const authors = [...new Set(replies.map(({ author }) => author))];
  const standings = await Promise.all(authors.map((person) => freshStanding(turn, person, waits)));
  for (const reply of replies) {
    const person = reply.author;
    const standing = standings[authors.indexOf(person)] ?? 'stranger';
    const denial = await judge(context, { ask: 'steer', person, standing, job, repository });
    if (denial?.why === 'old_rules')
      throw new TransientError('GitHub has not answered for a while, so nobody can tell who may steer now.');
    if (denial === undefined) admitted.push(reply);
    else refused.push({ reply, denial });
  }
  for (const { reply, denial } of refused)
    log.info({ by: reply.author, why: denial.why }, 'runner.reply.refused');
  if (refused.length > 0) await context.store.db.transaction((tx) => refuseWords(tx, job, refused));
  return { admitted, refused };
}

/** For what a bot let in when the job was asked for: looked at again only where that is a while ago. */
async function standingLately(turn: TurnRun, person: string): Promise<Standing> {
  const known = await loadStanding(turn.context.store.db.sql, { team: turn.job().team, person });
  if (known === undefined) return 'member';
  return known.ageMs <= ASKED_LATELY_MS ? known.standing : freshStanding(turn, person, true);
}

/** Whom nobody could ask about lately was let in by a bot. */
async function freshStanding(turn: TurnRun, person: string, waits: boolean): Promise<Standing> {
  const { context, signal } = turn;
  return (await standingNow(context, { team: turn.job().team, person }, { waits, signal })) ?? 'member';
}
