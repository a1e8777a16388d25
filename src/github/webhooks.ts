// Reads GitHub's webhooks as hints: "look at this again". They may be lost, doubled or out of order, so nothing is
// ever taken from them but what to look at.
import { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import type { Hint } from '../job/outside.ts';
import { parseRepo } from '../job/repo.ts';

const FullName = z.string().transform((text, context) => {
  const repo = parseRepo(text);
  if (!repo) context.addIssue({ code: 'custom', message: 'not a repository name' });
  return repo ?? z.NEVER;
});
const Repository = z.object({ repository: z.object({ full_name: FullName }) });
const PullEvent = Repository.extend({ pull_request: z.object({ number: z.number() }) }).transform(
  ({ repository, pull_request }): Hint => ({
    kind: 'pull',
    repo: repository.full_name,
    number: pull_request.number,
  }),
);
const BRANCH = 'refs/heads/';
const PushEvent = Repository.extend({ ref: z.string().startsWith(BRANCH) }).transform(
  ({ repository, ref }): Hint => ({
    kind: 'branch',
    repo: repository.full_name,
    branch: ref.slice(BRANCH.length),
  }),
);
const IssueEvent = Repository.extend({
  issue: z.object({ number: z.number(), pull_request: z.unknown().optional() }),
}).transform(
  ({ repository, issue }): Hint => ({
    kind: issue.pull_request ? 'pull' : 'issue',
    repo: repository.full_name,
    number: issue.number,
  }),
);
/** Of a commit, for the branches whose newest it is. */
const StatusEvent = Repository.extend({ sha: z.string(), branches: z.array(z.object({ name: z.string() })) })
  .refine(({ branches }) => branches.length === 1)
  .transform(
    ({ repository, branches }): Hint => ({
      kind: 'branch',
      repo: repository.full_name,
      branch: branches[0]?.name ?? '',
    }),
  );
const CheckEvent = Repository.extend({
  check_run: z.object({ check_suite: z.object({ head_branch: z.string() }) }),
}).transform(
  ({ repository, check_run }): Hint => ({
    kind: 'branch',
    repo: repository.full_name,
    branch: check_run.check_suite.head_branch,
  }),
);
/** Names and access change rarely and concern jobs that know the repository by another name: look at all. */
const EVERYTHING = z.unknown().transform((): Hint => ({ kind: 'everything' }));

const EVENTS: Readonly<Record<string, z.ZodType<Hint>>> = {
  pull_request: PullEvent,
  pull_request_review: PullEvent,
  pull_request_review_comment: PullEvent,
  issue_comment: IssueEvent,
  check_run: CheckEvent,
  status: StatusEvent,
  push: PushEvent,
  issues: IssueEvent,
  repository: EVERYTHING,
  installation: EVERYTHING,
  installation_repositories: EVERYTHING,
};

/** Creates the check of signatures (header `X-Hub-Signature-256`) made with `secret`; it compares in constant time. */
export function createSignatureCheck(options: { secret: string }) {
  const webhooks = new Webhooks({ secret: options.secret });
  return async (body: string, signature: string): Promise<boolean> =>
    signature.startsWith('sha256=') && (await webhooks.verify(body, signature).catch(() => false));
}

/** Pure: what to look at again after an event (`X-GitHub-Event`); undefined where there is nothing for us. */
export function parseHint(event: string, payload: unknown): Hint | undefined {
  return Object.hasOwn(EVENTS, event) ? EVENTS[event]?.safeParse(payload).data : undefined;
}
