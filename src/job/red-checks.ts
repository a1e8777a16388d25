// What checks at GitHub say of a commit: when that is worth a turn, and how an agent is told. Pure.
import { z } from 'zod';
import { type RedCheck, redCheckSchema } from './occasion.ts';
import { material } from './prompt.ts';
import { CHECKS_PATIENCE_MS } from './timing.ts';

/** One of GitHub's two lists of a commit, as it stood at the last look. */
export const checksSeenSchema = z.object({
  /** How many there are, and how many of them are not over yet. */
  count: z.number(),
  pending: z.number(),
  red: z.array(redCheckSchema),
  /** When the first of the red ones ended. */
  redSince: z.string().optional(),
});
export type ChecksSeen = Readonly<z.infer<typeof checksSeenSchema>>;

/** What the two lists come to. `settled`: nothing more is waited for. */
export type ChecksVerdict = Readonly<{ settled: boolean; count: number; red: readonly RedCheck[] }>;

/** Waits for whatever still runs, but not for ever where something is red already. */
export function judgeChecks(seen: readonly ChecksSeen[], now: Date): ChecksVerdict {
  const red = seen.flatMap((list) => list.red);
  const pending = seen.reduce((sum, list) => sum + list.pending, 0);
  const count = seen.reduce((sum, list) => sum + list.count, 0);
  const since = Math.min(...seen.map((list) => Date.parse(list.redSince ?? '') || Number.POSITIVE_INFINITY));
  const isLate = now.getTime() - since > CHECKS_PATIENCE_MS;
  return { settled: pending === 0 || isLate, count, red };
}

export type RedLog = Readonly<{ check: RedCheck; log: string | undefined }>;

/** The part of a prompt that tells of red checks. */
export function describeRedChecks(logs: readonly RedLog[], sha: string): string {
  return `The pull request's checks are red at GitHub on commit ${sha.slice(0, 7)}, which is what you left, and they were not red before this branch. Find out why and mend the cause; never weaken, skip or switch off a check. If it is not this change's doing (the service failed, say), change nothing and say so.

${listRed(logs)}`;
}

/** The same for the reviewer of what came of it. */
export function describeRedForReview(logs: readonly RedLog[]): string {
  return `# Checks that were red at GitHub

They were red on the pull before its newest changes, which were to mend the cause. Judge whether they do, without weakening, skipping or switching off a check.

${listRed(logs)}`;
}

/** What GitHub's own checks say of a commit. */
export type ChecksOfPull = Pick<ChecksSeen, 'count' | 'pending' | 'red'>;

const MOST_NAMED = 10;

/** Of a pull that Errand only looks at; undefined where GitHub did not tell. One line of Markdown. */
export function describeChecksOfPull(seen: ChecksOfPull | undefined): string {
  const ours = 'Errand ran no checks on this pull';
  if (seen === undefined) return `${ours}, and could not read what checks at GitHub say of it.`;
  const { count, pending, red } = seen;
  if (count === 0) return `${ours}, and GitHub shows none.`;
  const names = red.slice(0, MOST_NAMED).map(({ name }) => `\`${name.replaceAll(/[`\s]+/g, ' ').trim()}\``);
  const more = red.length > names.length ? ` and ${red.length - names.length} more` : '';
  const told = [
    red.length === 0 ? 'none is red' : `red: ${names.join(', ')}${more}`,
    ...(pending > 0 ? [`${pending} not over yet`] : []),
  ];
  return `${ours}. Of ${count} at GitHub: ${told.join('; ')}.`;
}

/** The same for its reviewer, with what the red ones say. */
export function describePullChecksForReview(seen: ChecksOfPull | undefined): string {
  const red = seen?.red.slice(0, MOST_NAMED).map((check) => ({ check, log: undefined })) ?? [];
  const list = red.length === 0 ? '' : `\n\n${listRed(red)}`;
  return `# Checks\n\n${describeChecksOfPull(seen)} What is not shown to work by a check is yours to look at.${list}`;
}

function listRed(logs: readonly RedLog[]): string {
  const told = logs.map(({ check, log }) => {
    const said = log ?? check.say;
    const head = `- ${JSON.stringify(check.name)}${said ? '' : ': GitHub shows no log of it'}`;
    return said ? `${head}\n${material(`The end of the log of ${check.name}`, said)}` : head;
  });
  return told.join('\n');
}
