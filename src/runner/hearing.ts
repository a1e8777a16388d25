// Who at GitHub is heard: people with write access, or whom an admin linked to somebody who may steer. Where lists say who
// may steer, only they count, and only people who are linked stand on them.

import type { Job } from '../job/job.ts';
import type { DeploymentRules, RepositoryRules } from '../job/permissions.ts';
import type { Remark } from '../job/remarks.ts';
import { findLinked, loadStanding } from '../store/people.ts';
import { loadDeploymentRules } from '../store/rules.ts';
import type { RunnerContext } from './context.ts';
import { judge, readRulesNow } from './permissions.ts';

/**
 * Those of `remarks` whose author may steer, by the rules and rights of this moment. Throws TransientError while nobody can
 * tell.
 */
export async function heardRemarks<T extends Remark>(
  context: RunnerContext,
  job: Job,
  remarks: readonly T[],
): Promise<readonly T[]> {
  if (remarks.length === 0) return [];
  const repository = await readRulesNow(context, job, { waits: true });
  const deployment = await loadDeploymentRules(context.store.db.sql, job.team);
  const rights = new Map<number, boolean>();
  for (const { author: login, authorId: id } of remarks) {
    if (!rights.has(id))
      rights.set(id, await mayBeHeard(context, job, { login, id, repository, deployment }));
  }
  const heard = remarks.filter(({ authorId }) => rights.get(authorId));
  if (heard.length < remarks.length)
    context.log.info(
      { jobId: job.id, heard: heard.length, unheard: remarks.length - heard.length },
      'runner.remarks.unheard',
    );
  return heard;
}

async function mayBeHeard(
  context: RunnerContext,
  job: Job,
  who: Readonly<{
    login: string;
    id: number;
    repository: RepositoryRules;
    deployment: DeploymentRules | undefined;
  }>,
): Promise<boolean> {
  const { login, id, repository, deployment } = who;
  const { sql } = context.store.db;
  const person = await findLinked(sql, { team: job.team, accountId: id });
  if (person !== undefined) {
    const known = await loadStanding(sql, { team: job.team, person });
    const standing = known?.standing ?? 'member';
    return (await judge(context, { ask: 'steer', person, standing, job, repository })) === undefined;
  }
  if (deployment?.steer !== undefined || repository.kind !== 'known') return false;
  if (repository.steer !== undefined || repository.onBase?.steer !== undefined) return false;
  return (await context.github.accountRights(job.repo, { login, id })).mayWrite === true;
}
