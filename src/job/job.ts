// What a job IS. Pure: no I/O, no clock, no SDK.
//
// The statuses, in prose:
// - `queued`: stored, nobody works on it yet. A runner takes it and it becomes `running`.
// - `running`: a runner holds it (its `attempt` is the fence). Its phase says what happens right now.
// - `waiting`: a human must answer before anything else can happen; it holds no slot. An answer makes it `queued`.
// - `in_review`: the pull is open and a human decides: approve → `merging`, reject → `closing`, any words → `queued`.
// - `merging`, `closing`: the human decided, GitHub has not done it yet. A refusal by GitHub leads back to `in_review`.
// - `failed`: rests with a reason that a human can act on. Not final: retry or a reply makes it `queued`.
// - `done`: ended without a pull (an answer, nothing to change). Not final either: a reply is a new turn.
// A pull that somebody closes on GitHub stays `in_review`, marked as closed: a reopening takes the mark away again.
// - `merged`, `rejected`, `cancelled`: final. The next wish is a new job.
import { z } from 'zod';
import { usageSchema } from './agent-update.ts';
import { changeSizeSchema, summarySchema } from './change-facts.ts';
import { checkResultSchema } from './checks.ts';
import { findingSchema } from './gate-rules.ts';
import { handedOverSchema, handOverSchema } from './hand-over.ts';
import { occasionSchema, remarksToldSchema } from './occasion.ts';
import { jobPlanSchema, planModeSchema } from './plan.ts';
import { spentSchema } from './spending.ts';
import { splitPartSchema } from './split.ts';
import { verdictSchema } from './verdict.ts';

export const STATUSES = [
  'queued',
  'running',
  'waiting',
  'in_review',
  'merging',
  'closing',
  'failed',
  'done',
  'merged',
  'rejected',
  'cancelled',
] as const;
export type Status = (typeof STATUSES)[number];

/** Everything that is not over yet. */
export const OPEN_STATUSES: readonly Status[] = [
  'queued',
  'running',
  'waiting',
  'in_review',
  'merging',
  'closing',
  'failed',
];

export const PHASES = [
  'prepare',
  'plan',
  'implement',
  'check',
  'review',
  'publish',
  'answer',
  'remember',
] as const;
export type Phase = (typeof PHASES)[number];

/** Which messages of a thread steer the agent (a job's own choice stands above its channel's). */
export const replyPolicySchema = z.enum(['all', 'mention', 'requester']);
export type ReplyPolicy = z.infer<typeof replyPolicySchema>;

export type { ChangeSize, Summary } from './change-facts.ts';

/** A reason that a person can act on; `code` is stable, `reason` is one or two sentences. */
export const failureSchema = z.object({ code: z.string(), reason: z.string() });
export type Failure = z.infer<typeof failureSchema>;

/** How one turn ended. Each result is one message; it notifies unless the turn came by itself and changed nothing. */
export const turnResultSchema = z.object({
  turn: z.number(),
  outcome: z.enum(['pull', 'answer', 'review', 'plan', 'failed', 'stopped']),
  endedAt: z.string(),
  durationMs: z.number().optional(),
  headSha: z.string().optional(),
  summary: summarySchema.optional(),
  size: changeSizeSchema.optional(),
  answer: z.string().optional(),
  failure: failureSchema.optional(),
  /** Who pressed Stop, for outcome `stopped`. */
  stoppedBy: z.string().optional(),
  /** What people were shown, for outcome `plan`; later turns may have made another. */
  plan: jobPlanSchema.optional(),
  /** What the gate found in the change: what a reviewer should look at first. The first few only. */
  findings: z.array(findingSchema).optional(),
  /** What the repository's own checks came to on exactly these files, run by the host. */
  checks: z.array(checkResultSchema).optional(),
  /** All that a person needs to decide on the change. */
  verdict: verdictSchema.optional(),
  /** What people should know of how it was done, e.g. that a file of the project's cannot be read. */
  warnings: z.array(z.string()).optional(),
  /** Where a fresh session took over from one whose context was full, oldest first. */
  handedOver: z.array(handedOverSchema).optional(),
  /** The review at GitHub, for outcome `review`. */
  reviewUrl: z.string().optional(),
  /** What the agent left for later, since all of it would have been too large for one pull. */
  split: z.array(splitPartSchema).optional(),
  occasion: occasionSchema.optional(),
  remarks: remarksToldSchema.optional(),
  usage: usageSchema.default({}),
});
export type TurnResult = z.infer<typeof turnResultSchema>;

