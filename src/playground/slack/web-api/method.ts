// How a Web API method is written: a zod shape for its arguments and a function over the parsed ones. Arguments come
// as JSON or as form fields, where everything is text.
import { z } from 'zod';
import { decodeJson, describeIssues } from '../block-check.ts';
import { SlackFailure } from '../failure.ts';

export type Answer = Readonly<Record<string, unknown>>;
export type TokenKind = 'bot' | 'app';
export type Method = Readonly<{ token: TokenKind; run: (args: Readonly<Record<string, unknown>>) => Answer }>;

export const flag = z.union([z.boolean(), z.stringbool()]);
export const count = z.coerce.number().int().min(1).max(1000);
export const timestamp = z.string().regex(/^\d{10,}\.\d{6}$/, 'invalid timestamp');

/** Defines a method. Wrong arguments answer `invalid_arguments` and name the spot. `run` returns the fields beside `ok`. */
export function method<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (args: z.infer<z.ZodObject<Shape>>) => Answer,
  token: TokenKind = 'bot',
): Method {
  const schema = z.looseObject(shape);
  return {
    token,
    run(args) {
      const parsed = schema.safeParse(args);
      if (!parsed.success) throw new SlackFailure('invalid_arguments', describeIssues(parsed.error, ''));
      return run(z.object(shape).parse(args));
    },
  };
}

const metadataSchema = z.object({
  event_type: z.string().min(1),
  event_payload: z.record(z.string(), z.unknown()),
});

/** Reads the `metadata` argument. Throws `invalid_metadata_format` or `invalid_metadata_schema`. */
export function readMetadata(raw: unknown) {
  if (raw === undefined) return undefined;
  const parsed = metadataSchema.safeParse(decodeJson(raw, 'invalid_metadata_format'));
  if (!parsed.success)
    throw new SlackFailure('invalid_metadata_schema', describeIssues(parsed.error, '/metadata'));
  return parsed.data;
}

/** Cuts one page out of a list. The cursor is opaque to callers. Throws `invalid_cursor`. */
export function paginate<T>(items: readonly T[], options: { cursor?: string | undefined; limit: number }) {
  const start = options.cursor
    ? Number(Buffer.from(options.cursor, 'base64').toString().replace('at:', ''))
    : 0;
  if (!Number.isInteger(start)) throw new SlackFailure('invalid_cursor');
  const end = start + options.limit;
  const hasMore = end < items.length;
  const next_cursor = hasMore ? Buffer.from(`at:${end}`).toString('base64') : '';
  return { page: items.slice(start, end), hasMore, response_metadata: { next_cursor } };
}
