// The head of the job page: what it is, how it stands, where it came from and where it led.
import { html } from 'hono/html';
import { contextPercent, type Progress } from '../../job/agent-update.ts';
import { type Job, jobName } from '../../job/job.ts';
import { formatRepo } from '../../job/repo.ts';
import type { Html } from '../pages/layout.ts';
import { fromSlack, link, type Names, shown, shownLine, time } from '../pages/text.ts';
import { drawOutside } from './outside-part.ts';
import { commit, statusBadge, statusSentence, titleOf } from './words.ts';

export function drawState(job: Job, { progress, names }: { progress: Progress; names: Names }): Html {
  const { say, tone } = statusBadge(job.status);
  const about = job.reviewOf ?? job.issue;
  return html`<section class="head">
<p class="crumb">${jobName(job)} · ${link(job.repoUrl, formatRepo(job.repo))}</p>
<h1>${titleOf(job)}</h1>
<p class="status"><span class="badge ${tone}">${say}</span> ${fromSlack(statusSentence(job), names)}</p>
${job.status === 'running' ? drawActivity(progress) : ''}
${drawOutside(job)}
${decision(job, names)}
<dl class="facts">
${fact('Asked by', html`${names(job.requester)}, ${time(job.createdAt)}`)}
${about === undefined ? '' : fact(job.reviewOf ? 'Pull request' : 'Issue', link(about.url, `#${about.number}`))}
${job.pull === undefined ? '' : fact('Pull request', html`${link(job.pull.url, `#${job.pull.number}`)} at ${commit(job.pull.headSha)}, into <code>${shownLine(job.base, 80)}</code>`)}
${job.agent === undefined ? '' : fact('Agent', html`${shownLine(job.agent, 60)}${job.model === undefined ? '' : html`, ${shownLine(job.model, 60)}`}`)}
${job.threadUrl === undefined ? '' : fact('Conversation', link(job.threadUrl, 'thread in Slack'))}
</dl>
${task(job)}
</section>`;
}

function fact(name: string, value: Html): Html {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function drawActivity({ activity, activityAt, usage }: Progress): Html {
  const percent = contextPercent(usage);
  const parts = [
    ...(activity === undefined ? [] : [html`Last: ${shownLine(activity, 200)}`]),
    ...(activityAt === undefined ? [] : [time(activityAt)]),
    ...(percent === undefined ? [] : [html`context ${Math.round(percent)} %`]),
  ];
  return parts.length === 0
    ? html``
    : html`<p class="faint">${parts.map((part, index) => html`${index > 0 ? ' · ' : ''}${part}`)}</p>`;
}

function decision({ decision: made, outside }: Job, names: Names): Html {
  const login = outside?.mergedBy;
  if (made === undefined)
    return login === undefined ? html`` : html`<p>Merged on GitHub by ${shownLine(login, 60)}.</p>`;
  const did = made.kind === 'approve' ? 'Approved' : 'Rejected';
  const sha = made.sha === undefined ? '' : html`, for ${commit(made.sha)}`;
  const why = made.reason ? html`: “${shownLine(made.reason, 400)}”` : '';
  return html`<p>${did} by <strong>${names(made.by)}</strong> ${time(made.at)}${sha}${why}.</p>`;
}

/** The wish in the requester's own words, where the title does not hold all of it. */
function task(job: Job): Html {
  const words = job.task.trim();
  if (words === '' || words === titleOf(job)) return html``;
  return html`<details class="task"><summary>The wish in ${job.requesterName ? `${shownLine(job.requesterName, 60)}'s` : 'the requester’s'} words</summary><p class="words">${shown(words)}</p></details>`;
}
