// What is known of the session at work beside its words: how full its context is, what it has cost, and whether it may be
// resumed. Kept with the job, for whoever resumes it, and counted for the verdict.
import type { Agent } from '../agent/session.ts';
import { toError } from '../errors.ts';
import type { Usage } from '../job/agent-update.ts';
import type { RepoSettings } from '../job/repo-settings.ts';
import type { Spent } from '../job/spending.ts';
import type { Budget } from './budget.ts';
import { shownName } from './consult.ts';
import { createContextWatch } from './context-watch.ts';
import type { Recorder } from './recorder.ts';
import type { TurnRun } from './turn-run.ts';

export type Account = ReturnType<typeof openAccount>;

/** Opens the account of one life of an author's agent; `name` is what the agent is called. */
export function openAccount(
  turn: TurnRun,
  options: { agent: Agent; name: string; recorder: Recorder; budget: Budget; settings: RepoSettings },
) {
  const { agent, name, recorder } = options;
  const { session: former, model } = turn.job();
  const known = agent.resumed ? former : undefined;
  const fill = createContextWatch(options.settings.limits, known?.percent);
  const purse = options.budget.open({ resumed: agent.resumed, counter: known?.cost ?? 0 });
  const startedAt = performance.now();
  let prompts = 0;
  let usage: Usage = {};
  let remembered: Promise<unknown> | undefined;
  if (!agent.resumed) recorder.forgetContext();

  function keep(spent?: Spent): Promise<unknown> {
    const percent = fill.percent();
    const session = {
      id: agent.sessionId,
      agent: name,
      cost: purse.counter(),
      ...(percent === undefined ? {} : { percent }),
    };
    return turn
      .apply({ type: 'learned', ...(remembered ? { session } : {}), ...(spent ? { spent } : {}) })
      .catch((thrown: unknown) => turn.log.warn({ err: toError(thrown) }, 'runner.session.not_kept'));
  }

  return {
    fill,
    purse,
    countPrompt(): void {
      prompts += 1;
    },
    /** Notes a report of the agent's and answers what it means for the turn as a whole. */
    follow(news: Usage): Usage {
      usage = { ...usage, ...news };
      fill.add(news);
      return purse.follow(news);
    },
    /** Only a session that has read a prompt may be resumed: any other knows nothing of the task. */
    remember(): void {
      if (remembered) return;
      remembered = Promise.resolve();
      remembered = keep();
    },
    /** Once the agent is gone. */
    async close(): Promise<void> {
      await remembered;
      const spent = purse.close();
      await keep(spent);
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