export const pullSchema = z.object({ number: z.number(), url: z.string(), headSha: z.string() });
export type PullLink = z.infer<typeof pullSchema>;

const wishSchema = z.object({ by: z.string(), at: z.string() });

/** `split`: its tasks went on as `jobs`. */
const planEndSchema = z.object({
  how: z.enum(['dropped', 'expired', 'split']),
  by: z.string().optional(),
  at: z.string(),
  jobs: z.array(z.number()).optional(),
});

/** The session that the next turn resumes. `percent` and `cost` are what was heard of it last: its fill and its money. */
const sessionLinkSchema = z.object({
  id: z.string(),
  agent: z.string(),
  percent: z.number().optional(),
  cost: z.number().optional(),
});

/** A person at GitHub, by login, where GitHub told who it was. */
const byLogin = { by: z.string().optional(), at: z.string() };

/** What happened at GitHub without us, as far as it still matters to whoever decides. */
export const outsideSchema = z.object({
  /** The pull was closed; reopening it takes this away. */
  closed: z.object(byLogin).optional(),
  /** The head moved after the newest result, which speaks of `shown`. */
  pushed: z.object({ ...byLogin, shown: z.string() }).optional(),
  /** The pull goes to another branch than the newest result says: `from` is that one. */
  retargeted: z.object({ from: z.string(), at: z.string() }).optional(),
  issueClosed: z.object(byLogin).optional(),
  /** The branch conflicts with its base, or GitHub wants it up to date before it merges. */
  outdated: z.object({ how: z.enum(['conflicts', 'behind']), at: z.string() }).optional(),
  /** Checks at GitHub that are red on this head; `known` are red on the base as well. */
  red: z.object({ sha: z.string(), names: z.array(z.string()), known: z.array(z.string()) }).optional(),
  /** GitHub does not show us the pull any more: deleted, or our access ended. */
  gone: z.object({ at: z.string() }).optional(),
  renamedFrom: z.object({ owner: z.string(), name: z.string() }).optional(),
  mergedBy: z.string().optional(),
});
export type Outside = Readonly<z.infer<typeof outsideSchema>>;

