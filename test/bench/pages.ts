// The pages: how long until a job page can be read, with 50,000 events against one with 100; and how many events a second the
// live transcript brings, against reading the same rows from Postgres. With a real browser and the bot as a process. And how
// long until somebody who opens the playground sees it, and can type.
import getPort from 'get-port';
import type { Page } from 'playwright-core';
import { openPlayground } from '../../src/commands/playground/stage.ts';
import { isRefusal } from '../../src/errors.ts';
import { insertJob } from '../../src/store/jobs.ts';
import { readTranscriptAfter } from '../../src/store/transcript.ts';
import { surroundings } from '../../src/surroundings.ts';
import { openBrowser } from '../support/browser.ts';
import { createVisitor } from '../support/pages.ts';
import { sampleJob } from '../support/sample-job.ts';
import { percentile, type Stage, setStage } from './stage.ts';

export type PagesResult = Readonly<{
  events: number;
  /** First contentful paint, medians. */
  smallMs: number;
  largeMs: number;
  paintRatio: number;
  /** Events a second: over the stream, and read from Postgres alone. */
  streamed: number;
  read: number;
  streamRatio: number;
  /** The playground, medians: first contentful paint, and until what stands in its workspace is drawn. */
  playgroundMs: number;
  playgroundDrawnMs: number;
}>;

const SMALL = 100;
/** Who is further behind is not told all of it again. */
const STREAMED = 1_000;

export async function benchPages(options: { events: number; rounds: number }): Promise<PagesResult> {
  return { ...(await benchJobPage(options)), ...(await benchPlayground(options)) };
}

type OfPlayground = Pick<PagesResult, 'playgroundMs' | 'playgroundDrawnMs'>;

async function benchJobPage({
  events,
  rounds,
}: {
  events: number;
  rounds: number;
}): Promise<Omit<PagesResult, keyof OfPlayground>> {
  const stage = await setStage();
  try {
    const port = await getPort();
    const url = `http://127.0.0.1:${port}`;
    const { clientId, clientSecret } = stage.world.slack;
    const bot = await stage.startHalf('bot', {
      PORT: String(port),
      PUBLIC_URL: url,
      SLACK_CLIENT_ID: clientId,
      SLACK_CLIENT_SECRET: clientSecret,
    });
    const [small, large] = [await addJob(stage, SMALL), await addJob(stage, events)];
    const visitor = createVisitor(url);
    await visitor.signIn(stage.world.people.ann);
    const cookie = visitor.cookies.get('errand-session') ?? '';
    const paint = await measurePaint({ url, cookie, rounds, jobs: [small, large] });
    const streamed = await measureStream(stage, visitor, large);
    const read = await measureRead(stage, large, events);
    await bot.stop();
    const [smallMs = 0, largeMs = 0] = paint;
    return {
      events,
      smallMs,
      largeMs,
      paintRatio: largeMs / smallMs,
      streamed,
      read,
      streamRatio: streamed / read,
    };
  } finally {
    await stage.close();
  }
}

async function addJob({ store, world }: Stage, events: number): Promise<number> {
  const {
    id: _id,
    revision: _revision,
    attempt: _attempt,
    threadTs: _ts,
    ...sample
  } = sampleJob({
    status: 'running',
    phase: 'implement',
    team: world.slack.teamId,
    channel: world.channel,
    requester: world.people.ann,
  });
  const { job } = await store.db.transaction((tx) =>
    insertJob(tx, store.queue, {
      sourceKey: `bench:${events}`,
      build: (id) => ({
        ...sample,
        participants: [...sample.participants],
        context: [...sample.context],
        results: [...sample.results],
        branch: `errand/J-${id}`,
      }),
    }),
  );
  await store.db.sql.query(
    `INSERT INTO events (job_id, attempt, turn, kind, data)
     SELECT $1, 0, 1, 'agent', CASE n % 3
       WHEN 0 THEN jsonb_build_object('kind', 'message', 'text', repeat('What I found in step ' || n || '. ', 8))
       WHEN 1 THEN jsonb_build_object('kind', 'thought', 'text', repeat('I think of step ' || n || '. ', 8))
       ELSE jsonb_build_object('kind', 'tool', 'id', n::text, 'title', 'npm test -- ' || n, 'toolKind', 'execute',
         'status', 'completed', 'paths', '[]'::jsonb, 'output', repeat('ok ' || n || E'\\n', 20)) END
     FROM generate_series(1, $2::int) AS n`,
    [job.id, events],
  );
  await store.db.sql.query('ANALYZE events');
  return job.id;
}

