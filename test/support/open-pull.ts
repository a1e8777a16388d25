// A pull that waits for a decision, and what its agents were told: for stories of what people and checks say of it.
import type { Errand } from './errand.ts';
import type { JobThread } from './job-thread.ts';
import { onlyPull, ownRepository } from './own-repository.ts';

/** `next` is what the job's agent does when it is told nothing else. In a repository and a channel of its own. */
export async function openPull(
  errand: Errand,
  story: string,
  { next = [] }: { next?: readonly string[] } = {},
) {
  const { repo, channel } = await ownRepository(errand, story);
  const directives = ['write hello.txt <<hello', ...next.map((one) => `next ${one}`)];
  const job = await errand.asksScript(directives, { channel, options: `repo=${repo}` });
  const result = await job.result();
  return { job, result, repo, ...onlyPull(errand, repo) };
}

/** All that agents of a job were told, in order. */
export async function promptsOf(errand: Errand, job: JobThread): Promise<string[]> {
  const events = await errand.eventsInside(job);
  return events.flatMap((event) => (event.kind === 'prompt' ? [event.data.text] : []));
}
