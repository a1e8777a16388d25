// Tells whoever listens that a job changed (Postgres LISTEN/NOTIFY on one connection of its own). A hint, never the
// truth: notifications are lost while the connection is down, so every listener also polls.
import pg from 'pg';
import type { Log } from '../log.ts';

/** `undefined` means: something may have been missed, look at everything. */
export type ChangeListener = (jobId: number | undefined) => void;

export type Changes = Readonly<{
  /** Registers a listener; the returned function takes it away again. */
  listen(listener: ChangeListener): () => void;
  close(): Promise<void>;
}>;

/** Waits between attempts to connect again: 0.25, 0.5, 1, 2, then every 4 s, each with up to a quarter of jitter. */
const BACKOFF_MS = { first: 250, most: 4_000 };

/** Opens the connection and keeps it open; returns once it listens for the first time. */
export async function openChanges(options: { url: string; log: Log }): Promise<Changes> {
  const listeners = new Set<ChangeListener>();
  const tell = (jobId: number | undefined) => {
    for (const listener of listeners) listener(jobId);
  };
  const connection = keepConnected({
    ...options,
    onPayload: (payload) => tell(Number(payload)),
    onGap: () => tell(undefined),
  });
  try {
    await connection.connected;
  } catch (thrown) {
    await connection.close();
    throw thrown;
  }
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: connection.close,
  };
}

function keepConnected(options: {
  url: string;
  log: Log;
  onPayload: (payload: string) => void;
  onGap: () => void;
}) {
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: options.url,
      application_name: 'errand-changes',
      keepAlive: true,
    });
    client = next;
    next.on('error', () => {});
    next.on('end', () => {
      if (!closed && client === next) retry();
    });
    next.on('notification', (message) => message.payload && options.onPayload(message.payload));
    await next.connect();
    // Closed while it connected: nobody would ever close this one.
    if (closed) return next.end();
    await next.query('LISTEN errand_changes');
    failures = 0;
    options.onGap();
  };
  const retry = () => {
    client = undefined;
    const waitMs = Math.min(BACKOFF_MS.first * 2 ** failures, BACKOFF_MS.most) * (1 + Math.random() / 4);
    failures += 1;
    options.log.warn({ waitMs: Math.round(waitMs) }, 'database.listen.lost');
    timer = setTimeout(() => {
      connect().catch((error: unknown) => {
        options.log.warn({ err: error }, 'database.listen.failed');
        if (!closed && client !== undefined) retry();
      });
    }, waitMs);
  };
  const close = async () => {
    closed = true;
    clearTimeout(timer);
    await client?.end().catch(() => {});
  };
  return { connected: connect(), close };
}
