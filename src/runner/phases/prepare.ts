// Phase `prepare`: the issue as it reads now, the mirror up to date, a fresh tree with all work so far. Needs GitHub.
import { randomBytes } from 'node:crypto';
import { PermanentError } from '../../errors.ts';
import { type House, withProfiles } from '../../job/house.ts';
import { type Job, jobName, workName } from '../../job/job.ts';
import { combineRules } from '../../job/permissions.ts';
import type { IssueText } from '../../job/prompt.ts';
import {
  DEFAULT_BRANCH,
  NO_REPO_SETTINGS,
  parseRepoSettings,
  REPO_SETTINGS_PATH,
  type RepoSettings,
  rulesOf,
} from '../../job/repo-settings.ts';
import { stricterSettings } from '../../job/stricter-settings.ts';
import { saveSettingsFile } from '../../store/rules.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { judgeTurn } from '../admit.ts';
import { type ChecksPlan, planTurnChecks } from '../find-checks.ts';
import { withGitCredentials } from '../git-credentials.ts';
import { readHouse } from '../house.ts';
import { salvage } from '../keep-work.ts';
import type { TurnRun } from '../turn-run.ts';

export type Prepared = Readonly<{
  workspace: Workspace;
  /** What default and base branch say of jobs here, the stricter of the two. */
  settings: RepoSettings;
  /** What the base branch tells agents besides. */
  house: House;
  /** What is run on the change before people see it. */
  checks: ChecksPlan;
  /** Earlier words of the thread, of people who may steer. */
  context: Job['context'];
  issue?: IssueText;
  /** Where the job's branch stands on the server; undefined while there is none. */
  remoteSha: string | undefined;
}>;

export async function prepare(turn: TurnRun): Promise<Prepared> {
  const { github, workspaces } = turn.context;
  const [issue] = await Promise.all([readIssue(turn), refuseMerged(turn)]);
  // Only before the very first attempt can whatever bears the job's name be somebody else's.
  if (turn.job().attempt === 1) await findFreeName(turn);
  else await salvage(turn);
  const job = turn.job();
  const name = workName(job);
  const defaultBranch = (await github.defaultBranch(job.repo)) ?? job.base;
  const refs = refsOf(job, defaultBranch);
  const reading = { repo: job.repo, access: 'read', signal: turn.signal } as const;
  const shas = await withGitCredentials(turn.context, reading, (credentials) =>
    workspaces.fetch({ repo: job.repo, credentials, refs, signal: turn.signal }),
  );
  const baseSha = shas[job.base];
  if (baseSha === undefined) {
    throw new PermanentError(
      'no_base',
      `There is no branch \`${job.base}\` any more. Start again with \`base=<branch>\`.`,
    );
  }
  const defaultSha = shas[defaultBranch] ?? baseSha;
  const atDefault = { branch: defaultBranch, as: DEFAULT_BRANCH, sha: defaultSha };
  const textAtDefault = await readSettingsFile(turn, defaultSha);
  const ofDefault = await readSettings(turn, atDefault, textAtDefault);
  const textAtBase = baseSha === defaultSha ? textAtDefault : await readSettingsFile(turn, baseSha);
  const ofBase = await readSettings(turn, { branch: job.base, as: job.base, sha: baseSha }, textAtBase);
  const settings = defaultBranch === job.base ? ofBase : stricterSettings(ofDefault, ofBase);
  const context = await judgeTurn(turn, combineRules(rulesOf(ofDefault), rulesOf(ofBase)));
  const { repo, base, branch, attempt } = job;
  const at = { repo, sha: baseSha, settings };
  const house = await readHouse(turn, at);
  const checks = await planTurnChecks(turn.context, at);
  const warning = house.warnings.join(' ');
  if (warning !== (job.warning ?? '')) await turn.apply({ type: 'learned', warning });
  const from = job.outside?.renamedFrom;
  if (from) await workspaces.bringOver({ jobId: name, from, to: repo });
  // Whoever lost the job meanwhile must not take the tree from under its successor.
  await turn.assertHeld();
  const { signal } = turn;
  const headSha = job.reviewOf && headOf(job.reviewOf, shas);
  const mergeBase = job.occasion?.kind === 'update';
  const wish = { repo, jobId: name, attempt, base, branch, headSha, mergeBase, signal };
  const workspace = await workspaces.prepare(wish);
  return {
    workspace,
    settings: withProfiles(settings, house),
    house,
    checks,
    context,
    remoteSha: shas[branch],
    ...(issue ? { issue } : {}),
  };
}

