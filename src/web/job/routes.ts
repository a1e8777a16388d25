// The addresses below /jobs.
import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { stream } from 'hono/streaming';
import { isRefusal, toError } from '../../errors.ts';
import { jobName } from '../../job/job.ts';
import type { Assets } from '../pages/assets.ts';
import type { Html } from '../pages/layout.ts';
import { findNames, fromSlack, mentionsIn, shown } from '../pages/text.ts';
import { createGuard, type Env, findViewer, isOwnForm } from '../sign-in/guard.ts';
import type { Site } from '../site.ts';
import { findJob, sayNoJob } from './find-job.ts';
import { drawJobPage, drawNow, drawPartPage } from './job-page.ts';
import { drawPart, readPartName } from './parts.ts';
import { press, readPress } from './press.ts';
import { followJob, type Out } from './stream.ts';

/** More watchers than this are asked to look again by hand. */
const MOST_STREAMS = 300;
/** Browsers open no more to one host over HTTP/1.1 either. */
const MOST_OWN_STREAMS = 6;
const WRITE_LIMIT_MS = 30_000;

export function addJobPages(
  app: Hono<Env>,
  site: Site,
  means: { assets: Assets; closing: AbortSignal },
): void {
  const { assets } = means;
  const guard = createGuard(site);
  const partGuard = createGuard(site, { isPart: true });

  app.get('/jobs/:job', guard, async (c) => {
    const job = await findJob(c, site);
    if (job === undefined) return sayNoJob(c);
    const before = readId(c.req.query('before'));
    return c.html(await drawJobPage({ site, job, viewer: c.get('viewer') }, { assets, before }));
  });

  app.get('/jobs/:job/now', partGuard, async (c) => {
    const job = await findJob(c, site);
    return job === undefined ? sayNoJob(c) : c.html(await drawNow({ site, job, viewer: c.get('viewer') }));
  });

  // The answer to a press stands at this address; whoever copies it or goes there anew wants the job.
  app.get('/jobs/:job/press', guard, async (c) => {
    const job = await findJob(c, site);
    return job === undefined ? sayNoJob(c) : c.redirect(`/jobs/${jobName(job)}`);
  });

  addStream(app, site, means.closing);
  addParts(app, site, assets);

  app.post('/jobs/:job/press', guard, async (c) => {
    const form = await c.req.parseBody();
    if (!isOwnForm(c, site, String(form['token'])))
      return c.text('This was not sent from your own page. Open the job again and press there.', 403);
    const pressed = readPress(form);
    const job = await findJob(c, site);
    if (job === undefined || pressed === undefined) return sayNoJob(c);
    const viewer = c.get('viewer');
    const outcome = await press(site, { viewer, jobId: job.id, press: pressed });
    if (!isRefusal(outcome)) return c.redirect(`/jobs/${jobName(outcome)}`, 303);
    // Drawn anew: where it is refused for what is blocking, the buttons now ask about that.
    const fresh = (await findJob(c, site)) ?? job;
    const notice = await drawRefusal(site, outcome.refusal, pressed.text);
    return c.html(await drawJobPage({ site, job: fresh, viewer }, { assets, notice }), 409);
  });
}

function addParts(app: Hono<Env>, site: Site, assets: Assets): void {
  // The stream has a route of its own before this one.
  app.get('/jobs/:job/:part', createGuard(site), async (c) => {
    const job = await findJob(c, site);
    const name = readPartName(c.req.param('part'));
    if (job === undefined || name === undefined) return sayNoJob(c);
    const query = c.req.query();
    if (c.req.header('x-part') === '1') return c.html(await drawPart(site, { job, name, query }));
    return c.html(await drawPartPage({ site, job, viewer: c.get('viewer') }, { assets, name, query }));
  });
}

/** With what they wrote, which is nowhere else any more. */
async function drawRefusal(site: Site, words: string, written: string): Promise<Html> {
  const names = await findNames(site.viewers.nameOf, mentionsIn(words));
  const kept =
    written.trim() === '' ? '' : html`<p>You wrote:</p><p class="words">${shown(written.trim())}</p>`;
  return html`<div class="notice" role="alert"><p><strong>That was not done.</strong> ${fromSlack(words, names)} Below is how it stands now.</p>${kept}</div>`;
}

function addStream(app: Hono<Env>, site: Site, closing: AbortSignal): void {
  let open = 0;
  const ofSession = new Map<string, number>();
  app.get('/jobs/:job/stream', createGuard(site, { isPart: true }), async (c) => {
    const job = await findJob(c, site);
    if (job === undefined) return sayNoJob(c);
    if (open >= MOST_STREAMS) return c.text('Too many people watch. Reload the page now and then.', 503);
    // Says nothing of the session itself, and is another for each.
    const session = c.get('viewer').formToken;
    const own = ofSession.get(session) ?? 0;
    if (own >= MOST_OWN_STREAMS) return c.text('Too many of your pages are open. Close some.', 429);
    const afterId = readId(c.req.header('last-event-id')) ?? readId(c.req.query('after')) ?? 0;
    c.header('content-type', 'text/event-stream; charset=utf-8');
    c.header('cache-control', 'no-store');
    c.header('x-accel-buffering', 'no');
    return stream(
      c,
      async (out) => {
        const left = new AbortController();
        out.onAbort(() => left.abort());
        const signal = AbortSignal.any([left.signal, closing]);
        const mark = c.req.query('mark');
        const mayGoOn = () => isStillThere(c, site);
        // Whoever takes nothing for long is gone, or holds memory of ours on purpose.
        const hangUp = () => void c.env.outgoing.destroy();
        open += 1;
        ofSession.set(session, (ofSession.get(session) ?? 0) + 1);
        try {
          await followJob(impatient(out, hangUp), { site, job, afterId, mark, signal, mayGoOn });
        } finally {
          open -= 1;
          const others = (ofSession.get(session) ?? 1) - 1;
          if (others > 0) ofSession.set(session, others);
          else ofSession.delete(session);
        }
      },
      async (thrown) => site.log.info({ err: toError(thrown), jobId: job.id }, 'web.stream.ended'),
    );
  });
}

/** The same, but what nobody takes within 30 s ends it. */
function impatient(out: Out, hangUp: () => void): Out {
  return {
    async write(text) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        hangUp();
        late.reject(new Error('The browser takes nothing any more.'));
      }, WRITE_LIMIT_MS);
      await Promise.race([out.write(text), late.promise]).finally(() => clearTimeout(timer));
    },
  };
}

async function isStillThere(c: Context<Env>, site: Site): Promise<boolean> {
  const viewer = await findViewer(c, site);
  return typeof viewer !== 'string' && (await findJob(c, site)) !== undefined;
}

/** Undefined for what is no id of ours. */
function readId(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
