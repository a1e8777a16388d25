// What was decided is carried out once, and only while it stands: a runner that is slow at GitHub, or that GitHub keeps
// from it, neither acts on an old decision nor holds the job for ever.
import { afterEach, expect, test, vi } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { happen } from '../support/store-room.ts';

let errand: Errand;
afterEach(() => errand.close());

/** A job whose pull waits for a decision; `store` is the deployment's, as another runner sees it. */
async function inReview() {
  errand = await openErrand({ halves: ['bot'] });
  const { store } = await errand.addRunner();
  const job = await errand.asksScript(['write hello.txt <<hello']);
  await job.result();
  const pull = () => {
    const [found] = errand.github.pulls(errand.repo);
    if (found === undefined) throw new Error('There is no pull.');
    return found;
  };
  const path = new RegExp(`/pulls/${pull().number}$`);
  const isSettled = () =>
    vi.waitFor(async () => expect(await store.queue.hasItem('settle', job.number)).toBe(false), {
      timeout: 30_000,
      interval: 100,
    });
  const writes = () =>
    errand.github.requests.filter(
      ({ method, path: to }) => method !== 'GET' && /\/(pulls|issues)\/\d+/.test(to),
    );
  return { job, store, pull, path, isSettled, writes };
}

test.each(['Approve', 'Reject'])(
  '%s: given back while the runner waits for GitHub, nothing is done',
  async (button) => {
    const { job, store, pull, path, isSettled, writes } = await inReview();
    const before = writes().length;
    errand.github.fault({ method: 'GET', path, delayMs: 3_000, times: 5 });
    if (button === 'Approve') await job.presses(button);
    else await job.pressesAndSays(button, 'Not this way.');
    await job.cardSays(/Approved|Rejected/);
    await happen(store, job.number, {
      type: 'settle_refused',
      code: 'withdrawn',
      say: 'Another runner gave it back.',
    });
    await isSettled();
    expect(writes().slice(before)).toEqual([]);
    expect(pull()).toMatchObject({ state: 'open', mergedAt: null, comments: [] });
    await job.cardSays('Ready, waiting for a decision');
  },
);

/** The decision was made this long ago, by the one clock that counts. */
const age = (jobNumber: number) =>
  errand.query(
    `UPDATE events SET at = at - interval '11 minutes' WHERE job_id = $1 AND data->>'event' IN ('approve', 'reject')`,
    [jobNumber],
  );

test.each([
  ['Approve', /Approved, GitHub failed \(502\)/, /Not merged, as far as we know/],
  ['Reject', /Rejected, GitHub failed \(502\)/, /Not closed, as far as we know/],
])(
  '%s while GitHub is down: the reason is shown, and after ten minutes the human decides again',
  async (button, reason, givenBack) => {
    const { job, pull, path } = await inReview();
    errand.github.fault({ method: 'GET', path, status: 502, times: 1_000 });
    if (button === 'Approve') await job.presses(button);
    else await job.pressesAndSays(button, '');
    await job.cardSays(reason);
    await age(job.number);
    await job.says(givenBack);
    await job.cardSays('Ready, waiting for a decision');
    expect(pull()).toMatchObject({ state: 'open', mergedAt: null });
    errand.github.clearFaults();
    await job.presses('Approve');
    await job.cardSays(':tada: Merged');
    job.expectNotifications(1);
  },
);
