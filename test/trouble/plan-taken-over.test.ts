// A runner that dies between its plan and the people who are to decide on it: the next one asks them, and plans nothing anew.
import { expect, test } from 'vitest';
import { askedOf, promptsOf } from '../support/asked-of.ts';
import { openErrand } from '../support/errand.ts';
import { SAMPLE_PLAN } from '../support/sample-job.ts';
import { happen } from '../support/store-room.ts';

test('a plan whose runner died before it could be shown is shown by the next one, and runs', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: [], env: { ERRAND_PLAN: 'ask' } });
  onTestFinished(errand.close);
  const { store } = await errand.addBot();
  const job = await errand.asksScript(['write done.txt <<done']);
  const { rows } = await errand.query<{ id: string }>('SELECT id FROM pgboss.job');
  await happen(
    store,
    job.number,
    { type: 'taken', workId: rows[0]?.id ?? '' },
    { type: 'phase', phase: 'plan' },
    { type: 'learned', plan: SAMPLE_PLAN },
  );
  await job.cardSays(':hammer_and_wrench: Planning');

  await errand.addRunner();
  await job.offers(await job.result(), ['Run', 'Change', 'Drop']);
  expect(await askedOf(errand, job), 'nobody planned it again').toEqual([]);
  expect(await promptsOf(errand, job)).toEqual([]);
  await job.presses('Run');
  await job.offers(await job.result(2), ['Approve & merge', 'Request changes', 'Reject']);
  expect((await promptsOf(errand, job))[0]).toContain(SAMPLE_PLAN.understood);
  job.expectNotifications(2);
});

test('a plan that nobody answered in time says so, and nothing was changed', async ({ onTestFinished }) => {
  const errand = await openErrand({ env: { ERRAND_PLAN: 'ask' }, limits: { planLifetimeMs: 1 } });
  onTestFinished(errand.close);
  const job = await errand.asksScript(['write done.txt <<done']);
  const shown = await job.result();
  await errand.restartRunner();
  await job.cardSays('Its plan expired since nobody answered');
  await job.offers(shown, []);
  expect(job.words(shown)).toContain('Send your command again');
  expect(errand.github.pulls(errand.repo)).toHaveLength(0);
  job.expectNotifications(1);
});
