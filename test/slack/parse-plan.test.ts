// `plan`: issues, an issue with words, or a task; and `plan=` beside `fix` and `do`.
import { expect, test } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import { parseCommand } from '../../src/slack/parse-command.ts';

const read = (text: string, freeWords = false) =>
  parseCommand(text, { freeWords, serverUrl: 'https://github.com' });
const shop = { owner: 'acme', name: 'shop' };
const options = { plan: 'ask' };
const fix = (number: number, more = {}) => ({ kind: 'fix', issue: { number }, task: '', options, ...more });

test.each([
  ['plan #12', [fix(12)]],
  ['plan 12', [fix(12)]],
  ['plan #12 #13 #14', [fix(12), fix(13), fix(14)]],
  ['plan #12, #13 and #14', [fix(12), fix(13), fix(14)]],
  ['plan #12 #12', [fix(12)]],
  ['plan #12 acme/shop#12', [fix(12), fix(12, { issue: { number: 12, repo: shop } })]],
  ['plan #12 but keep the API', [fix(12, { task: 'but keep the API' })]],
  ['plan a faster start page', [{ kind: 'do', task: 'a faster start page', options }]],
  ['plan #12 repo=acme/shop plan=off', [fix(12, { options: { plan: 'ask', repo: shop } })]],
])('%s', (text, wishes) => {
  expect(read(text)).toEqual({ kind: 'plan', wishes });
  expect(read(text, true)).toEqual({ kind: 'plan', wishes });
});

test.each([
  ['plan', 'nothing_to_plan'],
  ['plan …', 'empty_task'],
  ['plan acme/shop#12 repo=acme/other', 'contradicting_option'],
  [`plan ${Array.from({ length: 11 }, (_each, index) => `#${index + 1}`).join(' ')}`, 'too_many_plans'],
  ['fix #12 plan=perhaps', 'unknown_plan'],
  ['fix #12 plan=', 'empty_option'],
  ['fix #12 plan=ask plan=off', 'contradicting_option'],
  ['fix #12 pla=ask', 'unknown_option'],
])('%s is answered with %s', (text, code) => {
  const answer = read(text);
  expect(isRefusal(answer) && answer.code).toBe(code);
});

test.each(['auto', 'ask', 'off'])('plan=%s goes with fix and do', (plan) => {
  expect(read(`fix #12 plan=${plan.toUpperCase()}`)).toMatchObject({ kind: 'fix', options: { plan } });
  expect(read(`plan=${plan} do add a test`)).toMatchObject({
    kind: 'do',
    task: 'add a test',
    options: { plan },
  });
});
