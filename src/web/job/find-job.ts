// The job that an address names, for this viewer: one that they may not see is not there.
import type { Context } from 'hono';
import { type Job, parseJobName } from '../../job/job.ts';
import { loadJob } from '../../store/jobs.ts';
import { drawNotFound } from '../pages/plain-pages.ts';
import type { Env } from '../sign-in/guard.ts';
import type { Site } from '../site.ts';

/** Undefined for a job that is not there, is of another workspace, or lives in a channel that the viewer is not in. */
export async function findJob(c: Context<Env>, site: Site): Promise<Job | undefined> {
  const written = c.req.param('job') ?? '';
  const id = /^J-\d+$/i.test(written) ? parseJobName(written) : undefined;
  const job = id === undefined ? undefined : await loadJob(site.actions.store.db.sql, id);
  if (job === undefined || job.team !== site.viewers.teamId()) return undefined;
  return (await site.viewers.maySee(c.get('viewer').person, job.channel)) ? job : undefined;
}

export function sayNoJob(c: Context<Env>) {
  return c.html(drawNotFound('such job'), 404);
}
