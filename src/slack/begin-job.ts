// From a wish to a job: which repository, does everything it names exist, then start. Asks GitHub only through the
// lookups and changes nothing before the last step.
import { type StartWish, startJob } from '../actions/start-job.ts';
import { isRefusal, type Refusal } from '../errors.ts';
import { isOwnBranch, type Job } from '../job/job.ts';
import { type Repo, sameRepo } from '../job/repo.ts';
import { loadChannel } from '../store/settings.ts';
import type { Desk } from './desk.ts';
import type { Lookups, RepositoryInfo } from './lookups.ts';
import type { StartRequest } from './start-request.ts';
import {
  closedIssue,
  closedPull,
  noRepositories,
  noSuchBranch,
  noSuchIssue,
  noSuchPull,
  ownBranch,
  pullNotIssue,
  repositoryOutOfReach,
} from './words/refusals.ts';

export type Begun =
  | Readonly<{ kind: 'started'; job: Job; created: boolean }>
  | Readonly<{ kind: 'refused'; refusal: Refusal }>
  /** Several repositories are possible and the person has named none. */
  | Readonly<{ kind: 'which_repo' }>;

type Means = Pick<Desk, 'actions' | 'lookups' | 'people' | 'rights'>;

/** Throws TransientError when GitHub does not answer. `question` is the one that this wish waited for, and its answer. */
export async function beginJob(
  { actions, lookups, people, rights }: Means,
  request: StartRequest,
  question?: StartWish['question'],
): Promise<Begun> {
  const badAgent = await lookups.checkAgent(request.agent);
  if (badAgent) return { kind: 'refused', refusal: badAgent };
  const repo = request.repo ?? (await chooseRepo({ actions, lookups }, request));
  if (repo === undefined) return { kind: 'which_repo' };
  if (isRefusal(repo)) return { kind: 'refused', refusal: repo };
  const checked = await checkRequest(lookups, request, repo);
  if (isRefusal(checked)) return { kind: 'refused', refusal: checked };
  const { channel, repo: found, base } = checked;
  const where = { channel, repo: found, base };
  const from = await rights.forStart({ speaker: { id: request.requester }, ...where });
  if (isRefusal(from)) return { kind: 'refused', refusal: from };
  const requesterName = await people.nameOf(request.requester);
  const context = await onlyHeard(rights, request.context, where);
  const wish = {
    ...checked,
    context,
    from,
    ...(requesterName ? { requesterName } : {}),
    ...(question ? { question } : {}),
  };
  const started = await startJob(actions, wish);
  return isRefusal(started) ? { kind: 'refused', refusal: started } : { kind: 'started', ...started };
}

/** Words of people who may not steer here never reach an agent, said before or after it began. */
async function onlyHeard(
  rights: Desk['rights'],
  context: StartRequest['context'],
  where: Readonly<{ channel: string; repo: Repo; base: string }>,
): Promise<StartRequest['context']> {
  const heard = await rights.heard(
    context.flatMap(({ by }) => by ?? []),
    where,
  );
  return context.filter(({ by }) => by !== undefined && heard.has(by));
}

/** Channel default > the only one there is; undefined when a person must choose. */
async function chooseRepo(
  { actions, lookups }: Pick<Desk, 'actions' | 'lookups'>,
  request: StartRequest,
): Promise<Repo | Refusal | undefined> {
  const { defaultRepo } = await loadChannel(actions.store.db.sql, request);
  if (defaultRepo) return defaultRepo;
  const [only, another] = await lookups.repositories({ query: '', limit: 2 });
  if (only === undefined) return noRepositories();
  return another === undefined ? only.repo : undefined;
}

async function checkRequest(
  lookups: Lookups,
  request: StartRequest,
  named: Repo,
): Promise<Omit<StartWish, 'from'> | Refusal> {
  if (request.base !== undefined && isOwnBranch(request.base)) return ownBranch(request.base);
  const found = await findRepository(lookups, named);
  if (isRefusal(found)) return found;
  const [issue, pull, missingBranch] = await Promise.all([
    request.issueNumber === undefined ? undefined : findIssue(lookups, found.repo, request.issueNumber),
    request.pullNumber === undefined ? undefined : findPull(lookups, found.repo, request.pullNumber),
    request.base === undefined ? undefined : refuseMissingBranch(lookups, found, request.base),
  ]);
  if (isRefusal(issue)) return issue;
  if (isRefusal(pull)) return pull;
  if (missingBranch) return missingBranch;
  const { agent, model, profile, plan, replies, threadTs, lessonOf } = request;
  return {
    sourceKey: request.sourceKey,
    kind: request.kind,
    task: request.task,
    repo: found.repo,
    repoUrl: found.url,
    base: request.base ?? pull?.base ?? found.defaultBranch,
    team: request.team,
    channel: request.channel,
    requester: request.requester,
    ...(issue ? { issue } : {}),
    ...(pull ? { reviewOf: pull.reviewOf } : {}),
    ...(lessonOf === undefined ? {} : { lessonOf }),
    ...(agent === undefined ? {} : { agent }),
    ...(model === undefined ? {} : { model }),
    ...(profile === undefined ? {} : { profile }),
    ...(plan === undefined ? {} : { planMode: plan }),
    ...(replies === undefined ? {} : { replyPolicy: replies }),
    ...(threadTs === undefined ? {} : { threadTs }),
  };
}

/** The repository, or a refusal that names the nearest one that is in reach. */
export async function findRepository(lookups: Lookups, repo: Repo): Promise<RepositoryInfo | Refusal> {
  const found = await lookups.repository(repo);
  if (found) return found;
  const candidates = await lookups.repositories({ query: repo.name, limit: 10 });
  const near = candidates.find((info) => !sameRepo(info.repo, repo));
  return repositoryOutOfReach(repo, near?.repo);
}

async function findIssue(
  lookups: Lookups,
  repo: Repo,
  number: number,
): Promise<NonNullable<StartWish['issue']> | Refusal> {
  const issue = await lookups.issue(repo, number);
  switch (issue.kind) {
    case 'not_found':
      return noSuchIssue(repo, number);
    case 'closed':
      return closedIssue(issue);
    case 'pull':
      return pullNotIssue(issue);
    case 'open':
      return { number: issue.number, title: issue.title, url: issue.url };
  }
}

async function findPull(
  lookups: Lookups,
  repo: Repo,
  number: number,
): Promise<Readonly<{ base: string; reviewOf: NonNullable<StartWish['reviewOf']> }> | Refusal> {
  const pull = await lookups.pull(repo, number);
  if (pull === undefined) return noSuchPull(repo, number);
  const { title, url, base } = pull;
  if (!pull.isOpen) return closedPull({ number, title, url });
  return { base, reviewOf: { number, title, url } };
}

async function refuseMissingBranch(
  lookups: Lookups,
  found: RepositoryInfo,
  base: string,
): Promise<Refusal | undefined> {
  const branch = await lookups.branch(found.repo, base);
  return branch ? undefined : noSuchBranch(found.repo, base, found.defaultBranch);
}
