// What kind of work a task is, by simple words: it decides which of a repository's workflows goes along. Pure.
import { dropHidden } from './hidden-text.ts';
import type { Job } from './job.ts';

/** Each is also the name of a file in `.agents/workflows`. */
export const TASK_KINDS = ['feature', 'bug-fix', 'refactor'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

const REFACTOR =
  /\b(re-?factor\w*|re-?structur\w*|re-?organi[sz]\w*|clean(ing)?[ -]?up|tidy|simplify|renam(e|ing)|dedup\w*|extract|inline|mov(e|ing)|split up|modernis\w*|moderniz\w*)\b/i;
const BUG =
  /\b(fix(es|ing)?|bugs?|broken|crash(es|ing|ed)?|regressions?|wrong(ly)?|fails?|failing|errors?)\b/i;

/** Whoever opens with these wants something new, whatever the rest is about ("Add an error page"). */
const NEW = /^\W*(add|implement|support|introduce|create|build|allow|enable|offer|provide|feat(ure)?)\b/i;

/** An issue is a bug until its title says otherwise; of words the opening says what is to be done. */
export function taskKind({ kind, task, issue }: Pick<Job, 'kind' | 'task' | 'issue'>): TaskKind {
  const words = dropHidden(kind === 'fix' ? (issue?.title ?? '') : task).trim();
  if (NEW.test(words)) return 'feature';
  if (kind === 'fix') return REFACTOR.test(words.split(/\s+/, 2).join(' ')) ? 'refactor' : 'bug-fix';
  const opening = words.split(/\s+/, 6).join(' ');
  if (REFACTOR.test(opening)) return 'refactor';
  if (BUG.test(opening)) return 'bug-fix';
  return REFACTOR.test(words) && !/\b(add|implement|build|create|support|introduce)\b/i.test(opening)
    ? 'refactor'
    : 'feature';
}
