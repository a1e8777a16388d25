// Every sentence of the app's home. Small pure functions, the voice of a calm colleague.

import type { Job, Status } from '../../job/job.ts';
import { awaited } from '../../job/planning.ts';
import { fitMrkdwn } from '../text-limits.ts';
import { PHASE_WORDS } from './messages.ts';

export const HOME = {
  waiting: 'Waiting for you',
  underWay: 'Under way',
  recent: 'Recent',
  nothingWaits:
    'Nothing waits for you. When a pull request is ready or an agent has a question, it stands here with its buttons.',
  nothingUnderWay:
    'Nobody works right now. Type `/agent fix #12` in a channel to send an agent on an errand.',
  nothingRecent:
    'What was merged, rejected or failed will stand here, with links to its pull request and thread.',
  help: '`/agent fix #12` · `/agent do <task>` · `/agent ask <question>` · `/agent help` says the rest',
} as const;

export const HOME_BUTTONS = { open: 'Open thread' } as const;

/** For somebody who has never seen a job. */
export function firstSteps(): string {
  return [
    '*Nothing has happened here yet. This is how it goes:*',
    '1. In a channel type `/agent fix #12`, or `/agent do <task>` in your own words.',
    '2. An agent works in the background. Its card in the channel says how far it is; reply in its thread to steer it.',
    '3. You are mentioned when the pull request is ready: look at it, and press *Approve & merge* there or here.',
  ].join('\n');
}

/** `…and 12 more` below what has no room. */
export function more(count: number, where: string): string {
  return `…and ${count} more. \`${where}\` lists them.`;
}

/** What somebody has to say before it goes on. */
export function waitsFor(job: Job): string {
  if (job.status === 'in_review')
    return job.outside?.closed ? ':no_entry_sign: Closed on GitHub' : ':eyes: Ready for your decision';
  switch (awaited(job)) {
    case 'approval':
      return ':raised_hand: Its plan waits for a yes in the thread';
    case 'questions':
      return ':raised_hand: It has questions in the thread';
    case 'split':
      return ':raised_hand: It is several tasks; say in the thread how to run them';
    case undefined:
      return ':raised_hand: It waits for an answer in the thread';
  }
}

/** What happens right now, in a few words. */
export function doing(job: Job): string {
  switch (job.status) {
    case 'queued':
      return ':hourglass_flowing_sand: queued';
    case 'running':
      return job.stop
        ? ':octagonal_sign: stopping'
        : `:hammer_and_wrench: ${PHASE_WORDS[job.phase ?? 'prepare']}`;
    case 'merging':
      return job.stop ? ':octagonal_sign: stopping the merge' : ':arrows_counterclockwise: being merged';
    case 'closing':
      return ':arrows_counterclockwise: being closed';
    default:
      return job.status === 'in_review'
        ? ':eyes: ready, others decide'
        : ':raised_hand: has a question for others';
  }
}

const ENDS: Partial<Record<Status, string>> = {
  merged: ':tada: merged',
  rejected: ':no_entry_sign: rejected',
  failed: ':warning: failed',
  done: ':white_check_mark: done',
  cancelled: ':octagonal_sign: stopped',
};

/** How it came to an end; of a failure also why. */
export function ended(job: Job): string {
  const end = ENDS[job.status] ?? '';
  const why = job.status === 'failed' ? job.results.at(-1)?.failure?.reason : undefined;
  return why === undefined ? end : `${end}: ${fitMrkdwn(why.replaceAll(/\s+/g, ' '), 160)}`;
}
