// Connections that Slack refuses, holds up or ends at once: the bot starts with one, and never keeps more than its two.
import { expect, onTestFinished, test } from 'vitest';
import { attemptAfter, createSockets } from '../../src/slack/sockets.ts';
import { startTown, type Town } from '../support/bolt-on-local-slack.ts';
import { startFront } from '../support/slack-front.ts';
import { silent } from '../support/store-room.ts';

function socketsOf({ slack, apiUrl }: Town, limits: { helloMs?: number; startPatienceMs?: number }) {
  const clientOptions = { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
  const receiver = { appToken: slack.appToken, installerOptions: { clientOptions } };
  const sockets = createSockets({ receiver, log: silent, ...limits });
  onTestFinished(async () => {
    await sockets.stop();
  });
  return sockets;
}

test.each([1, 3])(
  'a bot starts although Slack refuses %i handshakes, and has both sockets in the end',
  async (times) => {
    const front = await startFront();
    front.slack.fault({ method: 'handshake', httpStatus: 409, times });
    await front.addBot();
    await front.slack.waitFor(() => front.slack.socketCount() === 4, { timeoutMs: 20_000 });
  },
);

test('where no handshake is ever taken it says so', async () => {
  const town = await startTown();
  town.slack.fault({ method: 'handshake', httpStatus: 409, times: 100 });
  await expect(socketsOf(town, { startPatienceMs: 0 }).start()).rejects.toThrow(
    "Slack's WebSocket could not be opened",
  );
});

const asked = ({ slack }: Town) => slack.calls.filter(({ method }) => method === 'apps.connections.open');

test('a limit of Slack is waited for', async () => {
  const town = await startTown();
  town.slack.fault({ method: 'apps.connections.open', retryAfterS: 2 });
  await socketsOf(town, {}).start();
  const [limited, next] = asked(town);
  expect(Number(next?.at) - Number(limited?.at)).toBeGreaterThan(1_900);
});

test.each([{ retryAfterS: 600 }, { error: 'invalid_auth' }])(
  'nobody waits for %j at the start',
  async (fault) => {
    const town = await startTown();
    town.slack.fault({ method: 'apps.connections.open', ...fault });
    await expect(socketsOf(town, {}).start()).rejects.toThrow(/rate-limit|invalid_auth/);
    expect(asked(town)).toHaveLength(1);
  },
);

test('a socket that opens after it was given up goes again', async () => {
  const town = await startTown();
  const { slack } = town;
  const calls = () => asked(town).length;
  slack.fault({ method: 'apps.connections.open', delayMs: 6_000 });
  await socketsOf(town, { helloMs: 3_000 }).start();
  const isOver = () => calls() >= 3 && slack.socketsEverOpened() === calls() && slack.socketCount() === 2;
  await slack.waitFor({ description: 'the late one to come and go', check: isOver }, { timeoutMs: 20_000 });
});

test('sockets that Slack ends soon are opened at growing pauses', () => {
  expect(attemptAfter(-1, 1_000)).toBe(0);
  expect(attemptAfter(0, 1_000)).toBe(1);
  expect(attemptAfter(5, 31_000)).toBe(0);
});
