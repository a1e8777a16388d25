// errand audit: everything that changed, in order: who asked, steered, approved, what was pushed, opened, merged, by which
// attempt, and what an agent was refused. One JSON object a line, or lines for people.

import { formatProblems, readConfig } from '../config.ts';
import { PermanentError } from '../errors.ts';
import { jobName, parseJobName } from '../job/job.ts';
import { createLog } from '../log.ts';
import { type AuditEntry, readAudit } from '../store/audit.ts';
import { withCommandDatabase } from './database.ts';

const PAGE = 1_000;

/** `since` is a date (`2026-03-01`, with or without a time) or an age (`90m`, `36h`, `7d`). Answers the exit code. */
export async function runAudit(options: {
  job?: string | undefined;
  since?: string | undefined;
  json: boolean;
  write?: (text: string) => void;
}): Promise<number> {
  const config = readConfig({ needs: ['database'] });
  if ('problems' in config) {
    process.stderr.write(formatProblems(config.problems));
    return 1;
  }
  const { write = (text) => void process.stdout.write(text) } = options;
  const jobId = options.job === undefined ? undefined : readJob(options.job);
  const since = options.since === undefined ? undefined : readSince(options.since, new Date());
  const log = createLog({ level: 'silent' });
  return withCommandDatabase({ ...config, log, maxConnections: 1 }, async ({ sql }) => {
    let afterId = 0;
    let isEmpty = true;
    for (;;) {
      const page = await readAudit(sql, { jobId, since, afterId, limit: PAGE });
      for (const entry of page) write(options.json ? toLine(entry) : toSentence(entry));
      isEmpty &&= page.length === 0;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      afterId = last.id;
    }
    return isEmpty ? sayNothingFound(jobId, since) : 0;
  });
}

/** Nothing at all is recorded of a job only where there is none. Beside the output, which programs read. */
function sayNothingFound(jobId: number | undefined, since: Date | undefined): number {
  const isUnknown = jobId !== undefined && since === undefined;
  const of = jobId === undefined ? '' : ` of ${jobName({ id: jobId })}`;
  const say = isUnknown
    ? `There is no job ${jobName({ id: jobId })} in this database.`
    : `Nothing is recorded${of}${since ? ` since ${since.toISOString()}` : ' yet'}.`;
  process.stderr.write(`${say}\n`);
  return isUnknown ? 1 : 0;
}

function readJob(written: string): number {
  const jobId = parseJobName(written);
  if (jobId !== undefined) return jobId;
  throw new PermanentError(
    'strange_job',
    `${JSON.stringify(written)} is no job. Write it like: errand audit J-12`,
  );
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Pure. Throws PermanentError for what is neither a date nor an age. */
export function readSince(written: string, now: Date): Date {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(written) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (UNITS_MS[unit] ?? 0));
  const date = new Date(/^\d{4}-\d{2}-\d{2}/.test(written) ? written : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date;
  throw new PermanentError(
    'strange_since',
    `${JSON.stringify(written)} is no time. Write --since 2026-03-01, --since 2026-03-01T09:00:00Z or --since 36h.`,
  );
}

/** Stable names: programs read them. */
function toLine({ jobId, ...entry }: AuditEntry): string {
  const job = jobId === undefined ? {} : { job: jobName({ id: jobId }) };
  return `${JSON.stringify({ ...entry, ...job, at: entry.at.toISOString() })}\n`;
}

function toSentence({ at, jobId, turn, attempt, what, who, sha, from, to, detail }: AuditEntry): string {
  const moved = to === undefined || to === from ? '' : ` ${from ?? ''}→${to}`;
  const rest = Object.keys(detail).length === 0 ? '' : ` ${JSON.stringify(detail)}`;
  const parts = [who, sha?.slice(0, 12)].filter((part) => part !== undefined).map((part) => ` ${part}`);
  const where = jobId === undefined ? '-' : `${jobName({ id: jobId })} turn ${turn} attempt ${attempt}`;
  const line = `${at.toISOString()} ${where} ${what}${parts.join('')}${moved}${rest}`;
  // What agents wrote may hold anything; a terminal must not obey it.
  return `${line.replaceAll(/\p{Cc}/gu, ' ').slice(0, 2_000)}\n`;
}
