// The start page: what waits for somebody, what is under way, what was; by repository and person; and the numbers.
import { html } from 'hono/html';
import { type Job, jobName } from '../../job/job.ts';
import { formatRepo } from '../../job/repo.ts';
import { type Counted, readBoard, readCounted } from '../../store/overview.ts';
import { statusBadge, titleOf } from '../job/words.ts';
import type { Assets } from '../pages/assets.ts';
import { drawPage, type Html } from '../pages/layout.ts';
import { findNames, fromSlack, type Names, shownLine, time } from '../pages/text.ts';
import type { Site, Viewer } from '../site.ts';
import { figure } from './figures.ts';
import { drawFigures } from './figures-part.ts';

const DAYS = 30;
/** More channels than this Slack is not asked about for one look; the newest jobs' come first. */
const MOST_CHANNELS = 20;
/** As many questions to Slack at a time. */
const AT_ONCE = 4;

export type Filter = Readonly<{ repo?: string | undefined; person?: string | undefined }>;

/** Only jobs whose channel the viewer may read in. */
export async function drawOverview(
  site: Site,
  { viewer, filter, assets }: { viewer: Viewer; filter: Filter; assets: Assets },
): Promise<Html> {
  const { sql } = site.actions.store.db;
  const team = site.viewers.teamId();
  const [board, counted] = await Promise.all([readBoard(sql, team), readCounted(sql, team, DAYS)]);
  const seen = await findVisible(site, viewer, [...board.open, ...board.recent, ...counted]);
  const visible = [...board.open, ...board.recent].filter(seen);
  const fits = (one: { repo: string; requester: string }) =>
    (filter.repo === undefined || one.repo === filter.repo) &&
    (filter.person === undefined || one.requester === filter.person);
  const jobs = visible.filter(({ repo, requester }) => fits({ repo: formatRepo(repo), requester }));
  const names = await findNames(
    site.viewers.nameOf,
    visible.map(({ requester }) => requester),
  );
  const numbers = figure(
    counted.filter((one) => seen(one) && fits(one)),
    { now: site.actions.now(), days: DAYS },
  );
  return drawPage({
    title: 'Jobs',
    assets,
    viewer,
    scripts: ['times.js'],
    body: html`<h1>Jobs</h1>
${drawFilter({ visible, filter, names })}
${visible.length === 0 ? drawWelcome() : drawBoard(jobs, names)}
<section class="card" aria-labelledby="numbers"><h2 id="numbers">The last ${DAYS} days</h2>${drawFigures(numbers, DAYS)}</section>`,
  });
}

type Placed = Pick<Counted, 'channel' | 'requester'>;

/** A conversation with the bot alone is its one person's; of all others Slack is asked. What Slack does not tell stays hidden. */
async function findVisible(
  { viewers, log }: Site,
  { person }: Viewer,
  placed: readonly Placed[],
): Promise<(one: Placed) => boolean> {
  const isDirect = (channel: string) => channel.startsWith('D');
  const channels = [...new Set(placed.map(({ channel }) => channel))].filter((channel) => !isDirect(channel));
  const open = new Set<string>();
  const waiting = channels.slice(0, MOST_CHANNELS).values();
  const askOn = async () => {
    for (const channel of waiting) {
      const may = await viewers.maySee(person, channel).catch((err: unknown) => {
        log.info({ err, channel }, 'web.overview.channel_unknown');
        return false;
      });
      if (may) open.add(channel);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, askOn));
  return ({ channel, requester }) => (isDirect(channel) ? requester === person : open.has(channel));
}

const WAITING = new Set(['waiting', 'in_review', 'failed']);
const RUNNING = new Set(['queued', 'running', 'merging', 'closing']);

function drawBoard(jobs: readonly Job[], names: Names): Html {
  const list = (id: string, title: string, chosen: readonly Job[], empty: Html) =>
    html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}${chosen.length > 0 ? html` <span class="faint">${chosen.length}</span>` : ''}</h2>
${chosen.length === 0 ? html`<p class="empty">${empty}</p>` : html`<ul class="jobs">${chosen.map((job) => drawRow(job, names))}</ul>`}</section>`;
  return html`${list(
    'waiting',
    'Waits for a decision',
    jobs.filter(({ status }) => WAITING.has(status)),
    html`Nothing waits for anybody. When an agent has a plan to approve, a question, a finished change or a failure, it shows here first.`,
  )}
${list(
  'running',
  'Under way',
  jobs.filter(({ status }) => RUNNING.has(status)),
  html`No agent is at work. <code>/agent fix #12</code> in Slack sends one on its way.`,
)}
${list(
  'recent',
  'Recent',
  jobs.filter(({ status }) => !WAITING.has(status) && !RUNNING.has(status)),
  html`Nothing has ended yet.`,
)}`;
}

function drawRow(job: Job, names: Names): Html {
  const { say, tone } = statusBadge(job.status);
  const reason = job.status === 'failed' ? job.results.at(-1)?.failure?.reason : undefined;
  return html`<li><span class="badge ${tone}">${say}</span> <a href="/jobs/${jobName(job)}">${jobName(job)} ${titleOf(job)}</a>
<p class="faint">${shownLine(formatRepo(job.repo), 120)} · ${names(job.requester)} · ${time(job.endedAt ?? job.results.at(-1)?.endedAt ?? job.createdAt)}${reason === undefined ? '' : html` · ${fromSlack(shownLine(reason, 200), names)}`}</p></li>`;
}

function drawWelcome(): Html {
  return html`<section class="card"><h2>Nothing here yet</h2><p class="empty">In a channel in Slack, say <code>/agent fix #12</code> for an issue or <code>/agent do</code> with a task in words. The job shows here at once, and its page tells what the agent does, step by step.</p></section>`;
}

function drawFilter({
  visible,
  filter,
  names,
}: {
  visible: readonly Job[];
  filter: Filter;
  names: Names;
}): Html {
  const repos = [...new Set(visible.map(({ repo }) => formatRepo(repo)))].toSorted();
  const people = [...new Set(visible.map(({ requester }) => requester))];
  if (repos.length + people.length < 3 && filter.repo === undefined && filter.person === undefined)
    return html``;
  const option = (value: string, words: string, chosen: string | undefined) =>
    html`<option value="${value}"${value === (chosen ?? '') ? html` selected` : ''}>${words}</option>`;
  return html`<form class="filter" method="get" action="/">
<label>Repository <select name="repo">${option('', 'All', filter.repo)}${repos.map((repo) => option(repo, shownLine(repo, 100), filter.repo))}</select></label>
<label>Asked by <select name="person">${option('', 'Everybody', filter.person)}${people.map((id) => option(id, names(id), filter.person))}</select></label>
<button>Show</button></form>`;
}
