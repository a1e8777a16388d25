// Writes values for jsonb columns. Postgres refuses U+0000 and halves of surrogate pairs there; agents print the one, and
// whoever cuts text at a length makes the other.

/** Like JSON.stringify; what Postgres would refuse becomes U+FFFD, in names as well. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return storable(part);
    return isPlain(part) && Object.keys(part).some((name) => storable(name) !== name) ? rename(part) : part;
  });
}

function isPlain(part: unknown): part is Readonly<Record<string, unknown>> {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}

function rename(part: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [storable(name), value]));
}

/** Text for text columns, which take no U+0000 either. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}
