// What a channel has chosen for itself.
import { type ReplyPolicy, replyPolicySchema } from '../job/job.ts';
import { parseRepo, type Repo } from '../job/repo.ts';
import type { Sql } from './database.ts';

export type ChannelSettings = Readonly<{ defaultRepo?: Repo; replyPolicy?: ReplyPolicy }>;
type Place = Readonly<{ team: string; channel: string }>;

export async function loadChannel(sql: Sql, place: Place): Promise<ChannelSettings> {
  const { rows } = await sql.query<{ default_repo: string | null; reply_policy: string | null }>(
    'SELECT default_repo, reply_policy FROM channels WHERE team = $1 AND channel = $2',
    [place.team, place.channel],
  );
  const defaultRepo = parseRepo(rows[0]?.default_repo ?? '');
  const replyPolicy = replyPolicySchema.safeParse(rows[0]?.reply_policy).data;
  return { ...(defaultRepo ? { defaultRepo } : {}), ...(replyPolicy ? { replyPolicy } : {}) };
}

export async function setDefaultRepo(sql: Sql, place: Place, repo: Repo): Promise<void> {
  await sql.query(
    `INSERT INTO channels (team, channel, default_repo) VALUES ($1, $2, $3)
     ON CONFLICT (team, channel) DO UPDATE SET default_repo = excluded.default_repo`,
    [place.team, place.channel, `${repo.owner}/${repo.name}`],
  );
}

export async function setReplyPolicy(sql: Sql, place: Place, policy: ReplyPolicy): Promise<void> {
  await sql.query(
    `INSERT INTO channels (team, channel, reply_policy) VALUES ($1, $2, $3)
     ON CONFLICT (team, channel) DO UPDATE SET reply_policy = excluded.reply_policy`,
    [place.team, place.channel, policy],
  );
}