export const jobDataSchema = z.object({
  status: z.enum(STATUSES),
  phase: z.enum(PHASES).optional(),
  /** `ask` is answered without a pull; `remember` proposes what another job taught; `review` looks at somebody's pull. */
  kind: z.enum(['fix', 'do', 'ask', 'remember', 'review']),
  /** The wish in the requester's words; for `fix` it may be empty, the issue says it. */
  task: z.string(),
  issue: z.object({ number: z.number(), title: z.string(), url: z.string() }).optional(),
  repo: z.object({ owner: z.string(), name: z.string() }),
  repoUrl: z.string(),
  base: z.string(),
  agent: z.string().optional(),
  model: z.string().optional(),
  /** A name from `.agents/profiles` that the requester chose. */
  profile: z.string().optional(),
  team: z.string(),
  channel: z.string(),
  requester: z.string(),
  /** The requester's display name, for places where a mention would notify. */
  requesterName: z.string().optional(),
  /** Slack users whose words count in this thread besides the requester: they wrote to the bot here. */
  participants: z.array(z.string()).default([]),
  replyPolicy: replyPolicySchema.optional(),
  /** Earlier messages of the thread a mention stood in. Untrusted; bounded by whoever made the job. */
  context: z.array(z.object({ author: z.string(), text: z.string(), by: z.string().optional() })).default([]),
  /** Link to the Slack thread, for the pull's body. */
  threadUrl: z.string().optional(),
  /** Number of the current turn, from 1. */
  turn: z.number(),
  turnStartedAt: z.string().optional(),
  /** The queue item whose runner holds the job; a takeover comes with the same id. */
  workId: z.string().optional(),
  /** A wish to stop the running turn. The runner makes it true. */
  stop: wishSchema.optional(),
  /** A wish to break into the running turn with the replies that wait. */
  interrupt: wishSchema.optional(),
  /** Whether the running agent takes words mid-turn; unset while nobody knows. */
  steerable: z.boolean().optional(),
  /** What a person should know while the job runs, e.g. that there is no sandbox. */
  warning: z.string().optional(),
  branch: z.string(),
  /** The pull to look at, for kind `review`. */
  reviewOf: z.object({ number: z.number(), title: z.string(), url: z.string() }).optional(),
  /** The job whose lesson this one writes down, for kind `remember`. */
  lessonOf: z.number().optional(),
  /** Where it is one part of a job that was split: which one, of what, and what the other jobs do. */
  partOf: z
    .object({
      job: z.number(),
      number: z.number(),
      tasks: z.array(z.string()),
      issue: z.object({ number: z.number() }).optional(),
    })
    .optional(),
  /** What the requester's command said of planning; absent where it said nothing. */
  planMode: planModeSchema.optional(),
  /** Somebody insists that it is one job, however many tasks a plan finds in it. */
  asOne: z.boolean().optional(),
  /** What the work is done from, where it was planned. */
  plan: jobPlanSchema.optional(),
  /** Why there is no plan although one was wanted; reads on after "it". */
  planMissing: z.string().optional(),
  /** How a plan that waited ended without work on this job. */
  planEnd: planEndSchema.optional(),
  pull: pullSchema.optional(),
  session: sessionLinkSchema.optional(),
  /** What the next session goes on from, in the place of one whose context was full. */
  handOver: handOverSchema.optional(),
  /** The hand-overs of the running turn, oldest first. */
  handedOver: z.array(handedOverSchema).optional(),
  /** What all its sessions have cost so far, as far as agents tell. */
  spent: spentSchema.optional(),
  decision: z
    .object({
      kind: z.enum(['approve', 'reject']),
      by: z.string(),
      at: z.string(),
      sha: z.string().optional(),
      reason: z.string().optional(),
      /** Their account at GitHub, where an admin linked one. */
      login: z.string().optional(),
    })
    .optional(),
  /** Why GitHub did not do what was decided (merge refused), or what it is waiting for. */
  problem: failureSchema.optional(),
  /** How often this turn was put back because something outside did not answer. */
  putBacks: z.number().optional(),
  /** What the merge is known by at GitHub while it is under way. */
  mergeTicket: z.string().optional(),
  outside: outsideSchema.optional(),
  /** What the turn that waits or runs is for; kept while it failed, so that Retry tries the same again. */
  occasion: occasionSchema.optional(),
  /** Turns that came by themselves since somebody spoke; `sha`: the head whose red checks had one, `over`: no more of them. */
  followed: z
    .object({
      turns: z.number(),
      checks: z.number(),
      sha: z.string().optional(),
      over: z.enum(['turns', 'checks']).optional(),
    })
    .optional(),
  /** A person asked for something else than what they were shown: a plan, or a change. */
  corrected: z.boolean().optional(),
  /** Nothing that happens at GitHub begins a turn. */
  muted: wishSchema.optional(),
  results: z.array(turnResultSchema).default([]),
  createdAt: z.string(),
  endedAt: z.string().optional(),
});
export type JobData = z.infer<typeof jobDataSchema>;

/**
 * A job as everybody sees it. `revision` counts saves (optimistic lock), `attempt` counts the times a runner took it
 * (fence), `threadTs` is the Slack thread once it is known. Times are ISO strings.
 */
export type Job = Readonly<JobData> &
  Readonly<{ id: number; revision: number; attempt: number; threadTs?: string | undefined }>;

/** `J-12`, as people write it. */
export function jobName(job: Pick<Job, 'id'>): string {
  return `J-${job.id}`;
}

/** Reads `J-12`, `j12` or `12`; undefined for anything else. */
export function parseJobName(text: string): number | undefined {
  const digits = /^(?:j-?)?(\d{1,9})$/i.exec(text.trim())?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The branch a job's pull comes from. Deterministic, so that every retry finds it again. */
export function branchName(jobId: number): string {
  return `errand/J-${jobId}`;
}

/** Whether agents push there: what such a branch holds nobody has let through yet. */
export function isOwnBranch(branch: string): boolean {
  return /^errand\//i.test(branch);
}

/** What a job's folder and snapshot are called: `J-12`, or longer where that name was somebody else's. */
export function workName(job: Pick<Job, 'branch'>): string {
  return job.branch.replace(/^errand\//, '');
}

/** True where nothing will ever happen to the job again. */
export function isFinal(status: Status): boolean {
  return status === 'merged' || status === 'rejected' || status === 'cancelled';
}
