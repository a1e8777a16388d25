// The words of `plan`: issues, one with words besides, or a task. Each becomes a wish that stops at its plan. Pure.
import { isRefusal, type Refusal } from '../errors.ts';
import { formatRepo, sameRepo } from '../job/repo.ts';
import type { Command, WorkCommand } from './parse-command.ts';
import { type IssueRef, parseFixWords } from './parse-issue.ts';
import { type Options, refuseUnknownOption, takeOptions } from './parse-options.ts';
import { contradictingOption, emptyTask, nothingToPlan, tooManyPlans } from './words/mistakes.ts';

/** Each has a card of its own, and Slack takes one message a second in a channel. */
const MOST_PLANS = 10;

export function parsePlan(tail: string, serverUrl: string): Command | Refusal {
  const taken = takeOptions(tail, serverUrl);
  if (isRefusal(taken)) return taken;
  const { rest } = taken;
  const options: Options = { ...taken.options, plan: 'ask' };
  if (rest === '') return nothingToPlan();
  const issues = readIssues(rest, serverUrl);
  if (issues !== undefined && issues.length > MOST_PLANS) return tooManyPlans(issues.length, MOST_PLANS);
  const wishes = issues?.map((issue): WorkCommand => ({ kind: 'fix', issue, task: '', options })) ?? [
    readOne(rest, { options, serverUrl }),
  ];
  const mistake = wishes.map((wish) => (isRefusal(wish) ? wish : refuseContradiction(wish))).find(isRefusal);
  return mistake ?? { kind: 'plan', wishes: wishes.flatMap((wish) => (isRefusal(wish) ? [] : [wish])) };
}

/** `#12, #13 and acme/shop#4`; undefined where anything else is said. Named twice is meant once. */
function readIssues(text: string, serverUrl: string): readonly IssueRef[] | undefined {
  const words = text.split(/[\s,]+/).filter((word) => word !== '' && !/^(?:and|&)$/i.test(word));
  const issues = new Map<string, IssueRef>();
  for (const word of words) {
    const reading = parseFixWords(word, serverUrl);
    if (reading.kind !== 'issue') return undefined;
    const { issue } = reading;
    issues.set(`${issue.repo ? formatRepo(issue.repo).toLowerCase() : ''}#${issue.number}`, issue);
  }
  return issues.size === 0 ? undefined : [...issues.values()];
}

function readOne(
  text: string,
  { options, serverUrl }: { options: Options; serverUrl: string },
): WorkCommand | Refusal {
  const reading = parseFixWords(text, serverUrl);
  if (reading.kind === 'mistake') return reading.refusal;
  if (reading.kind === 'issue') {
    const misspelt = refuseUnknownOption(reading.rest.split(/\s+/));
    return misspelt ?? { kind: 'fix', issue: reading.issue, task: reading.rest, options };
  }
  if (!/[\p{L}\p{N}]/u.test(text)) return emptyTask();
  return { kind: 'do', task: text, options };
}

function refuseContradiction(wish: WorkCommand): Refusal | undefined {
  if (wish.kind !== 'fix' || !wish.issue.repo || !wish.options.repo) return undefined;
  if (sameRepo(wish.issue.repo, wish.options.repo)) return undefined;
  return contradictingOption('repo', formatRepo(wish.issue.repo));
}
