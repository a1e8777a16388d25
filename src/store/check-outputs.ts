// What checks printed, as the record has it.
import { z } from 'zod';
import type { Sql } from './database.ts';

const outputSchema = z.object({
  check: z.string(),
  on: z.enum(['change', 'base']).catch('change'),
  output: z.string().catch(''),
});

export type CheckOutput = Readonly<z.infer<typeof outputSchema>> &
  Readonly<{ turn: number; eventId: number }>;

/** The newest run of each check, on the change and on the base. */
export async function readCheckOutputs(sql: Sql, jobId: number): Promise<readonly CheckOutput[]> {
  const { rows } = await sql.query<{ id: string; turn: number; data: unknown }>(
    `SELECT DISTINCT ON (data->>'check', data->>'on') id, turn, data FROM events
     WHERE job_id = $1 AND kind = 'note' AND data->>'name' = 'checked'
     ORDER BY data->>'check', data->>'on', id DESC`,
    [jobId],
  );
  return rows.flatMap(({ id, turn, data }) => {
    const read = outputSchema.safeParse(data);
    return read.success ? [{ ...read.data, turn, eventId: Number(id) }] : [];
  });
}
