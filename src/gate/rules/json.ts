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

/** With comments and commas that are one too many, as tools for code read their settings. */
export function readLooseJson(source: string): unknown {
  try {
    return JSON.parse(source.replace(/^\ufeff/, ''));
  } catch {
    return parseOrUndefined(withoutComments(source).replaceAll(/,(?=\s*[}\]])/g, ''));
  }
}

function parseOrUndefined(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function withoutComments(source: string): string {
  return source.replaceAll(/("(?:\\.|[^"\\\n])*")|\/\/[^\n]*|\/\*[\s\S]{0,2000}?\*\//g, (_, string) =>
    typeof string === 'string' ? string : '',
  );
}

/** Neither a list nor nothing. */
export function isPlainObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
