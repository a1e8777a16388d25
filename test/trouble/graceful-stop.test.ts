// SIGTERM, as orchestrators send it: everything in hand is finished or handed over within 30 s, whatever does not answer.
import { expect, test, vi } from 'vitest';
import { openErrand } from '../support/errand.ts';
import { startBotProcess, startRunnerProcess } from '../support/runner-process.ts';
import { openTcpGate } from '../support/tcp-gate.ts';

/** What orchestrators give by default before they kill. */
const ORCHESTRATORS_PATIENCE_MS = 30_000;

vi.setConfig({ testTimeout: 120_000 });

type Half = Awaited<ReturnType<typeof startRunnerProcess>>;

/** Asks to stop; answers the exit code, and fails when it took too long. */
async function stopInTime(half: Half): Promise<number | undefined> {
  const askedAt = Date.now();
  const code = await half.terminate();
  expect(Date.now() - askedAt).toBeLessThan(ORCHESTRATORS_PATIENCE_MS);
  return code;
}

test('a runner under load hands over every turn with its work, also that of an agent that hangs', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: ['bot'] });
  onTestFinished(errand.close);
  const runner = await startRunnerProcess(errand, 'home');
  const jobs = [
    await errand.asksScript(['ignore-cancel', 'write one.txt <<1', 'hang']),
    await errand.asksScript(['write one.txt <<1', 'hang']),
    await errand.asksScript(['write one.txt <<1', 'hang']),
  ];
  for (const job of jobs) await job.cardSays('Last: Edit one.txt');
  expect(await stopInTime(runner)).toBe(0);
  for (const job of jobs) await job.cardSays('Queued again: Errand was restarted');
  await errand.addRunner('other-home');
  for (const job of jobs) {
    await job.result();
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    job.expectNotifications(1);
  }
  expect(errand.github.pulls(errand.repo)).toHaveLength(3);
});

test.for(['down', 'hanging'] as const)(
  'a runner stops in time while GitHub is %s',
  async (how, { onTestFinished }) => {
    const errand = await openErrand({ halves: ['bot'] });
    onTestFinished(errand.close);
    const runner = await startRunnerProcess(errand, 'home');
    const job = await errand.asksScript(['write one.txt <<1', 'hang']);
    await job.cardSays('Last: Edit one.txt');
    if (how === 'down') errand.github.down(true);
    else errand.github.fault({ path: /.*/, delayMs: 120_000, times: 1_000 });
    expect(await stopInTime(runner)).toBe(0);
    await job.cardSays('Queued again: Errand was restarted');
    errand.github.down(false);
    errand.github.clearFaults();
    // The snapshot could not be shared, so the same machine goes on with it.
    await errand.addRunner('home');
    await job.result();
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
  },
);

test.for(['shut', 'hold'] as const)(
  'a runner stops in time when Postgres is gone (%s), and another takes over',
  async (how, { onTestFinished }) => {
    const errand = await openErrand({ halves: ['bot'] });
    onTestFinished(errand.close);
    const gate = await openTcpGate(errand.databaseUrl);
    onTestFinished(() => gate.close());
    const runner = await startRunnerProcess({ ...errand, databaseUrl: gate.url }, 'home');
    const job = await errand.asksScript(['write one.txt <<1', 'hang']);
    await job.cardSays('Last: Edit one.txt');
    gate[how]();
    // It could not hand over, and says so.
    expect(await stopInTime(runner)).toBe(1);
    await errand.addRunner('home');
    await job.result();
    expect(await errand.pushed(job, 'one.txt')).toBe('1');
    expect(errand.github.pulls(errand.repo)).toHaveLength(1);
    job.expectNotifications(1);
  },
);

test('a bot stops in time while Slack is down, and the next one goes on', async ({ onTestFinished }) => {
  const errand = await openErrand({ halves: ['runner'] });
  onTestFinished(errand.close);
  const bot = await startBotProcess(errand);
  const job = await errand.asksScript(['write one.txt <<1', 'hang']);
  await job.cardSays('Last: Edit one.txt');
  errand.slack.down(true);
  const code = await stopInTime(bot);
  expect(code, bot.said.slice(-25).join('\n')).toBe(0);
  errand.slack.down(false);
  await errand.addBot();
  await job.presses('Stop');
  await job.cardSays('Stopped');
});

test('commands that were acknowledged while the bot was asked to stop become one job each', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: [] });
  onTestFinished(errand.close);
  const bot = await startBotProcess(errand);
  const asking = Array.from({ length: 12 }, (_, n) =>
    errand.types(`/agent do task ${n} repo=${errand.repo}`),
  );
  await asking[0];
  expect(await stopInTime(bot)).toBe(0);
  const taken = (await Promise.all(asking)).filter(({ error }) => error === undefined).length;
  expect(taken).toBeGreaterThan(0);
  await errand.query(`UPDATE inbox SET received_at = received_at - interval '1 minute'`);
  await errand.addBot();
  await errand.slack.waitFor(
    { description: 'a card for each', check: () => errand.cardsIn().length >= taken },
    { timeoutMs: 30_000 },
  );
  expect(errand.cardsIn()).toHaveLength(taken);
  expect(await errand.countJobs()).toBe(taken);
});

test('a second signal ends a runner at once, and nothing is left of its agent', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: ['bot'] });
  onTestFinished(errand.close);
  const runner = await startRunnerProcess(errand, 'home');
  const job = await errand.asksScript(['ignore-cancel', 'write one.txt <<1', 'hang']);
  await job.cardSays('Last: Edit one.txt');
  runner.signal('SIGTERM');
  await errand.slack.waitFor({
    description: 'the first signal',
    check: () => runner.said.some((line) => line.includes('errand.stopping')),
  });
  const askedAt = Date.now();
  runner.signal('SIGINT');
  expect(await runner.ended()).toBe(130);
  expect(Date.now() - askedAt).toBeLessThan(3_000);
  await errand.addRunner('home');
  await job.result();
  expect(await errand.pushed(job, 'one.txt')).toBe('1');
});
