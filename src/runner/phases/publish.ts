// Phase `publish`: the files become one commit of the host's, one pushed branch and one pull. Every step may be repeated
// after a crash and finds what was done before.
import pRetry from 'p-retry';
import { PermanentError, TransientError } from '../../errors.ts';
import { plannedFiles } from '../../gate/planned-files.ts';
import type { OpenPullAnswer, Pull } from '../../github/pulls.ts';
import { type CheckResult, toResult } from '../../job/checks.ts';
import type { Finding } from '../../job/gate-rules.ts';
import { type ChangeSize, type Job, jobName, type PullLink, type Summary } from '../../job/job.ts';
import { buildCommitMessage, buildPullBody, buildPullTitle, pullMarker } from '../../job/pull-text.ts';
import { formatRepo } from '../../job/repo.ts';
import type { PlanLack } from '../../job/risk.ts';
import type { SessionRecord } from '../../job/sessions.ts';
import { type SplitPart, withoutSplit } from '../../job/split.ts';
import { parseSummary } from '../../job/summary.ts';
import { buildVerdict, type Verdict } from '../../job/verdict.ts';
import { readTurnBegan } from '../../store/events.ts';
import type { Diff } from '../../workspace/diff.ts';
import type { Published as Pushed } from '../../workspace/publish.ts';
import { knownCoAuthors } from '../co-authors.ts';
import { gateBlocked, type Judged, judgePending } from '../gate-change.ts';
import { withGitCredentials } from '../git-credentials.ts';
import type { Seen } from '../inspection.ts';
import { keepPatches } from '../keep-patches.ts';
import type { TurnRun } from '../turn-run.ts';
import type { Prepared } from './prepare.ts';

export type Publication =
  | Readonly<{
      kind: 'pull';
      pull: PullLink;
      summary: Summary;
      size: ChangeSize;
      findings: readonly Finding[];
      /** What the repository's checks came to on these files; empty where it names none. */
      checks: readonly CheckResult[];
      verdict: Verdict;
      /** What was left for later, since all of it would have been too large. */
      split: readonly SplitPart[];
    }>
  /** Nothing differs from what is on the server already; `pull` where the job has one that it did not know of. */
  | Readonly<{ kind: 'nothing_changed'; pull?: PullLink }>;

/** Files named in the result message; the numbers count all. */
const FILES_NAMED = 8;

/** What the agent said last, and what was seen of the change since; where nobody judged it, that is done here. */
type Ending = Seen & Readonly<{ text: string; sessions: readonly SessionRecord[] }>;

export async function publish(
  turn: TurnRun,
  prepared: Prepared,
  { text, judged: known, checked, reviewed, sessions }: Ending,
): Promise<Publication> {
  const job = turn.job();
  // The title may come from the task, in which a person may have written anything.
  const summary = turn.context.redactor.deep(parseSummary(withoutSplit(text), job.issue?.title ?? job.task));
  // The agent is gone: what is judged is what is pushed, or nothing is.
  const judged = known ?? (await judgePending(turn, prepared));
  if (judged.blocking.length > 0) throw gateBlocked(turn, judged);
  const { notes: findings, split = [] } = judged;
  const pushed = await patiently(turn, () => push(turn, prepared, { summary, judged }));
  if (pushed === undefined) return { kind: 'nothing_changed', ...(await findUntold(turn)) };
  // What was seen of other files says nothing about these.
  const checks = checked?.treeSha === judged.taken.treeSha ? checked.runs.map(toResult) : [];
  const opinion = reviewed?.treeSha === judged.taken.treeSha ? reviewed.review : undefined;
  const { headSha, size } = pushed;
  await keepPatches(turn, prepared.workspace, headSha);
  const verdict = buildVerdict({
    checks,
    gates: findings,
    review: opinion,
    size,
    summary,
    sessions,
    handOvers: job.handedOver?.length ?? 0,
    planLack: planLackOf(job),
  });
  const pull = await patiently(turn, () => openPull(turn, { summary, findings, checks, verdict, split }));
  return { kind: 'pull', pull: { ...pull, headSha }, summary, size, findings, checks, verdict, split };
}

