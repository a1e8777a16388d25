// The settings, read once at the start: the only place that looks at process.env. What is read travels as arguments.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { type AgentConfig, type RunnerConfig, readAgent } from './config/agent.ts';
import { type GitHubConfig, readGitHub } from './config/github.ts';
import { findMisspelt, formatMisspelt } from './config/misspelt.ts';
import { secretFiles, secretsIn } from './config/secrets.ts';
import { describeConfig } from './config/settings.ts';
import { readSlack, type SlackConfig } from './config/slack.ts';
import {
  baseUrl,
  type Environment,
  oneOf,
  type Reading,
  readGroup,
  text,
  wholeNumber,
} from './config/values.ts';
import { isAbsent } from './errors.ts';

/** `embedded` means Errand's own Postgres over `home`. */
export type DatabaseConfig = Readonly<{ kind: 'url'; url: string } | { kind: 'embedded' }>;

type Common = Readonly<{
  home: string;
  logLevel: string;
  web: Readonly<{ port: number | undefined; publicUrl: string | undefined }>;
  /** Every secret among the settings, whoever needs it: for the redactor, which keeps them out of logs and messages. */
  secrets: readonly string[];
  /** Where files with secrets lie: no agent may read there. */
  secretFiles: readonly string[];
}>;

type Parts = Readonly<{
  slack: { slack: SlackConfig };
  github: { github: GitHubConfig };
  database: { database: DatabaseConfig };
  agent: { agent: AgentConfig; runner: RunnerConfig };
}>;

/** A part that a command may need; `errand runner` needs no Slack tokens, `errand migrate` only the database. */
export type Need = keyof Parts;
const ALL_NEEDS = ['slack', 'github', 'database', 'agent'] as const satisfies readonly Need[];

type Intersect<U> = (U extends unknown ? (part: U) => void : never) extends (part: infer I) => void
  ? I
  : never;

/** The settings with the parts that were asked for. */
export type Config<N extends Need = Need> = Common & Intersect<Parts[N]>;

const PARTS: Readonly<Record<Need, (env: Environment) => Reading<object>>> = {
  slack: (env) => wrap('slack', readSlack(env)),
  github: (env) => wrap('github', readGitHub(env)),
  database: (env) => wrap('database', readDatabase(env)),
  agent: readAgent,
};

/**
 * Reads the settings that the `needs` (default: all) call for, and nothing else: a wrong Slack token does not stop a
 * runner. Without `env` it reads process.env and, beneath it, `.env` in the working directory.
 * Returns every problem at once; each is a sentence that opens with the setting's name and says how to mend it.
 */
export function readConfig<const N extends Need = Need>(
  options: { env?: Environment; needs?: readonly N[] } = {},
): Config<N> | Readonly<{ problems: readonly string[] }> {
  const env = options.env ?? readEnvironment();
  const needs: readonly Need[] = options.needs ?? ALL_NEEDS;
  const readings: Reading<object>[] = [readCommon(env), ...needs.map((need) => PARTS[need](env))];
  const problems = readings.flatMap((reading) => ('problems' in reading ? reading.problems : []));
  if (problems.length > 0) return { problems: [...new Set(problems)] };
  const values = readings.map((reading) => ('value' in reading ? reading.value : {}));
  return Object.assign({}, ...values) as Config<N>; // Exactly the parts of N were read above; the loop loses that.
}

/**
 * What is wrong with the settings that every part reads, and the environment without those: so that one mistake does not hide
 * what a part has to say of its own.
 */
export function findWrongCommon(
  given: Environment,
): Readonly<{ wrong: readonly Readonly<{ name: string; problem: string }>[]; env: Environment }> {
  const reading = readCommon(given);
  const problems = 'problems' in reading ? reading.problems : [];
  const wrong = problems.map((problem) => ({ name: problem.split(' ', 1).join(), problem }));
  const bad = new Set(wrong.map(({ name }) => name));
  return { wrong, env: Object.fromEntries(Object.entries(given).filter(([name]) => !bad.has(name))) };
}

/**
 * The one message that stops a start. Not all of it need be settings: an agent may be missing. What looks like a setting and
 * is none is told along with it.
 */
export function formatProblems(problems: readonly string[], env: Environment = readEnvironment()): string {
  const count = problems.length === 1 ? 'One thing needs' : `${problems.length} things need`;
  const lines = problems.map((problem) => `  - ${problem}.`);
  const misspelt = findMisspelt(env).map((name) => `Also: ${formatMisspelt(name)}\n`);
  return `${count} your attention before Errand can start:\n${lines.join('\n')}\n${misspelt.join('')}Settings stand in the environment or in a file named .env here; \`npm run errand -- doctor --settings\` explains every setting.\n`;
}

/** What was taken out of process.env. */
const withheld: Record<string, string> = {};
/** What Node, libraries and programs need of their surroundings. Everything else is a setting, or no business of theirs. */
const NEEDED =
  /^(PATH|HOME|USER|LOGNAME|SHELL|PWD|LANG|LANGUAGE|LC_\w+|TZ|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|TMPDIR|CI|NODE_\w+|SSL_CERT_\w+|(LD|DYLD|NIX)_\w+|(https?|all|no)_proxy|PG(?!PASSWORD)\w+)$/i;

/** Whether programs look at a variable of this name wherever they run. */
export function isSurrounding(name: string): boolean {
  return NEEDED.test(name);
}

/**
 * Takes out of process.env all that is not needed there, secrets of ours and of others: what is started from now on, by us
 * or by a library, inherits none. For the entry point; `readEnvironment` still knows them.
 */
export function withholdSecrets(): void {
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined || isSurrounding(name)) continue;
    withheld[name] = value;
    delete process.env[name];
  }
}

/**
 * process.env and, beneath it, the file unless `file` is false. A missing file is fine; an unreadable one is not hidden.
 */
export function readEnvironment({ file = true } = {}): Environment {
  const given = { ...process.env, ...withheld };
  if (!file) return given;
  try {
    return { ...parseEnv(readFileSync('.env', 'utf8')), ...given };
  } catch (thrown) {
    if (isAbsent(thrown)) return given;
    throw thrown;
  }
}

function readCommon(env: Environment): Reading<Common> {
  const shape = {
    ERRAND_HOME: text,
    LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    PORT: wholeNumber({ from: 0, to: 65_535 }).optional(),
    PUBLIC_URL: baseUrl('https://errand.example.com'),
  };
  return readGroup(env, shape, (found, complain) => {
    for (const { name } of describeConfig()) {
      if (env[name]?.includes('…'))
        complain(name, 'still holds the … of an example: put your own value there');
    }
    return {
      home: resolve((found.ERRAND_HOME ?? join('~', '.errand')).replace(/^~(?=\/|$)/, homedir())),
      logLevel: found.LOG_LEVEL ?? 'info',
      web: { port: found.PORT, publicUrl: found.PUBLIC_URL },
      secrets: secretsIn(env),
      secretFiles: secretFiles(env),
    };
  });
}

function readDatabase(env: Environment): Reading<DatabaseConfig> {
  const error = 'is not a Postgres address: write it like postgres://user:password@host:5432/errand';
  const shape = { DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, hostname: /.*/, error }).optional() };
  return readGroup(env, shape, ({ DATABASE_URL: url }) =>
    url ? { kind: 'url', url } : { kind: 'embedded' },
  );
}

function wrap<T>(name: string, reading: Reading<T>): Reading<object> {
  return 'value' in reading ? { value: { [name]: reading.value } } : reading;
}
