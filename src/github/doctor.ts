// Checks the GitHub side for `errand doctor`: credentials, permissions, reach, clock. Changes nothing on GitHub.
import { toError } from '../errors.ts';
import type { Access } from './access.ts';
import { asking } from './failures.ts';
import type { KnownRepo } from './repositories.ts';

/** One line of the doctor's report; `mend` says what to do about it. */
export type Finding = Readonly<{ ok: boolean; say: string; mend?: string }>;

/** What the App needs and why; each as GitHub's permission name and level. `write` contains `read`. */
const NEEDED: readonly (readonly [name: string, level: 'read' | 'write', why: string])[] = [
  ['contents', 'write', 'push branches and merge'],
  ['pull_requests', 'write', 'open, comment on and close pulls'],
  ['issues', 'read', 'read the issue to fix'],
  ['metadata', 'read', 'list repositories'],
  ['checks', 'read', 'say which check blocks a merge'],
  ['statuses', 'read', 'say which status blocks a merge'],
];

/** GitHub accepts a JWT whose `iat` is at most a minute ahead; commits and rate limits suffer earlier. */
const MAX_CLOCK_SKEW_MS = 30_000;

/** Asks GitHub everything that a working Errand relies on. Never throws: trouble becomes a finding. */
export async function checkGitHub(options: {
  access: Access;
  apiUrl: string;
  listRepositories: () => Promise<KnownRepo[]>;
  now: () => Date;
}): Promise<Finding[]> {
  const { access, apiUrl, listRepositories, now } = options;
  const findings = await finding(
    () => (access.kind === 'app' ? checkApp(access, now) : checkToken(access, now)),
    access.kind === 'app'
      ? `Check GITHUB_APP_ID, GITHUB_PRIVATE_KEY and that ${apiUrl} is reachable from here.`
      : `Check GITHUB_TOKEN (expired? SSO not authorised?) and that ${apiUrl} is reachable from here.`,
  );
  if (findings.some(({ ok }) => !ok)) return findings;
  const reach = await finding(
    async () => [checkReach(await listRepositories(), access.kind)],
    'Repositories could not be listed.',
  );
  return [...findings, ...reach];
}

/** Pure: which permissions of an App are missing or too many. */
export function checkPermissions(granted: Readonly<Record<string, string | undefined>>): Finding[] {
  const missing = NEEDED.filter(([name, level]) => granted[name] !== 'write' && granted[name] !== level);
  const findings: Finding[] = missing.map(([name, level, why]) => ({
    ok: false,
    say: `The App lacks the permission ${name}: ${level} (${why}).`,
    mend: "Add it under the App's settings, Permissions, and accept the change where the App is installed.",
  }));
  if (granted['workflows'] === 'write') {
    findings.push({
      ok: true,
      say: 'The App may change workflows, so an agent could change your CI.',
      mend: 'Unless you want that, set the permission workflows to none: GitHub then refuses such pushes.',
    });
  }
  if (granted['actions'] === undefined) {
    findings.push({
      ok: true,
      say: 'The App may not read logs of GitHub Actions, so an agent sees only the summary of a red check.',
      mend: 'Add the permission actions: read.',
    });
  }
  if (missing.length === 0) findings.unshift({ ok: true, say: 'The App has the permissions it needs.' });
  return findings;
}

async function checkApp({ self, reaches }: Access, now: () => Date): Promise<Finding[]> {
  const { data, headers } = await asking('asking for the App', () => self.rest.apps.getAuthenticated());
  const permissions: Record<string, string | undefined> = data?.permissions ?? {};
  const installed = (await reaches()).length;
  return [
    { ok: true, say: `GitHub knows us as the App ${data?.slug ?? data?.name ?? ''}.` },
    ...checkClock(headers.date, now()),
    ...checkPermissions(permissions),
    installed > 0
      ? { ok: true, say: `The App is installed in ${installed} ${installed === 1 ? 'account' : 'accounts'}.` }
      : {
          ok: false,
          say: 'The App is installed nowhere.',
          mend: `Install it: ${data?.html_url ?? 'see its settings'}`,
        },
  ];
}

async function checkToken({ self }: Access, now: () => Date): Promise<Finding[]> {
  const { data, headers } = await asking('asking who the token is', () => self.rest.users.getAuthenticated());
  const scopes = headers['x-oauth-scopes'];
  const findings: Finding[] = [
    {
      ok: true,
      say: `GitHub knows us as ${data.login} (a token acts as this person; an App is the better choice for teams).`,
    },
    ...checkClock(headers.date, now()),
  ];
  // Only classic tokens have scopes.
  if (scopes && !scopes.split(/,\s*/).includes('repo')) {
    findings.push({
      ok: false,
      say: `The token's scopes are ${scopes}; private repositories and merging need repo.`,
      mend: 'Make a fine-grained token with contents, pull requests (write) and issues, checks (read).',
    });
  }
  return findings;
}

function checkClock(date: string | undefined, now: Date): Finding[] {
  const skewMs = date === undefined ? Number.NaN : now.getTime() - Date.parse(date);
  if (!(Math.abs(skewMs) > MAX_CLOCK_SKEW_MS)) return [];
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return [
    {
      ok: false,
      say: `This machine's clock is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} GitHub's.`,
      mend: 'Turn on time synchronisation (for example `timedatectl set-ntp true`).',
    },
  ];
}

function checkReach(list: readonly KnownRepo[], kind: Access['kind']): Finding {
  const writable = list.filter(({ canPush }) => canPush).length;
  if (writable > 0)
    return { ok: true, say: `${writable} of ${list.length} repositories can be pushed to and merged in.` };
  const mend =
    kind === 'app'
      ? 'Install the App in the repositories it should work in, with contents: write.'
      : 'Give the token write access to contents and pull requests of the repositories it should work in.';
  return { ok: false, say: `None of ${list.length} visible repositories can be pushed to.`, mend };
}

async function finding(look: () => Promise<Finding[]>, mend: string): Promise<Finding[]> {
  try {
    return await look();
  } catch (thrown) {
    return [{ ok: false, say: toError(thrown).message, mend }];
  }
}