/** Later turns do what people asked for since, which no plan foresaw. */
function planLackOf({ plan, planMissing, turn }: Job): PlanLack | undefined {
  if (plan === undefined) return planMissing === undefined || turn > 1 ? undefined : 'missing';
  return plannedFiles(plan.files).length === 0 ? 'names_no_files' : undefined;
}

/**
 * An attempt that was lost may have opened the pull and died before it could say so. Somebody merged it since, or nothing
 * would be left to push: people must hear of it, and of who merged it.
 */
async function findUntold(turn: TurnRun): Promise<{ pull?: PullLink }> {
  const { repo, branch, pull: known } = turn.job();
  if (known !== undefined) return {};
  const pull = await patiently(turn, () => turn.context.github.findPull({ repo, branch }));
  return pull ? { pull: { number: pull.number, url: pull.url, headSha: pull.headSha } } : {};
}

/** The agent's work is done; a hiccup of the network must not make it start again. */
function patiently<T>(turn: TurnRun, step: () => Promise<T>): Promise<T> {
  return pRetry(step, {
    retries: 4,
    minTimeout: 500,
    factor: 3,
    signal: turn.signal,
    shouldRetry: ({ error }) => error instanceof TransientError,
    onFailedAttempt: ({ error }) => turn.log.info({ err: error }, 'runner.publish.again'),
  });
}

async function push(
  turn: TurnRun,
  { workspace, remoteSha }: Prepared,
  { summary, judged }: { summary: Summary; judged: Judged },
): Promise<{ headSha: string; size: ChangeSize } | undefined> {
  const { github, workspaces } = turn.context;
  const job = turn.job();
  const author = await github.bot();
  const request = {
    message: buildCommitMessage({ job, summary, coAuthors: await knownCoAuthors(turn.context, job) }),
    author,
    branch: job.branch,
    judged: judged.taken,
    expectedRemoteSha: remoteSha,
    shareSnapshot: turn.context.shareSnapshots,
    signal: turn.signal,
  };
  const isRefused = (done: Pushed) => done.kind === 'denied' && done.isAtTheDoor === true;
  const writing = { repo: job.repo, access: 'write', signal: turn.signal, isRefused } as const;
  const published = await withGitCredentials(turn.context, writing, async (credentials) => {
    // A runner that slept and woke up must not push over its successor.
    await turn.assertHeld();
    return workspaces.publish(workspace, { ...request, credentials });
  });
  switch (published.kind) {
    case 'pushed':
      return { headSha: published.headSha, size: toSize(published.diff) };
    case 'nothing_changed': {
      // The branch may hold more than anybody was shown: an earlier attempt died between the push and the pull, or a
      // person pushed.
      const shown = job.pull?.headSha ?? workspace.baseSha;
      if (remoteSha === undefined || workspace.headSha === shown) return undefined;
      const { baseSha: from, headSha: to } = workspace;
      return { headSha: to, size: toSize(await workspaces.diff({ repo: job.repo, from, to })) };
    }
    case 'changed_meanwhile':
      throw new PermanentError(
        'change_moved',
        'Something still changed the files while they were looked at, so nothing was pushed. Press Retry to go on from what is there now.',
      );
    case 'refused':
      throw refused(published.problems);
    case 'moved':
      throw new PermanentError(
        'branch_moved',
        `Somebody else changed the branch \`${job.branch}\` while the agent worked. Nothing was overwritten; press Retry to go on from what is there now.`,
      );
    case 'denied':
      throw new PermanentError(
        'push_denied',
        `GitHub did not take the branch: ${published.reason}. Ask somebody who administers ${formatRepo(job.repo)}, then press Retry.`,
      );
  }
}

