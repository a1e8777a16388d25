// One call for Slack's own surface of a job: only while the job is ours, and a pause that Slack asks for holds for all processes.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { type Lease, renewLease } from '../store/messages.ts';
import { noteRest } from '../store/rests.ts';
import { readSlackTrouble, type SlackTrouble } from './slack-errors.ts';

export type NativeMeans = Readonly<{
  sql: Sql;
  client: WebClient;
  log: Log;
  lease: Lease;
}>;

/** `isElsewhere`: another bot shows the job by now; Slack was not asked. */
export type Outcome<T> = Readonly<{ answer: T } | { trouble: SlackTrouble; isElsewhere?: true }>;

const NOT_OURS: SlackTrouble = { kind: 'later', waitMs: 0, say: 'another bot shows this job' };

/** Throws only when the database fails. */
export async function callNatively<T>(
  { sql, log, lease }: NativeMeans,
  jobId: number,
  method: string,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  if (!(await renewLease(sql, lease))) return { trouble: NOT_OURS, isElsewhere: true };
  try {
    return { answer: await work() };
  } catch (thrown) {
    const trouble = readSlackTrouble(thrown);
    log.info({ jobId, method, trouble }, 'slack.native.trouble');
    if (trouble.kind === 'later' && trouble.isLimit) await noteRest(sql, method, trouble.waitMs);
    return { trouble };
  }
}
