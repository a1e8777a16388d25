// Whom commits may name as co-author: the operator's own list, and above it the accounts that admins linked.
import type { Job } from '../job/job.ts';
import { loadLink } from '../store/people.ts';
import type { RunnerContext } from './context.ts';

/** GitHub noreply addresses by Slack member id, as `buildCommitMessage` takes them. */
export async function knownCoAuthors(
  { coAuthors, github, store }: Pick<RunnerContext, 'coAuthors' | 'github' | 'store'>,
  { team, requester: person }: Pick<Job, 'team' | 'requester'>,
): Promise<Readonly<Record<string, string>>> {
  const link = await loadLink(store.db.sql, { team, person });
  return link ? { ...coAuthors, [person]: github.noreply(link) } : coAuthors;
}
