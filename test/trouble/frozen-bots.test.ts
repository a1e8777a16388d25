// A bot that is held still right before it posts loses the job to another bot; when it goes on, it posts nothing twice.
import { expect, onTestFinished, test } from 'vitest';
import { openErrand } from '../support/errand.ts';
import { holdDatabase } from '../support/held-database.ts';
import { startBotProcess } from '../support/runner-process.ts';

/** More than the part of its lease after which a bot looks again; what Errand itself counts is the time of its clock. */
const HELD_MS = 7_000;

test('a bot frozen between its note and its post wakes up to a card that another has posted', async () => {
  const errand = await openErrand({ halves: [] });
  onTestFinished(errand.close);
  const sleeper = await startBotProcess(errand);
  onTestFinished(sleeper.kill);
  const held = await holdDatabase(errand.databaseUrl, 'posting');
  const asked = errand.types(`/agent do repo=${errand.repo} something`);
  await held.waitFor(1);
  sleeper.signal('SIGSTOP');
  const frozenAt = performance.now();
  await held.letGo();
  const { slack, channel } = errand;
  const cards = () => slack.messages(channel).filter(({ isByBot, text }) => isByBot && /^J-1: /.test(text));
  // Its note is committed, by the server alone; then its lease ends.
  const noted = async () =>
    (await errand.query('SELECT 1 FROM messages WHERE posting_at IS NOT NULL')).rows.length;
  await expect.poll(noted, { timeout: 20_000 }).toBe(1);
  await errand.query("UPDATE message_sets SET leased_until = 'epoch'");
  const heir = await errand.addBot();
  await slack.waitFor(() => cards().length === 1, { timeoutMs: 30_000 });
  await expect.poll(() => performance.now() - frozenAt, { timeout: 20_000 }).toBeGreaterThan(HELD_MS);
  sleeper.signal('SIGCONT');
  await asked;
  // It is awake: it alone shows the next job.
  await errand.stopHalf(heir);
  const next = await errand.asks(`/agent do repo=${errand.repo} something else`);
  expect(next.name).toBe('J-2');
  expect(cards()).toHaveLength(1);
  expect(await sleeper.terminate()).toBe(0);
  expect(cards()).toHaveLength(1);
});
