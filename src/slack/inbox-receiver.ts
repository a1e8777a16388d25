// Stands between Bolt's receivers and Bolt: a request is committed before anybody acknowledges it. Bolt itself
// acknowledges events before any listener runs, and a crash right after would lose them (FACTS §1.1).
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { TransientError, toError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Redactor } from '../redact.ts';
import type { Sql } from '../store/database.ts';
import { finishRequest, type Receipt, receive } from '../store/inbox.ts';
import type { Identity, Request } from './desk.ts';
import { type KeyedRequest, readRequest } from './inbox-key.ts';
import { isStrange, StrangeRequest } from './strange-request.ts';
import { respondTo } from './tell.ts';
import { notReadyNow } from './words/answers.ts';

/** Travels with a request through Bolt's context, so that whoever handles a failure can leave word of it. */
export type RequestNote = Request & {
  trouble?: { text: string; say: string };
  /** Slack has its answer: a form is closed and can show nothing any more. */
  acknowledged?: true;
  /** The database went away over it, or Slack wants a pause: it is taken up later, as if its bot had died. */
  isLeft?: true;
};

/** Slack gives 3 s; whoever waits longer for the database gets a calm sentence instead of Slack's own error. */
const COMMIT_PATIENCE_MS = 2_000;

type Process = (event: ReceiverEvent) => Promise<void>;
type Options = Readonly<{
  sql: Sql;
  log: Log;
  identity: () => Identity;
  /** People paste the secrets of this very deployment where they should not: these go no further than here. */
  redactor?: Redactor | undefined;
}>;

export type InboxReceiver = Receiver &
  Readonly<{
    /** Waits for listeners that still run. */
    settle(timeoutMs: number): Promise<void>;
    /** The requests that are being worked on. */
    busy(): readonly string[];
    /** Handles a stored request once more; the one who sent it has long had Slack's answer. */
    performAgain(stored: Request & Readonly<{ body: unknown }>): Promise<void>;
  }>;

/** Wraps a receiver of Bolt's. */
export function createInboxReceiver(receiver: Receiver, options: Options): InboxReceiver {
  const running: Running = new Map();
  let process: Process = () => Promise.reject(new Error('The inbox was used before it was started.'));
  return {
    init(app: App) {
      process = app.processEvent.bind(app);
      app.processEvent = async (event) => {
        if (isStrange(event.body)) throw new StrangeRequest();
        const body = options.redactor?.deepOwn(event.body) ?? event.body;
        return accept({ ...options, event: { ...event, body }, process, running });
      };
      receiver.init(app);
    },
    async start() {
      await receiver.start();
    },
    async stop() {
      await receiver.stop();
    },
    async settle(timeoutMs) {
      const works = [...running.values()].map(({ work }) => work);
      await Promise.race([Promise.allSettled(works), wait(timeoutMs)]);
    },
    busy: () => [...running.keys()],
    async performAgain({ body: stored, ...given }) {
      const body = stored as ReceiverEvent['body']; // as `commit` stored it
      const request = readRequest(body, options.identity());
      if (request === undefined || request === 'chatter') return;
      const event = { body, ack: async () => {} };
      const note: RequestNote = { ...given, acknowledged: true };
      const work = perform({ ...options, event, process, running }, request, note).catch(passOverStrange);
      const receipt: Receipt = { seen: 'unfinished', receivedAt: given.receivedAt };
      running.set(request.key, { committed: Promise.resolve(receipt), work });
      try {
        await work;
      } finally {
        running.delete(request.key);
      }
    },
  };
}

type Committed = Receipt | 'unavailable';
type Running = Map<string, Readonly<{ committed: Promise<Committed>; work: Promise<void> }>>;
type Arrival = Options & Readonly<{ event: ReceiverEvent; process: Process; running: Running }>;

async function accept(arrival: Arrival): Promise<void> {
  const { event, running } = arrival;
  const request = readRequest(event.body, arrival.identity());
  if (request === undefined) return processUnstored(arrival);
  if (request === 'chatter') return void (await event.ack());
  // Slack sent it again, or sent its twin, while the first delivery is still being worked on.
  const first = running.get(request.key);
  if (first) {
    if ((await first.committed) === 'unavailable') return refuseForNow(arrival, request);
    return void (await event.ack());
  }
  const committed = commit(arrival, request);
  const work = take(arrival, request, committed);
  running.set(request.key, { committed, work });
  try {
    await work;
  } finally {
    running.delete(request.key);
  }
}

