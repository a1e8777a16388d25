// Looking at GitHub for many jobs: the trouble of one is not that of the others, and news is never slept through.
import { onTestFinished, test, vi } from 'vitest';
import { PermanentError, TransientError } from '../../src/errors.ts';
import type { Job } from '../../src/job/job.ts';
import { createRedactor } from '../../src/redact.ts';
import type { RunnerContext } from '../../src/runner/context.ts';
import { createReconciler } from '../../src/runner/reconcile.ts';
import { loadJob } from '../../src/store/jobs.ts';
import { receiveDelivery } from '../../src/store/watches.ts';
import { SAMPLE_PULL, SHA_A } from '../support/sample-job.ts';
import { addJob, now, openRoom, type Room, silent } from '../support/store-room.ts';

/** Looks as often as it can; answers what was looked at, by the pull's number, newest last. */
function look(
  store: Room,
  answer: (number: number) => unknown,
  { state = 'open', clock = now }: { state?: 'open' | 'closed'; clock?: () => Date } = {},
) {
  const looks: number[] = [];
  const seePull = async ({ number, repo }: { number: number; repo: Job['repo'] }) => {
    looks.push(number);
    await answer(number);
    const names = { repo, repoUrl: 'https://github.test/acme/shop', url: SAMPLE_PULL.url };
    const refs = { headRef: `errand/J-${number}`, headSha: SHA_A, baseRef: 'main' };
    return { kind: 'seen', value: { ...names, ...refs, state } };
  };
  const nothing = async () => ({ kind: 'gone' as const });
  const github = {
    seePull,
    whoClosed: async () => 'carla',
    readRemarks: async () => ({ said: [], tags: {} }),
    seeCheckRuns: nothing,
    seeStatuses: nothing,
  };
  const workspaces = { forget: async () => {} };
  const rest = {
    log: silent,
    now: clock,
    redactor: createRedactor([]),
    limits: { lookEveryMs: 20, remarksQuietMs: 20 },
  };
  const context = { ...rest, store, github, workspaces };
  const reconciler = createReconciler(context as unknown as RunnerContext); // as much as is used
  onTestFinished(() => reconciler.stop());
  reconciler.start();
  return looks;
}

/** A job with a pull, which bears the job's number. */
async function inReview(store: Room): Promise<number> {
  const job = await addJob(store, { status: 'in_review', pull: SAMPLE_PULL });
  await store.db.sql.query(
    `UPDATE jobs SET data = data - 'issue' || jsonb_build_object('pull', data->'pull' || jsonb_build_object('number', id))
     WHERE id = $1`,
    [job.id],
  );
  return job.id;
}

const WAIT = { timeout: 25_000, interval: 20 };

test('one job that GitHub fails at slows down no other', async ({ expect }) => {
  const store = await openRoom();
  const bad = await inReview(store);
  const good = await inReview(store);
  const looks = look(store, (number) => {
    if (number === bad) throw new TransientError('GitHub failed (502) while looking at a pull.');
  });
  await vi.waitFor(() => expect(looks.filter((one) => one === bad)).toHaveLength(2), WAIT);
  const between = looks.slice(looks.indexOf(bad), looks.lastIndexOf(bad));
  expect(between.filter((one) => one === good).length).toBeGreaterThan(2);
});

test('a webhook is heard however long the looking rests', async ({ expect }) => {
  const store = await openRoom();
  const id = await inReview(store);
  const looks = look(store, () => {
    throw new PermanentError('github_auth', 'GitHub does not accept our credentials.');
  });
  // Without news the sixth look would come after two minutes and a half.
  for (let count = 1; count < 6; count += 1) {
    await vi.waitFor(() => expect(looks.length).toBeGreaterThanOrEqual(count), WAIT);
    const hint = { kind: 'pull', repo: { owner: 'acme', name: 'shop' }, number: id } as const;
    await receiveDelivery(store.db, { id: `delivery ${count}`, event: 'pull_request', hint });
  }
  await vi.waitFor(() => expect(looks.length).toBeGreaterThanOrEqual(6), WAIT);
});

test('what GitHub asks for holds, whatever is heard', async ({ expect }) => {
  const store = await openRoom();
  const id = await inReview(store);
  const looks = look(store, () => {
    throw new TransientError('GitHub asks to slow down.', { retryAfterMs: 3_600_000 });
  });
  await vi.waitFor(() => expect(looks).toEqual([id]), WAIT);
  const other = await inReview(store);
  const hint = { kind: 'everything' } as const;
  await receiveDelivery(store.db, { id: 'delivery', event: 'push', hint });
  const second = look(store, () => {});
  // Another runner has looked at both by now; this one has not moved.
  await vi.waitFor(() => expect(new Set(second)).toEqual(new Set([id, other])), WAIT);
  expect(looks).toEqual([id]);
});

test('a pull that was closed is given up after a week by the clock of the database, not by a runner whose own jumps', async ({
  expect,
}) => {
  const store = await openRoom();
  const id = await inReview(store);
  const clock = () => new Date(Date.now() + 8 * 24 * 60 * 60_000);
  const looks = look(store, () => {}, { state: 'closed', clock });
  const job = () => loadJob(store.db.sql, id);
  await vi.waitFor(async () => expect((await job())?.outside?.closed).toBeDefined(), WAIT);
  const before = looks.length;
  await vi.waitFor(() => expect(looks.length).toBeGreaterThan(before + 2), WAIT);
  expect((await job())?.status).toBe('in_review');
  await store.db.sql.query(`UPDATE events SET at = at - interval '8 days' WHERE job_id = $1`, [id]);
  await vi.waitFor(async () => expect((await job())?.status).toBe('rejected'), WAIT);
});
