// The buttons that decide, and the question that is asked once more where something is blocking. Pure.
import type { Button, KnownBlock } from '@slack/types';
import { type Job, jobName } from '../job/job.ts';
import { standingBlocking } from '../job/standing-risk.ts';
import { plain, section } from './card.ts';
import { ACTION, buildButtonValue } from './ids.ts';
import { cutText, fitMrkdwn, LIMITS } from './text-limits.ts';
import { approveQuestion, BUTTONS } from './words/messages.ts';

/** Where something is blocking it looks and asks otherwise, and its value says that the person was told. */
export function approveButton(job: Job, sha: string): Button {
  const blocking = standingBlocking(job);
  const question = approveQuestion(job, { sha, blocking });
  const isBlocked = blocking.length > 0;
  const value = { jobId: job.id, sha, base: job.base };
  return {
    type: 'button',
    action_id: ACTION.approve,
    value: buildButtonValue(isBlocked ? { ...value, knowing: true } : value),
    style: isBlocked ? 'danger' : 'primary',
    text: plain(isBlocked ? BUTTONS.approveAnyway : BUTTONS.approve),
    confirm: {
      title: plain(question.title),
      text: plain(cutText(question.text, 300)),
      confirm: plain(question.confirm),
      deny: plain(question.deny),
      ...(isBlocked ? { style: 'danger' as const } : {}),
    },
  };
}

/** Opens a form, which may still be closed without a word. */
export function rejectButton(job: Job, sha: string): Button {
  return {
    type: 'button',
    action_id: ACTION.reject,
    value: buildButtonValue({ jobId: job.id, sha }),
    style: 'danger',
    text: plain(BUTTONS.reject),
    accessibility_label: `Reject ${jobName(job)}`,
  };
}

/** The answer to a press that did not know of what is blocking; `say` names it. */
export function askOnceMore(job: Job, say: string): { text: string; blocks: KnownBlock[] } {
  const { pull } = job;
  const blocks = [section(fitMrkdwn(say, LIMITS.section))];
  if (pull === undefined) return { text: say, blocks };
  const elements = [approveButton(job, pull.headSha)];
  return { text: say, blocks: [...blocks, { type: 'actions', block_id: `anyway_${job.id}`, elements }] };
}
