// Keeps what an agent does: every update becomes an event, and the newest state becomes the card's progress. Writes in
// batches, fenced by the attempt; a runner that lost its job learns it here at the latest.
import { toError } from '../errors.ts';
import { type AgentUpdate, foldProgress, type Progress } from '../job/agent-update.ts';
import type { Part, SessionRecord } from '../job/sessions.ts';
import { appendEvents, type NewEvent } from '../store/events.ts';
import { loadProgress, saveProgress } from '../store/jobs.ts';
import { LostJobError } from '../store/lost-job.ts';
import type { TurnRun } from './turn-run.ts';

/** Often enough for a card that is edited every 3 s, rare enough for a chatty agent. */
const FLUSH_MS = 700;
/** While the database is away this many events are kept in memory; older ones of the turn are dropped with a note. */
const MOST_WAITING = 5_000;

export type Recorder = Readonly<{
  add(update: AgentUpdate): void;
  note(event: NewEvent): void;
  /** What a session does that is not the author's: no part of the author's story, and no step of its plan on the card. */
  hear(part: Part, update: AgentUpdate): void;
  /** Counts a session that is over. */
  count(session: SessionRecord): void;
  /** All sessions of the turn so far. */
  sessions(): readonly SessionRecord[];
  progress(): Progress;
  /** A session begins with an empty context: what was heard of the last one's says nothing of it. */
  forgetContext(): void;
  /** Writes what is waiting, now. Throws LostJobError when the job is no longer ours. */
  write(): Promise<void>;
  /** Writes what is waiting and stops. Throws LostJobError when the job is no longer ours. */
  close(): Promise<void>;
}>;

export async function createRecorder(turn: TurnRun): Promise<Recorder> {
  const { store, now, redactor } = turn.context;
  const { id } = turn.job();
  let progress = await loadProgress(store.db.sql, id);
  const sessions: SessionRecord[] = [];
  let waiting: NewEvent[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const push = (event: NewEvent) => {
    waiting.push(event);
    if (waiting.length > MOST_WAITING) {
      waiting.shift();
      dropped += 1;
    }
    timer ??= setTimeout(() => {
      timer = undefined;
      writing = writing.then(flushSafely);
    }, FLUSH_MS);
  };

  async function flush(): Promise<void> {
    const batch = waiting;
    const missing = dropped;
    waiting = [];
    dropped = 0;
    if (batch.length === 0) return;
    const events: NewEvent[] =
      missing > 0 ? [{ kind: 'note', data: { name: 'events_dropped', count: missing } }] : [];
    try {
      await store.db.transaction(async (tx) => {
        await saveProgress(tx, turn.job(), progress);
        await appendEvents(tx, turn.job(), [...events, ...batch]);
      });
    } catch (thrown) {
      waiting = [...batch, ...waiting];
      throw thrown;
    }
  }

  async function flushSafely(): Promise<void> {
    try {
      await flush();
    } catch (thrown) {
      const error = toError(thrown);
      if (error instanceof LostJobError) turn.abort(error);
      else turn.log.warn({ err: error }, 'runner.record.failed');
    }
  }

  return {
    add(told) {
      const update = redactor.deep(told);
      progress = foldProgress(progress, update, now());
      push({ kind: 'agent', data: update });
    },
    note: (event) => push(redactor.deep(event)),
    hear(part, told) {
      const update = redactor.deep(told);
      if (update.kind === 'tool') {
        const title = `${nameOf(part)}: ${update.title}`;
        progress = foldProgress(progress, { ...update, title }, now());
      }
      if (update.kind !== 'usage') push({ kind: 'note', data: { name: 'session', part, update } });
    },
    count: (session) => sessions.push(session),
    sessions: () => [...sessions],
    progress: () => progress,
    forgetContext() {
      const { contextUsed: _used, contextSize: _size, ...usage } = progress.usage;
      progress = { ...progress, usage };
    },
    write() {
      const written = writing.then(flush);
      writing = written.catch(() => {});
      return written;
    },
    async close() {
      clearTimeout(timer);
      await writing;
      await flush();
    },
  };
}

/** `Reviewer`, as the card shows who is at work. */
function nameOf(part: Part): string {
  return part.charAt(0).toUpperCase() + part.slice(1);
}
