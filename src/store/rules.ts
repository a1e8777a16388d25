// What is known of the rules, for both halves: the deployment's own, the settings files of repositories as they were read
// last, the members of the user groups that rules name. Only remembers; judges nothing.
import { z } from 'zod';
import type { DeploymentRules } from '../job/permissions.ts';
import { formatRepo, type Repo } from '../job/repo.ts';
import type { Sql } from './database.ts';
import { storable, toJson } from './json.ts';

const list = z.array(z.string());
const deploymentSchema = z.object({
  approvers: list.default([]),
  admins: list.optional(),
  start: list.optional(),
  steer: list.optional(),
  fourEyes: z.boolean().optional(),
  requireLink: z.boolean().optional(),
});

/** Bots alone are given the deployment's rules; runners find them here. */
export async function saveDeploymentRules(sql: Sql, team: string, rules: DeploymentRules): Promise<void> {
  await sql.query(
    `INSERT INTO deployment_rules (team, rules) VALUES ($1, $2)
     ON CONFLICT (team) DO UPDATE SET rules = excluded.rules, stored_at = now()`,
    [team, toJson(deploymentSchema.parse(rules))],
  );
}

/** Undefined while no bot that knows of rules has started. */
export async function loadDeploymentRules(sql: Sql, team: string): Promise<DeploymentRules | undefined> {
  const { rows } = await sql.query<{ rules: unknown }>('SELECT rules FROM deployment_rules WHERE team = $1', [
    team,
  ]);
  return rows[0] && deploymentSchema.parse(rows[0].rules);
}

/** The settings file at `sha`, the head of its branch `ageMs` ago; `content` is undefined where there was none. */
export type KnownFile = Readonly<{ sha: string; content?: string; ageMs: number }>;
type FilePlace = Readonly<{ repo: Repo; branch: string }>;

export async function loadSettingsFile(sql: Sql, place: FilePlace): Promise<KnownFile | undefined> {
  const { rows } = await sql.query<{ sha: string; content: string | null; age_ms: string }>(
    `SELECT sha, content, extract(epoch FROM clock_timestamp() - read_at) * 1000 AS age_ms
     FROM repository_files WHERE repo = $1 AND branch = $2`,
    [nameOf(place), place.branch],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    sha: row.sha,
    ageMs: Number(row.age_ms),
    ...(row.content === null ? {} : { content: row.content }),
  };
}

export async function saveSettingsFile(
  sql: Sql,
  place: FilePlace,
  file: Readonly<{ sha: string; content?: string | undefined }>,
): Promise<void> {
  const content = file.content === undefined ? null : storable(file.content);
  await sql.query(
    `INSERT INTO repository_files (repo, branch, sha, content, read_at)
     VALUES ($1, $2, $3, $4, clock_timestamp())
     ON CONFLICT (repo, branch) DO UPDATE
       SET sha = excluded.sha, content = excluded.content, read_at = excluded.read_at`,
    [nameOf(place), place.branch, file.sha, content],
  );
}

function nameOf({ repo }: FilePlace): string {
  return formatRepo(repo).toLowerCase();
}

export type KnownGroup = Readonly<{ id: string; members: readonly string[]; problem?: string }>;

/** Of `ids` those that were looked at within `maxAgeMs`. */
export async function loadGroups(
  sql: Sql,
  asked: Readonly<{ team: string; ids: readonly string[]; maxAgeMs: number }>,
): Promise<readonly KnownGroup[]> {
  if (asked.ids.length === 0) return [];
  const { rows } = await sql.query<{ id: string; members: string[]; problem: string | null }>(
    `SELECT id, members, problem FROM user_groups
     WHERE team = $1 AND id = ANY($2) AND read_at > clock_timestamp() - $3 * interval '1 ms'`,
    [asked.team, asked.ids, asked.maxAgeMs],
  );
  return rows.map(({ problem, ...row }) => (problem === null ? row : { ...row, problem }));
}

export async function saveGroup(sql: Sql, team: string, group: KnownGroup): Promise<void> {
  await sql.query(
    `INSERT INTO user_groups (team, id, members, problem, read_at) VALUES ($1, $2, $3, $4, clock_timestamp())
     ON CONFLICT (team, id) DO UPDATE
       SET members = excluded.members, problem = excluded.problem, read_at = excluded.read_at`,
    [team, group.id, group.members, group.problem ?? null],
  );
}

/** Asks whoever can see Slack to look at these groups. */
export async function wantGroups(sql: Sql, team: string, ids: readonly string[]): Promise<void> {
  await sql.query(
    `INSERT INTO user_groups (team, id) SELECT $1, unnest($2::text[])
     ON CONFLICT (team, id) DO UPDATE SET wanted_at = clock_timestamp()`,
    [team, ids],
  );
}

/** The groups that somebody waits for. */
export async function listWantedGroups(sql: Sql, team: string): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM user_groups WHERE team = $1 AND wanted_at > read_at
       AND wanted_at > clock_timestamp() - interval '1 hour' ORDER BY id`,
    [team],
  );
  return rows.map((row) => row.id);
}
