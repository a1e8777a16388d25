// What the sessions of a job were told: its author's prompts, and those of the others by their part. Looks inside.
import type { Errand } from './errand.ts';
import type { JobThread } from './job-thread.ts';

export async function promptsOf(errand: Errand, job: JobThread): Promise<readonly string[]> {
  return (await errand.eventsInside(job)).flatMap(({ kind, data }) =>
    kind === 'prompt' ? [String(data['text'])] : [],
  );
}

export async function askedOf(
  errand: Errand,
  job: JobThread,
): Promise<readonly Readonly<{ part: string; prompt: string }>[]> {
  return (await errand.eventsInside(job)).flatMap(({ kind, data }) =>
    kind === 'note' && data['name'] === 'session' && typeof data['prompt'] === 'string'
      ? [{ part: String(data['part']), prompt: data['prompt'] }]
      : [],
  );
}

/** How often something happened to the job, by the name of the event. */
export async function countEvents(errand: Errand, job: JobThread, name: string): Promise<number> {
  const events = await errand.eventsInside(job);
  return events.filter(({ kind, data }) => kind === 'status' && data['event'] === name).length;
}

/** A line for a session of this part that answers with this. */
export const answerLine = (part: string, value: unknown) => `script ${part}: answer ${JSON.stringify(value)}`;
