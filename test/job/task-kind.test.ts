// Which of a repository's workflows goes along with a task.
import { expect, test } from 'vitest';
import { taskKind } from '../../src/job/task-kind.ts';

test.each([
  ['Prices are rounded twice', 'bug-fix'],
  ['Add dark mode', 'feature'],
  ['[Feature] Dark mode', 'feature'],
  ['Support imports from CSV', 'feature'],
  ['Refactor the cart', 'refactor'],
  ['Cart loses items when they move to checkout', 'bug-fix'],
  [undefined, 'bug-fix'],
] as const)('the issue %j is a %s', (title, kind) => {
  const issue = title === undefined ? {} : { issue: { number: 1, title, url: 'https://github.test/1' } };
  expect(taskKind({ kind: 'fix', task: '#1', ...issue })).toBe(kind);
});

test.each([
  ['add an error page', 'feature'],
  ['fix the login page', 'bug-fix'],
  ['rename Cart to Basket', 'refactor'],
  ['a page that lists the failing orders', 'bug-fix'],
  ['dark mode', 'feature'],
] as const)('the words %j are a %s', (task, kind) => {
  expect(taskKind({ kind: 'do', task })).toBe(kind);
});
