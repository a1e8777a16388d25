// A bot that is killed at any step of a request's way: whatever Slack was told to be accepted has one effect, by whoever lives.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { loadJob } from '../../src/store/jobs.ts';
import { openStore } from '../../src/store/store.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { holdDatabase, type Step } from '../support/held-database.ts';
import { startBotProcess } from '../support/runner-process.ts';
import { SAMPLE_PULL, sampleResult } from '../support/sample-job.ts';
import { happen } from '../support/store-room.ts';

const taken = { type: 'taken', workId: 'w1' } as const;
const ended = { type: 'turn_ended', result: sampleResult(), pull: SAMPLE_PULL } as const;
const failed = {
  type: 'turn_ended',
  result: { turn: 1, outcome: 'failed', endedAt: '2026-01-01T00:00:00Z', usage: {} },
} as const;

/** Four jobs that wait for a person, shown in Slack by a bot that is gone by now. */
async function prepare(errand: Errand) {
  const bot = await errand.addBot();
  const jobs = [];
  for (const events of [[], [taken, ended], [taken, failed], [taken, ended]]) {
    const job = await errand.asks(`/agent do repo=${errand.repo} something`);
    if (events.length > 0) await happen(bot.store, job.number, ...events);
    jobs.push(job);
  }
  const [queued, reviewed, broken, replied] = jobs;
  if (!queued || !reviewed || !broken || !replied) throw new Error('unreachable');
  await Promise.all([
    errand.slack.waitFor(() => queued.cardButtons().length > 0),
    reviewed.result(),
    broken.result(),
    replied.result(),
  ]);
  await errand.stopHalf(bot);
  return { queued, reviewed, broken, replied };
}

type Jobs = Awaited<ReturnType<typeof prepare>>;

/** People do all that they can, at once. */
function doEverything(errand: Errand, { queued, reviewed, broken, replied }: Jobs) {
  const { slack, channel, ann } = errand;
  const told = [
    slack.post({ user: ann, channel, text: `@errand do repo=${errand.repo} by mention` }),
    slack.post({ user: ann, channel, threadTs: replied.threadTs, text: 'and a test, please' }),
  ];
  const pressed = [queued.presses('Stop'), reviewed.presses('Approve'), broken.presses('Retry')];
  const typed = [
    errand.types(`/agent do repo=${errand.repo} by command`),
    errand.types(`/agent repo ${errand.repo}`),
  ];
  const heard = told.map(({ acked }) => acked);
  const asked = [...pressed, ...typed].map((one) => one.then(({ error }) => error === undefined));
  return { heard: Promise.all(heard), asked: Promise.all(asked), count: 7 };
}

/** What came of it, as the database tells. */
async function effects(errand: Errand, jobs: Jobs) {
  const log = createLog({ level: 'silent' });
  const store = await openStore({ url: errand.databaseUrl, log, supervise: false });
  try {
    const [queued, reviewed, broken, replied] = await Promise.all(
      [jobs.queued, jobs.reviewed, jobs.broken, jobs.replied].map((job) => loadJob(store.db.sql, job.number)),
    );
    const count = async (sql: string) => (await store.db.sql.query(sql)).rowCount;
    return {
      stopped: queued?.status,
      approved: reviewed?.status,
      retried: [broken?.status, broken?.turn],
      replied: [replied?.status, replied?.turn, await count('SELECT 1 FROM replies')],
      chosen: (await store.db.sql.query('SELECT default_repo FROM channels')).rows,
      started: (await errand.countJobs()) - 4,
      changes: await count(
        `SELECT 1 FROM events WHERE kind = 'status' AND data->>'event' IN ('stop', 'approve', 'retry', 'reply')`,
      ),
    };
  } finally {
    await store.close();
  }
}

/** Waits until nothing that was stored is unhandled. */
async function settled(errand: Errand): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { rows } = await errand.query<{ key: string }>('SELECT key FROM inbox WHERE handled_at IS NULL');
    if (rows.length === 0) return;
    if (Date.now() > deadline) throw new Error(`Unhandled: ${rows.map(({ key }) => key).join(', ')}`);
    await delay(50);
  }
}

