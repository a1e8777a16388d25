// Rows that another version of Errand wrote: what this version does not know it keeps, and what it cannot read it leaves
// alone and says so. Versions meet in one database whenever a deployment is updated machine by machine.
import { PermanentError } from '../errors.ts';

/** Thrown where a job cannot be read; `message` may be shown to whoever asked about it. */
export function unreadableJob(id: number, fields: string): PermanentError {
  return new PermanentError(
    'job_unreadable',
    `J-${id} was stored by another version of Errand, and this one cannot read it (${fields}). It is left as it is; update Errand here to the newest version that runs over this database.`,
  );
}

/** Whether `thrown` says that a job cannot be read by this version; trying again cannot help, a newer version can. */
export function isUnreadable(thrown: unknown): boolean {
  return thrown instanceof PermanentError && thrown.code === 'job_unreadable';
}

/**
 * Puts back what a schema dropped because this version does not know it, at every depth: `raw` is what was stored,
 * `parsed` what the schema made of it. So a save by an older process loses nothing that a newer one wrote.
 */
export function keepUnknown<T>(raw: unknown, parsed: T): T {
  return restore(raw, parsed) as T; // only adds what the schema has no word for
}

function restore(raw: unknown, parsed: unknown): unknown {
  if (Array.isArray(raw) && Array.isArray(parsed)) {
    const stored: readonly unknown[] = raw;
    return parsed.map((item: unknown, index) => restore(stored[index], item));
  }
  if (!isRecord(raw) || !isRecord(parsed)) return parsed;
  const entries = Object.entries(raw).map(([name, value]): [string, unknown] =>
    Object.hasOwn(parsed, name) ? [name, restore(value, parsed[name])] : [name, value],
  );
  return { ...parsed, ...Object.fromEntries(entries) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