/** Alternating, so that what else the machine does hits both alike. */
async function measurePaint(options: {
  url: string;
  cookie: string;
  rounds: number;
  jobs: readonly number[];
}): Promise<readonly number[]> {
  const browser = await openBrowser();
  try {
    const context = await browser.newContext();
    await context.addCookies([{ name: 'errand-session', value: options.cookie, url: options.url }]);
    const page = await context.newPage();
    const times = options.jobs.map((): number[] => []);
    for (let round = 0; round <= options.rounds; round += 1) {
      for (const [index, job] of options.jobs.entries()) {
        await page.goto(`${options.url}/jobs/J-${job}`);
        await page.locator('ol.events > li').first().waitFor();
        const painted = await readFirstPaint(page);
        // The first round fills caches.
        if (round > 0) times[index]?.push(painted);
      }
    }
    return times.map((each) => percentile(each, 50));
  } finally {
    await browser.close();
  }
}

/** Milliseconds from where the page was asked for. */
async function readFirstPaint(page: Page): Promise<number> {
  return Number(
    await page.evaluate(
      `new Promise((done) => new PerformanceObserver((list) => done(list.getEntriesByName('first-contentful-paint')[0].startTime)).observe({ type: 'paint', buffered: true }))`,
    ),
  );
}

async function benchPlayground({ rounds }: { rounds: number }): Promise<OfPlayground> {
  const opened = await openPlayground({ environment: surroundings(), port: 0 });
  if (isRefusal(opened)) throw new Error(opened.refusal);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const [painted, drawn]: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      await page.goto(opened.url);
      const at = await page.waitForFunction(
        `document.querySelector('[data-region=channels] [aria-current]') && performance.now()`,
      );
      // The first round fills caches.
      if (round === 0) continue;
      drawn.push(Number(await at.jsonValue()));
      painted.push(await readFirstPaint(page));
    }
    return { playgroundMs: percentile(painted, 50), playgroundDrawnMs: percentile(drawn, 50) };
  } finally {
    await browser.close();
    await opened.stop();
  }
}

/** The newest thousand, until the last of them has come. */
async function measureStream(
  { store }: Stage,
  visitor: ReturnType<typeof createVisitor>,
  job: number,
): Promise<number> {
  const { rows } = await store.db.sql.query<{ id: string }>(
    'SELECT id FROM events WHERE job_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1',
    [job, STREAMED],
  );
  const began = performance.now();
  const answer = await visitor.get(`/jobs/J-${job}/stream?after=${rows[0]?.id ?? 0}`);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = 0;
  let rest = '';
  while (reader !== undefined && seen < STREAMED) {
    const { value, done } = await reader.read();
    if (done) break;
    rest += value;
    const frames = rest.split('\n\n');
    rest = frames.pop() ?? '';
    seen += frames.filter((frame) => /^data: \{/m.test(frame)).length;
  }
  await reader?.cancel();
  return (1_000 * seen) / (performance.now() - began);
}

async function measureRead({ store }: Stage, job: number, events: number): Promise<number> {
  const began = performance.now();
  let [afterId, seen] = [0, 0];
  while (seen < events) {
    const read = await readTranscriptAfter(store.db.sql, job, { afterId, limit: 500 });
    if (read.length === 0) break;
    seen += read.length;
    afterId = read.at(-1)?.id ?? afterId;
  }
  return (1_000 * seen) / (performance.now() - began);
}
