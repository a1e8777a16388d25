// What happened at GitHub without us, said where somebody decides by it.
import { html } from 'hono/html';
import { isFinal, type Job } from '../../job/job.ts';
import { formatRepo } from '../../job/repo.ts';
import type { Html } from '../pages/layout.ts';
import { link, shownLine } from '../pages/text.ts';
import { commit } from './words.ts';

/** Nothing for most jobs, and for those that are over. */
export function drawOutside(job: Job): Html {
  const { gone, pushed, retargeted, issueClosed } = job.outside ?? {};
  if (isFinal(job.status)) return html``;
  const by = (login: string | undefined) => (login === undefined ? '' : ` by ${shownLine(login, 60)}`);
  const lines = [
    ...(gone
      ? [
          html`GitHub no longer shows pull #${job.pull?.number} of ${shownLine(formatRepo(job.repo), 150)}: it is gone, or the access of the bot ended.`,
        ]
      : []),
    ...(pushed
      ? [
          html`${pushed.by === undefined ? 'Somebody' : shownLine(pushed.by, 60)} pushed ${commit(job.pull?.headSha)} after the agent had finished with ${commit(pushed.shown)}. Look at ${linkChange(job, pushed.shown)} before you decide: the buttons are for ${commit(job.pull?.headSha)}.`,
        ]
      : []),
    ...(retargeted
      ? [
          html`The pull request goes into <code>${shownLine(job.base, 120)}</code> now; it was <code>${shownLine(retargeted.from, 120)}</code>.`,
        ]
      : []),
    ...(issueClosed ? [html`Issue #${job.issue?.number} was closed on GitHub${by(issueClosed.by)}.`] : []),
  ];
  return lines.length === 0
    ? html``
    : html`<div class="notice">${lines.map((line) => html`<p>${line}</p>`)}</div>`;
}

/** What came between the commit that was `shown` and the one that is there now. */
export function linkChange({ repoUrl, pull }: Job, shown: string): Html {
  return link(`${repoUrl}/compare/${shown}...${pull?.headSha ?? ''}`, 'what changed');
}
