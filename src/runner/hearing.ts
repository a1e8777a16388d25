// Who at GitHub is heard: people with write access there. Whom an admin linked to somebody in Slack must be a full member who
// may steer as well: people leave, their links stay. Where lists say who may steer, only people who are linked stand on them.

import { TransientError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import type { DeploymentRules, RepositoryRules } from '../job/permissions.ts';
import type { Remark } from '../job/remarks.ts';
import { findLinked } from '../store/people.ts';
import { loadDeploymentRules } from '../store/rules.ts';
import type { RunnerContext } from './context.ts';
import { judge, readRulesNow } from './permissions.ts';
import { standingNow } from './standings.ts';

/**
 * Those of `remarks` whose author may steer, by the rules and rights of this moment. Throws TransientError while nobody can
 * tell.
 */
export async function heardRemarks<T extends Remark>(
  context: RunnerContext,
  job: Job,
  remarks: readonly T[],
  signal?: AbortSignal,
): Promise<readonly T[]> {
  if (remarks.length === 0) return [];
  const repository = await readRulesNow(context, job, { waits: true });
  const deployment = await loadDeploymentRules(context.store.db.sql, job.team);
  const logins = new Map(remarks.map(({ author, authorId }) => [authorId, author]));
  const judged = [...logins].map(async ([id, login]) => {
    const may = await mayBeHeard(context, job, { login, id, repository, deployment, signal });
    return [id, may] as const;
  });
  const rights = new Map(await Promise.all(judged));
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
    signal: AbortSignal | undefined;
  }>,
): Promise<boolean> {
  const { login, id, repository, deployment, signal } = who;
  const { sql } = context.store.db;
  const person = await findLinked(sql, { team: job.team, accountId: id });
  if (person !== undefined) {
    const standing = await standingNow(context, { team: job.team, person }, { waits: true, signal });
    if (standing === undefined)
      throw new TransientError('Waiting to learn whether somebody is still a full member.');
    if (await judge(context, { ask: 'steer', person, standing, job, repository })) return false;
  } else {
    if (deployment?.steer !== undefined || repository.kind !== 'known') return false;
    if (repository.steer !== undefined || repository.onBase?.steer !== undefined) return false;
  }
  return (await context.github.accountRights(job.repo, { login, id })).mayWrite === true;
}
