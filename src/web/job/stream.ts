// The live transcript: server-sent events that go on after the id they are asked for, so that a connection that broke, or a
// bot that restarted, costs nobody a line. New rows are read when Postgres says that the job changed, and now and then anyway.
import { type Job, jobName } from '../../job/job.ts';
import { isFarBehind, readChangeMark, readTranscriptAfter } from '../../store/transcript.ts';
import { findNames } from '../pages/text.ts';
import type { Site } from '../site.ts';
import { peopleIn } from './event-item.ts';
import { drawItems, openPieces, readWindow } from './transcript.ts';

const BATCH = 500;
/** Whoever is further behind gets the page anew, which shows the newest: nobody reads through a replay of hours. */
const MOST_BEHIND = 1_000;
/** Between two looks at the database, so that a chatty agent's watchers do not weigh on it. */
const REST_MS = 200;
/** Notes by others than the runner are told by no notification; and proxies end what is silent for long. */
const LOOK_ANYWAY_MS = 10_000;
/** An event and no comment: the page sees none of those, and takes long silence for a connection that is dead. */
const BEAT = 'event: beat\ndata: \n\n';
/** Whoever was let in may have become a guest, or have left the channel. */
const JUDGE_AGAIN_MS = 30_000;

export type Out = Readonly<{ write(text: string): Promise<unknown> }>;

type Following = Readonly<{
  site: Site;
  job: Job;
  afterId: number;
  /** How the job stood when the page was drawn; undefined where the browser does not say. */
  mark?: string | undefined;
  /** Ends the stream: the browser left, or the process stops. */
  signal: AbortSignal;
  /** Whether the viewer may still see it. */
  mayGoOn: () => Promise<boolean>;
}>;

/**
 * Writes until the signal ends it, the viewer may not see the job any more (`over`), the job is over and all of it is told
 * (`done`), or the page had better be loaded anew (`reload`).
 */
export async function followJob(
  out: Out,
  { site, job, afterId, mark: drawn, signal, mayGoOn }: Following,
): Promise<void> {
  const { store } = site.actions;
  const { sql } = store.db;
  const end = async (why: 'over' | 'done' | 'reload') => void (await out.write(`event: ${why}\ndata: \n\n`));
  const news = watchJob(store.changes.listen, job.id, signal);
  let last = afterId;
  let mark = drawn;
  let judgedAt = performance.now();
  let rested = false;
  try {
    await out.write(`retry: 2000\n: ${jobName(job)}\n\n`);
    if (await isFarBehind(sql, job.id, { afterId, most: MOST_BEHIND })) return await end('reload');
    // Goes on with the message that the page ends with.
    let open = openPieces((await readWindow(sql, job.id, { beforeId: last + 1 })).events);
    while (!signal.aborted) {
      // Asked first: a job that is over when its last events are read has told everything.
      const now = await readChangeMark(sql, job.id);
      const events = await readTranscriptAfter(sql, job.id, { afterId: last, limit: BATCH });
      if (events.length > 0) {
        const told = last;
        last = events.at(-1)?.id ?? last;
        const names = await findNames(site.viewers.nameOf, peopleIn(events));
        const items = drawItems([...open, ...events], names).filter((item) => item.last > told);
        await out.write(frame(items, last));
        open = openPieces([...open, ...events]);
      }
      if (performance.now() - judgedAt > JUDGE_AGAIN_MS) {
        if (!(await mayGoOn())) return await end('over');
        judgedAt = performance.now();
      }
      await out.write(now?.mark === mark ? BEAT : `event: now\ndata: ${now?.mark ?? ''}\n\n`);
      mark = now?.mark;
      // What is noted after the end comes within moments.
      if (now?.isOver !== false && events.length === 0 && rested) return await end('done');
      rested = events.length < BATCH;
      await (rested ? news.next() : news.rest());
    }
  } finally {
    news.close();
  }
}

/** Only the last of a batch carries an id: a batch that broke off comes again as a whole, and each item replaces itself. */
function frame(items: ReturnType<typeof drawItems>, last: number): string {
  const data = items.map(({ key, html }) => `data: ${JSON.stringify({ key, html: String(html) })}\n\n`);
  const [final = '\n'] = data.splice(-1);
  return `${data.join('')}id: ${last}\n${final}`;
}

type Listen = Site['actions']['store']['changes']['listen'];

/** News of one job; what came between two questions is not missed. */
function watchJob(listen: Listen, jobId: number, signal: AbortSignal) {
  let wake: (() => void) | undefined;
  let isNews = false;
  const tell = () => {
    isNews = true;
    wake?.();
  };
  const unlisten = listen((changed) => {
    if (changed === undefined || changed === jobId) tell();
  });
  signal.addEventListener('abort', tell, { once: true });
  const rest = () => new Promise<void>((resolve) => setTimeout(resolve, REST_MS));
  return {
    rest,
    async next(): Promise<void> {
      await rest();
      if (!isNews && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_ANYWAY_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      isNews = false;
    },
    close() {
      unlisten();
      signal.removeEventListener('abort', tell);
    },
  };
}
