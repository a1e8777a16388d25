// Words, payloads and rows as nobody would write them, made by fast-check. What is found is printed with its seed.
import fc from 'fast-check';

// Enough to find what is careless, little enough for every run. ERRAND_TEST_RUNS=20000 looks harder.
fc.configureGlobal({ numRuns: Number(process.env['ERRAND_TEST_RUNS'] ?? 150) });

/** Any text: letters, control characters, halves of surrogate pairs, invisible and bidirectional marks. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      '\u0000',
      '\ud800',
      '\udc00',
      '\u202e',
      '\u200b',
      '\ufeff',
      '\r',
      '\n',
      '`',
      '<',
      '>',
      '&',
      '|',
      '@',
    ),
  }),
);

/** Texts made of `words` and of anything between them: what is nearly right finds more than what is only strange. */
export function nearly(...words: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...words) },
    { weight: 1, arbitrary: anyText },
  );
  const gap = fc.constantFrom(' ', ' ', '', '\n', '\t', '=');
  return fc
    .array(fc.tuple(piece, gap), { maxLength: 8 })
    .map((parts) => parts.map(([word, space]) => word + space).join(''));
}

/** Any JSON value, with hostile texts and names in it. */
export const anyJson: fc.Arbitrary<unknown> = fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 });

/** `sample` with one or more of its parts, at any depth, left out or replaced by anything. */
export function broken(sample: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(sample);
  const change = fc.record({
    path: fc.constantFrom(...paths),
    value: fc.oneof(anyJson, fc.constant(undefined), anyText),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((value, { path, value: next }) => put(value, path, next), sample));
}

type Path = readonly (string | number)[];

function pathsOf(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const entries = Array.isArray(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  return [at, ...entries.flatMap(([name, part]) => pathsOf(part, [...at, name]))];
}

function put(value: unknown, [name, ...rest]: Path, next: unknown): unknown {
  if (name === undefined) return next;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === name ? put(item, rest, next) : item));
  if (typeof value !== 'object' || value === null) return value;
  return { ...value, [name]: put(Reflect.get(value, name), rest, next) };
}

/** How long one call may take at the most; a pattern that backtracks takes minutes. */
export const CALL_LIMIT_MS = 1_000;

/** Long texts that make careless patterns backtrack: one piece over and over. */
export function repeated(...pieces: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.oneof(fc.constantFrom(...pieces), anyText), fc.integer({ min: 500, max: 4_000 }), anyText)
    .map(([piece, count, end]) => piece.repeat(count).slice(0, 16_000) + end);
}