const ALL_DONE = {
  stopped: 'cancelled',
  approved: 'merging',
  retried: ['queued', 2],
  replied: ['queued', 2, 1],
  chosen: [{ default_repo: 'acme/shop' }],
  started: 2,
  changes: 4,
};

async function kill(errand: Errand, at: { step: Step; losesAcks?: boolean }) {
  const jobs = await prepare(errand);
  const doomed = await startBotProcess(errand);
  const held = await holdDatabase(errand.databaseUrl, at.step);
  errand.slack.loseAcks(at.losesAcks ?? false);
  const done = doEverything(errand, jobs);
  if (at.step !== 'commit') await Promise.all([done.heard, done.asked]);
  await held.waitFor(done.count);
  await doomed.kill();
  errand.slack.loseAcks(false);
  await held.release();
  const heard = await done.heard;
  const asked = await done.asked;
  return { jobs, heard, asked };
}

/** Another bot comes; what Slack got no answer for comes again. */
async function recover(errand: Errand): Promise<void> {
  // Nobody takes up what another bot may still have in its hands; this one is long dead.
  await errand.query(`UPDATE inbox SET received_at = received_at - interval '1 minute'`);
  await errand.addBot();
  await errand.slack.retryNow();
  await settled(errand);
}

describe('a bot that is killed', () => {
  const open = async () =>
    openErrand({ halves: [], slack: { ackTimeoutMs: 20_000, retryDelaysMs: [3_600_000] } });

  test.concurrent('before it has stored anything: people see that it failed, and events come again', async ({
    onTestFinished,
  }) => {
    const errand = await open();
    onTestFinished(errand.close);
    const { jobs, heard, asked } = await kill(errand, { step: 'commit' });
    expect([...heard, ...asked]).toEqual(Array(7).fill(false));
    await recover(errand);
    expect(await effects(errand, jobs)).toEqual({
      stopped: 'queued',
      approved: 'in_review',
      retried: ['failed', 1],
      replied: ['queued', 2, 1],
      chosen: [],
      started: 1,
      changes: 1,
    });
  });

  test.concurrent.for([
    ['after storing, before Slack hears of it', 'effect', true],
    ['after the acknowledgement, before the effect', 'effect', false],
    ['after the effect, before it is noted', 'handled', false],
  ] as const)('%s: each wish is done once', async ([_when, step, losesAcks], { onTestFinished }) => {
    const errand = await open();
    onTestFinished(errand.close);
    const { jobs, heard, asked } = await kill(errand, { step, losesAcks });
    expect([...heard, ...asked]).toEqual(Array(7).fill(!losesAcks));
    await recover(errand);
    expect(await effects(errand, jobs)).toEqual(ALL_DONE);
    const answers = errand.slack.ephemerals(errand.ann).filter((one) => !one.isFromSlack);
    expect(answers.map((one) => one.text)).toEqual([expect.stringContaining("This channel's repository is")]);
  });

  test.concurrent('between the post of a card and its answer: there is one card', async ({
    onTestFinished,
  }) => {
    const errand = await openErrand({ halves: [] });
    onTestFinished(errand.close);
    const doomed = await startBotProcess(errand);
    errand.slack.fault({ method: 'chat.postMessage', delayAnswerMs: 60_000 });
    await errand.types(`/agent do repo=${errand.repo} something`);
    await errand.slack.waitFor(() => errand.cardsIn().length === 1, { timeoutMs: 20_000 });
    await doomed.kill();
    errand.slack.clearFaults();
    // Its lease would run out by itself.
    await errand.query(`UPDATE message_sets SET leased_until = 'epoch'`);
    await errand.addBot();
    const known = async () =>
      (await errand.query(`SELECT 1 FROM messages WHERE slot = 'card' AND ts IS NOT NULL`)).rowCount === 1;
    const deadline = Date.now() + 20_000;
    while (!(await known()) && Date.now() < deadline) await delay(50);
    expect(await known()).toBe(true);
    expect(errand.cardsIn()).toHaveLength(1);
  });
});
