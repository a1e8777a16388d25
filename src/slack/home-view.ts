// The app's home as blocks: what waits for this person with its buttons, what is under way, what came to an end. Pure. Times
// are Slack dates, so that time passing is no redraw.
import type { Button, KnownBlock } from '@slack/types';
import type { Board } from '../job/board.ts';
import { type Job, jobName } from '../job/job.ts';
import type { Ask } from '../job/permissions.ts';
import { formatRepo } from '../job/repo.ts';
import { approveButton, rejectButton } from './approve-button.ts';
import { contextBlock, isStoppable, plain, plainTask, section, slackDate, stopButton } from './card.ts';
import { ACTION, buildButtonValue } from './ids.ts';
import { escapePlaceholders } from './mrkdwn.ts';
import type { Words } from './tell.ts';
import { cutText, fitMrkdwn, LIMITS, link } from './text-limits.ts';
import { verdictLine } from './verdict.ts';
import { doing, ended, firstSteps, HOME, HOME_BUTTONS, more, waitsFor } from './words/home.ts';

/** `rightsOf`: what the person may do to an open job, as far as there is a button for it. */
export type HomeBoard = Board & Readonly<{ rightsOf: (job: Job) => ReadonlySet<Ask> }>;

/** Slack's home takes 100 blocks (FACTS §1.5); a job that waits is three of them. */
export const HOME_BLOCKS_MOST = 100;
const ROOM = { waiting: 12, underWay: 15, recent: 10 } as const;
const TITLE = 150;

/** `notice`: what came of the last press in here. */
export function buildHome(board: HomeBoard, notice?: Words): KnownBlock[] {
  const { waiting, underWay, recent } = board;
  const isNew = waiting.length + underWay.length + recent.length === 0;
  return [
    ...noticeBlocks(notice),
    header(HOME.waiting),
    ...(isNew
      ? [section(escapePlaceholders(firstSteps()))]
      : [
          ...list(waiting, ROOM.waiting, (job) => waitingJob(job, board.rightsOf(job)), {
            empty: HOME.nothingWaits,
            where: '/agent list waiting',
          }),
          header(HOME.underWay),
          ...list(underWay, ROOM.underWay, (job) => [jobUnderWay(job, board.rightsOf(job))], {
            empty: HOME.nothingUnderWay,
            where: '/agent list all',
          }),
          header(HOME.recent),
          ...recentJobs(recent),
        ]),
    { type: 'divider' },
    contextBlock([escapePlaceholders(HOME.help)]),
  ];
}

/** For somebody who may do nothing here. */
export function buildClosedHome(refusal: string): KnownBlock[] {
  return [section(escapePlaceholders(refusal))];
}

function noticeBlocks(notice: Words | undefined): KnownBlock[] {
  if (notice === undefined) return [];
  const text = section(`:speech_balloon: ${cutText(escapePlaceholders(notice.text), LIMITS.section - 20)}`);
  const buttons = (notice.blocks ?? []).filter((block) => block.type === 'actions');
  return [text, ...buttons, { type: 'divider' }];
}

function list(
  jobs: readonly Job[],
  room: number,
  show: (job: Job) => readonly KnownBlock[],
  say: Readonly<{ empty: string; where: string }>,
): KnownBlock[] {
  if (jobs.length === 0) return [contextBlock([say.empty])];
  const rest = jobs.length - room;
  return [...jobs.slice(0, room).flatMap(show), ...(rest > 0 ? [contextBlock([more(rest, say.where)])] : [])];
}

function waitingJob(job: Job, may: ReadonlySet<Ask>): KnownBlock[] {
  const buttons: Button[] = [
    ...(job.status === 'in_review' && job.pull && !job.outside?.closed && may.has('approve')
      ? [approveButton(job, job.pull.headSha)]
      : []),
    ...(job.status === 'in_review' && job.pull && may.has('reject')
      ? [rejectButton(job, job.pull.headSha)]
      : []),
    ...openButton(job),
  ];
  const [size] = [job.results.at(-1)?.size];
  const about = [
    ...origin(job),
    ...(size
      ? [`${size.fileCount === 1 ? '1 file' : `${size.fileCount} files`}, +${size.added} −${size.deleted}`]
      : []),
    ...(job.pull ? [`head \`${job.pull.headSha.slice(0, 7)}\``] : []),
  ];
  return [
    section([`${name(job)} ${title(job)}`, waitsFor(job), ...verdictLine(job)].join('\n')),
    contextBlock([about.join(' · ')]),
    ...(buttons.length > 0
      ? [{ type: 'actions' as const, block_id: `home_${job.id}`, elements: buttons }]
      : []),
  ];
}

function jobUnderWay(job: Job, may: ReadonlySet<Ask>): KnownBlock {
  const since = job.status === 'running' ? job.turnStartedAt : undefined;
  const about = [
    doing(job),
    ...(since === undefined ? [] : [`since ${slackDate(since)}`]),
    ...origin(job),
  ].join(' · ');
  const text = {
    type: 'mrkdwn' as const,
    text: cutText(`${name(job)} ${title(job)}\n${about}`, LIMITS.section),
  };
  const block_id = `home_${job.id}`;
  return may.has('stop') && isStoppable(job)
    ? { type: 'section', block_id, text, accessory: stopButton(job) }
    : { type: 'section', block_id, text };
}

function recentJobs(jobs: readonly Job[]): KnownBlock[] {
  if (jobs.length === 0) return [contextBlock([HOME.nothingRecent])];
  return jobs
    .slice(0, ROOM.recent)
    .map((job) => section(`${name(job)} ${title(job)}\n${[ended(job), ...origin(job)].join(' · ')}`));
}

/** The name leads to the thread, the title to the pull or the issue. */
function name(job: Job): string {
  return `*${job.threadUrl === undefined ? jobName(job) : link(job.threadUrl, jobName(job))}*`;
}

function title(job: Job): string {
  const words = job.results.at(-1)?.summary?.title ?? plainTask(job);
  const { pull } = job;
  if (pull) return link(pull.url, `#${pull.number} ${words}`, TITLE);
  const about = job.reviewOf ?? job.issue;
  return about ? link(about.url, plainTask(job), TITLE) : fitMrkdwn(plainTask(job), TITLE);
}

function origin(job: Job): string[] {
  return [fitMrkdwn(formatRepo(job.repo), 150), `<@${job.requester}>`];
}

function openButton(job: Job): Button[] {
  if (job.threadUrl === undefined) return [];
  const value = buildButtonValue({ jobId: job.id });
  return [
    {
      type: 'button',
      action_id: ACTION.open,
      value,
      url: job.threadUrl,
      text: plain(HOME_BUTTONS.open),
      accessibility_label: `${HOME_BUTTONS.open} of ${jobName(job)}`,
    },
  ];
}

function header(text: string): KnownBlock {
  return { type: 'header', text: plain(text) };
}
