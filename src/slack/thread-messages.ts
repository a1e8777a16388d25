// All messages of a job as they should be, in the order they belong in the thread. Pure: Slack is made equal to this.
import { z } from 'zod';
import type { Progress } from '../job/agent-update.ts';
import type { Job } from '../job/job.ts';
import type { Message } from '../store/messages.ts';
import { buildCard, type Rendered, section } from './card.ts';
import { escapePlaceholders } from './mrkdwn.ts';
import { withPageLink } from './page-link.ts';
import { buildResult } from './result.ts';
import { cutText, LIMITS, quietSentence } from './text-limits.ts';

export type WantedMessage = Rendered &
  Readonly<{ slot: string /** Edited at most every few seconds. */; paced: boolean }>;

const noticeSchema = z.object({ text: z.string() });

/** Words that another version stored in a way of its own; that version's bot has to show them. */
export function hasUnreadableNotice({ wanted }: Message): boolean {
  return wanted !== undefined && !noticeSchema.safeParse(wanted).success;
}

/** The card first, then a message for every ended turn, then notices. */
export function buildThreadMessages(options: {
  job: Job;
  progress: Progress;
  pendingReplies: number;
  stored: readonly Message[];
  /** The running turn stands in a stream of Slack's own task cards. */
  streamed?: boolean;
  /** Where pages stand, if there are any. */
  pagesUrl?: string | undefined;
}): readonly WantedMessage[] {
  const { job, streamed = false, pagesUrl } = options;
  const link = <R extends Rendered>(message: R) => withPageLink(message, job, pagesUrl);
  const built = buildCard(job, options.progress, options.pendingReplies, { streamed });
  const card = { slot: 'card', paced: true, ...link(built) };
  const results = job.results.map((result, index) => ({
    slot: `result:${index + 1}`,
    paced: false,
    ...link(buildResult(job, result)),
  }));
  const notices = options.stored.flatMap((message) => {
    const notice = noticeSchema.safeParse(message.wanted);
    if (!notice.success) return [];
    const text = cutText(escapePlaceholders(quietSentence(notice.data.text)), LIMITS.section);
    return [{ slot: message.slot, paced: false, text, blocks: [section(text)] }];
  });
  return [card, ...results, ...notices];
}
