// Reads the settings of agents and runners, and picks the variables that agents may see. Pure.
import { z } from 'zod';
import { AGENT_KEYS, AGENT_SURROUNDINGS, describeConfig } from './settings.ts';
import { type Environment, oneOf, type Reading, readGroup, text, wholeNumber } from './values.ts';

export type AgentConfig = Readonly<{
  /** A name from the registry or a command line; unset means: the first one installed. */
  agent: string | undefined;
  /** The agents' own keys, PATH, language, time zone and terminal, and places of toolchains; only those that are set. */
  environment: Readonly<Record<string, string>>;
  /** The variables that an agent of the operator's own, which we know nothing about, is given as its secrets. */
  customKeys: readonly string[];
  /** Hosts that agents may reach beside those of the registry. */
  egress: readonly string[];
  /** Whether a repository's `.agents/config.yml` may add hosts. */
  repositoryEgress: boolean;
  sandbox: 'srt' | 'none';
}>;

export type RunnerConfig = Readonly<{
  slots: number;
  turnLimitMs: number;
  silenceLimitMs: number;
  /** How often an open pull is looked at while its job has news. */
  lookEveryMs: number;
  /** What one job may take; bytes. */
  jobLimits: Readonly<{
    memoryBytes: number;
    processes: number;
    diskBytes: number;
    outputBytes: number;
    messages: number;
  }>;
  /** What all jobs of the runner may take; `memoryBytes` is undefined where the machine decides. */
  totalLimits: Readonly<{ memoryBytes: number | undefined; freeDiskBytes: number }>;
  /** How long files that no snapshot could take outlive a job that ended without a decision. */
  keptLifetimeMs: number;
  /** Whether a project's obvious commands are run where its settings name no checks. */
  findChecks: boolean;
  mergeMethod: 'squash' | 'merge' | 'rebase';
  /** How long a plan waits for an answer before it expires. */
  planLifetimeMs: number;
  /** What comes before and after an agent's work where neither a command nor a repository says otherwise. */
  verification: Readonly<{ plan: 'auto' | 'ask' | 'off'; review: 'on' | 'off' }>;
  /** GitHub noreply addresses by Slack member id: who is in here is named as co-author of what they asked for. */
  coAuthors: Readonly<Record<string, string>>;
}>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MB = 1_000_000;
const MOST_MB = 100_000_000;
const DAY_MIN = 24 * 60;
const KEPT_DAYS = 14;
/** Unchanged answers of GitHub cost no rate limit; older jobs are looked at more rarely by themselves. */
const LOOK_EVERY_S = 30;
const HOST = /^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/i;

const hostList = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine((list) => list.every((host) => HOST.test(host)), {
    error: 'must be host names separated by commas, such as registry.example.com,*.example.org',
  });

