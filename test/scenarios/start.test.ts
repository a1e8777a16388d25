// What a start needs of the world: an agent, and a GitHub that takes our credentials. Told before anything begins, and by
// /ready while it runs.
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Standing, watchStanding } from '../../src/app/standing.ts';
import { startRunner } from '../../src/app.ts';
import { createRedactor } from '../../src/redact.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { runCommand } from '../support/errand-command.ts';
import { startRunnerProcess } from '../support/runner-process.ts';
import { silent } from '../support/store-room.ts';

let errand: Errand;
afterEach(() => errand?.close());

const WITHOUT_AGENTS = '/usr/bin:/bin';

test('one message names the missing agent, the refused credentials and the wrong settings', async () => {
  errand = await openErrand({ halves: [] });
  const environment = {
    ...errand.environment,
    PATH: WITHOUT_AGENTS,
    GITHUB_TOKEN: 'ghp_revoked',
    ERRAND_AGENT: 'kilo',
    SLACK_BOT_TOKEN: '',
  };
  const start = await runCommand({ ...errand, environment }, ['start']);
  expect(start).toMatchObject({ exitCode: 1, stdout: '' });
  expect(start.stderr.split('\n').filter((line) => line.startsWith('  - '))).toEqual([
    expect.stringMatching(/^ {2}- SLACK_BOT_TOKEN is missing: /),
    expect.stringMatching(
      /^ {2}- Kilo Code is not installed on the runner\. Install it with `npm install -g .*`\.$/,
    ),
    expect.stringMatching(
      /^ {2}- GITHUB_TOKEN is refused by GitHub: make a new one.*\("Bad credentials"\)\.$/,
    ),
  ]);
  expect(start.stderr).toMatch(/^3 things need your attention before Errand can start:\n/);
});

test('a bot alone needs no agent, but a GitHub that takes it', async () => {
  errand = await openErrand({ halves: [] });
  const environment = {
    ...errand.environment,
    PATH: WITHOUT_AGENTS,
    ERRAND_AGENT: 'kilo',
    GITHUB_TOKEN: 'ghp_revoked',
  };
  const start = await runCommand({ ...errand, environment }, ['bot']);
  expect(start.stderr).toMatch(
    /^One thing needs your attention before Errand can start:\n {2}- GITHUB_TOKEN/,
  );
});

test('a GitHub that is out of reach does not hold up a start: it is warned of', async () => {
  errand = await openErrand({ halves: [] });
  errand.github.fault({ path: /\/user$/, status: 503, times: 1_000 });
  const runner = await startRunnerProcess(errand, 'home');
  expect(runner.said.filter((line) => line.includes('errand.github.unsure'))).toHaveLength(1);
  expect(await runner.terminate()).toBe(0);
});

async function askReady(port: number | undefined) {
  const ready = await fetch(`http://127.0.0.1:${port}/ready`);
  const { reasons } = z.object({ reasons: z.array(z.string()) }).parse(await ready.json());
  return [ready.status, reasons];
}

test('/ready says why no work should come: GitHub refuses us, the agent is gone', async () => {
  errand = await openErrand({ halves: [], env: { PORT: '0' } });
  const { config, databaseUrl } = errand;
  const body = { message: 'Bad credentials' };
  errand.github.fault({ path: /\/user$/, status: 401, body, times: 1_000 });
  const refused = expect.stringMatching(/^GITHUB_TOKEN is refused by GitHub.*\.$/);
  const bot = await errand.addBot();
  await expect.poll(() => askReady(bot.port), { timeout: 15_000 }).toEqual([503, [refused]]);

  const runner = await startRunner({
    ...config,
    databaseUrl,
    log: silent,
    redactor: createRedactor([]),
    shareSnapshots: true,
    port: 0,
    agent: { ...config.agent, agent: 'kilo', environment: { PATH: WITHOUT_AGENTS } },
  });
  try {
    const gone = expect.stringMatching(/^Kilo Code is not installed on the runner\. .*\.$/);
    await expect.poll(() => askReady(runner.port), { timeout: 15_000 }).toEqual([503, [gone, refused]]);
  } finally {
    await runner.stop();
  }
});

test('what is missing comes and goes; while GitHub does not say, the last that it said counts', async () => {
  let now: Standing = { refused: 'GitHub says no', noAgent: 'No agent' };
  const standing = watchStanding({ log: silent }, { look: async () => now, everyMs: 0 });
  expect(await standing()).toEqual(['No agent.', 'GitHub says no.']);
  now = { unsure: 'no answer' };
  expect(await standing()).toEqual(['GitHub says no.']);
  now = {};
  expect(await standing()).toEqual([]);
  now = { unsure: 'no answer' };
  expect(await standing()).toEqual([]);
});
