// How people name the pull that they want to have reviewed.
import { expect, test } from 'vitest';
import { parseCommand } from '../../src/slack/parse-command.ts';

const read = (text: string, freeWords = false) =>
  parseCommand(text, { freeWords, serverUrl: 'https://github.com' });
const repo = { owner: 'acme', name: 'shop' };

test.each([
  ['review 34', { number: 34 }, ''],
  ['review #34', { number: 34 }, ''],
  ['review acme/shop#34', { number: 34, repo }, ''],
  ['review https://github.com/acme/shop/pull/34', { number: 34, repo }, ''],
  ['review https://github.com/acme/shop/pull/34/files#diff-1', { number: 34, repo }, ''],
  ['review Add it #34 (https://github.com/acme/shop/pull/34)', { number: 34, repo }, ''],
  ['Review: #34, look at the sums', { number: 34 }, 'look at the sums'],
  ['review pull #34', { number: 34 }, ''],
  ['review pr 34 for races', { number: 34 }, 'for races'],
])('%s', (text, pull, task) => {
  expect(read(text)).toEqual({ kind: 'review', pull, task, options: {} });
  expect(read(text, true)).toMatchObject({ kind: 'review', pull });
});

test.each([
  'review',
  'review the login page',
  'review acme/shop34',
  'review #0',
  'review https://evil.test/a/b/pull/3',
])('%s names none', (text) => {
  expect(read(text)).toMatchObject({ code: 'no_pull' });
});

test('among free words it is a task where no pull is named', () => {
  expect(read('review the login page', true)).toMatchObject({ kind: 'do', task: 'review the login page' });
});

test('options go along, but a base branch is the pull’s own', () => {
  expect(read('review #34 repo=acme/shop agent=claude')).toMatchObject({
    kind: 'review',
    options: { repo, agent: 'claude' },
  });
  expect(read('review #34 base=main')).toMatchObject({ code: 'base_of_pull' });
  expect(read('review acme/shop#34 repo=acme/web')).toMatchObject({ code: 'contradicting_option' });
});
