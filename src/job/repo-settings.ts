// What a repository says about the jobs in it: `.agents/config.yml`, always as it stands on the default branch and on the
// base branch, never as an agent left it in its tree. Pure: text in, settings or named mistakes out.
import { z } from 'zod';
import { checkSettings, setupSettings } from './checks.ts';
import { ALWAYS_BLOCKS, GATE_RULES, type GateRule, type GateSettings } from './gate-rules.ts';
import { parseYaml } from './parse-yaml.ts';
import type { RepositoryRules } from './permissions.ts';
import { phasesSettings } from './phase-settings.ts';
import { serviceSettings } from './services.ts';

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
  /** Lines added and removed; above, the agent is asked to split the work. */
  diff_lines: z.number().int().positive().optional(),
  diff_files: z.number().int().positive().optional(),
  /** How full an agent's context may get before a fresh session goes on. */
  context_percent: z.number().int().min(10).max(100).optional(),
  /** Of a job, all its turns and sessions together, as far as the agent tells. */
  tokens: z.number().int().positive().optional(),
  /** The same in US dollars. */
  cost: z.number().positive().optional(),
});

export const PLAN_SETTINGS = ['auto', 'ask', 'off'] as const;
export const REVIEW_SETTINGS = ['on', 'off'] as const;
export const MERGE_METHODS = ['squash', 'merge', 'rebase'] as const;
export type MergeMethod = (typeof MERGE_METHODS)[number];

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
  /** What runs beside each check. */
  services: serviceSettings.optional(),
  /** Whether a plan comes first, and whether somebody must agree to it. */
  plan: z.enum(PLAN_SETTINGS).optional(),
  /** Whether fresh eyes read the change before people do. */
  review: z.enum(REVIEW_SETTINGS).optional(),
  /** Who plans, implements and reviews. */
  phases: phasesSettings.optional(),
  merge_method: z.enum(MERGE_METHODS).optional(),
});

export type RepoSettings = Readonly<
  Omit<z.infer<typeof schema>, 'gates'> & { gates?: GateSettings | undefined }
>;

/** What one pull may change, as far as the repository says it. */
export function readDiffLimits(limits: RepoSettings['limits']): { lines?: number; files?: number } {
  const { diff_lines: lines, diff_files: files } = limits ?? {};
  return { ...(lines === undefined ? {} : { lines }), ...(files === undefined ? {} : { files }) };
}

/** What holds where a repository says nothing. */
export const NO_REPO_SETTINGS: RepoSettings = {};

export type RepoSettingsAnswer =
  | Readonly<{ kind: 'settings'; settings: RepoSettings }>
  /** Each names the file, the line and what is allowed there. */
  | Readonly<{ kind: 'mistakes'; mistakes: readonly string[] }>;

/** Reads the file's text. An empty file says nothing and is fine; a mistake is never guessed away. */
export function parseRepoSettings(text: string): RepoSettingsAnswer {
  if (text.length > MOST_CHARACTERS)
    return { kind: 'mistakes', mistakes: [`${REPO_SETTINGS_PATH}: the file is too long for settings`] };
  const answer = parseYaml(schema, { file: REPO_SETTINGS_PATH, text });
  return answer.kind === 'mistakes' ? answer : { kind: 'settings', settings: answer.value };
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
