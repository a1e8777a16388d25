// Jobs told in text: one line each for lists, a few lines for `status`. Pure; within Slack's limits.
import { type Job, jobName, type Status } from '../../job/job.ts';
import { formatRepo } from '../../job/repo.ts';
import { oneLine } from '../mrkdwn.ts';
import { escapeMrkdwn, link } from '../text-limits.ts';

/** A section block holds 3,000 characters (FACTS §1.5); a text message more. */
const TEXT_LIMIT = 2_900;

const STATUS_WORDS: Record<Status, string> = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting for an answer',
  in_review: 'waiting for your decision',
  merging: 'being merged',
  closing: 'being closed',
  failed: 'failed',
  done: 'done',
  merged: 'merged',
  rejected: 'rejected',
  cancelled: 'cancelled',
};

/** `*J-12* running (implement) · fix #12 Login broken · acme/shop · @ann · pull #3`. */
function jobLine(job: Job): string {
  return [
    `*${jobLabel(job)}* ${statusOf(job)}`,
    taskOf(job, 90),
    escapeMrkdwn(formatRepo(job.repo)),
    `<@${job.requester}>`,
    ...(job.pull ? [link(job.pull.url, `pull #${job.pull.number}`)] : []),
  ].join(' · ');
}

function jobLabel(job: Job): string {
  return job.threadUrl === undefined ? jobName(job) : link(job.threadUrl, jobName(job));
}

function statusOf(job: Job): string {
  if (job.stop !== undefined && job.status === 'running') return 'stopping';
  return job.status === 'running' && job.phase ? `running (${job.phase})` : STATUS_WORDS[job.status];
}

function taskOf(job: Job, limit: number): string {
  if (job.reviewOf)
    return `review ${link(job.reviewOf.url, `#${job.reviewOf.number}`)} ${oneLine(job.reviewOf.title, limit)}`;
  if (job.issue === undefined) return oneLine(job.task, limit);
  return `fix ${link(job.issue.url, `#${job.issue.number}`)} ${oneLine(job.issue.title, limit)}`;
}

/** A list under a heading; what does not fit is counted. `empty` is said when there is nothing. */
export function jobList(jobs: readonly Job[], say: { heading: string; empty: string }): string {
  if (jobs.length === 0) return say.empty;
  const lines = [say.heading];
  let length = say.heading.length;
  for (const [index, job] of jobs.entries()) {
    const line = `• ${jobLine(job)}`;
    if (length + line.length > TEXT_LIMIT) {
      lines.push(`…and ${jobs.length - index} more.`);
      break;
    }
    lines.push(line);
    length += line.length + 1;
  }
  return lines.join('\n');
}

/** The answer to `status J-12`. */
export function jobStatus(job: Job): string {
  const last = job.results.at(-1);
  const reason = job.problem?.reason ?? (job.status === 'failed' ? last?.failure?.reason : undefined);
  const started = Math.floor(Date.parse(job.createdAt) / 1_000);
  return [
    jobLine(job),
    `Asked for <!date^${started}^{date_short_pretty} at {time}|${job.createdAt}> · turn ${job.turn}`,
    ...(reason === undefined ? [] : [oneLine(reason, 600)]),
    ...(job.warning ? [oneLine(job.warning, 300)] : []),
  ].join('\n');
}
