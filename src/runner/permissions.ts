// The last word on who may: judged once more by the rules as they are now, right before anything takes effect. What Slack
// knows of people the bots have judged; who is in a user group the runner reads where bots noted it.
import { PermanentError, TransientError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import {
  type Asker,
  type Case,
  combineRules,
  type Denial,
  deny,
  namedGroups,
  type RepositoryRules,
} from '../job/permissions.ts';
import { formatRepo, type Repo } from '../job/repo.ts';
import { DEFAULT_BRANCH, REPO_SETTINGS_PATH, readRepositoryRules } from '../job/repo-settings.ts';
import { type Account, loadLink } from '../store/people.ts';
import { pendingReplies, type Reply, refuseReplies } from '../store/replies.ts';
import { loadDeploymentRules, loadGroups, saveSettingsFile, wantGroups } from '../store/rules.ts';
import type { RunnerContext } from './context.ts';
import type { TurnRun } from './turn-run.ts';

/** A bot looks within seconds at what a runner misses. */
const GROUPS_REMEMBERED_MS = 10 * 60_000;

type Asked = Readonly<{
  ask: Case['ask'];
  person: string;
  job: Job;
  repository: RepositoryRules;
  account?: Asker['account'];
}>;

/** Throws TransientError while nobody has looked who is in a user group that decides. */
async function judge({ store }: RunnerContext, asked: Asked): Promise<Denial | undefined> {
  const { job, person, repository, account, ask } = asked;
  const { sql } = store.db;
  const deployment = await loadDeploymentRules(sql, job.team);
  const decide = (groups: readonly string[]) => {
    const asker = { standing: 'member' as const, inChannel: true, groups, account };
    return deny({ ask, person, asker, target: job, deployment, repository });
  };
  // A group can only let somebody in, so who is let in without needs none.
  const denial = decide([]);
  const ids = namedGroups(deployment, repository);
  if (denial === undefined || ids.length === 0) return denial;
  const known = await loadGroups(sql, { team: job.team, ids, maxAgeMs: GROUPS_REMEMBERED_MS });
  const missing = ids.filter((id) => !known.some((group) => group.id === id));
  const inKnown = decide(known.filter((group) => group.members.includes(person)).map((group) => group.id));
  if (inKnown === undefined || missing.length === 0) return inKnown;
  await wantGroups(sql, job.team, missing);
  throw new TransientError(
    `Waiting to learn who is in the user groups that the rules name (${missing.join(', ')}).`,
  );
}

/** Ends the turn where its requester may not start jobs here, and takes out words of people who may not steer. */
export async function judgeTurn(turn: TurnRun, repository: RepositoryRules): Promise<Job['context']> {
  const job = turn.job();
  if (!hadEffect(job)) {
    const denial = await judge(turn.context, { ask: 'start', person: job.requester, job, repository });
    if (denial) throw refused(turn, { ask: 'start', by: job.requester, denial });
  }
  await dropReplies(turn, repository);
  const heard = await Promise.all(
    job.context.map(async (message) => {
      if (message.by === undefined) return [message];
      return (await judge(turn.context, { ask: 'steer', person: message.by, job, repository }))
        ? []
        : [message];
    }),
  );
  return heard.flat();
}

/** A wish that had a result was let in; what comes after it are other people's words, too. */
function hadEffect(job: Job): boolean {
  return job.results.some(({ outcome }) => outcome === 'pull' || outcome === 'answer');
}

async function dropReplies(turn: TurnRun, repository: RepositoryRules): Promise<void> {
  const { context, log } = turn;
  const { sql } = context.store.db;
  const job = turn.job();
  const waiting = await pendingReplies(sql, job.id);
  const dropped: { reply: Reply; denial: Denial }[] = [];
  for (const reply of waiting) {
    const denial = await judge(context, { ask: 'steer', person: reply.author, job, repository });
    if (denial) dropped.push({ reply, denial });
  }
  const [first] = dropped;
  if (first === undefined) return;
  await refuseReplies(
    sql,
    dropped.map(({ reply }) => reply.id),
  );
  for (const { reply, denial } of dropped)
    log.info({ by: reply.author, why: denial.why }, 'runner.reply.refused');
  // A turn that only these words asked for has nothing to do.
  if (dropped.length === waiting.length && hadEffect(job)) {
    throw refused(turn, { ask: 'steer', by: first.reply.author, denial: first.denial });
  }
}

function refused(
  turn: TurnRun,
  { ask, by, denial }: { ask: 'start' | 'steer'; by: string; denial: Denial },
): PermanentError {
  turn.log.info({ ask, by, why: denial.why }, 'runner.refused');
  const where = formatRepo(turn.job().repo);
  const from =
    denial.why === 'not_listed' && denial.from === 'repository' ? REPO_SETTINGS_PATH : SETTING[ask];
  return new PermanentError(
    'not_permitted',
    `The rules do not let this person ${ask === 'start' ? 'start jobs' : 'steer'} in \`${where}\` (\`${from}\`), so no agent got the words. Ask somebody who may to send them, or change the list and press Retry.`,
  );
}

const SETTING = { start: 'ERRAND_START', steer: 'ERRAND_STEER' } as const;

/** Why a decision no longer counts, for the message that shows it; undefined where it does. */
export async function refuseDecision(
  context: RunnerContext,
  job: Job,
): Promise<Readonly<{ code: string; say: string }> | undefined> {
  if (job.decision === undefined) return undefined;
  const { by: person, kind: ask } = job.decision;
  const { sql } = context.store.db;
  const link = await loadLink(sql, { team: job.team, person });
  const [repository, account] = await Promise.all([
    readCurrentRules(context, job),
    link && ask === 'approve' ? askAccount(context, job, link) : undefined,
  ]);
  const denial = await judge(context, { ask, person, job, repository, account });
  if (denial === undefined) return undefined;
  context.log.info({ jobId: job.id, ask, by: person, why: denial.why }, 'runner.refused');
  return {
    code: 'not_permitted',
    say: `${ask === 'approve' ? 'Not merged' : 'Not closed'}: ${explainDecision(denial)}`,
  };
}

async function askAccount({ github }: RunnerContext, { repo }: Job, account: Account) {
  return { login: account.login, ...(await github.accountRights(repo, account)) };
}

/** As they stand on the default branch and on the base branch at this moment. */
async function readCurrentRules(context: RunnerContext, { repo, base }: Job): Promise<RepositoryRules> {
  const name = await context.github.defaultBranch(repo);
  const [ofDefault, ofBase] = await Promise.all([
    name === undefined ? UNKNOWN : readBranchRules(context, { repo, branch: DEFAULT_BRANCH, name }),
    name === base ? undefined : readBranchRules(context, { repo, branch: base, name: base }),
  ]);
  return ofBase === undefined ? ofDefault : combineRules(ofDefault, ofBase);
}

const UNKNOWN: RepositoryRules = { kind: 'unknown' };

/** `branch` is what it is remembered by. */
async function readBranchRules(
  { github, store }: RunnerContext,
  { repo, branch, name }: Readonly<{ repo: Repo; branch: string; name: string }>,
): Promise<RepositoryRules> {
  const sha = await github.branchSha(repo, name);
  // Into a branch that is gone GitHub merges nothing, and says so.
  if (sha === undefined) return UNKNOWN;
  const file = await github.fileAt({ repo, sha, path: REPO_SETTINGS_PATH });
  if (file.kind === 'no_file') return { kind: 'broken', mistake: `${REPO_SETTINGS_PATH} is no plain file` };
  const content = file.kind === 'file' ? file.content : undefined;
  await saveSettingsFile(store.db.sql, { repo, branch }, { sha, content });
  return readRepositoryRules(content);
}

/** No mentions: these words stand on a message that everybody sees. */
function explainDecision(denial: Denial): string {
  switch (denial.why) {
    case 'four_eyes':
      return 'by the rules nobody approves what they asked for themselves. A named approver can press Approve.';
    case 'no_write':
      return `GitHub does not let \`${denial.login}\` write to this repository. Somebody with write access can press Approve.`;
    case 'other_account':
      return `\`${denial.login}\` at GitHub is no longer the account that was linked to who approved. Once an admin has linked the new one, press Approve again.`;
    case 'not_linked':
      return 'only people who are linked to a GitHub account approve here. Once an admin has linked who approved (`/agent link`), press Approve again.';
    case 'broken_settings':
      return `the repository's settings cannot be read (${denial.mistake}). Mend the file, then press Approve again.`;
    default:
      return 'by the rules as they are now, who pressed it may not decide on this pull. A named approver can.';
  }
}
