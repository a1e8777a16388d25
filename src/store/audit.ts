// The audit trail: who asked, decided and did what with a job, read from its events, and what was changed of the deployment
// itself. What the agent was told and said is the transcript and stays out; what it was allowed or refused is in.
import { z } from 'zod';
import type { Sql, Tx } from './database.ts';
import { toJson } from './json.ts';

const detailSchema = z.looseObject({}).catch({});

export type AuditEntry = Readonly<{
  /** Grows with time; continues a read. */
  id: number;
  /** Absent for what concerns the deployment and no single job. */
  jobId?: number;
  at: Date;
  turn: number;
  /** The runner's attempt that did it; 0 before the first. */
  attempt: number;
  /** `created`, `reply`, `approve`, `taken`, `pushed`, `pull_opened`, `merged`, `permission`, `egress_denied`, … */
  what: string;
  /** Slack user id or GitHub login of the person, where it was one. */
  who?: string;
  /** The commit it was about. */
  sha?: string;
  /** The status it led from and to, where it changed. */
  from?: string;
  to?: string;
  /** The rest, as it was stored. */
  detail: Readonly<Record<string, unknown>>;
}>;

type Row = {
  id: string;
  job_id: string | null;
  at: Date;
  turn: number;
  attempt: number;
  kind: string;
  data: unknown;
};

/** Sessions that are not the author's stand in the record as notes. */
const ALLOWED = `IN ('permission', 'egress_denied')`;
const CHANGES = `(kind = 'status' OR kind = 'agent' AND data->>'kind' ${ALLOWED} OR
  kind = 'note' AND (data->>'name' IS DISTINCT FROM 'session' OR data->'update'->>'kind' ${ALLOWED}))`;

/** What people change of the deployment itself. */
export type DeploymentChange =
  | Readonly<{ name: 'linked'; by: string; person: string; account: Readonly<{ login: string; id: number }> }>
  | Readonly<{ name: 'unlinked'; by: string; person: string }>;

/** Appends to the trail in the transaction of the change. */
export async function appendDeploymentChange(tx: Tx, team: string, change: DeploymentChange): Promise<void> {
  await tx.query('INSERT INTO deployment_events (team, data) VALUES ($1, $2)', [team, toJson(change)]);
}

/** Reads in order from `afterId` on; `limit` bounds it (1,000 by default). Of one job, or of all and the deployment. */
export async function readAudit(
  sql: Sql,
  options: { jobId?: number | undefined; since?: Date | undefined; afterId?: number; limit?: number },
): Promise<readonly AuditEntry[]> {
  const { rows } = await sql.query<Row>(
    `SELECT id, job_id, at, turn, attempt, kind, data FROM events
     WHERE ${CHANGES} AND id > $1 AND ($2::bigint IS NULL OR job_id = $2) AND ($3::timestamptz IS NULL OR at >= $3)
     UNION ALL
     SELECT id, NULL, at, 0, 0, 'note', data FROM deployment_events
     WHERE id > $1 AND $2::bigint IS NULL AND ($3::timestamptz IS NULL OR at >= $3)
     ORDER BY id LIMIT $4`,
    [options.afterId ?? 0, options.jobId ?? null, options.since ?? null, options.limit ?? 1_000],
  );
  return rows.map(readEntry);
}

/** The newest `limit` entries of a job in their order, and how many there are in all. */
export async function readNewestAudit(
  sql: Sql,
  jobId: number,
  limit: number,
): Promise<Readonly<{ entries: readonly AuditEntry[]; count: number }>> {
  const { rows } = await sql.query<Row & { count: number }>(
    `SELECT id, job_id, at, turn, attempt, kind, data, count(*) OVER ()::int AS count FROM events
     WHERE ${CHANGES} AND job_id = $1 ORDER BY id DESC LIMIT $2`,
    [jobId, limit],
  );
  return { entries: rows.toReversed().map(readEntry), count: rows[0]?.count ?? 0 };
}

/** Pure, and total: whatever another version stored becomes an entry. */
export function readEntry(row: Row): AuditEntry {
  const { id, job_id: jobId, at, turn, attempt } = row;
  const data: Record<string, unknown> = detailSchema.parse(row.data);
  const { event, name, kind: update, by, login, from, to, ...rest } = data;
  const result = detailSchema.parse(rest['result']);
  const who = firstText(by, login, result['stoppedBy']);
  const sha = firstText(rest['sha'], result['headSha'], rest['headSha']);
  const [fromStatus, toStatus] = [firstText(from), firstText(to)];
  return {
    id: Number(id),
    ...(jobId === null ? {} : { jobId: Number(jobId) }),
    at,
    turn,
    attempt,
    what: firstText(event, name, update) ?? row.kind,
    ...(who === undefined ? {} : { who }),
    ...(sha === undefined ? {} : { sha }),
    ...(fromStatus === undefined ? {} : { from: fromStatus }),
    ...(toStatus === undefined ? {} : { to: toStatus }),
    detail: rest,
  };
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value) => typeof value === 'string');
}
