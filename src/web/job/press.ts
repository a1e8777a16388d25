// What a press on the job page does: the same wish, judged by the same rules and about the same commit, as a press in Slack.
import { z } from 'zod';
import type { JobWish } from '../../actions/act.ts';
import { noSuchJob } from '../../actions/act.ts';
import { approveJob } from '../../actions/approve-job.ts';
import { answerPlan, dropPlan, runPlan } from '../../actions/plan-job.ts';
import { rejectJob } from '../../actions/reject-job.ts';
import { replyToJob } from '../../actions/reply-to-job.ts';
import { retryJob } from '../../actions/retry-job.ts';
import { splitPlan } from '../../actions/split-plan.ts';
import { interruptJob, stopJob } from '../../actions/stop-job.ts';
import { updateBranch } from '../../actions/update-branch.ts';
import { isRefusal, type Refusal, refuse } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { ASKS, listOffers } from '../../job/offers.ts';
import { standingBlocking } from '../../job/standing-risk.ts';
import type { Site, Viewer } from '../site.ts';
import { INPUT_LIMIT } from './actions-part.ts';
import { knowingOf } from './knowing.ts';

const count = z.coerce.number().int().nonnegative().optional();

const pressSchema = z.object({
  act: z.enum([
    'approve',
    'reject',
    'update',
    'changes',
    'retry',
    'stop',
    'interrupt',
    'plan_run',
    'plan_one',
    'plan_split',
    'plan_drop',
    'plan_answer',
    'remember',
  ]),
  /** The same for every time this one form is sent. */
  key: z.string().regex(/^[\w-]{16,64}$/),
  turn: count,
  question: count,
  proposal: count,
  sha: z
    .string()
    .regex(/^[0-9a-f]{40,64}$/)
    .optional(),
  base: z.string().min(1).max(1_000).optional(),
  /** What was blocking in the form that they saw. */
  knowing: z.string().max(64).optional(),
  text: z.string().default(''),
});
export type Press = z.infer<typeof pressSchema>;

/** Undefined for what no form of ours sends. */
export function readPress(form: Readonly<Record<string, unknown>>): Press | undefined {
  return pressSchema.safeParse(form).data;
}

/** The job to look at now that it was done; else why it was not, in words for Slack. */
export async function press(
  site: Site,
  { viewer, jobId, press: pressed }: { viewer: Viewer; jobId: number; press: Press },
): Promise<Pick<Job, 'id'> | Refusal> {
  const { person, team } = viewer;
  const [ask = 'approve'] = ASKS[pressed.act];
  const text = site.redact(pressed.text.replaceAll('\r\n', '\n')).trim();
  if (text.length > INPUT_LIMIT)
    return refuse('words_too_long', `That is ${text.length} characters, and ${INPUT_LIMIT} fit. Shorten it.`);
  const may = await site.viewers.may(ask, { person, team, jobId });
  if (isRefusal(may)) return may;
  const { key, turn } = pressed;
  const wish: Wish = {
    jobId,
    team: site.viewers.teamId(),
    by: person,
    from: may.from,
    key: `web:${person}:${key}`,
    ...(turn === undefined ? {} : { turn }),
  };
  const { act } = pressed;
  if (act === 'remember') return remember(site, { job: may.job, person, turn });
  const outcome = await carryOut(site, { viewer, job: may.job, wish, pressed: { ...pressed, act }, text });
  return isRefusal(outcome) ? outcome : { id: jobId };
}

function remember(
  { viewers }: Site,
  { job, person, turn }: { job: Job; person: string; turn: number | undefined },
): Promise<Job | Refusal> | Refusal {
  const isOffered = listOffers(job, 0).some((offer) => offer.act === 'remember' && offer.turn === turn);
  if (!isOffered)
    return refuse('nothing_taught', 'There is nothing to remember of it as it stands now. Reload the page.');
  return viewers.remember(job, person);
}

type Decision = Press & Readonly<{ act: Exclude<Press['act'], 'remember'> }>;
type Wish = JobWish & Readonly<{ turn?: number; key: string }>;

async function carryOut(
  { actions }: Site,
  {
    viewer,
    job,
    wish,
    pressed,
    text,
  }: { viewer: Viewer; job: Job; wish: Wish; pressed: Decision; text: string },
): Promise<unknown> {
  const { sha, base, question, proposal } = pressed;
  switch (pressed.act) {
    case 'approve':
      if (sha === undefined) return noSuchJob(wish.jobId);
      return approveJob(actions, {
        ...wish,
        sha,
        // What came since was never shown: then they are asked about all of it.
        knowing: pressed.knowing === knowingOf(standingBlocking(job)),
        ...(base === undefined ? {} : { base }),
      });
    case 'reject':
      return rejectJob(actions, { ...wish, reason: text, ...(sha === undefined ? {} : { sha }) });
    case 'changes': {
      if (text === '') return refuse('empty_words', 'Say what should be different, then send it again.');
      const outcome = await replyToJob(actions, { ...wish, byName: viewer.name, text });
      return outcome.kind === 'refused' ? outcome.refusal : outcome.job;
    }
    case 'update':
      return updateBranch(actions, wish);
    case 'retry':
      return retryJob(actions, wish);
    case 'stop':
      return stopJob(actions, wish);
    case 'interrupt':
      return interruptJob(actions, wish);
    case 'plan_run':
      return runPlan(actions, wish);
    case 'plan_one':
      return runPlan(actions, { ...wish, asOne: true });
    case 'plan_split':
      return splitPlan(actions, wish);
    case 'plan_drop':
      return dropPlan(actions, wish);
    case 'plan_answer':
      if (question === undefined || proposal === undefined) return noSuchJob(wish.jobId);
      return answerPlan(actions, { ...wish, question, proposal, byName: viewer.name });
  }
}
