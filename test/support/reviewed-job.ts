// A job of ada's whose pull is open, without a runner: for tests of what people see and press.
import type { TurnResult } from '../../src/job/job.ts';
import type { JobEvent } from '../../src/job/transition.ts';
import { applyEvent, lockJob } from '../../src/store/jobs.ts';
import { type Front, inboxSettled, startFront } from './slack-front.ts';

export const SHA = 'a'.repeat(40);
export const TURN_END: TurnResult = {
  turn: 1,
  outcome: 'pull',
  endedAt: '2026-01-01T00:00:00Z',
  headSha: SHA,
  usage: {},
};

/** Makes events happen to the first job. */
export async function happenTo(front: Pick<Front, 'store'>, ...events: JobEvent[]): Promise<void> {
  for (const event of events) {
    await front.store.db.transaction(async (tx) => {
      const job = await lockJob(tx, 1);
      if (job) await applyEvent(tx, front.store.queue, { job, event, now: new Date() });
    });
  }
}

/** Ada typed `fix #1`, and its pull #3 waits at `SHA`. */
export async function startReviewedJob(
  options: Parameters<typeof startFront>[0] = {},
): Promise<{ front: Front }> {
  const front = await startFront(options);
  const { ada, general, slack } = front;
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'fix #1' });
  await inboxSettled(front.store);
  const pull = { number: 3, url: 'https://github.com/acme/shop/pull/3', headSha: SHA };
  await happenTo(front, { type: 'taken', workId: 'w' }, { type: 'turn_ended', result: TURN_END, pull });
  return { front };
}
