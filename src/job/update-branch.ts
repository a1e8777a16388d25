// *Update branch*: what an agent is told where the base does not merge by itself, and what is said where it does. Pure.
import type { Job } from './job.ts';

/** The part of a prompt that tells of a merge under way. */
export function describeUpdate({ base }: Pick<Job, 'base'>, conflicts: readonly string[]): string {
  const files = conflicts.map((path) => `- ${JSON.stringify(path)}`).join('\n');
  return `The base branch \`${base}\` went on, and is being merged into this branch. The files in this folder hold that merge already; when you end, it is committed as one. ${
    conflicts.length === 0
      ? 'Nothing conflicts in the text; see that both sides still work together.'
      : `These files conflict: most hold conflict markers, some were changed on one side and deleted on the other. Resolve them so that what either side wanted still holds, then check with the project's own tests:\n${files}`
  }`;
}

/** The part of a prompt where the files hold what nobody but this agent's turn would have looked at before it is pushed. */
export function describeUnfinished(): string {
  return 'An earlier turn ended before its work was published, and that unfinished work is in these files, too: when you end, all of it becomes part of the pull request. Finish what belongs to the task, take out the rest, and tell of it in your last message.';
}

/** What goes back to an agent that left markers behind. */
export function describeMarkersLeft(paths: readonly string[]): string {
  const files = paths.map((path) => `- ${JSON.stringify(path)}`).join('\n');
  return `Conflict markers (\`<<<<<<<\`, \`>>>>>>>\`) are still in these files. Resolve them; nothing is pushed before:\n${files}`;
}

/** Says in the form of an agent's last message what the host did alone; all else is as the newest summary has it. */
export function describeUpdated(job: Pick<Job, 'base' | 'results'>): string {
  const before = job.results.findLast(({ summary }) => summary !== undefined)?.summary;
  const merged = `Merged \`${job.base}\` into the branch; nothing conflicted, and no agent changed anything.`;
  const changed = before?.changed.replace(/^Merged `.*$\n*/m, '') ?? '';
  return [
    `## Title\n${before?.title ?? `Merge ${job.base}`}`,
    `## What changed\n${[merged, changed].filter(Boolean).join('\n\n')}`,
    `## How it was checked\n${before?.checked ?? ''}`,
    `## Risks\n${before?.risks ?? ''}`,
  ].join('\n');
}

/** Said where there is nothing to merge. */
export function describeUpToDate({ base }: Pick<Job, 'base'>): string {
  return `The branch holds everything of \`${base}\` already, so there was nothing to update.`;
}
