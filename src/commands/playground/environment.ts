// What the demo and the playground take from the environment of whoever starts them. Most of them use Errand already: their
// Slack, their GitHub and their rules have no say in a world of its own.

import { AGENT_KEYS, AGENT_SURROUNDINGS } from '../../config/settings.ts';
import { isSurrounding } from '../../config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the machine can bear and which agent works on it is the same here as elsewhere. */
const KEPT: ReadonlySet<string> = new Set([
  ...[
    'LOG_LEVEL',
    'ERRAND_AGENT',
    'ERRAND_AGENT_ENV',
    'ERRAND_SANDBOX',
    'ERRAND_EGRESS',
    'ERRAND_REPO_EGRESS',
  ],
  ...['ERRAND_SLOTS', 'ERRAND_TURN_LIMIT_MIN', 'ERRAND_SILENCE_LIMIT_MIN', 'ERRAND_MESSAGE_LIMIT'],
  ...['ERRAND_MEMORY_LIMIT_MB', 'ERRAND_PROCESS_LIMIT', 'ERRAND_DISK_LIMIT_MB', 'ERRAND_OUTPUT_LIMIT_MB'],
  ...['ERRAND_RUNNER_MEMORY_LIMIT_MB', 'ERRAND_FREE_DISK_MB'],
  ...AGENT_KEYS,
  ...AGENT_SURROUNDINGS,
]);

/** Postgres' own variables would lead our connections elsewhere. */
const LEADS_ELSEWHERE = /^PG/i;

/** Only what a world of its own needs: surroundings, limits, the agent and its keys. */
export function keepForOwnWorld(environment: Environment): Environment {
  const named = environment['ERRAND_AGENT_ENV']?.split(/[\s,]+/).filter(Boolean) ?? [];
  const isKept = (name: string) =>
    KEPT.has(name) || named.includes(name) || (isSurrounding(name) && !LEADS_ELSEWHERE.test(name));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isKept(name)));
}
