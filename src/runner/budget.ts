// Holds a job to what it may spend: follows what agents report, ends a prompt that goes on after the money is gone, and
// begins none where there is nothing left.
import { PermanentError, toError } from '../errors.ts';
import type { Usage } from '../job/agent-update.ts';
import {
  addSpent,
  createSpending,
  judgeImplementing,
  judgeSpent,
  NOTHING_SPENT,
  type Spent,
  spentOf,
} from '../job/spending.ts';
import type { Prepared } from './phases/prepare.ts';
import type { TurnRun } from './turn-run.ts';

/** Agents report what a prompt took right before it ends: work that is done is not thrown away for its price. */
export const GRACE_MS = 3_000;

export type Budget = ReturnType<typeof createBudget>;
export type Purse = ReturnType<Budget['open']>;

/** The budget of one turn; each life of an agent gets a purse of it. */
export function createBudget(turn: TurnRun, { settings }: Pick<Prepared, 'settings'>) {
  /** Of the lives that are over; `told` is what people see. */
  let before = { ...NOTHING_SPENT, told: 0 };

  function open(session: Readonly<{ resumed: boolean; counter: number }>) {
    const spending = createSpending(session);
    const { promise: reached, reject } = Promise.withResolvers<never>();
    // Nobody may be waiting on it at the moment it fires.
    reached.catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const judge = () => {
      const { base, spent = NOTHING_SPENT } = turn.job();
      const ofLife = spending.spent();
      return (
        judgeSpent(addSpent(spent, ofLife), settings.limits ?? {}, base) ??
        judgeImplementing(before.tokens + ofLife.tokens, settings.phases?.implement?.tokens)
      );
    };
    return {
      /** Rejects with `token_limit` or `cost_limit` where a prompt goes on beyond the budget; never resolves. */
      reached,
      /** Throws the same before a prompt that there is nothing left for. */
      assertLeft(): void {
        const over = judge();
        if (over) throw over;
      },
      /** Notes a report of the agent's and answers what it means for the turn as a whole. */
      follow(usage: Usage): Usage {
        spending.add(usage);
        const over = judge();
        if (over) timer ??= setTimeout(() => reject(over), GRACE_MS);
        const { totalTokens, cost, ...rest } = usage;
        return {
          ...rest,
          ...(totalTokens === undefined ? {} : { totalTokens: before.told + totalTokens }),
          ...(cost === undefined ? {} : { cost: { ...cost, amount: before.cost + spending.spent().cost } }),
        };
      },
      /** A prompt has ended. */
      rest(): void {
        clearTimeout(timer);
        timer = undefined;
      },
      counter: spending.counter,
      /** The life is over: what it took. */
      close(): Spent {
        clearTimeout(timer);
        const spent = spending.spent();
        before = { ...addSpent(before, spent), told: before.told + spending.told() };
        return spent;
      },
    };
  }

  return {
    open,
    /** Throws `token_limit` or `cost_limit` before an agent is started that there is nothing left for. */
    assertLeft: () => open({ resumed: false, counter: 0 }).assertLeft(),
  };
}

/** Why a session that is not the author's must end that took `usage` so far, in words that go on after "it". */
export function judgeWith(
  turn: TurnRun,
  { settings }: Pick<Prepared, 'settings'>,
  usage: Usage,
): PermanentError | undefined {
  const { base, spent = NOTHING_SPENT } = turn.job();
  const over = judgeSpent(addSpent(spent, spentOf(usage)), settings.limits ?? {}, base);
  return over && new PermanentError(over.code, 'was stopped, since the job has spent what it may');
}

/** Throws, in words that go on after "it", where there is nothing left for a session that is not the author's. */
export function assertAskable(turn: TurnRun, { settings }: Pick<Prepared, 'settings'>): void {
  const { base, spent = NOTHING_SPENT } = turn.job();
  const over = judgeSpent(spent, settings.limits ?? {}, base);
  if (over) throw new PermanentError(over.code, 'was not asked, since the job has spent what it may');
}

/** Counts what a session took that was not the author's. */
export async function countSpent(turn: TurnRun, usage: Usage): Promise<void> {
  const spent = spentOf(usage);
  if (spent.tokens === 0 && spent.cost === 0) return;
  await turn
    .apply({ type: 'learned', spent })
    .catch((thrown: unknown) => turn.log.warn({ err: toError(thrown) }, 'runner.spent.not_kept'));
}
