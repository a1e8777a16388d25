// Kinds of values that several settings share, as zod schemas over text. Messages read on after the setting's name:
// "<NAME> is missing: …", and say how to mend it. Reads nothing.
import { z } from 'zod';

/** The environment as a plain object. Empty text counts as unset, as `NAME=` in a .env file does. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const text = z.string().optional();

/** A base URL without its trailing slashes. */
export function baseUrl(example: string) {
  return z
    .url({ protocol: /^https?$/, error: `is not a web address: write it like ${example}` })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional();
}

/** A whole number within bounds. */
export function wholeNumber(options: { from: number; to: number }) {
  const error = `must be a whole number from ${options.from} to ${options.to}`;
  return z
    .string()
    .regex(/^\d+$/, { error, abort: true })
    .transform(Number)
    .refine((value) => value >= options.from && value <= options.to, error);
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return z.enum(words, { error: `must be one of ${words.join(', ')}` });
}

/** Adds a problem to a setting, from within a `check` over a whole group. */
export type Complain = (name: string, message: string) => void;

/** What was read, or every problem found, each a sentence that opens with the setting's name. */
export type Reading<T> = Readonly<{ value: T } | { problems: readonly string[] }>;

/**
 * Reads one group of settings. `judge` sees the values that are well-formed, even when others are not, so that one
 * message can name all that is wrong; it builds the result, which counts only if nobody complained.
 */
export function readGroup<S extends z.ZodRawShape, T>(
  env: Environment,
  shape: S,
  judge: (values: { [K in keyof S]?: z.output<S[K]> | undefined }, complain: Complain) => T,
): Reading<T> {
  const problems: string[] = [];
  const malformed = new Set<string>();
  const complain: Complain = (name, message) => {
    // A value that cannot even be read is not "missing" as well.
    if (!malformed.has(name)) problems.push(`${name} ${message}`);
  };
  const values: { [K in keyof S]?: z.output<S[K]> | undefined } = {};
  // Object.keys and the loop forget which name has which schema: hence the three assertions.
  for (const name of Object.keys(shape) as (keyof S & string)[]) {
    const schema: z.ZodType = shape[name] as unknown as z.ZodType; // as above
    const parsed = schema.safeParse(env[name] || undefined);
    if (parsed.success)
      values[name] = parsed.data as z.output<S[typeof name]>; // as above
    else {
      complain(name, parsed.error.issues[0]?.message ?? 'cannot be read');
      malformed.add(name);
    }
  }
  const value = judge(values, complain);
  return problems.length > 0 ? { problems } : { value };
}
