// The audit trail and what belongs to it, read from the database once all is quiet. Only SELECTs.
import type { Stage } from './stage.ts';

export type JobRow = Readonly<{
  id: string;
  status: string;
  task: string;
  title: string | null;
  branch: string;
  pull: number | null;
  head: string | null;
  requester: string;
  results: number;
  /** Why its last turn failed, where it did. */
  failure: Readonly<{ code: string; reason: string }> | null;
}>;

export type EventRow = Readonly<{
  id: string;
  job: string;
  attempt: number;
  turn: number;
  kind: string;
  data: Readonly<Record<string, unknown>>;
}>;

export type ReplyRow = Readonly<{ job: string; ts: string | null; text: string; delivered: boolean }>;

export type Recorded = Readonly<{
  jobs: readonly JobRow[];
  events: readonly EventRow[];
  replies: readonly ReplyRow[];
}>;

export async function readRecord(stage: Stage): Promise<Recorded> {
  const jobs = await stage.read<JobRow>(
    `SELECT id, status, data->>'task' AS task, data->'issue'->>'title' AS title, data->>'branch' AS branch,
       (data->'pull'->>'number')::int AS pull, data->'pull'->>'headSha' AS head, requester,
       jsonb_array_length(data->'results') AS results, data->'results'->-1->'failure' AS failure
     FROM jobs ORDER BY id`,
  );
  const events = await stage.read<EventRow>(
    `SELECT id, job_id AS job, attempt, turn, kind, data FROM events ORDER BY events.id`,
  );
  const replies = await stage.read<ReplyRow>(
    `SELECT job_id AS job, ts, text, delivered_at IS NOT NULL AS delivered FROM replies ORDER BY id`,
  );
  return { jobs, events, replies };
}

/** What is not at rest yet, in words; empty when every job waits for a human or is over and Slack shows it all. */
export async function whatMoves(stage: Stage): Promise<readonly string[]> {
  const rows = await stage.read<{ what: string }>(
    `SELECT 'J-' || id || ' is ' || status AS what FROM jobs
       WHERE status IN ('queued', 'running', 'merging', 'closing')
     UNION ALL
     SELECT 'Slack is behind on J-' || j.id FROM jobs j JOIN message_sets m ON m.job_id = j.id
       WHERE j.change > m.shown_change
     UNION ALL
     SELECT 'request ' || key || ' is not handled' FROM inbox WHERE handled_at IS NULL AND error IS NULL`,
  );
  return rows.map(({ what }) => what);
}