/** Never a setting of Errand's own: those are no agent's business. */
const nameList = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine((list) => list.every((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isOurs(name)), {
    error:
      "must be names of variables separated by commas, such as MY_MODEL_KEY, and none of Errand's own settings",
  });

function isOurs(name: string): boolean {
  return !AGENT_KEYS.includes(name) && describeConfig().some((setting) => setting.name === name);
}

/** `U012ABC=123+ann@users.noreply.github.com`: no other address may ever stand in a commit. */
const CO_AUTHOR = /^([UW][A-Z0-9]{2,})=([\w.+[\]-]+@users\.noreply\.[a-z0-9.-]+)$/;

const coAuthorList = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine((list) => list.every((pair) => CO_AUTHOR.test(pair)), {
    error:
      'must be pairs of a Slack member id and a GitHub noreply address, such as U012ABC=123+ann@users.noreply.github.com, separated by commas',
  })
  .transform((list) =>
    Object.fromEntries(
      list.map((pair): [string, string] => [
        CO_AUTHOR.exec(pair)?.[1] ?? '',
        CO_AUTHOR.exec(pair)?.[2] ?? '',
      ]),
    ),
  );

const shape = {
  ERRAND_AGENT: text,
  ERRAND_AGENT_ENV: nameList.default([]),
  ERRAND_EGRESS: hostList.default([]),
  ERRAND_REPO_EGRESS: oneOf(['yes', 'no']).default('no'),
  ERRAND_SANDBOX: oneOf(['srt', 'none']).default('srt'),
  ERRAND_SLOTS: wholeNumber({ from: 1, to: 100 }).default(4),
  ERRAND_TURN_LIMIT_MIN: wholeNumber({ from: 1, to: DAY_MIN }).default(60),
  ERRAND_SILENCE_LIMIT_MIN: wholeNumber({ from: 1, to: DAY_MIN }).default(10),
  ERRAND_POLL_S: wholeNumber({ from: 1, to: 3600 }).default(LOOK_EVERY_S),
  ERRAND_MEMORY_LIMIT_MB: wholeNumber({ from: 64, to: MOST_MB }).default(4_000),
  ERRAND_PROCESS_LIMIT: wholeNumber({ from: 8, to: 1_000_000 }).default(500),
  ERRAND_DISK_LIMIT_MB: wholeNumber({ from: 10, to: MOST_MB }).default(10_000),
  ERRAND_OUTPUT_LIMIT_MB: wholeNumber({ from: 1, to: MOST_MB }).default(500),
  ERRAND_MESSAGE_LIMIT: wholeNumber({ from: 100, to: 1_000_000_000 }).default(1_000_000),
  ERRAND_RUNNER_MEMORY_LIMIT_MB: wholeNumber({ from: 64, to: MOST_MB }).optional(),
  ERRAND_FREE_DISK_MB: wholeNumber({ from: 0, to: MOST_MB }).default(1_000),
  ERRAND_KEPT_DAYS: wholeNumber({ from: 1, to: 36_500 }).default(KEPT_DAYS),
  ERRAND_FIND_CHECKS: oneOf(['on', 'off']).default('on'),
  ERRAND_MERGE_METHOD: oneOf(['squash', 'merge', 'rebase']).default('squash'),
  ERRAND_PLAN: oneOf(['auto', 'ask', 'off']).default('auto'),
  ERRAND_PLAN_DAYS: wholeNumber({ from: 1, to: 365 }).default(7),
  ERRAND_REVIEW: oneOf(['on', 'off']).default('on'),
  ERRAND_COAUTHORS: coAuthorList.default({}),
};

/** Reads what a runner needs to drive agents. */
export function readAgent(env: Environment): Reading<{ agent: AgentConfig; runner: RunnerConfig }> {
  return readGroup(env, shape, (found) => ({
    agent: {
      agent: found.ERRAND_AGENT,
      environment: pickEnvironment(env, found.ERRAND_AGENT_ENV ?? []),
      customKeys: found.ERRAND_AGENT_ENV ?? [],
      egress: found.ERRAND_EGRESS ?? [],
      repositoryEgress: found.ERRAND_REPO_EGRESS === 'yes',
      sandbox: found.ERRAND_SANDBOX ?? 'srt',
    },
    runner: {
      slots: found.ERRAND_SLOTS ?? 0,
      turnLimitMs: (found.ERRAND_TURN_LIMIT_MIN ?? 0) * MINUTE_MS,
      silenceLimitMs: (found.ERRAND_SILENCE_LIMIT_MIN ?? 0) * MINUTE_MS,
      lookEveryMs: (found.ERRAND_POLL_S ?? LOOK_EVERY_S) * 1_000,
      jobLimits: {
        memoryBytes: (found.ERRAND_MEMORY_LIMIT_MB ?? 0) * MB,
        processes: found.ERRAND_PROCESS_LIMIT ?? 0,
        diskBytes: (found.ERRAND_DISK_LIMIT_MB ?? 0) * MB,
        outputBytes: (found.ERRAND_OUTPUT_LIMIT_MB ?? 0) * MB,
        messages: found.ERRAND_MESSAGE_LIMIT ?? 0,
      },
      totalLimits: {
        memoryBytes: found.ERRAND_RUNNER_MEMORY_LIMIT_MB && found.ERRAND_RUNNER_MEMORY_LIMIT_MB * MB,
        freeDiskBytes: (found.ERRAND_FREE_DISK_MB ?? 0) * MB,
      },
      keptLifetimeMs: (found.ERRAND_KEPT_DAYS ?? KEPT_DAYS) * DAY_MIN * MINUTE_MS,
      findChecks: found.ERRAND_FIND_CHECKS !== 'off',
      mergeMethod: found.ERRAND_MERGE_METHOD ?? 'squash',
      planLifetimeMs: (found.ERRAND_PLAN_DAYS ?? 0) * DAY_MS,
      verification: { plan: found.ERRAND_PLAN ?? 'auto', review: found.ERRAND_REVIEW ?? 'on' },
      coAuthors: found.ERRAND_COAUTHORS ?? {},
    },
  }));
}

function pickEnvironment(env: Environment, customKeys: readonly string[]): Readonly<Record<string, string>> {
  const names = [...AGENT_SURROUNDINGS, ...AGENT_KEYS, ...customKeys];
  const picked = names.flatMap((name): [string, string][] => (env[name] ? [[name, env[name]]] : []));
  return Object.freeze(Object.fromEntries(picked));
}
