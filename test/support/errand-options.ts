// What a scenario may wish of its Errand, and the settings that come of it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, formatProblems, readConfig } from '../../src/config.ts';
import type { LocalSlackOptions } from '../../src/playground/slack/local-slack.ts';
import type { World } from '../../src/playground/world.ts';

const SCRIPTED_AGENT = fileURLToPath(new URL('scripted-agent.ts', import.meta.url));

export const WEBHOOK_SECRET = 'a secret for webhooks';

export type ErrandOptions = Readonly<{
  /** Flags of the scripted agent, e.g. `--steering=none`. */
  agentFlags?: string;
  /** Any of Errand's settings. */
  env?: Readonly<Record<string, string>>;
  /** Shorter limits than settings can express. */
  limits?: Readonly<{
    turnLimitMs?: number;
    silenceLimitMs?: number;
    choiceLifetimeMs?: number;
    lookEveryMs?: number;
    cardIntervalMs?: number;
    planLifetimeMs?: number;
  }>;
  /** True: GitHub's webhooks reach the first bot. */
  webhooks?: boolean;
  slack?: LocalSlackOptions;
  asyncMerge?: boolean;
  /** A GitHub App that the local GitHub knows. */
  app?: Readonly<{ appId: number; privateKeyPem: string }>;
  /** Which halves run at the start; both by default. */
  halves?: readonly ('bot' | 'runner')[];
}>;

/** What a process of Errand's must find in its environment to live in this world. */
export function describeEnvironment(world: World, options: ErrandOptions, dir: string) {
  return {
    PATH: process.env['PATH'],
    ERRAND_HOME: join(dir, 'home'),
    ERRAND_AGENT: `${process.execPath} ${SCRIPTED_AGENT} ${options.agentFlags ?? ''}`.trim(),
    ERRAND_SANDBOX: 'none',
    // Most stories are about something else than who looks at the work besides its author.
    ERRAND_PLAN: 'off',
    ERRAND_REVIEW: 'off',
    // Only stories about it pay for the sample project's own tests.
    ERRAND_FIND_CHECKS: 'off',
    ...(options.webhooks ? { PORT: '0', GITHUB_WEBHOOK_SECRET: WEBHOOK_SECRET } : {}),
    ...world.env,
    ...options.env,
  };
}

/** Read as the processes read it, with the limits that no setting expresses. */
export function configure(env: Readonly<Record<string, string | undefined>>, options: ErrandOptions): Config {
  const config = readConfig({ env });
  if ('problems' in config) throw new Error(formatProblems(config.problems));
  return { ...config, runner: { ...config.runner, ...options.limits } };
}
