// The names that buttons, modals and shortcuts are known by, and what their values carry. Values hold only ids: who may
// press and what happens is read from the database.

export const ACTION = {
  approve: 'job_approve',
  changes: 'job_changes',
  reject: 'job_reject',
  stop: 'job_stop',
  interrupt: 'job_interrupt',
  retry: 'job_retry',
  remember: 'job_remember',
  update: 'job_update',
  open: 'job_open',
  pickRepo: 'choice_repo',
  dropChoice: 'choice_drop',
  planRun: 'plan_run',
  planOne: 'plan_run_as_one',
  planSplit: 'plan_split',
  planDrop: 'plan_drop',
} as const;

/** One for each proposal of a question: Slack wants ids that are different within a block. */
export const ANSWER_ACTIONS = ['plan_answer_1', 'plan_answer_2', 'plan_answer_3', 'plan_answer_4'] as const;

export const VIEW = {
  changes: 'changes_view',
  reject: 'reject_view',
  task: 'task_view',
} as const;

export const SHORTCUT = { sendToAgent: 'send_to_agent' } as const;

/**
 * What a job's button carries: the job, and what the message shows: for decisions the head SHA and the base, else the turn.
 * `knowing`: it also shows what is blocking.
 */
export type ButtonValue = Readonly<{
  jobId: number;
  sha?: string;
  base?: string;
  turn?: number;
  knowing?: boolean;
  /** A question of that turn's plan and a proposal for it, both from 0. */
  choice?: Readonly<{ question: number; proposal: number }>;
}>;

/**
 * Writes `12`, `12:0f3c…`, `12:0f3c…:main` (no branch has a colon in its name) or that with `:anyway`, or `12.3` for turn 3 and
 * `12.3.0.1` for the second proposal to its first question.
 */
export function buildButtonValue({ jobId, sha, base, turn, knowing, choice }: ButtonValue): string {
  if (sha === undefined) {
    const chosen = choice === undefined ? [] : [choice.question, choice.proposal];
    return turn === undefined ? String(jobId) : [jobId, turn, ...chosen].join('.');
  }
  const shown = base === undefined ? [] : [base, ...(knowing ? ['anyway'] : [])];
  return [String(jobId), sha, ...shown].join(':');
}

/** Reads what `buildButtonValue` wrote; undefined for anything else. */
export function parseButtonValue(text: string): ButtonValue | undefined {
  const [, id, sha, base, knowing, turn, question, proposal] =
    /^(\d{1,9})(?::([0-9a-f]{40})(?::([^:]{1,255})(?::(anyway))?)?|\.(\d{1,9})(?:\.(\d)\.(\d))?)?$/.exec(
      text,
    ) ?? [];
  if (id === undefined) return undefined;
  return {
    jobId: Number(id),
    ...(sha === undefined ? {} : { sha }),
    ...(base === undefined ? {} : { base }),
    ...(knowing === undefined ? {} : { knowing: true }),
    ...(turn === undefined ? {} : { turn: Number(turn) }),
    ...(question === undefined ? {} : { choice: { question: Number(question), proposal: Number(proposal) } }),
  };
}