/** The options of a menu, say. What no listener answers is nothing that we ever asked Slack for. */
async function processUnstored({ event, process }: Arrival): Promise<void> {
  let isAnswered = false;
  const ack: ReceiverEvent['ack'] = async (answer) => {
    isAnswered = true;
    await event.ack(answer);
  };
  await process({ ...event, ack }).catch((cause: unknown) => {
    throw new StrangeRequest({ cause });
  });
  if (!isAnswered) throw new StrangeRequest();
}

/** It is noted in its row. */
function passOverStrange(thrown: unknown): void {
  if (!(thrown instanceof StrangeRequest)) throw thrown;
}

async function take(arrival: Arrival, request: KeyedRequest, committed: Promise<Committed>): Promise<void> {
  const receipt = await committed;
  if (receipt === 'unavailable') return refuseForNow(arrival, request);
  // A form is never dropped: Slack does not repeat it, but a person may send the same words again after an error.
  if (receipt.seen === 'handled' && request.form !== 'form') return void (await arrival.event.ack());
  await perform(arrival, request, { key: request.key, receivedAt: receipt.receivedAt });
}

async function perform(arrival: Arrival, request: KeyedRequest, note: RequestNote): Promise<void> {
  const { event, log } = arrival;
  const acknowledge = createAck(event, log, note);
  // Bolt acknowledges events, and a form's listener answers it; everything else needs no listener for that.
  if (request.form !== 'event' && request.form !== 'form') await acknowledge();
  const customProperties = { ...event.customProperties, request: note };
  try {
    await arrival.process({ ...event, ack: acknowledge, customProperties });
  } catch (cause) {
    // Listeners' failures never come this far: Bolt could not make anything of it, now or later.
    log.warn({ err: cause, key: request.key }, 'slack.request.strange');
    await finishRequest(arrival.sql, request.key, 'strange');
    throw new StrangeRequest({ cause });
  }
  if (note.isLeft) return;
  await acknowledge(note.trouble && formTrouble(request, event.body, note.trouble.say));
  await finishRequest(arrival.sql, request.key, note.trouble?.text).catch((thrown: unknown) =>
    log.warn({ err: thrown, key: request.key }, 'slack.inbox.unfinished'),
  );
}

/** Acknowledges once. A socket may be gone by now: what is committed is done all the same. */
function createAck(event: ReceiverEvent, log: Log, note: RequestNote): (answer?: unknown) => Promise<void> {
  return async (answer) => {
    if (note.acknowledged) return;
    note.acknowledged = true;
    await event.ack(answer).catch((thrown: unknown) => log.warn({ err: thrown }, 'slack.ack.failed'));
  };
}

/** Stores the raw request. `token` is Slack's retired verification token: a secret nobody needs. */
async function commit({ sql, event, log }: Arrival, request: KeyedRequest): Promise<Committed> {
  const { token: _token, ...body } = event.body;
  const stored = receive(sql, { key: request.key, kind: request.kind, body });
  try {
    const inTime = await Promise.race([stored, wait(COMMIT_PATIENCE_MS)]);
    if (inTime !== undefined) return inTime;
    // The person is told to try again, so a commit that comes late must not be replayed.
    stored
      .then(() => (request.form === 'event' ? undefined : finishRequest(sql, request.key, 'late')))
      .catch(() => {});
    log.warn({ key: request.key }, 'slack.inbox.slow');
  } catch (thrown) {
    log.warn({ err: toError(thrown), key: request.key }, 'slack.inbox.unavailable');
  }
  return 'unavailable';
}

/** An event that is not acknowledged comes again. The rest never does, so somebody must be told. */
async function refuseForNow({ event, log }: Arrival, request: KeyedRequest): Promise<void> {
  switch (request.form) {
    case 'event':
      throw new TransientError('The inbox cannot be written; Slack will deliver this event again.');
    case 'command':
      return void (await event.ack({ response_type: 'ephemeral', text: notReadyNow() }));
    case 'form':
      return void (await event.ack(formTrouble(request, event.body, notReadyNow())));
    default:
      await event.ack();
      await respondTo(log, event.body['response_url'], { replace_original: false, text: notReadyNow() });
  }
}

/** A sentence under the form's first field; nothing for requests that are no forms. */
function formTrouble(request: KeyedRequest, body: ReceiverEvent['body'], say: string): unknown {
  const block: unknown = body['view']?.blocks?.find(
    (candidate: { type?: unknown }) => candidate.type === 'input',
  );
  const id = typeof block === 'object' && block !== null && 'block_id' in block ? block.block_id : undefined;
  if (request.form !== 'form' || typeof id !== 'string') return undefined;
  return { response_action: 'errors', errors: { [id]: say } };
}

function wait(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms).unref());
}
