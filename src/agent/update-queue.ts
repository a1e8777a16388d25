// What waits to be told of a talkative agent: small pieces of text are joined, a newer state replaces an older one, and
// there is a bound for everything. What is left out is said once a turn; usage never is, since limits hang on it. Knows no
// time.
import type { AgentUpdate } from '../job/agent-update.ts';

export type QueueLimits = Readonly<{
  /** Longest text of one update. */
  textChars: number;
  /** Longest text (messages, thoughts, stderr) of one turn, and most other updates of one turn. */
  turnChars: number;
  turnUpdates: number;
}>;

const WAITING = 64;

type UsageUpdate = Extract<AgentUpdate, { kind: 'usage' }>;
type TextUpdate = Extract<AgentUpdate, { kind: 'message' | 'thought' | 'stderr' }>;

const LEFT_OUT: TextUpdate = {
  kind: 'stderr',
  text: 'errand: the agent sends more than is kept; some of this turn is left out.',
};

export function createUpdateQueue(limits: QueueLimits) {
  const queue: AgentUpdate[] = [];
  let usage: UsageUpdate | undefined;
  let chars = 0;
  let count = 0;
  let leftOut = false;

  const leaveOut = () => {
    if (!leftOut) queue.push(LEFT_OUT);
    leftOut = true;
  };
  const pushText = (update: TextUpdate) => {
    const room = Math.max(0, limits.turnChars - chars);
    if (update.text.length > room) leaveOut();
    const text = update.text.slice(0, room);
    chars += text.length;
    const last = queue.at(-1);
    const joined = last?.kind === update.kind ? text.slice(0, limits.textChars - last.text.length) : '';
    if (last?.kind === update.kind) queue[queue.length - 1] = { ...update, text: last.text + joined };
    for (let rest = text.slice(joined.length); rest !== ''; rest = rest.slice(limits.textChars)) {
      queue.push({ ...update, text: rest.slice(0, limits.textChars) });
    }
  };
  const pushOther = (update: AgentUpdate) => {
    const waiting = queue.findIndex((each) => replaces(update, each));
    if (waiting !== -1) {
      queue[waiting] = update;
      return;
    }
    count += 1;
    if (count <= limits.turnUpdates) queue.push(update);
    else leaveOut();
  };

  return {
    push(update: AgentUpdate) {
      // Each report may name other numbers: the newest of every kind waits.
      if (update.kind === 'usage') usage = { kind: 'usage', usage: { ...usage?.usage, ...update.usage } };
      else if (isText(update)) pushText(update);
      else pushOther(update);
      while (queue.length > WAITING) {
        const victim = queue.findIndex((each) => isText(each) || each.kind === 'tool');
        queue.splice(Math.max(0, victim), 1);
        leaveOut();
      }
    },
    shift: () => queue.shift(),
    /** Usage waits apart from the rest: however much does, it is told. */
    shiftUsage() {
      const waiting = usage;
      usage = undefined;
      return waiting;
    },
    hasUsage: () => usage !== undefined,
    size: () => queue.length,
    /** True when all that waits is one text that may still grow. */
    isGrowing: () => queue.length === 1 && queue.every(isText),
    startTurn() {
      chars = 0;
      count = 0;
      leftOut = false;
    },
  };
}

function isText(update: AgentUpdate): update is TextUpdate {
  return update.kind === 'message' || update.kind === 'thought' || update.kind === 'stderr';
}

/** A newer state of the same thing makes the older one needless. */
function replaces(newer: AgentUpdate, older: AgentUpdate): boolean {
  if (newer.kind === 'tool' && older.kind === 'tool') return newer.id === older.id;
  return newer.kind === 'plan' && older.kind === 'plan';
}
