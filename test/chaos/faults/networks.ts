// Faults on the way to Slack, GitHub and Postgres: gone, slow to say no, cut off after the work was done, doubled, out of
// order.
import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedFault } from '../plan.ts';
import { createRandom } from '../random.ts';
import type { Stage } from '../stage.ts';

const LOOK_MS = 100;
/** How long to wait for the request that a fault is meant for: an agent's work comes before most of them. */
const HIT_PATIENCE_MS = 14_000;

type GitHubTrouble = Parameters<Stage['github']['fault']>[0] & { path: RegExp };
type Play = (stage: Stage, fault: PlannedFault) => Promise<boolean>;

async function pass(forMs: number): Promise<void> {
  const until = Date.now() + forMs;
  while (Date.now() < until) await delay(LOOK_MS);
}

async function whether(hit: () => boolean): Promise<boolean> {
  const deadline = Date.now() + HIT_PATIENCE_MS;
  while (!hit() && Date.now() < deadline) await delay(LOOK_MS);
  return hit();
}

const SLACK_METHODS = ['*', 'chat.postMessage', 'chat.postMessage', 'chat.update', 'reactions.add'] as const;
/** What is no answer of Slack's, although the status says so. */
const GARBLED = ['{"ok":true,"ts":"17', '<html>Who are you?</html>', '{}', ''] as const;
const GARBLED_METHODS = ['*', 'chat.postMessage', 'chat.update', 'chat.update'] as const;
/** Everything that changes something at GitHub; what every job does more often than what few do. */
const GITHUB_WRITES: readonly Readonly<{ method: string; path: RegExp }>[] = [
  ...Array.from({ length: 3 }, () => ({ method: 'POST', path: /git-receive-pack$/ })),
  ...Array.from({ length: 3 }, () => ({ method: 'POST', path: /\/pulls$/ })),
  ...Array.from({ length: 2 }, () => ({ method: 'PUT', path: /\/merge(-async)?$/ })),
  { method: 'PATCH', path: /\/pulls\/\d+$/ },
  { method: 'POST', path: /\/comments$/ },
  { method: 'DELETE', path: /\/git\/refs\// },
];

/** Arms a fault at Slack and waits until a call has met it. */
function atSlack(
  trouble: (fault: PlannedFault) => Parameters<Stage['slack']['fault']>[0],
  fits: (call: Stage['slack']['calls'][number]) => boolean,
): Play {
  return (stage, fault) => {
    const before = stage.slack.calls.length;
    stage.slack.fault(trouble(fault));
    return whether(() => stage.slack.calls.slice(before).some(fits));
  };
}

/** Arms a fault at GitHub and waits until a request has met it. */
function atGitHub(trouble: (fault: PlannedFault) => GitHubTrouble, status: number): Play {
  return (stage, fault) => {
    const before = stage.github.requests.length;
    const met = trouble(fault);
    stage.github.fault(met);
    return whether(() =>
      stage.github.requests
        .slice(before)
        .some(
          (one) =>
            one.status === status && met.path.test(one.path) && one.method === (met.method ?? one.method),
        ),
    );
  };
}

const oneOf = <T>(from: readonly T[], { dice }: PlannedFault): T => createRandom(dice).pick(from);
const fewTimes = ({ dice }: PlannedFault) => 1 + (dice % 4);

export const NETWORK_FAULTS = {
  async 'kill-postgres'({ postgres }, { forMs }) {
    await postgres.kill();
    await pass(forMs);
    await postgres.startAgain();
    return true;
  },
  'kill-postgres-backend': ({ postgres, database }, { dice }) => postgres.killBackend(database, dice),
  'slack-cut': atSlack(
    (fault) => ({ method: oneOf(SLACK_METHODS, fault), dropAfterApply: true, times: fewTimes(fault) }),
    (call) => call.wasCut,
  ),
  async 'slack-down'({ slack }, { forMs }) {
    slack.down(true);
    await pass(forMs);
    slack.down(false);
    return true;
  },
  'slack-429': atSlack(
    (fault) => ({
      method: oneOf(SLACK_METHODS, fault),
      retryAfterS: 1 + (fault.dice % 3),
      times: fewTimes(fault),
    }),
    (call) => call.status === 429,
  ),
  'slack-5xx': atSlack(
    (fault) => ({ method: oneOf(SLACK_METHODS, fault), httpStatus: 503, times: fewTimes(fault) }),
    (call) => call.status === 503,
  ),
  'slack-garbled': atSlack(
    (fault) => ({
      method: oneOf(GARBLED_METHODS, fault),
      rawBody: GARBLED[fault.dice % GARBLED.length] ?? '',
      times: fewTimes(fault),
    }),
    (call) => call.rawBody !== undefined,
  ),
  async 'slack-doubled'({ slack }, { forMs }) {
    slack.doubleEvents(true);
    await pass(2 * forMs);
    slack.doubleEvents(false);
    return true;
  },
  async 'slack-reordered'({ slack }, { forMs, dice }) {
    const random = createRandom(dice);
    slack.holdEvents(() => random.int(0, 2_000));
    await pass(2 * forMs);
    slack.holdEvents(undefined);
    return true;
  },
  async 'slack-sockets-cut'({ slack }, { dice }) {
    if (dice % 2 === 0) slack.cutSockets();
    else slack.refreshSockets();
    return true;
  },
  'github-cut': atGitHub(
    (fault) => ({ ...oneOf(GITHUB_WRITES, fault), dropAfterApply: true, times: 1 + (fault.dice % 2) }),
    0,
  ),
  async 'github-down'({ github }, { forMs }) {
    github.down(true);
    await pass(forMs);
    github.down(false);
    return true;
  },
  'github-5xx': atGitHub((fault) => ({ path: /^/, status: 502, times: 2 * fewTimes(fault) }), 502),
  'github-rate-limit': (stage, fault) => {
    const before = stage.github.requests.length;
    stage.github.limitRate({ retryAfterS: 1, times: fewTimes(fault) });
    return whether(() => stage.github.requests.slice(before).some(({ status }) => status === 403));
  },
} as const satisfies Record<string, Play>;
