// A job in a repository whose settings hold it tight, and what its agents were told.
import type { Errand } from './errand.ts';
import type { JobThread } from './job-thread.ts';
import { ownRepository } from './own-repository.ts';

/** A script in a repository of its own, with these settings. */
export async function asksWithin(
  errand: Errand,
  story: string,
  options: { script: readonly string[]; others?: readonly string[]; settings?: string },
) {
  const { repo, channel } = await ownRepository(errand, story);
  const set = (settings: string) =>
    errand.github.commitTo(repo, 'main', { '.agents/config.yml': settings }, { message: 'Set the limits' });
  if (options.settings) await set(options.settings);
  const job = await errand.asksScript(options.script, {
    channel,
    options: `repo=${repo}`,
    others: options.others ?? [],
  });
  const pushed = (path: string) => errand.github.readFile(repo, `errand/${job.name}`, path);
  return { job, repo, pushed, set };
}

/** Everything that agents of the job were told, oldest first. */
export const promptsOf = async (errand: Errand, job: JobThread) =>
  (await errand.eventsInside(job)).flatMap(({ kind, data, turn }) =>
    kind === 'prompt' ? [{ turn, text: String(data['text']) }] : [],
  );
