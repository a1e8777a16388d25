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
  pickRepo: 'choice_repo',
  dropChoice: 'choice_drop',
} as const;

export const VIEW = {
  changes: 'changes_view',
  reject: 'reject_view',
  task: 'task_view',
} as const;

export const SHORTCUT = { sendToAgent: 'send_to_agent' } as const;

/** What a job's button carries: the job, and what the message shows: for decisions the head SHA and the base, else the turn. */
export type ButtonValue = Readonly<{ jobId: number; sha?: string; base?: string; turn?: number }>;

/** Writes `12`, `12:0f3c…` or `12:0f3c…:main` (no branch has a colon in its name), or `12.3` for turn 3. */
export function buildButtonValue({ jobId, sha, base, turn }: ButtonValue): string {
  if (sha === undefined) return turn === undefined ? String(jobId) : `${jobId}.${turn}`;
  return [String(jobId), sha, ...(base === undefined ? [] : [base])].join(':');
}

/** Reads what `buildButtonValue` wrote; undefined for anything else. */
export function parseButtonValue(text: string): ButtonValue | undefined {
  const [, id, sha, base, turn] =
    /^(\d{1,9})(?::([0-9a-f]{40})(?::([^:]{1,255}))?|\.(\d{1,9}))?$/.exec(text) ?? [];
  if (id === undefined) return undefined;
  return {
    jobId: Number(id),
    ...(sha === undefined ? {} : { sha }),
    ...(base === undefined ? {} : { base }),
    ...(turn === undefined ? {} : { turn: Number(turn) }),
  };
}
