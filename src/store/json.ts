// Writes values for jsonb columns. Postgres refuses U+0000 and halves of surrogate pairs there; agents print the one, and
// whoever cuts text at a length makes the other.

/** Like JSON.stringify; what Postgres would refuse becomes U+FFFD. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}

/** Text for text columns, which take no U+0000 either. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}
