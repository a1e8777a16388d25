// A job's audit trail as a person reads it in Slack: who did what, when, about which commit. Pure; newest last, within
// Slack's limits.
import { nameEvent } from '../../job/event-words.ts';
import { jobName } from '../../job/job.ts';
import type { AuditEntry } from '../../store/audit.ts';
import { oneLine } from '../mrkdwn.ts';

/** Entries that are read; the newest of them are shown as far as they fit. */
export const AUDIT_ENTRIES = 40;
const TEXT_LIMIT = 2_900;
const DETAIL_LIMIT = 120;

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
    oneLine(nameEvent(entry.what), 60),
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
