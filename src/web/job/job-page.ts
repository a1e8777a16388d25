// The job page as a whole: gathers what it shows and puts the parts together.
import { html } from 'hono/html';
import type { Progress } from '../../job/agent-update.ts';
import { type Job, jobName } from '../../job/job.ts';
import { lessonKey } from '../../job/lesson.ts';
import { ASKS, listOffers, type Offer, taughtSomething } from '../../job/offers.ts';
import { findBySourceKey, loadJob, loadProgress } from '../../store/jobs.ts';
import { pendingReplies } from '../../store/replies.ts';
import { readChangeMark, readStatusEvents } from '../../store/transcript.ts';
import type { Assets } from '../pages/assets.ts';
import { drawPage, type Html } from '../pages/layout.ts';
import { findNames, mentionsIn, type Names } from '../pages/text.ts';
import type { Site, Viewer } from '../site.ts';
import { drawActions } from './actions-part.ts';
import { peopleIn } from './event-item.ts';
import { drawPart, drawPlaceholder, type PartName, titleOfPart } from './parts.ts';
import { drawPlan } from './plan-part.ts';
import { drawState } from './state-part.ts';
import { readTimeLine } from './time-line.ts';
import { drawTimeLine } from './time-line-part.ts';
import { drawItems, drawTranscript, readWindow } from './transcript.ts';
import { drawResult } from './verdict-part.ts';
import { statusSentence, titleOf } from './words.ts';

type Look = Readonly<{ site: Site; job: Job; viewer: Viewer }>;

/** Everything above the transcript that changes while a job goes on. */
export async function drawNow(look: Look): Promise<Html> {
  const { site, viewer } = look;
  const { sql } = site.actions.store.db;
  // Before the job: what changes between the two is told by the stream.
  const mark = (await readChangeMark(sql, look.job.id))?.mark ?? '';
  const job = (await loadJob(sql, look.job.id)) ?? look.job;
  const [progress, pending, statuses] = await Promise.all([
    loadProgress(sql, job.id),
    pendingReplies(sql, job.id),
    readStatusEvents(sql, job.id),
  ]);
  const lesson = taughtSomething(job) ? await findBySourceKey(sql, lessonKey(job)) : undefined;
  const offered = listOffers(job, pending.length).filter(({ act }) => act !== 'remember' || !lesson);
  const [offers, names] = await Promise.all([
    permitted({ ...look, job }, offered),
    findNames(site.viewers.nameOf, [...peopleOf(job), ...peopleIn(statuses)]),
  ]);
  const turns = readTimeLine(statuses);
  return html`<div id="now" data-mark="${mark}">
${drawState(job, { progress, names })}
${lesson === undefined ? '' : html`<p>What it taught is being remembered: <a href="/jobs/${jobName(lesson)}">${jobName(lesson)}</a>.</p>`}
${drawActions({ job, jobName: jobName(job), viewer }, offers)}
${drawMiddle({ job, progress, names, turns, now: site.actions.now() })}
</div>`;
}

/** Everybody whom the head of the page names. */
function peopleOf(job: Job): readonly string[] {
  const { requester, decision, plan } = job;
  const named = [requester, decision?.by, plan?.approvedBy, ...(plan?.chosen ?? []).map(({ by }) => by)];
  return [...named.filter((id) => id !== undefined), ...mentionsIn(statusSentence(job))];
}

type Middle = Readonly<{
  job: Job;
  progress: Progress;
  names: Names;
  turns: ReturnType<typeof readTimeLine>;
  now: Date;
}>;

function drawMiddle({ job, progress, names, turns, now }: Middle): Html {
  return html`${drawResult(job)}<div class="columns">
${drawTimeLine(job, { turns, names, now })}
${drawPlan(job, { steps: progress.plan, names })}
</div>`;
}

/** Of what applies now, what this viewer may do. */
async function permitted(
  { site, job, viewer: { person, team } }: Look,
  offers: readonly Offer[],
): Promise<readonly Offer[]> {
  const asks = [...new Set(offers.flatMap(({ act }) => ASKS[act]))];
  const answers = await Promise.all(asks.map((ask) => site.viewers.wouldMay(ask, { person, team, job })));
  const allowed = new Set(asks.filter((_ask, index) => answers[index]));
  return offers.filter(({ act }) => ASKS[act].every((ask) => allowed.has(ask)));
}

const PARTS = ['checks', 'diff', 'costs'] as const;

/** One part on a page of its own, for browsers without scripts and for links. */
export async function drawPartPage(
  { site, job, viewer }: Look,
  { assets, name, query }: { assets: Assets; name: PartName; query: Readonly<Record<string, string>> },
): Promise<Html> {
  const title = titleOfPart(name);
  const part = await drawPart(site, { job, name, query });
  return drawPage({
    title: `${title} of ${jobName(job)}`,
    assets,
    viewer,
    styles: ['diff2html.css'],
    body: html`<p class="crumb"><a href="/jobs/${jobName(job)}">${jobName(job)}</a></p><h1>${title}</h1><section class="card">${part}</section>`,
  });
}

/** `before`: the page of a look at earlier events. `notice` stands above what is drawn anew all the time. */
export async function drawJobPage(
  look: Look,
  options: { assets: Assets; before?: number | undefined; notice?: Html },
): Promise<Html> {
  const { job, viewer } = look;
  const { assets, before, notice } = options;
  const name = jobName(job);
  const [now, transcript] = await Promise.all([drawNow(look), drawWindow(look, before)]);
  return drawPage({
    title: `${name} ${titleOf(job)}`,
    assets,
    viewer,
    styles: ['diff2html.css'],
    scripts: ['job-page.js'],
    body: html`<div class="job" data-job="${name}">${notice ?? ''}${now}${PARTS.map((part) => drawPlaceholder(job, part))}${transcript}${drawPlaceholder(job, 'audit')}</div>`,
  });
}

async function drawWindow({ site, job }: Look, before: number | undefined): Promise<Html> {
  const { sql } = site.actions.store.db;
  const { events, hasEarlier } = await readWindow(sql, job.id, { beforeId: before });
  const names = await findNames(site.viewers.nameOf, peopleIn(events));
  return drawTranscript({
    jobName: jobName(job),
    items: drawItems(events, names),
    earlierThan: hasEarlier ? events[0]?.id : undefined,
    last: events.at(-1)?.id ?? 0,
    isNewest: before === undefined,
  });
}
