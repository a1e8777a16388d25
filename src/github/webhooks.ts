// Reads GitHub's webhooks as hints: "look at this again". They may be lost, doubled or out of order, so nothing is
// ever taken from them but what to look at. Nobody calls this yet: it waits for the route that receives webhooks.
import { Webhooks } from '@octokit/webhooks';
import { z } from 'zod';
import { parseRepo, type Repo } from '../job/repo.ts';

export type Hint =
  | Readonly<{ kind: 'pull_changed'; repo: Repo; number: number }>
  | Readonly<{ kind: 'push'; repo: Repo; branch: string; sha: string }>
  /** A check, status or deployment of this commit changed. */
  | Readonly<{ kind: 'checks_changed'; repo: Repo; sha: string }>
  | Readonly<{ kind: 'issue_changed'; repo: Repo; number: number }>
  /** The App was installed, removed, or given other repositories. */
  | Readonly<{ kind: 'access_changed' }>;

export type Delivery = Readonly<{ event: string; signature: string; body: string }>;

const FullName = z.string().transform((text, context) => {
  const repo = parseRepo(text);
  if (!repo) context.addIssue({ code: 'custom', message: 'not a repository name' });
  return repo ?? z.NEVER;
});
const Repository = z.object({ repository: z.object({ full_name: FullName }) });
const PullEvent = Repository.extend({ pull_request: z.object({ number: z.number() }) });
const PushEvent = Repository.extend({ ref: z.string().startsWith('refs/heads/'), after: z.string() });
const IssueEvent = Repository.extend({
  issue: z.object({ number: z.number(), pull_request: z.unknown().optional() }),
});
const CheckRunEvent = Repository.extend({ check_run: z.object({ head_sha: z.string() }) });
const CheckSuiteEvent = Repository.extend({ check_suite: z.object({ head_sha: z.string() }) });
const StatusEvent = Repository.extend({ sha: z.string() });

/** Creates the reader of deliveries signed with `secret` (header `X-Hub-Signature-256`). */
export function createWebhookVerifier(options: { secret: string }) {
  const webhooks = new Webhooks({ secret: options.secret });
  return {
    /** The hint in a delivery; `forged` when the signature is wrong, undefined when it is of no interest. */
    async read({ event, signature, body }: Delivery): Promise<Hint | 'forged' | undefined> {
      if (!signature.startsWith('sha256=')) return 'forged';
      const genuine = await webhooks.verify(body, signature).catch(() => false);
      return genuine ? parseHint(event, parseJson(body)) : 'forged';
    },
  };
}

/** Pure: what to look at again after an event (`X-GitHub-Event`); undefined where there is nothing for us. */
export function parseHint(event: string, payload: unknown): Hint | undefined {
  switch (event) {
    case 'pull_request':
    case 'pull_request_review': {
      const { data } = PullEvent.safeParse(payload);
      return (
        data && { kind: 'pull_changed', repo: data.repository.full_name, number: data.pull_request.number }
      );
    }
    case 'push': {
      const { data } = PushEvent.safeParse(payload);
      const branch = data?.ref.slice('refs/heads/'.length);
      return data && branch
        ? { kind: 'push', repo: data.repository.full_name, branch, sha: data.after }
        : undefined;
    }
    case 'issues':
    case 'issue_comment': {
      const { data } = IssueEvent.safeParse(payload);
      const kind = data?.issue.pull_request ? 'pull_changed' : 'issue_changed';
      return data && { kind, repo: data.repository.full_name, number: data.issue.number };
    }
    case 'check_run': {
      const { data } = CheckRunEvent.safeParse(payload);
      return (
        data && { kind: 'checks_changed', repo: data.repository.full_name, sha: data.check_run.head_sha }
      );
    }
    case 'check_suite': {
      const { data } = CheckSuiteEvent.safeParse(payload);
      return (
        data && { kind: 'checks_changed', repo: data.repository.full_name, sha: data.check_suite.head_sha }
      );
    }
    case 'status': {
      const { data } = StatusEvent.safeParse(payload);
      return data && { kind: 'checks_changed', repo: data.repository.full_name, sha: data.sha };
    }
    case 'installation':
    case 'installation_repositories':
      return { kind: 'access_changed' };
    default:
      return undefined;
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
