// *Remember this*: what people had to say to an agent becomes a rule for the next ones, proposed as a pull like any other.
import type { Job } from '../job/job.ts';
import { lessonKey } from '../job/lesson.ts';
import { loadJob } from '../store/jobs.ts';
import { answer } from './answer.ts';
import { type Begun, beginJob } from './begin-job.ts';
import { clickerOf } from './buttons.ts';
import type { Desk, Request } from './desk.ts';
import { parseButtonValue } from './ids.ts';
import { clickSchema, speakerOf } from './payloads.ts';
import { oldButton, remembering } from './words/answers.ts';

export async function pressRemember(desk: Desk, body: unknown, request: Request): Promise<void> {
  const click = clickSchema.parse(body);
  const say = (words: string) => answer(desk, clickerOf(desk, click, request), words);
  const value = parseButtonValue(click.actions[0]?.value ?? '');
  const job = value && (await loadJob(desk.actions.store.db.sql, value.jobId));
  const team = desk.identity().teamId;
  if (job === undefined || job.team !== team) return say(oldButton());
  const stranger = await desk.people.mayNotCommand(speakerOf(click));
  if (stranger) return say(stranger.refusal);
  const begun = await proposeLesson(desk, { job, person: click.user.id });
  if (begun.kind === 'refused') return say(begun.refusal.refusal);
  if (begun.kind === 'started') return say(remembering(begun.job, begun.created));
}

/** The job that writes it down; that of an earlier press, if there is one. Judged as any job that this person starts. */
export function proposeLesson(
  desk: Parameters<typeof beginJob>[0],
  { job, person }: Readonly<{ job: Job; person: string }>,
): Promise<Begun> {
  return beginJob(desk, {
    sourceKey: lessonKey(job),
    kind: 'remember',
    task: `Remember what J-${job.id} taught`,
    lessonOf: job.id,
    repo: job.repo,
    team: job.team,
    channel: job.channel,
    requester: person,
    context: [],
  });
}
