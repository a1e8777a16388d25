// Where in Slack a job's thread is.
import type { Sql } from './database.ts';

/** Remembers where the job's thread is once the card is posted. */
export async function setThread(sql: Sql, id: number, threadTs: string): Promise<void> {
  await sql.query('UPDATE jobs SET thread_ts = $2 WHERE id = $1 AND thread_ts IS NULL', [id, threadTs]);
}

/** The thread is gone with its first message: from now on this message is the root of the job's thread. */
export async function moveThread(sql: Sql, id: number, threadTs: string): Promise<void> {
  await sql.query('UPDATE jobs SET thread_ts = $2 WHERE id = $1', [id, threadTs]);
}

/** Sets the link to the thread, which Slack tells only after the card exists. No revision: nobody decides by it. */
export async function setThreadUrl(sql: Sql, id: number, url: string): Promise<void> {
  await sql.query(`UPDATE jobs SET data = data || jsonb_build_object('threadUrl', $2::text) WHERE id = $1`, [
    id,
    url,
  ]);
}
