// What a repository says about the jobs in it: `.agents/config.yml`, always as it stands on the default branch and on the
// base branch, never as an agent left it in its tree. Pure: text in, settings or named mistakes out.
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { checkSettings, setupSettings } from './checks.ts';
import { ALWAYS_BLOCKS, GATE_RULES, type GateRule, type GateSettings } from './gate-rules.ts';
import type { RepositoryRules } from './permissions.ts';

/** Where a repository keeps its settings. */
export const REPO_SETTINGS_PATH = '.agents/config.yml';

/** Stands for the default branch, whatever it is called: git's own name for it. */
export const DEFAULT_BRANCH = 'HEAD';

/** Longer files are refused unread; a page of settings is some 2 KB. */
const MOST_CHARACTERS = 100_000;

/** People by Slack user (`U…`), user group (`S…`) or channel (`C…`), or `members`: every full member who is in the channel. */
const people = z.array(
  z.string().regex(/^(members|[UWSCG][A-Z0-9]{2,})$/, 'a Slack id (U…, S…, C…) or `members`'),
);

const permissions = z.strictObject({
  start: people.optional(),
  /** Who may steer may also stop and retry. */
  steer: people.optional(),
  /** Besides who asked for the job. Where the deployment names approvers too, only those on both lists. */
  approve: people.optional(),
  /** True: who asked for a job cannot approve it. */
  four_eyes: z.boolean().optional(),
});

const limits = z.strictObject({
  minutes: z.number().int().positive().optional(),
  silence_minutes: z.number().int().positive().optional(),
  memory_mb: z.number().int().positive().optional(),
  processes: z.number().int().positive().optional(),
  disk_mb: z.number().int().positive().optional(),
  output_mb: z.number().int().positive().optional(),
  messages: z.number().int().positive().optional(),
});

/** A host name, or all names below one (`*.example.com`), with a port where it is not 443. */
const host = z
  .string()
  .regex(/^(\*\.)?([a-z0-9-]+\.)*[a-z0-9-]+(:\d{1,5})?$/i, 'a host name such as api.example.com');

const worth = z.enum(['block', 'warn', 'off']);

/** A rule that is not known is a mistake: what somebody meant to block must not be passed over. */
const gates = z.strictObject(
  Object.fromEntries(
    readRules().map((rule) => [rule, (ALWAYS_BLOCKS.includes(rule) ? z.enum(['block']) : worth).optional()]),
  ),
);

function readRules(): readonly GateRule[] {
  return Object.keys(GATE_RULES) as GateRule[]; // Its keys are what the type is made of.
}

const schema = z.strictObject({
  permissions: permissions.optional(),
  /** Rule of `errand gate` → how much it matters here. */
  gates: gates.optional(),
  egress: z.array(host).optional(),
  limits: limits.optional(),
  /** What makes a fresh checkout ready for the checks, e.g. `npm ci`. */
  setup: setupSettings.optional(),
  /** Name → command that must be green before people are asked. */
  checks: checkSettings.optional(),
});

export type RepoSettings = Readonly<
  Omit<z.infer<typeof schema>, 'gates'> & { gates?: GateSettings | undefined }
>;

/** What holds where a repository says nothing. */
export const NO_REPO_SETTINGS: RepoSettings = {};

export type RepoSettingsAnswer =
  | Readonly<{ kind: 'settings'; settings: RepoSettings }>
  /** Each names the file, the line and what is allowed there. */
  | Readonly<{ kind: 'mistakes'; mistakes: readonly string[] }>;

/** Reads the file's text. An empty file says nothing and is fine; a mistake is never guessed away. */
export function parseRepoSettings(text: string): RepoSettingsAnswer {
  if (text.length > MOST_CHARACTERS) return mistakes([{ say: 'the file is too long for settings' }]);
  const lines = new LineCounter();
  // Aliases are how small files become huge ones; settings need none.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return mistakes(
      document.errors.map((error) => ({ line: lines.linePos(error.pos[0]).line, say: error.message })),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return mistakes([{ say: 'anchors and aliases are not read here; write the values out' }]);
  }
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return { kind: 'settings', settings: parsed.data };
  return mistakes(
    parsed.error.issues.map((issue) => {
      const line = findLine(document, lines, issue.path);
      return { say: describeIssue(issue), ...(line === undefined ? {} : { line }) };
    }),
  );
}

/** What the file says of people; `text` is undefined where there is no such file. */
export function readRepositoryRules(text: string | undefined): RepositoryRules {
  const answer = parseRepoSettings(text ?? '');
  if (answer.kind === 'mistakes')
    return { kind: 'broken', mistake: answer.mistakes[0] ?? REPO_SETTINGS_PATH };
  return rulesOf(answer.settings);
}

/** The part of the settings that is about people. */
export function rulesOf({ permissions: said }: RepoSettings): RepositoryRules {
  const { four_eyes: fourEyes, ...lists } = said ?? {};
  return { kind: 'known', ...lists, ...(fourEyes === undefined ? {} : { fourEyes }) };
}

function mistakes(found: readonly { line?: number; say: string }[]): RepoSettingsAnswer {
  return {
    kind: 'mistakes',
    mistakes: found.map(({ line, say }) =>
      line === undefined ? `${REPO_SETTINGS_PATH}: ${say}` : `${REPO_SETTINGS_PATH}, line ${line}: ${say}`,
    ),
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const at = issue.path.length > 0 ? `\`${issue.path.map(String).join('.')}\`` : 'the file';
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    const names = issue.keys.map((key) => `\`${key}\``).join(', ');
    return `${names} is not a setting here${known.length > 0 ? `; there are ${known.join(', ')}` : ''}`;
  }
  if (issue.code === 'invalid_value') return `${at} must be one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format') return `${at} must be ${issue.message}`;
  if (issue.code === 'invalid_key') return `${at} must be called ${issue.issues[0]?.message}`;
  return `${at}: ${issue.message}`;
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(schema.shape);
  if (path[0] === 'permissions') return Object.keys(permissions.shape);
  if (path[0] === 'limits') return Object.keys(limits.shape);
  if (path[0] === 'gates') return readRules();
  return [];
}

/** The line of the innermost thing that stands in the file. */
function findLine(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const start = readStart(node);
    if (start !== undefined) return lines.linePos(start).line;
  }
  return undefined;
}

function readStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : undefined;
}
