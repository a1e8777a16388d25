// A wish for a new job on its way from Slack's words to `startJob`. It may wait for an answer in the database, so its
// shape is a schema.
import { z } from 'zod';
import { replyPolicySchema } from '../job/job.ts';
import { planModeSchema } from '../job/plan.ts';
import type { Recipient } from './answer.ts';
import type { WorkCommand } from './parse-command.ts';

export const startRequestSchema = z.object({
  /** The same for every delivery of the same request. */
  sourceKey: z.string(),
  kind: z.enum(['fix', 'do', 'ask', 'remember', 'review']),
  lessonOf: z.number().optional(),
  issueNumber: z.number().optional(),
  pullNumber: z.number().optional(),
  task: z.string(),
  repo: z.object({ owner: z.string(), name: z.string() }).optional(),
  base: z.string().optional(),
  agent: z.string().optional(),
  model: z.string().optional(),
  profile: z.string().optional(),
  plan: planModeSchema.optional(),
  replies: replyPolicySchema.optional(),
  team: z.string(),
  channel: z.string(),
  threadTs: z.string().optional(),
  requester: z.string(),
  context: z.array(z.object({ author: z.string(), text: z.string(), by: z.string().optional() })),
  /** The thread that answers go to; Slack shows them in none that has no replies yet. */
  answerThreadTs: z.string().optional(),
  /** Where the answer can be given for the next half hour. */
  responseUrl: z.string().optional(),
});
export type StartRequest = Readonly<z.infer<typeof startRequestSchema>>;

/** Where a command came from. */
export type Origin = Pick<
  StartRequest,
  'sourceKey' | 'team' | 'channel' | 'threadTs' | 'requester' | 'answerThreadTs' | 'responseUrl' | 'context'
>;

/** Who is answered, and where. */
export function recipientOf(
  origin: Pick<Origin, 'sourceKey' | 'channel' | 'requester' | 'answerThreadTs' | 'responseUrl'>,
): Recipient {
  const { sourceKey: key, channel, requester: user, answerThreadTs: threadTs, responseUrl } = origin;
  return { key, channel, user, threadTs, responseUrl };
}

export function buildStartRequest(command: WorkCommand, origin: Origin): StartRequest {
  const { repo: named, ...options } = command.options;
  const issue = command.kind === 'fix' ? command.issue : undefined;
  const pull = command.kind === 'review' ? command.pull : undefined;
  const repo = issue?.repo ?? pull?.repo ?? named;
  return {
    ...origin,
    ...options,
    kind: command.kind,
    task: command.task,
    ...(issue ? { issueNumber: issue.number } : {}),
    ...(pull ? { pullNumber: pull.number } : {}),
    ...(repo ? { repo } : {}),
  };
}

/** What was asked in a few words: `fix #12`, `do "add a test"`. Plain text. */
export function describeRequest(
  request: Pick<StartRequest, 'kind' | 'issueNumber' | 'pullNumber' | 'task'>,
): string {
  if (request.pullNumber !== undefined) return `review #${request.pullNumber}`;
  if (request.issueNumber !== undefined) return `fix #${request.issueNumber}`;
  const flat = request.task.replace(/\s+/g, ' ').trim();
  return `“${flat.length > 80 ? `${flat.slice(0, 79)}…` : flat}”`;
}
