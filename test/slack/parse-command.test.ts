// The grammar of commands: what people type, and what becomes of it.
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/errors.ts';
import { parseCommand } from '../../src/slack/parse-command.ts';

const serverUrl = 'https://github.com';
const slash = (text: string) => parseCommand(text, { freeWords: false, serverUrl });
const mention = (text: string) => parseCommand(text, { freeWords: true, serverUrl });
const shop = { owner: 'acme', name: 'shop' };

describe('/agent', () => {
  it.each([
    ['', { kind: 'help' }],
    ['help', { kind: 'help' }],
    ['HELP', { kind: 'help' }],
    ['fix 12', { kind: 'fix', issue: { number: 12 }, task: '', options: {} }],
    ['fix #12', { kind: 'fix', issue: { number: 12 }, task: '', options: {} }],
    ['Fix   #12.', { kind: 'fix', issue: { number: 12 }, task: '', options: {} }],
    ['fix `#12`', { kind: 'fix', issue: { number: 12 }, task: '', options: {} }],
    ['`fix #12`', { kind: 'fix', issue: { number: 12 }, task: '', options: {} }],
    ['fix issue 12', { kind: 'fix', issue: { number: 12 }, task: '', options: {} }],
    ['fix acme/shop#12', { kind: 'fix', issue: { number: 12, repo: shop }, task: '', options: {} }],
    [
      'fix https://github.com/acme/shop/issues/12#issuecomment-3',
      { kind: 'fix', issue: { number: 12, repo: shop }, task: '', options: {} },
    ],
    [
      'fix that bug (https://github.com/acme/shop/issues/12)',
      { kind: 'fix', issue: { number: 12, repo: shop }, task: '', options: {} },
    ],
    [
      'fix #12 but leave the API alone',
      { kind: 'fix', issue: { number: 12 }, task: 'but leave the API alone', options: {} },
    ],
    ['repo=acme/shop fix 12', { kind: 'fix', issue: { number: 12 }, task: '', options: { repo: shop } }],
    ['fix the login bug', { kind: 'do', task: 'fix the login bug', options: {} }],
    ['do add a test', { kind: 'do', task: 'add a test', options: {} }],
    ['do: add a test', { kind: 'do', task: 'add a test', options: {} }],
    ['do 修复登录', { kind: 'do', task: '修复登录', options: {} }],
    ['do two\n\nparagraphs', { kind: 'do', task: 'two\n\nparagraphs', options: {} }],
    ['status', { kind: 'status' }],
    ['status J-12', { kind: 'status', jobId: 12 }],
    ['status j12', { kind: 'status', jobId: 12 }],
    ['list', { kind: 'list', which: 'mine' }],
    ['list ALL', { kind: 'list', which: 'all' }],
    ['list waiting', { kind: 'list', which: 'waiting' }],
    ['stop J-3', { kind: 'stop', jobId: 3 }],
    ['retry `J-3`', { kind: 'retry', jobId: 3 }],
    ['repo acme/shop', { kind: 'repo', repo: shop }],
    ['repo https://github.com/acme/shop/', { kind: 'repo', repo: shop }],
    ['repo', { kind: 'repo' }],
    ['replies mention', { kind: 'replies', policy: 'mention' }],
    ['replies', { kind: 'replies' }],
  ])('understands "%s"', (text, command) => {
    expect(slash(text)).toEqual(command);
  });

  it.each([
    ['fux 12'],
    ['fix'],
    ['fix   '],
    ['do'],
    ['do …'],
    ['do repo=acme/shop'],
    ['fix #'],
    ['fix acme/shop'],
    ['fix acme/shop#'],
    ['fix https://github.com/acme/shop/pull/12'],
    ['fix https://github.com/acme/shop'],
    ['fix https://gitlab.example.com/acme/shop/issues/12'],
    ['fix #12 #13'],
    ['fix #12 and #13'],
    ['fix #12 bas=main'],
    ['fix #12 base='],
    ['fix #12 base=../x'],
    ['fix #12 repo=shop'],
    ['fix acme/shop#12 repo=acme/other'],
    ['fix #12 model=a model=b'],
    ['fix #12 replies=none'],
    ['status twelve'],
    ['stop J-1 J-2'],
    ['list everything'],
    ['list all of them'],
    ['repo acme'],
    ['replies sometimes'],
    ['stop J-3 repo=acme/shop'],
    ['the login is broken'],
  ])('refuses "%s" with a sentence', (text) => {
    const result = slash(text);
    expect(isRefusal(result) && [result.code, result.refusal]).toMatchSnapshot();
  });

  it('takes options from anywhere and leaves the words alone', () => {
    expect(
      slash('do —repo=acme/shop add a test  base=main --model=opus replies=all for agent=claude'),
    ).toEqual({
      kind: 'do',
      task: 'add a test for',
      options: { repo: shop, base: 'main', model: 'opus', replies: 'all', agent: 'claude' },
    });
  });

  it('takes values in quotes and backticks', () => {
    expect(slash('—Profile=back-end fix 12')).toMatchObject({
      kind: 'fix',
      options: { profile: 'back-end' },
    });
    expect(isRefusal(slash('do it profile=../secrets'))).toBe(true);
    expect(slash('fix 12 repo=`acme/shop` base="release/1.2", agent=codex')).toEqual({
      kind: 'fix',
      issue: { number: 12 },
      task: '',
      options: { repo: shop, base: 'release/1.2', agent: 'codex' },
    });
  });

  it('takes the same option twice when both say the same', () => {
    expect(slash('fix acme/shop#1 repo=ACME/shop base=main base=main')).toMatchObject({
      kind: 'fix',
      options: { base: 'main' },
    });
  });

  it.each([
    'set foo=bar in the config',
    'explain `model=x` and ```base=main```',
    'rename xrepo=a/b to y',
    'say "base = main"',
  ])('keeps "%s" as it is', (task) => {
    expect(slash(`do ${task}`)).toEqual({ kind: 'do', task, options: {} });
  });

  it('refuses more than 8,000 characters and says where to put them', () => {
    expect(slash(`do ${'x'.repeat(8_000)}`)).toMatchObject({ code: 'task_too_long' });
    expect(slash(`do ${'x'.repeat(50_000)}`)).toMatchObject({ refusal: expect.stringContaining('issue') });
    expect(slash(`do ${'x'.repeat(7_990)}`)).toMatchObject({ kind: 'do' });
  });

  it("knows the deployment's own server", () => {
    const own = (text: string) =>
      parseCommand(text, { freeWords: false, serverUrl: 'http://127.0.0.1:3001/git' });
    expect(own('fix http://127.0.0.1:3001/git/acme/shop/issues/7')).toMatchObject({
      kind: 'fix',
      issue: { number: 7, repo: shop },
    });
    expect(own('fix https://github.com/acme/shop/issues/7')).toMatchObject({ code: 'wrong_host' });
  });
});

describe('@Errand', () => {
  it.each([
    ['', { kind: 'help' }],
    ['fix #12', { kind: 'fix' }],
    ['the login is broken', { kind: 'do', task: 'the login is broken' }],
    ['please look at this', { kind: 'do', task: 'please look at this' }],
    ['stop', { kind: 'stop' }],
    ['stop the spinner from flashing', { kind: 'do', task: 'stop the spinner from flashing' }],
    ['list all the flaky tests', { kind: 'do', task: 'list all the flaky tests' }],
    ['help me with the tests', { kind: 'do', task: 'help me with the tests' }],
    ['status page is wrong repo=acme/shop', { kind: 'do', task: 'status page is wrong' }],
    ['fox hunting is out of date', { kind: 'do' }],
    ['fux #12', { code: 'unknown_verb' }],
    ['stpo', { code: 'unknown_verb' }],
    ['do', { code: 'empty_task' }],
  ])('understands "%s"', (text, command) => {
    expect(mention(text)).toMatchObject(command);
  });
});
