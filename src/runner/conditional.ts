// Asks GitHub for something only if it changed since the last answer.
import { TransientError } from '../errors.ts';
import type { Seen } from '../github/sightings.ts';

/** What was answered last, of what (`acme/shop#3`); `gone`: GitHub shows us no such thing. */
export type Answer<T> = Readonly<{ of: string; etag?: string | undefined; value: T | 'gone' }>;

/** The newest answer; the very one of before where nothing changed. */
export async function ask<T>(
  before: Answer<T> | undefined,
  of: string,
  request: (etag: string | undefined) => Promise<Seen<T>>,
): Promise<Answer<T>> {
  const known = before?.of === of ? before : undefined;
  const seen = await request(known?.etag);
  if (seen.kind === 'gone') return { of, value: 'gone' };
  if (seen.kind === 'seen') return { of, ...(seen.etag ? { etag: seen.etag } : {}), value: seen.value };
  if (known === undefined) throw new TransientError(`GitHub said "unchanged" of ${of}, which was new to us.`);
  return known;
}
