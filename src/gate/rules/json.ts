// Reads JSON of a stranger's: anything else than an object counts as none.
import { z } from 'zod';

export type Json = Readonly<Record<string, unknown>>;

const object = z.record(z.string(), z.unknown()).catch({});

export function asObject(value: unknown): Json {
  return object.parse(value ?? {});
}

/** Undefined where the text is no JSON object. */
export function readJson(source: string | undefined): Json | undefined {
  if (source === undefined) return undefined;
  try {
    const parsed = z.record(z.string(), z.unknown()).safeParse(JSON.parse(source.replace(/^\ufeff/, '')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
