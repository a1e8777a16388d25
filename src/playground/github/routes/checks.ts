// What CI says about a commit: check runs and the older commit statuses.
import { z } from 'zod';
import { created, notFound, paged, plainText } from '../answer.ts';
import { latestChecks, latestStatuses } from '../merge-rules.ts';
import { parseBody, type Route, repositoryRoute } from '../router.ts';
import type { CheckRun, Repository, State } from '../state.ts';
import { checkRunView, statusView } from '../views.ts';
import { commitNamed } from './repositories.ts';

const newStatus = z.object({
  state: z.enum(['pending', 'success', 'failure', 'error']),
  context: z.string().default('default'),
  description: z.string().nullish(),
});

export function checkRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /commits/:ref+/check-runs', { checks: 'read' }, async ({ repository, params, url }) => {
      const sha = await commitNamed(repository, params['ref'] ?? '');
      const name = url.searchParams.get('check_name');
      const runs = latestChecks(repository, sha).filter((check) => !name || check.name === name);
      const views = runs.map((check) => checkRunView(state, repository, check));
      return paged(url, views, (page) => ({ total_count: runs.length, check_runs: page }));
    }),
    ...logRoutes(state),
    on('GET /commits/:ref+/status', { statuses: 'read' }, async ({ repository, params, url }) => {
      const sha = await commitNamed(repository, params['ref'] ?? '');
      const statuses = latestStatuses(repository, sha);
      const states = statuses.map((status) => status.state);
      const failing = states.some((one) => one === 'failure' || one === 'error');
      const allGood = states.length > 0 && states.every((one) => one === 'success');
      const combined = failing ? 'failure' : allGood ? 'success' : 'pending';
      const views = statuses.map((status) => statusView(state, status));
      const whole = { state: combined, sha, total_count: statuses.length };
      return paged(url, views, (page) => ({ ...whole, statuses: page }));
    }),
    on('GET /commits/:ref+/statuses', { statuses: 'read' }, async ({ repository, params, url }) => {
      const sha = await commitNamed(repository, params['ref'] ?? '');
      const all = repository.statuses.filter((status) => status.sha === sha).reverse();
      return paged(
        url,
        all.map((status) => statusView(state, status)),
      );
    }),
    on('POST /statuses/:sha', { statuses: 'write' }, async ({ repository, params, body, login }) => {
      const { description, ...wish } = parseBody(newStatus, body);
      const sha = await commitNamed(repository, params['sha'] ?? '');
      const status = {
        id: state.nextId(),
        sha,
        ...wish,
        description: description ?? null,
        creator: login,
        at: state.now(),
      };
      repository.statuses.push(status);
      state.emit('status', repository, {
        ...statusView(state, status),
        sha,
        branches: branchesAt(repository, sha).map((name) => ({ name })),
        sender: login,
      });
      state.changed();
      return created(statusView(state, status));
    }),
  ];
}

/** Logs of jobs of GitHub Actions. */
function logRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    // GitHub leads to a store of its own; the log is plain text there.
    on('GET /actions/jobs/:id/logs', { actions: 'read' }, ({ repository, params }) => ({
      status: 302,
      headers: { location: `${state.url}/repos/${repository.fullName}/logs/${params['id']}` },
    })),
    on('GET /logs/:id', {}, ({ repository, params }) => {
      const log = repository.checks.find((check) => String(check.id) === params['id'])?.log;
      if (log === undefined) throw notFound();
      return plainText(log);
    }),
  ];
}

/** Sets a check run of a commit; the newest of a name counts. */
export function addCheck(state: State, repository: Repository, fields: Omit<CheckRun, 'id' | 'at'>): void {
  const check = { id: state.nextId(), ...fields, at: state.now() };
  repository.checks.push(check);
  state.emit('check_run', repository, {
    action: check.status === 'completed' ? 'completed' : 'created',
    check_run: {
      ...checkRunView(state, repository, check),
      check_suite: { head_branch: branchesAt(repository, check.sha)[0] ?? null, head_sha: check.sha },
    },
    sender: 'github-actions[bot]',
  });
  state.changed();
}

function branchesAt(repository: Repository, sha: string): string[] {
  return [...repository.branches].filter(([, tip]) => tip === sha).map(([name]) => name);
}