function readSettingsFile(turn: TurnRun, sha: string): Promise<string | undefined> {
  const { repo } = turn.job();
  return turn.context.workspaces.readCommitted({ repo, sha, path: REPO_SETTINGS_PATH });
}

/** A mistake in the file ends the turn by name: a rule that somebody meant to set must not be passed over. */
async function readSettings(
  turn: TurnRun,
  { branch, as, sha }: Readonly<{ branch: string; as: string; sha: string }>,
  text: string | undefined,
): Promise<RepoSettings> {
  const { repo } = turn.job();
  await saveSettingsFile(turn.context.store.db.sql, { repo, branch: as }, { sha, content: text });
  if (text === undefined) return NO_REPO_SETTINGS;
  const answer = parseRepoSettings(text);
  if (answer.kind === 'settings') return answer.settings;
  const [first = '', ...more] = answer.mistakes;
  throw new PermanentError(
    'bad_settings',
    `The repository's settings cannot be read: ${first}${more.length > 0 ? ` (and ${more.length} more)` : ''}. Mend the file on \`${branch}\`, then press Retry.`,
  );
}

/** Everything that a turn stands on. */
function refsOf(job: Job, defaultBranch: string): string[] {
  return [
    ...new Set([job.base, defaultBranch]),
    job.branch,
    `refs/errand/${workName(job)}`,
    ...(job.reviewOf ? [pullHead(job.reviewOf)] : []),
  ];
}

/** Where GitHub keeps what a pull proposes, also where it comes from a fork. */
function pullHead({ number }: NonNullable<Job['reviewOf']>): string {
  return `refs/pull/${number}/head`;
}

function headOf(
  pull: NonNullable<Job['reviewOf']>,
  shas: Readonly<Record<string, string | undefined>>,
): string {
  const sha = shas[pullHead(pull)];
  if (sha !== undefined) return sha;
  throw new PermanentError(
    'no_head',
    `GitHub does not give out what pull #${pull.number} proposes. Look whether it is still there, then press Retry.`,
  );
}

/** Work on a pull that was merged meanwhile would have nowhere to go. */
async function refuseMerged(turn: TurnRun): Promise<void> {
  const job = turn.job();
  if (job.pull === undefined) return;
  const pull = await turn.context.github.pull(job.repo, job.pull.number);
  if (pull.state !== 'merged') return;
  throw new PermanentError(
    'pull_merged',
    `Pull #${pull.number} of ${jobName(job)} was merged on GitHub meanwhile, so new work has no pull to go to. Start a new job for it.`,
  );
}

/**
 * Another deployment, or this one before it lost its database, may have left a branch, a pull or a folder under the same
 * number. It is left alone: this job takes a longer name.
 */
async function findFreeName(turn: TurnRun): Promise<void> {
  const { github, workspaces } = turn.context;
  const job = turn.job();
  const { repo, branch } = job;
  const [isKnown, sha, pull] = await Promise.all([
    workspaces.isKnown({ repo, jobId: workName(job) }),
    github.branchSha(repo, branch),
    github.findPull({ repo, branch }),
  ]);
  if (!isKnown && sha === undefined && pull === undefined) return;
  const longer = `${branch}-${randomBytes(3).toString('hex')}`;
  turn.log.info({ branch, longer }, 'runner.name.taken');
  await turn.apply({ type: 'learned', branch: longer });
}

async function readIssue(turn: TurnRun): Promise<IssueText | undefined> {
  const job = turn.job();
  if (job.issue === undefined) return readBackground(turn);
  const answer = await turn.context.github.issue(job.repo, job.issue.number);
  if (answer.kind === 'issue') return { number: job.issue.number, ...answer };
  // In a later turn people may have closed it; the agent knows the task by then.
  if (job.turn > 1) return undefined;
  const what = answer.kind === 'closed' ? 'was closed' : 'can no longer be read';
  throw new PermanentError(
    'issue_gone',
    `Issue #${job.issue.number} ${what} before the agent could start. Reopen it and press Retry, or use \`/agent do <task>\`.`,
  );
}

/** A part of a job that was split knows its own task; the issue that it comes from may be gone by now. */
async function readBackground(turn: TurnRun): Promise<IssueText | undefined> {
  const { repo, partOf } = turn.job();
  if (partOf?.issue === undefined) return undefined;
  const { number } = partOf.issue;
  const answer = await turn.context.github.issue(repo, number);
  return answer.kind === 'issue' ? { number, ...answer } : undefined;
}
