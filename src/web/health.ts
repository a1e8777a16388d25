// `/health` and `/ready`, for orchestrators and people with curl. Health says how everything stands and that this process
// answers at all; ready says whether work should be sent here, and if not, why not. Names and secrets are in neither.
import type { ServerResponse } from 'node:http';
import type { Sql } from '../store/database.ts';
import { readHealth, type StoreHealth } from '../store/health.ts';

/** What was heard of Slack, and how long ago in ms (by a clock that does not jump). */
export type SlackPulse =
  | Readonly<{ mode: 'socket'; sockets: readonly Readonly<{ lastFrameMs: number }>[] }>
  /** Absent while nothing has come yet: nobody may have said anything. */
  | Readonly<{ mode: 'http'; lastRequestMs?: number }>;

export type Health = Readonly<{
  /** Whether this process should get work. */
  ok: boolean;
  /** Why not; sentences for an operator. */
  reasons: readonly string[];
  /** What an operator should know although work goes on; sentences. */
  notes: readonly string[];
  halves: readonly ('bot' | 'runner')[];
  upS: number;
  database: StoreHealth;
  slack?: SlackPulse;
}>;

/** One path of the health pages. */
export type HealthRoute = Readonly<{
  path: string;
  method: 'GET';
  handler: (request: unknown, response: ServerResponse) => void;
}>;

const DATABASE_LIMIT_MS = 2_000;
/** Slack's answer to our ping comes every 5 s and its own pings every 30 s or less: a socket silent for longer is dead. */
const SILENCE_LIMIT_MS = 60_000;

type Means = Readonly<{
  sql: Sql;
  halves: Health['halves'];
  pulse?: () => SlackPulse;
  /** Why nothing can be shown in Slack, as a sentence; undefined while all is well. */
  trouble?: () => string | undefined;
  /** What is missing below us: an agent, credentials that are taken. Sentences; may answer what it knew a minute ago. */
  standing?: (() => Promise<readonly string[]>) | undefined;
  /** Why the runner in this process takes no jobs for now; undefined while it does. */
  note?: (() => string | undefined) | undefined;
}>;

/** Asks all parts; never throws, and answers within about 2 s. */
export async function takeHealth({ sql, halves, pulse, trouble, note, standing }: Means): Promise<Health> {
  const [database, missing = []] = await Promise.all([
    readHealth(sql, { limitMs: DATABASE_LIMIT_MS }),
    standing?.(),
  ]);
  const slack = pulse?.();
  const locked = trouble?.();
  const noted = note?.();
  const reasons = [...judge(database, slack), ...(locked === undefined ? [] : [locked]), ...missing];
  return {
    ok: reasons.length === 0,
    reasons,
    notes: noted === undefined ? [] : [noted],
    halves,
    upS: Math.round(performance.now() / 1_000),
    database,
    ...(slack ? { slack } : {}),
  };
}

/** Pure: what stands in the way of work. */
export function judge(database: Pick<StoreHealth, 'ok'>, slack: SlackPulse | undefined): readonly string[] {
  return [...(database.ok ? [] : ['The database does not answer.']), ...judgeSlack(slack)];
}

function judgeSlack(slack: SlackPulse | undefined): readonly string[] {
  if (slack?.mode !== 'socket') return [];
  const quietest = Math.min(...slack.sockets.map(({ lastFrameMs }) => lastFrameMs));
  if (slack.sockets.length === 0) return ['No connection to Slack is open.'];
  if (quietest <= SILENCE_LIMIT_MS) return [];
  return [`Slack has not said a word for ${Math.round(quietest / 1_000)} s.`];
}

/** `/health` always answers 200 with all that is known; `/ready` answers 503 when a reason stands in the way. */
export function createHealthRoutes(means: Means): readonly HealthRoute[] {
  const answer = (response: ServerResponse, status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(`${JSON.stringify(body)}\n`);
  };
  let asking: Promise<Health> | undefined;
  // However many ask, the database is asked once at a time.
  const share = () => {
    asking ??= takeHealth(means).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return [
    {
      path: '/health',
      method: 'GET',
      handler: (_request, response) => {
        void share().then((health) => answer(response, 200, health));
      },
    },
    {
      path: '/ready',
      method: 'GET',
      handler: (_request, response) => {
        void share().then(({ ok, reasons }) => answer(response, ok ? 200 : 503, { ok, reasons }));
      },
    },
  ];
}
