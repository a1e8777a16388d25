// Whether what a deployment stands on is there: an agent to do the work, and credentials that GitHub takes. Asked before a
// start, and by health pages while it runs.
import type { AgentConfig } from '../config/agent.ts';
import type { GitHubConfig } from '../config/github.ts';
import { createGitHub } from '../github/github.ts';
import type { Log } from '../log.ts';
import { lackOfAgent } from './agents.ts';

/**
 * Why there is no agent, why GitHub refuses us, and why nobody knows whether it does. Each a sentence without its full stop,
 * absent where all is well.
 */
export type Standing = Readonly<{ noAgent?: string; refused?: string; unsure?: string }>;

/** What is looked at; the agent only where agents run, each part only where its settings can be read. */
export type Grounds = Readonly<{ github?: GitHubConfig; agent?: AgentConfig; log: Log }>;

/** A GitHub that is up answers within a second; a start must not wait for one that is not. */
const ANSWER_LIMIT_MS = 4_000;
/** Health pages are asked every few seconds. */
const LOOK_AGAIN_MS = 30_000;
const PAGE_LIMIT_MS = 1_500;

/** Looks once, for at most 4 s. Never throws. */
export async function lookAtStanding({ github, agent, log }: Grounds): Promise<Standing> {
  const lack = agent && lackOfAgent(agent);
  const noAgent = lack === undefined ? {} : { noAgent: lack };
  if (github === undefined) return noAgent;
  const { auth, apiUrl, serverUrl } = github;
  const patience = { requestTimeoutMs: ANSWER_LIMIT_MS, retryBaseMs: 100 };
  const asking = createGitHub({ auth, apiUrl, serverUrl, log, ...patience }).credentials();
  const late = {
    kind: 'unknown',
    say: `${apiUrl} did not answer within ${ANSWER_LIMIT_MS / 1_000} s`,
  } as const;
  const answer = await within(asking, ANSWER_LIMIT_MS, late);
  switch (answer.kind) {
    case 'accepted':
      return noAgent;
    case 'refused':
      return { ...noAgent, refused: answer.say };
    case 'unknown':
      return { ...noAgent, unsure: answer.say };
  }
}

/**
 * For health pages: what is missing now, as sentences. Looks at most every 30 s and answers within 1.5 s, by what was known
 * before if need be. While GitHub does not say, the last that it said counts. `look` and `everyMs` are for tests.
 */
export function watchStanding(
  grounds: Grounds,
  { look = lookAtStanding, everyMs = LOOK_AGAIN_MS } = {},
): () => Promise<readonly string[]> {
  let known: Standing = {};
  let askedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const lookAgain = async () => {
    const { refused: before } = known;
    const now = await look(grounds);
    known = now.unsure === undefined || before === undefined ? now : { ...now, refused: before };
    looking = undefined;
  };
  return async () => {
    if (looking === undefined && performance.now() - askedAt >= everyMs) {
      askedAt = performance.now();
      looking = lookAgain();
    }
    await within(looking ?? Promise.resolve(), PAGE_LIMIT_MS, undefined);
    return listMissing(known).map((lack) => `${lack}.`);
  };
}

/** What stands in the way of work. */
export function listMissing({ noAgent, refused }: Standing): readonly string[] {
  return [noAgent, refused].filter((lack) => lack !== undefined);
}

async function within<T>(work: Promise<T>, limitMs: number, otherwise: T): Promise<T> {
  const late = Promise.withResolvers<T>();
  const timer = setTimeout(() => late.resolve(otherwise), limitMs);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
