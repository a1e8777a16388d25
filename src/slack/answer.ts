// Answers one person. The answer is stored before it is said, so that it is said once for every request, and again later
// where Slack did not take it. Never throws: an answer that cannot be given must not undo what was done.
import type { KnownBlock } from '@slack/web-api';
import { z } from 'zod';
import { toError } from '../errors.ts';
import { endAnswer, openAnswer, postponeAnswer, takeDueAnswers } from '../store/answers.ts';
import type { Tx } from '../store/database.ts';
import { noteAtHome } from '../store/homes.ts';
import type { Desk } from './desk.ts';
import { TELLING_MOST_MS, type Told, tell, type Words } from './tell.ts';

const recipientSchema = z.object({
  /** The request that is answered; it gets one answer, however often it is delivered. */
  key: z.string(),
  channel: z.string(),
  user: z.string(),
  threadTs: z.string().optional(),
  responseUrl: z.string().optional(),
  homeOf: z.string().optional(),
});
export type Recipient = Readonly<{
  key: string;
  channel: string;
  user: string;
  threadTs?: string | undefined;
  responseUrl?: string | undefined;
  /** They pressed something in the app's home, and look there: the workspace that it is of. */
  homeOf?: string | undefined;
}>;
/** Words as they were stored; the blocks are the ones that we built. */
export const wordsSchema = z.object({
  text: z.string(),
  blocks: z.array(z.custom<KnownBlock>((block) => typeof block === 'object')).optional(),
});

const answerSchema = z.object({ recipient: recipientSchema, message: wordsSchema });

type Means = Pick<Desk, 'voice' | 'log' | 'actions'>;

/** While somebody says an answer nobody else does; longer than all that `tell` may wait for, and our own notes besides. */
const LEASE_MS = TELLING_MOST_MS + 20_000;
/** Waits after each try in vain; after the last one it is given up. */
const PAUSES_MS = [5_000, 15_000, 60_000, 5 * 60_000, 15 * 60_000] as const;
/** Nobody waits any more for the answer to what they did an hour ago. */
const OLDEST_MS = 60 * 60_000;
const BATCH = 20;

/** Shows `words` to the recipient alone; where Slack does not take them now, `sayDueAnswers` does it later. */
export async function answer(means: Means, to: Recipient, words: Words | string): Promise<void> {
  const message = typeof words === 'string' ? { text: words } : words;
  const stored = await store(means, to, message);
  if (stored === 'said') return;
  const told = await say(means, to, message);
  await settle(means, { id: stored, key: to.key, tries: 1 }, told);
}

/**
 * Stores words in the transaction of what they tell of. What comes back says them, once that has committed; where nobody
 * lives to do so, `sayDueAnswers` does.
 */
export async function answerWithin(
  tx: Tx,
  to: Recipient,
  message: Words,
): Promise<(means: Means) => Promise<void>> {
  const id = await openAnswer(tx, { key: to.key, recipient: to, message, leaseMs: LEASE_MS });
  return async (means) => {
    if (id !== undefined) await settle(means, { id, key: to.key, tries: 1 }, await say(means, to, message));
  };
}

/** Whoever pressed something at home reads the answer there; everybody else in a message. */
async function say(means: Means, to: Recipient, message: Words): Promise<Told> {
  if (to.homeOf === undefined) return tell(means, to, message);
  try {
    await noteAtHome(means.actions.store.db.sql, { team: to.homeOf, person: to.user }, message);
    return 'told';
  } catch (thrown) {
    return { again: toError(thrown).message, pauseMs: 0 };
  }
}

/** The answer's id; `unstored` when the database is away: then it is tried once, in the hope that it arrives. */
async function store(means: Means, to: Recipient, message: Words): Promise<number | 'said' | 'unstored'> {
  const answering = { key: to.key, recipient: to, message, leaseMs: LEASE_MS };
  try {
    return (await openAnswer(means.actions.store.db.sql, answering)) ?? 'said';
  } catch (thrown) {
    means.log.warn({ err: toError(thrown), key: to.key }, 'slack.answer.unstored');
    return 'unstored';
  }
}

async function settle(
  { actions, log }: Means,
  answered: { id: number | 'unstored'; key: string; tries: number },
  told: Told,
): Promise<void> {
  const { id, key, tries } = answered;
  const { sql } = actions.store.db;
  const pause = PAUSES_MS[tries - 1];
  const problem = told === 'told' ? undefined : 'again' in told ? told.again : told.never;
  if (problem !== undefined) log.warn({ key, problem, tries }, 'slack.answer.failed');
  if (id === 'unstored') return;
  const isPassing = told !== 'told' && 'again' in told && pause !== undefined;
  const noted = isPassing
    ? postponeAnswer(sql, id, { pauseMs: Math.max(pause, told.pauseMs), problem: told.again })
    : endAnswer(sql, id, problem);
  await noted.catch((thrown: unknown) => log.warn({ err: thrown, key }, 'slack.answer.unnoted'));
}

/** Says what could not be said before; call it every few seconds, in as many processes as there are. Never throws. */
export async function sayDueAnswers(means: Means): Promise<void> {
  const { sql } = means.actions.store.db;
  try {
    const due = await takeDueAnswers(sql, { leaseMs: LEASE_MS, limit: BATCH });
    await Promise.all(
      due.map(async ({ id, tries, ageMs, ...stored }) => {
        if (ageMs > OLDEST_MS) return settle(means, { id, key: String(id), tries }, { never: 'too old' });
        const answer = answerSchema.safeParse(stored);
        // Another version's: a bot of that version may still say it.
        if (!answer.success) return means.log.warn({ id, err: answer.error }, 'slack.answer.unreadable');
        const { recipient: to, message } = answer.data;
        await settle(means, { id, key: to.key, tries }, await say(means, to, message));
      }),
    );
  } catch (thrown) {
    means.log.warn({ err: toError(thrown) }, 'slack.answers.not_said');
  }
}
