// The wish "merge what I saw".
import type { Refusal } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { type ActionContext, act, type JobWish } from './act.ts';

/** Stores the approval with the head SHA (and base) that the person was shown; the runner merges exactly that one. */
export function approveJob(
  context: ActionContext,
  wish: JobWish & Readonly<{ sha: string; base?: string; knowing?: boolean }>,
): Promise<Job | Refusal> {
  const { by, sha, base, knowing = false, from } = wish;
  const { account } = from.asker;
  const login = account === undefined ? {} : { login: account.login };
  const into = base === undefined ? {} : { base };
  return act(context, {
    ...wish,
    ask: 'approve',
    event: { type: 'approve', by, sha, ...(knowing ? { knowing } : {}), ...into, ...login },
  });
}
