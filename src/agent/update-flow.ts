// Stands between a talkative agent and the database and holds a steady pace. However fast an agent sends, memory stays
// small; what waits is joined and bounded by the queue.
import type { AgentUpdate } from '../job/agent-update.ts';
import { createUpdateQueue, type QueueLimits } from './update-queue.ts';

export type FlowLimits = QueueLimits &
  Readonly<{
    /** Updates a second, in the long run; a short burst passes at once. */
    ratePerSecond: number;
    burst: number;
    /** Pieces of text are joined for this long, reports of usage as well. */
    joinMs: number;
  }>;

const FLOW_LIMITS: FlowLimits = {
  ratePerSecond: 4,
  burst: 16,
  joinMs: 250,
  textChars: 4_000,
  turnChars: 256_000,
  turnUpdates: 4_000,
};

/** Creates the flow of one session. `emit` is called in order, from timers too, and must not throw. */
export function createUpdateFlow(options: {
  emit: (update: AgentUpdate) => void;
  limits?: Partial<FlowLimits>;
}) {
  const limits = { ...FLOW_LIMITS, ...options.limits };
  const queue = createUpdateQueue(limits);
  let timer: NodeJS.Timeout | undefined;
  let allowance = limits.burst;
  let refilledAt = performance.now();
  let emptyUntil = 0;
  let usageAt = Number.NEGATIVE_INFINITY;

  const refill = () => {
    const now = performance.now();
    allowance = Math.min(limits.burst, allowance + ((now - refilledAt) / 1000) * limits.ratePerSecond);
    refilledAt = now;
  };
  const isJoining = () => queue.isGrowing() && performance.now() - emptyUntil < limits.joinMs;

  const emitUsage = () => {
    const usage = queue.shiftUsage();
    if (usage === undefined) return;
    usageAt = performance.now();
    options.emit(usage);
  };

  /** Emits what may go now; sets the timer for the rest. */
  const drain = () => {
    refill();
    if (performance.now() - usageAt >= limits.joinMs) emitUsage();
    while (allowance >= 1 && !isJoining()) {
      const next = queue.shift();
      if (next === undefined) break;
      allowance -= 1;
      options.emit(next);
    }
    clearTimeout(timer);
    timer = queue.size() > 0 || queue.hasUsage() ? setTimeout(drain, limits.joinMs) : undefined;
  };

  return {
    push(update: AgentUpdate) {
      if (queue.size() === 0) emptyUntil = performance.now();
      queue.push(update);
      drain();
    },
    /** Emits everything that waits, whatever the pace, and starts the next turn's account. */
    endTurn() {
      clearTimeout(timer);
      timer = undefined;
      emitUsage();
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) options.emit(next);
      queue.startTurn();
    },
  };
}

export type UpdateFlow = ReturnType<typeof createUpdateFlow>;
