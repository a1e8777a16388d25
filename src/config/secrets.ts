// The secrets among the settings, so that they can be kept out of everything others read. Reads a key's file where a path
// is given.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { describeConfig } from './settings.ts';
import type { Environment } from './values.ts';

/** Every secret value that is set, also those of settings that nobody asked for; of an address its password alone. */
export function secretsIn(env: Environment): readonly string[] {
  return [...new Set(secretNames(env).flatMap((name) => readSecret(name, env[name] ?? '')))];
}

/** The names of the settings that are secrets, and of the variables that the operator has for an agent. */
function secretNames(env: Environment): readonly string[] {
  const known = describeConfig().flatMap(({ name, secret }) => (secret ? [name] : []));
  const named = env['ERRAND_AGENT_ENV']?.split(/[\s,]+/).filter(Boolean) ?? [];
  return [...known, ...named];
}

/** Where files with secrets lie, as absolute paths: the App's key, the file of settings, a client's key for the database. */
export function secretFiles(env: Environment): readonly string[] {
  const { GITHUB_PRIVATE_KEY: key = '', DATABASE_URL: url = '' } = env;
  const clientKey = URL.canParse(url) ? new URL(url).searchParams.get('sslkey') : null;
  const given = [
    '.env',
    ...(key === '' || key.includes('-----BEGIN') ? [] : [key]),
    ...(clientKey ? [clientKey] : []),
  ];
  return given.map((path) => resolve(path.replace(/^~(?=\/)/, homedir())));
}

function readSecret(name: string, value: string): string[] {
  if (value === '') return [];
  if (name === 'DATABASE_URL') return URL.canParse(value) ? passwordOf(new URL(value)) : [value];
  if (value.includes('-----BEGIN')) return [value, value.replaceAll('\\n', '\n')];
  if (name === 'GITHUB_PRIVATE_KEY') return readKeyFile(value);
  return [value, ...stringsIn(value)];
}

function passwordOf({ password }: URL): string[] {
  return password === '' ? [] : [password, decodeURIComponent(password)];
}

/** What cannot be read is complained of by whoever needs it. */
function readKeyFile(path: string): string[] {
  try {
    return [readFileSync(path.replace(/^~(?=\/)/, homedir()), 'utf8')];
  } catch {
    return [];
  }
}

/** Some agents take their whole configuration, keys and all, as JSON in one variable. */
function stringsIn(value: string): string[] {
  return [...value.matchAll(/"[^"]*(?:key|token|secret|password)[^"]*"\s*:\s*"([^"]+)"/gi)].map(
    ([, text = '']) => text,
  );
}
