// The Events API: wraps an event in its outer form, delivers it, and tries again three times under the same event_id
// when nobody acknowledges. Only events are retried; commands and clicks never are.

import type { Delivery } from './delivery.ts';
import type { Directory } from './directory.ts';
import type { Dispatch } from './dispatch.ts';
import { type EventBody, type SlackEvent, subscriptionName, wrapEvent } from './event-body.ts';
import type { Timestamps } from './ids.ts';

/** The real waits before the three retries (FACTS 1.1). */
export const RETRY_DELAYS_MS = [0, 60_000, 300_000] as const;

export type EventSink = Readonly<{
  /** Resolves with true when the first attempt was acknowledged, or when nobody subscribes to such events. */
  emit: (event: SlackEvent) => Promise<boolean>;
  nextTs: () => string;
}>;

type Waiting = { readonly timer: NodeJS.Timeout; readonly retry: () => Promise<void> };

/** Creates the sender of events. `isDoubled`, `holdMs` and `retryDelaysMs` are asked at every event. */
export function createEvents(options: {
  directory: Directory;
  subscriptions: ReadonlySet<string>;
  retryDelaysMs: readonly number[];
  isDoubled: () => boolean;
  holdMs: () => number | undefined;
  dispatch: Dispatch;
  timestamps: Timestamps;
  now: () => Date;
}) {
  const waiting = new Set<Waiting>();
  let isStopped = false;

  async function attempt(body: EventBody, retryNum: number, reason: string): Promise<boolean> {
    const retry = retryNum === 0 ? undefined : { num: retryNum, reason };
    const delivery = await options.dispatch.send({ kind: 'events_api', payload: body, retry });
    if (!delivery.isAcked) scheduleRetry(body, retryNum, delivery);
    return delivery.isAcked;
  }

  function scheduleRetry(body: EventBody, retryNum: number, failed: Delivery): void {
    const delayMs = options.retryDelaysMs[retryNum];
    if (delayMs === undefined || failed.refusesRetry || isStopped) return;
    const entry: Waiting = {
      retry: async () => {
        clearTimeout(entry.timer);
        if (!waiting.delete(entry)) return;
        await attempt(body, retryNum + 1, failed.reason);
      },
      timer: setTimeout(() => void entry.retry(), delayMs),
    };
    entry.timer.unref();
    waiting.add(entry);
  }

  return {
    nextTs: () => options.timestamps.next(),
    async emit(event: SlackEvent): Promise<boolean> {
      if (!options.subscriptions.has(subscriptionName(event))) return true;
      const body = wrapEvent(event, options.directory, options.now());
      const send = async () => {
        const holdMs = options.holdMs();
        if (holdMs !== undefined) await new Promise((resolve) => setTimeout(resolve, holdMs));
        return attempt(body, 0, '');
      };
      const first = send();
      if (options.isDoubled()) void send();
      return first;
    },
    /** Runs every retry that is waiting for its time, now, and resolves when all have been tried. */
    async retryNow(): Promise<void> {
      await Promise.all([...waiting].map((entry) => entry.retry()));
    },
    waitingRetries: () => waiting.size,
    stop(): void {
      isStopped = true;
      for (const entry of waiting) clearTimeout(entry.timer);
      waiting.clear();
    },
  };
}

export type Events = ReturnType<typeof createEvents>;
