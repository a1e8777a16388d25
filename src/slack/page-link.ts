// The way from a message to the page of its job, where this deployment has pages. Pure.
import type { KnownBlock } from '@slack/types';
import { type Job, jobName } from '../job/job.ts';
import { contextBlock, type Rendered } from './card.ts';
import { link } from './text-limits.ts';

/** `pagesUrl` is where pages stand, without a slash at the end; without it the message stays as it is. */
export function withPageLink<R extends Rendered>(message: R, job: Job, pagesUrl: string | undefined): R {
  if (pagesUrl === undefined) return message;
  const name = jobName(job);
  const words = link(`${pagesUrl}/jobs/${name}`, `All of ${name}: what it did, step by step`);
  const blocks: KnownBlock[] = [...message.blocks];
  // Buttons stay last.
  const at = blocks.findIndex(({ type }) => type === 'actions');
  blocks.splice(at < 0 ? blocks.length : at, 0, contextBlock([words]));
  return { ...message, blocks };
}