function refused(problems: readonly { path: string; say: string }[]): PermanentError {
  const named = problems.slice(0, 5).map((problem) => `\`${problem.path}\`: ${problem.say}`);
  const rest = problems.length - named.length;
  const list = [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
  return new PermanentError(
    'change_refused',
    `The change was not pushed, because of files that must not pass: ${list}. Reply to tell the agent what to do instead.`,
  );
}

type Published = Extract<Publication, { kind: 'pull' }>;

async function openPull(
  turn: TurnRun,
  {
    summary,
    findings,
    checks,
    verdict,
    split,
  }: Pick<Published, 'summary' | 'findings' | 'checks' | 'verdict' | 'split'>,
): Promise<Omit<PullLink, 'headSha'>> {
  const { github } = turn.context;
  const job = turn.job();
  const ask = {
    repo: job.repo,
    branch: job.branch,
    base: job.base,
    title: buildPullTitle(summary),
    body: buildPullBody({
      job,
      summary,
      findings,
      checks,
      verdict,
      split,
      requesterName: job.requesterName ?? 'a team member',
    }),
    marker: pullMarker(job),
  };
  await turn.assertHeld();
  let { pull, created } = readOpened(await github.openPull(ask));
  if (job.pull === undefined && pull.state !== 'open') {
    const { number, url, headSha } = pull;
    await turn.apply({ type: 'learned', pull: { number, url, headSha } });
  }
  if (pull.state === 'merged') {
    throw new PermanentError(
      'pull_merged',
      `Pull #${pull.number} of ${jobName(job)} was merged on GitHub meanwhile, so this work has no pull to go to. Start a new job for it.`,
    );
  }
  await refuseClosedMeanwhile(turn, pull);
  if (pull.state === 'closed' && !(await reopen(turn, pull.number))) {
    await turn.assertHeld();
    ({ pull, created } = readOpened(await github.openPull({ ...ask, anew: true })));
  }
  const { title, body } = ask;
  if (!created) {
    await turn.assertHeld();
    await github.updatePull({ repo: job.repo, number: pull.number, title, body });
  }
  return { number: pull.number, url: pull.url };
}

/**
 * Somebody closed the pull while the agent worked: a no is not overruled by work that began before it. Who asks again
 * after the closing wants it open again.
 */
async function refuseClosedMeanwhile(turn: TurnRun, { state, number, closedAt }: Pull): Promise<void> {
  if (state !== 'closed' || closedAt === undefined) return;
  const job = turn.job();
  const began = await readTurnBegan(turn.context.store.db.sql, job);
  if (began !== undefined && Date.parse(closedAt) < began.getTime()) return;
  throw new PermanentError(
    'pull_closed',
    `Pull #${number} was closed on GitHub while the agent worked. The work is on the branch \`${job.branch}\`; press Retry to open the pull again with it, or Reject to clear both away.`,
  );
}

function readOpened(answer: OpenPullAnswer): Extract<OpenPullAnswer, { kind: 'pull' }> {
  if (answer.kind === 'pull') return answer;
  const say = answer.kind === 'refused' ? answer.say : 'the branch holds nothing new';
  throw new PermanentError(
    'pull_refused',
    `GitHub did not open the pull request: ${say}. Press Retry once that is mended.`,
  );
}

/** False where GitHub refuses: it does so once the branch was deleted and made anew. */
async function reopen(turn: TurnRun, number: number): Promise<boolean> {
  await turn.assertHeld();
  try {
    await turn.context.github.reopenPull({ repo: turn.job().repo, number });
    return true;
  } catch (thrown) {
    if (!(thrown instanceof PermanentError)) throw thrown;
    turn.log.info({ err: thrown, number }, 'runner.pull.not_reopened');
    return false;
  }
}

/** What the pull shows at its head: everything since the base; the numbers count all, only the first are named. */
export function toSize({ files, added, deleted }: Pick<Diff, 'files' | 'added' | 'deleted'>): ChangeSize {
  const named = files
    .slice(0, FILES_NAMED)
    .map((file) => ({ path: file.path, added: file.added, deleted: file.deleted }));
  return { fileCount: files.length, added, deleted, files: named };
}

/** Somebody stopped a first turn while it was being published: what was shown to nobody is taken back. */
export async function withdraw(turn: TurnRun): Promise<void> {
  const { github } = turn.context;
  const { repo, branch, pull } = turn.job();
  if (pull !== undefined) return;
  const opened = await github.findPull({ repo, branch });
  // Whoever has the job by now may have made the branch and the pull anew.
  await turn.assertHeld();
  if (opened?.state === 'open') await github.closePull({ repo, number: opened.number });
  await turn.assertHeld();
  await github.deleteBranch({ repo, branch });
}
