// *Remember this*: what people had to say to an agent becomes a rule for the next ones, proposed as a pull like any other.
import { loadJob } from '../store/jobs.ts';
import { answer } from './answer.ts';
import { beginJob } from './begin-job.ts';
import { clickerOf } from './buttons.ts';
import type { Desk, Request } from './desk.ts';
import { parseButtonValue } from './ids.ts';
import { clickSchema, speakerOf } from './payloads.ts';
import { oldButton, remembering } from './words/answers.ts';

/** One lesson a turn, however often and by whomever it is pressed. */
export async function pressRemember(desk: Desk, body: unknown, request: Request): Promise<void> {
  const click = clickSchema.parse(body);
  const say = (words: string) => answer(desk, clickerOf(desk, click, request), words);
  const value = parseButtonValue(click.actions[0]?.value ?? '');
  const job = value && (await loadJob(desk.actions.store.db.sql, value.jobId));
  const team = desk.identity().teamId;
  if (job === undefined || job.team !== team) return say(oldButton());
  const stranger = await desk.people.mayNotCommand(speakerOf(click));
  if (stranger) return say(stranger.refusal);
  const begun = await beginJob(desk, {
    sourceKey: `remember:${job.id}:${job.turn}`,
    kind: 'remember',
    task: `Remember what J-${job.id} taught`,
    lessonOf: job.id,
    repo: job.repo,
    team,
    channel: job.channel,
    requester: click.user.id,
    context: [],
  });
  if (begun.kind === 'refused') return say(begun.refusal.refusal);
  if (begun.kind === 'started') return say(remembering(begun.job, begun.created));
}
