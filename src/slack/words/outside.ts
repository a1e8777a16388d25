// What happened at GitHub without us, said where somebody decides by it. Small pure functions, the voice of a calm colleague.
import { type Job, jobName } from '../../job/job.ts';
import { formatRepo } from '../../job/repo.ts';
import { fitMrkdwn, link } from '../text-limits.ts';
import { followLines } from './follow-up.ts';

/** Lines for the card and for the newest result; none for most jobs. */
export function outsideLines(job: Job): readonly string[] {
  const { outside = {} } = job;
  return [
    ...(outside.gone ? [goneLine(job)] : []),
    ...(outside.closed && job.status !== 'rejected' ? [closedLine(job)] : []),
    ...(outside.pushed ? [pushedLine(job, outside.pushed)] : []),
    ...(outside.retargeted
      ? [
          `:warning: The pull request goes into ${code(job.base)} now; it was ${code(outside.retargeted.from)}.`,
        ]
      : []),
    ...(outside.issueClosed ? [issueLine(job, outside.issueClosed.by)] : []),
    ...followLines(job),
  ];
}

/** ` by carla`, or nothing where GitHub does not tell. */
export function byLogin(login: string | undefined): string {
  return login === undefined ? '' : ` by ${fitMrkdwn(login, 60)}`;
}

function goneLine(job: Job): string {
  const where = fitMrkdwn(formatRepo(job.repo), 150);
  return `:warning: GitHub no longer shows me pull #${job.pull?.number} of ${where}: it is gone, or my access ended. If I should see it, give me access again; I look now and then.`;
}

function closedLine(job: Job): string {
  return `:no_entry_sign: The pull request was closed on GitHub${byLogin(job.outside?.closed?.by)}. Reopen it there, or reply here, to go on; *Reject* clears ${jobName(job)} away.`;
}

function pushedLine(job: Job, pushed: { by?: string | undefined; shown: string }): string {
  const head = job.pull?.headSha ?? '';
  const compare = link(`${job.repoUrl}/compare/${pushed.shown}...${head}`, 'what changed');
  const who = pushed.by === undefined ? 'Somebody' : fitMrkdwn(pushed.by, 60);
  return `:warning: ${who} pushed ${code(head.slice(0, 7))} after this message was written for ${code(pushed.shown.slice(0, 7))}. Look at ${compare} before you decide: the buttons are for ${code(head.slice(0, 7))}.`;
}

function issueLine(job: Job, login: string | undefined): string {
  const isAtWork = job.status === 'queued' || job.status === 'running';
  const advice = isAtWork ? ' Press *Stop* if this is no longer wanted.' : '';
  return `:information_source: Issue #${job.issue?.number} was closed on GitHub${byLogin(login)}.${advice}`;
}

function code(text: string): string {
  return `\`${fitMrkdwn(text.replaceAll('`', "'"), 120)}\``;
}
