// What is known of the session at work beside its words: how full its context is, what it has cost, and whether it may be
// resumed. Kept with the job, for whoever resumes it, and counted for the verdict.
import type { Agent } from '../agent/session.ts';
import { toError } from '../errors.ts';
import type { Usage } from '../job/agent-update.ts';
import type { Job } from '../job/job.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import { NOTHING_SPENT, type Spent } from '../job/spending.ts';
import type { Budget } from './budget.ts';
import { shownName } from './consult.ts';
import { createContextWatch } from './context-watch.ts';
import type { Recorder } from './recorder.ts';
import type { TurnRun } from './turn-run.ts';

export type Account = ReturnType<typeof openAccount>;

/** Opens the account of one life of an author's agent; `name` is what the agent is called. */
export function openAccount(
  turn: TurnRun,
  options: {
    agent: Agent;
    name: string;
    model: string | undefined;
    recorder: Recorder;
    budget: Budget;
    settings: RepoSettings;
  },
) {
  const { agent, name, model, recorder } = options;
  const { session: former } = turn.job();
  const known = agent.resumed ? former : undefined;
  const fill = createContextWatch(options.settings.limits, known?.percent);
  const purse = options.budget.open({ resumed: agent.resumed, counter: known?.cost ?? 0 });
  const keeper = createKeeper(turn, () => {
    const percent = fill.percent();
    const cost = purse.counter();
    return { id: agent.sessionId, agent: name, cost, ...(percent === undefined ? {} : { percent }) };
  });
  const startedAt = performance.now();
  let prompts = 0;
  let usage: Usage = {};
  if (!agent.resumed) recorder.forgetContext();
  return {
    fill,
    purse,
    remember: keeper.remember,
    /** Says at once that the context is full: whoever takes over from a runner that dies must not go on in it. */
    noteFull: () => keeper.keep(),
    countPrompt(): void {
      prompts += 1;
    },
    /** Notes a report of the agent's and answers what it means for the turn as a whole. */
    follow(news: Usage): Usage {
      usage = { ...usage, ...news };
      fill.add(news);
      return purse.follow(news);
    },
    /** Once the agent is gone. */
    async close(): Promise<void> {
      const spent = purse.close();
      await keeper.keep(spent);
      const { cost, ...rest } = usage;
      recorder.count({
        part: 'author',
        agent: shownName(name),
        ...(model ? { model } : {}),
        prompts,
        durationMs: Math.round(performance.now() - startedAt),
        // Of this life alone: the agent's own sum may hold earlier ones.
        usage: { ...rest, ...(cost === undefined ? {} : { cost: { ...cost, amount: spent.cost } }) },
      });
    },
  };
}

/** Writes what is known to the job, one after the other: the newest is what stays. */
function createKeeper(turn: TurnRun, describe: () => NonNullable<Job['session']>) {
  let mayResume = false;
  let keeping: Promise<unknown> = Promise.resolve();

  async function learn(spent: Spent): Promise<void> {
    const isSpent = spent.tokens > 0 || spent.cost > 0;
    if (!mayResume && !isSpent) return;
    await turn.apply({
      type: 'learned',
      ...(mayResume ? { session: describe() } : {}),
      ...(isSpent ? { spent } : {}),
    });
  }

  function keep(spent = NOTHING_SPENT): Promise<unknown> {
    keeping = keeping
      .then(() => learn(spent))
      .catch((thrown: unknown) => turn.log.warn({ err: toError(thrown) }, 'runner.session.not_kept'));
    return keeping;
  }

  return {
    keep,
    /** Only a session that has read a prompt may be resumed: any other knows nothing of the task. */
    remember(): void {
      if (mayResume) return;
      mayResume = true;
      void keep();
    },
  };
}
