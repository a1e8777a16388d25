// Whoever merges in spite of something says so of exactly what was shown to them. Pure.
import { createHash } from 'node:crypto';

/** Stands in the form for the sentences shown above its button; another for any others. */
export function knowingOf(blocking: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(blocking)).digest('base64url');
}
