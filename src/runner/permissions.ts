// The last word on who may: judged once more by the rules as they are now, right before anything takes effect. What Slack
// knows of people the bots have judged; who is in a user group the runner reads where bots noted it.
import { setTimeout as sleep } from 'node:timers/promises';
import { TransientError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import {
  type Asker,
  type Case,
  combineRules,
  type Denial,
  deny,
  namedGroups,
  type RepositoryRules,
  type Standing,
} from '../job/permissions.ts';
import type { Repo } from '../job/repo.ts';
import { DEFAULT_BRANCH, REPO_SETTINGS_PATH, readRepositoryRules } from '../job/repo-settings.ts';
import { type Account, loadLink } from '../store/people.ts';
import {
  type KnownFile,
  loadDeploymentRules,
  loadGroups,
  loadSettingsFile,
  saveSettingsFile,
  wantGroups,
} from '../store/rules.ts';
import type { RunnerContext } from './context.ts';

/** A bot looks within seconds at what a runner misses. */
const GROUPS_REMEMBERED_MS = 10 * 60_000;
/** A running agent must stay within reach of a Stop meanwhile. */
const RULES_PATIENCE_MS = { ofSteering: 3_000, ofPrompts: 20_000 } as const;
/** Lists that were read longer ago let no words through. */
const RULES_OLD_MS = 15 * 60_000;

type Asked = Readonly<{
  ask: Case['ask'];
  person: string;
  job: Job;
  repository: RepositoryRules;
  /** As Slack says now; bots have judged everybody who is not looked at again. */
  standing?: Standing;
  account?: Asker['account'];
}>;

/** Throws TransientError while nobody has looked who is in a user group that decides. */
export async function judge({ store }: RunnerContext, asked: Asked): Promise<Denial | undefined> {
  const { job, person, repository, account, ask, standing = 'member' } = asked;
  const { sql } = store.db;
  const deployment = await loadDeploymentRules(sql, job.team);
  const decide = (groups: readonly string[]) => {
    const asker = { standing, inChannel: true, groups, account };
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
  if (name === base) return readBranchRules(context, { repo, name, as: [DEFAULT_BRANCH, base] });
  const [ofDefault, ofBase] = await Promise.all([
    name === undefined ? UNKNOWN : readBranchRules(context, { repo, name, as: [DEFAULT_BRANCH] }),
    readBranchRules(context, { repo, name: base, as: [base] }),
  ]);
  return combineRules(ofDefault, ofBase);
}

/**
 * The same for words that wait for an agent. While GitHub does not answer, what was read last stands in, marked where it is
 * old; `waits: false` takes little time and rather lets the words wait. Throws TransientError where nobody can tell.
 */
export async function readRulesNow(
  context: RunnerContext,
  job: Job,
  { waits }: Readonly<{ waits: boolean }>,
): Promise<RepositoryRules> {
  const asked = readCurrentRules(context, job);
  asked.catch(() => {});
  const late = sleep(waits ? RULES_PATIENCE_MS.ofPrompts : RULES_PATIENCE_MS.ofSteering, undefined, {
    ref: false,
  });
  try {
    const rules = await Promise.race([asked, late]);
    if (rules !== undefined) return rules;
  } catch (thrown) {
    if (!(thrown instanceof TransientError)) throw thrown;
    context.log.info({ err: thrown, jobId: job.id }, 'runner.rules.remembered');
    return rememberedRules(context, job);
  }
  if (waits) return rememberedRules(context, job);
  throw new TransientError('GitHub takes its time to say who may steer here.');
}

async function rememberedRules({ store }: RunnerContext, { repo, base }: Job): Promise<RepositoryRules> {
  const files = [DEFAULT_BRANCH, base].map((branch) => loadSettingsFile(store.db.sql, { repo, branch }));
  const [ofDefault, ofBase] = (await Promise.all(files)).map(rememberRules);
  if (ofDefault !== undefined && ofBase !== undefined) return combineRules(ofDefault, ofBase);
  throw new TransientError('GitHub does not say who may steer here.');
}

function rememberRules(file: KnownFile | undefined): RepositoryRules | undefined {
  if (file === undefined) return undefined;
  const rules = readRepositoryRules(file.content);
  return rules.kind === 'known' && file.ageMs > RULES_OLD_MS ? { ...rules, isOld: true } : rules;
}

const UNKNOWN: RepositoryRules = { kind: 'unknown' };

/** `as` is what it is remembered by. */
async function readBranchRules(
  { github, store }: RunnerContext,
  { repo, name, as }: Readonly<{ repo: Repo; name: string; as: readonly string[] }>,
): Promise<RepositoryRules> {
  const sha = await github.branchSha(repo, name);
  // Into a branch that is gone GitHub merges nothing, and says so.
  if (sha === undefined) return UNKNOWN;
  const file = await github.fileAt({ repo, sha, path: REPO_SETTINGS_PATH });
  if (file.kind === 'no_file') return { kind: 'broken', mistake: `${REPO_SETTINGS_PATH} is no plain file` };
  const content = file.kind === 'file' ? file.content : undefined;
  for (const branch of as) await saveSettingsFile(store.db.sql, { repo, branch }, { sha, content });
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
