// A job's audit trail as a person reads it in Slack: who did what, when, about which commit. Pure; newest last, within
// Slack's limits.
import { jobName } from '../../job/job.ts';
import type { AuditEntry } from '../../store/audit.ts';
import { oneLine } from '../mrkdwn.ts';

/** Entries that are read; the newest of them are shown as far as they fit. */
export const AUDIT_ENTRIES = 40;
const TEXT_LIMIT = 2_900;
const DETAIL_LIMIT = 120;

/** Where a sentence reads better than the event's own name. */
const WORDS: Readonly<Record<string, string>> = {
  created: 'asked for it',
  reply: 'wrote to the agent',
  interrupt: 'interrupted the agent',
  stop: 'stopped it',
  retry: 'asked for another try',
  follow_up: 'GitHub asked for a turn',
  update_branch: 'wanted the branch up to date',
  mute: 'muted it',
  unmute: 'listens to GitHub again',
  answered_in_thread: 'answered a comment on the pull request',
  plan_run: 'let the plan run',
  plan_answered: 'answered a question of the plan',
  plan_split: 'made jobs of the tasks of its plan',
  plan_dropped: 'dropped the plan',
  plan_expired: 'the plan expired',
  approve: 'approved',
  reject: 'rejected',
  taken: 'a runner took it',
  phase: 'next phase',
  learned: 'the runner learned something',
  turn_ended: 'the turn ended',
  put_back: 'put back into the queue',
  merge_under_way: 'GitHub is merging',
  settle_delayed: 'GitHub keeps it waiting',
  merge_asked: 'GitHub was asked to merge',
  merged: 'merged',
  closed: 'closed',
  settle_refused: 'not done at GitHub',
  push_begun: 'a push began',
  pushed: 'pushed',
  pull_opened: 'opened the pull request',
  pull_found: 'found the pull request again',
  pull_updated: 'brought the pull request up to date',
  pull_reopened: 'opened the pull request again',
  pull_closed: 'closed the pull request',
  commented: 'commented on the pull request',
  reviewed_pull: 'reviewed the pull request',
  branch_deleted: 'deleted the branch',
  snapshot_pushed: 'kept the work on the Git server',
  words_refused: 'may not steer: the words were kept from the agent',
  words_unheard: 'the job was over before the agent had these words',
  files_set_aside: 'kept files that no snapshot can take',
  permission: 'the agent asked for permission',
  egress_denied: 'the agent was refused the network',
};

/** The answer to `audit J-12`. */
export function auditLines(
  jobId: number,
  { entries, count }: { entries: readonly AuditEntry[]; count: number },
): string {
  if (entries.length === 0) return `Nothing has been recorded of ${jobName({ id: jobId })} yet.`;
  const kept: string[] = [];
  let room = TEXT_LIMIT;
  for (const entry of entries.toReversed()) {
    const line = auditLine(entry);
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  const left = count - kept.length;
  const head = `What happened to *${jobName({ id: jobId })}*, newest last:`;
  const rest =
    left > 0 ? [`_${left} older not shown; \`errand audit ${jobName({ id: jobId })}\` has all._`] : [];
  return [head, ...rest, ...kept.toReversed()].join('\n');
}

function auditLine(entry: AuditEntry): string {
  const seconds = Math.floor(entry.at.getTime() / 1_000);
  const when = `<!date^${seconds}^{date_short_pretty} {time_secs}|${entry.at.toISOString()}>`;
  const moved = entry.to !== undefined && entry.from !== entry.to ? `→ ${oneLine(entry.to, 20)}` : undefined;
  return [
    when,
    entry.who === undefined ? undefined : whoOf(entry.who),
    oneLine(WORDS[entry.what] ?? entry.what.replaceAll('_', ' '), 60),
    entry.sha === undefined ? undefined : `\`${oneLine(entry.sha.replaceAll('`', "'"), 40).slice(0, 7)}\``,
    moved,
    detailOf(entry),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** Slack ids become names without notifying: an ephemeral message and a list never ring anybody's bell. */
function whoOf(who: string): string {
  return /^[UW][A-Z0-9]+$/.test(who) ? `<@${who}>` : oneLine(who, 40);
}

/** The one thing more that matters, where there is one. */
function detailOf({ detail }: AuditEntry): string | undefined {
  const number = typeof detail['number'] === 'number' ? `#${detail['number']}` : undefined;
  const allowed =
    typeof detail['allowed'] === 'boolean' ? (detail['allowed'] ? 'allowed' : 'refused') : undefined;
  const text = ['title', 'host', 'phase', 'say', 'runner', 'branch', 'answer', 'reason']
    .map((name) => detail[name])
    .find((value) => typeof value === 'string' && value !== '');
  const said = typeof text === 'string' ? oneLine(text, DETAIL_LIMIT) : undefined;
  const parts = [number, allowed, said].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' ');
}
