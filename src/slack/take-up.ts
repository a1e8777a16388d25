// Requests that a bot acknowledged and did not live to finish: done now, or, where it is too late for that, answered.
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../errors.ts';
import { finishRequest, type LeftBehind, sweepInbox, takeLeftBehind } from '../store/inbox.ts';
import type { Desk } from './desk.ts';
import type { InboxReceiver } from './inbox-receiver.ts';
import { sayTooLate, wasDone } from './too-late.ts';

/** How many requests are taken up at once. */
const LIMIT = 10;
/** Nothing is gained by looking for old rows more often. */
const SWEEP_EVERY_MS = 60 * 60_000;
/** A request that hangs must not keep the next round waiting for ever. */
const PATIENCE_MS = 60_000;

/** Creates what a bot does every few seconds, beside all other bots. Never throws. */
export function createTakeUp(desk: Desk, receiver: InboxReceiver) {
  const { sql } = desk.actions.store.db;
  let sweptAtMs = Number.NEGATIVE_INFINITY;

  async function takeUp(left: LeftBehind): Promise<void> {
    const { key, receivedAt, body } = left;
    // A form that was never acknowledged is still open at its sender, who saw that it failed.
    if (isForm(body) && !left.isAcknowledged) return finishRequest(sql, key, 'never acknowledged');
    desk.log.info({ key, receivedAt, isHopeless: left.isHopeless }, 'slack.inbox.taken_up');
    if (!left.isHopeless) return receiver.performAgain({ key, receivedAt, body });
    if (await wasDone(desk, left)) return finishRequest(sql, key);
    await sayTooLate(desk, left);
    await finishRequest(sql, key, 'too late');
  }

  return async function round(): Promise<void> {
    try {
      const left = await takeLeftBehind(sql, { busy: receiver.busy(), limit: LIMIT });
      const works = left.map((one) => takeUp(one));
      await Promise.race([Promise.all(works), sleep(PATIENCE_MS, undefined, { ref: false })]);
      if (performance.now() - sweptAtMs < SWEEP_EVERY_MS) return;
      sweptAtMs = performance.now();
      const swept = await sweepInbox(sql);
      if (swept > 0) desk.log.info({ swept }, 'slack.inbox.swept');
    } catch (thrown) {
      desk.log.warn({ err: toError(thrown) }, 'slack.inbox.not_taken_up');
    }
  };
}

function isForm(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'type' in body && body.type === 'view_submission';
}
