// The live transcript: server-sent events that go on after the id they are asked for, so that a connection that broke, or a
// bot that restarted, costs nobody a line. New rows are read when Postgres says that the job changed, and now and then anyway.
import { type Job, jobName } from '../../job/job.ts';
import { readChangeMark, readTranscriptAfter } from '../../store/transcript.ts';
import { findNames } from '../pages/text.ts';
import type { Site } from '../site.ts';
import { peopleIn } from './event-item.ts';
import { drawItems } from './transcript.ts';

const BATCH = 500;
/** Between two looks at the database, so that a chatty agent's watchers do not weigh on it. */
const REST_MS = 200;
/** Notes by others than the runner are told by no notification; and proxies end what is silent for long. */
const LOOK_ANYWAY_MS = 10_000;
/** Whoever was let in may have become a guest, or have left the channel. */
const JUDGE_AGAIN_MS = 30_000;

export type Out = Readonly<{ write(text: string): Promise<unknown> }>;

type Following = Readonly<{
  site: Site;
  job: Job;
  afterId: number;
  /** Ends the stream: the browser left, or the process stops. */
  signal: AbortSignal;
  /** Whether the viewer may still see it. */
  mayGoOn: () => Promise<boolean>;
}>;

/** Writes until the signal ends it, or until the viewer may not see the job any more. */
export async function followJob(out: Out, { site, job, afterId, signal, mayGoOn }: Following): Promise<void> {
  const { store } = site.actions;
  const news = watchJob(store.changes.listen, job.id, signal);
  let last = afterId;
  let mark: string | undefined;
  let judgedAt = performance.now();
  try {
    await out.write(`retry: 2000\n: ${jobName(job)}\n\n`);
    while (!signal.aborted) {
      const events = await readTranscriptAfter(store.db.sql, job.id, { afterId: last, limit: BATCH });
      if (events.length > 0) {
        last = events.at(-1)?.id ?? last;
        const names = await findNames(site.viewers.nameOf, peopleIn(events));
        await out.write(frame(drawItems(events, names), last));
      }
      if (performance.now() - judgedAt > JUDGE_AGAIN_MS) {
        if (!(await mayGoOn())) return void (await out.write('event: over\ndata: \n\n'));
        judgedAt = performance.now();
      }
      if (events.length === BATCH) continue;
      const now = await readChangeMark(store.db.sql, job.id);
      await out.write(mark !== undefined && now !== mark ? `event: now\ndata: ${now}\n\n` : ':\n\n');
      mark = now;
      await news.next();
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
  return {
    async next(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
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
