// Starts real Bolt apps against a local Slack, over Socket Mode or HTTP, and stops everything after the test.
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import {
  createLocalSlack,
  type LocalSlack,
  type LocalSlackOptions,
} from '../../src/playground/slack/local-slack.ts';

export type Town = Awaited<ReturnType<typeof startTown>>;

/** A started local Slack with ada and bob, a channel that everybody is in, and a client with the bot's token. */
export async function startTown(options: LocalSlackOptions = {}) {
  const slack = createLocalSlack(options);
  const { apiUrl } = await slack.start();
  onTestFinished(() => slack.stop());
  const ada = slack.addUser({ name: 'ada', realName: 'Ada' });
  const bob = slack.addUser({ name: 'bob' });
  const general = slack.addChannel({ name: 'general' });
  const client = connectClient(apiUrl, slack.botToken);
  return { slack, apiUrl, ada, bob, general, client };
}

/** A Web API client that never retries, so that every refusal is seen. */
export function connectClient(apiUrl: string, token: string): WebClient {
  const options = { slackApiUrl: apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
  return new WebClient(token, { ...options, logLevel: LogLevel.ERROR });
}

/** A Bolt app on Socket Mode; `prepare` registers its listeners. Resolves once its socket is open. */
export async function startSocketApp(
  town: { slack: LocalSlack; apiUrl: string },
  prepare: (app: App) => void,
): Promise<App> {
  const app = new App({
    token: town.slack.botToken,
    appToken: town.slack.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: town.apiUrl },
  });
  prepare(app);
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return app;
}

/** A Bolt app on HTTP with the signing secret of the town, or another one; resolves with its request URL. */
export async function startHttpApp(
  town: { slack: LocalSlack; apiUrl: string },
  prepare: (app: App) => void,
  signingSecret = town.slack.signingSecret,
): Promise<string> {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR, processBeforeResponse: true });
  const app = new App({
    token: town.slack.botToken,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: town.apiUrl },
  });
  prepare(app);
  const server = await receiver.start({ port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    server.closeAllConnections();
    await receiver.stop();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
}

/** The `error` of a refused Web API call; fails when the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<{ error: string; messages: string[] }> {
  try {
    await call;
  } catch (thrown) {
    const data = (thrown as { data?: { error?: string; response_metadata?: { messages?: string[] } } }).data;
    if (data?.error === undefined) throw thrown;
    return { error: data.error, messages: data.response_metadata?.messages ?? [] };
  }
  throw new Error('The call was not refused');
}
