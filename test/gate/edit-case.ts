// A case of the gate's rules that is one edit of one file: what it was, an edit that is caught, and an innocent one.
import type { Case } from './cases.ts';

export type Edit = readonly [path: string, before: string, caught: string, innocent: string];

/** The cases of one rule, which warns. */
export const edit =
  (rule: Case['rule']) =>
  (name: string, [path, before, caught, innocent]: Edit): Case => ({
    rule,
    name: `${name} (${path})`,
    file: path,
    severity: 'warn',
    caught: { before: { [path]: before }, after: { [path]: caught } },
    innocent: { before: { [path]: before }, after: { [path]: innocent } },
  });
