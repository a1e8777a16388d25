// What cannot be started: each mistake is answered to one person alone, in words that say what to do instead, and leaves
// neither a job nor a card. No runner is needed for any of it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

let errand: Errand;
let numbers: { open: number; closed: number; pull: number };

beforeAll(async () => {
  errand = await openErrand({ halves: ['bot'] });
  const { github, repo } = errand;
  const open = errand.files({ title: 'Open' });
  const closed = errand.files({ title: 'Long done' });
  github.closeIssue(repo, closed, 'carla');
  await github.commitTo(repo, 'some-branch', { 'a.txt': 'a' }, { message: 'Add a' });
  const pull = await openPull();
  numbers = { open, closed, pull };
});
afterAll(() => errand.close());

/** Nothing was started by what `act` does: no job is stored, no channel shows a card. */
async function leavesNothing<T>(act: () => Promise<T>): Promise<T> {
  const before = await errand.countJobs();
  const cards = errand.cardsIn().length;
  const outcome = await act();
  expect(await errand.countJobs()).toBe(before);
  expect(errand.cardsIn()).toHaveLength(cards);
  return outcome;
}

const told = (text: string, by: { user?: string; channel?: string } = {}) =>
  leavesNothing(async () => (await errand.types(text, by)).answer());

test.each([
  ['a misspelt verb gets the nearest one', '/agent stauts J-1', /don't know.*stauts.*\/agent status J-1/],
  ['a forgotten verb gets `fix`', '/agent #12', /\/agent fix #12/],
  ['words without a verb get `do`', '/agent add a test for the login page', /\/agent do add a test/],
  ['an issue that does not exist', '/agent fix #9999', /no issue #9999.*acme\/shop/],
  ['no issue at all', '/agent fix', /Which issue\?/],
  ['several issues at once', '/agent fix 1 2 3', /one issue/],
  ['a repository out of reach', '/agent fix acme/shoop#1', /can't see.*acme\/shoop/],
  [
    'a repository out of reach, as an option',
    '/agent do tidy up repo=globex/secret',
    /can't see.*globex\/secret/,
  ],
  [
    'an issue of another server',
    '/agent fix https://gitlab.example.org/acme/shop/issues/3',
    /gitlab\.example\.org/,
  ],
  ['an empty task', '/agent do', /Tell me what to do/],
  ['a task of nothing but options', '/agent do repo=acme/shop base=main', /Tell me what to do/],
  ['an unknown base branch', '/agent do tidy up base=nowhere', /no branch.*nowhere.*main/],
  ['an unknown agent', '/agent do tidy up agent=clippy', /clippy/],
  [
    'a program that is no agent',
    '/agent do tidy up agent=sh',
    /no agent named `sh`.*Known are claude, codex/,
  ],
  ['a strange option value', '/agent do tidy up repo=what', /repo=owner\/name/],
  ['a misspelt option', '/agent fix #1 bas=main', /Did you mean.*base=/],
  ['a job that is none', '/agent stop tomorrow', /\/agent stop J-12/],
  ['a job nobody knows', '/agent stop J-4711', /no job J-4711/],
  ['a strange list', '/agent list everything', /mine.*all.*waiting/],
  ['a strange repository for the channel', '/agent repo what', /owner\/name/],
])('%s', async (_name, text, words) => {
  expect(await told(text)).toMatch(words);
});

test('a closed issue is named with what to do instead', async () => {
  expect(await told(`/agent fix #${numbers.closed}`)).toMatch(/Long done.*is closed.*Reopen/s);
});

test("a pull's number is no issue, as a number and as a link", async () => {
  expect(await told(`/agent fix #${numbers.pull}`)).toMatch(/pull request/);
  const link = `${errand.config.github.serverUrl}/${errand.repo}/pull/${numbers.pull}`;
  expect(await told(`/agent fix ${link}`)).toMatch(/pull request/);
});

test('fifty thousand characters are too many', async () => {
  expect(await told(`/agent do ${'word '.repeat(10_000)}`)).toMatch(/50,002 characters.*issue/s);
});

test('a private channel that the bot is not in: it says how to invite it', async () => {
  const { slack, ann } = errand;
  const secret = slack.addChannel({ name: 'secret', isPrivate: true, members: [ann] }).id;
  expect(await told('/agent do tidy up', { channel: secret })).toMatch(/\/invite @/);
  expect(slack.messages(secret).filter((message) => message.isByBot)).toEqual([]);
});

test('an archived channel', async () => {
  const { slack, ann } = errand;
  const old = slack.addChannel({ name: 'old', members: [ann] }).id;
  slack.archive(old);
  expect(await told('/agent do tidy up', { channel: old })).toMatch(/archived/);
});

test.each([
  ['a guest', { isRestricted: true }, /full members/],
  ['a Slack Connect stranger', { isStranger: true }, /my own workspace/],
  ['a bot', { isBot: true }, /my own workspace/],
])('%s starts nothing, by command or mention', async (name, kind, words) => {
  const { slack } = errand;
  const user = slack.addUser({ name: name.replaceAll(' ', '-'), ...kind }).id;
  const lobby = slack.addChannel({ name: `lobby-${user.toLowerCase()}` }).id;
  expect(await told('/agent do tidy up', { user, channel: lobby })).toMatch(words);
  const mentioned = await leavesNothing(async () => {
    slack.post({ user, channel: lobby, text: '@errand tidy up' });
    return slack.waitFor({
      description: 'a word to the guest',
      check: () => slack.ephemerals(user)[1],
    });
  });
  expect(mentioned.text).toMatch(words);
  expect(errand.cardsIn(lobby)).toEqual([]);
});

async function openPull(): Promise<number> {
  const { apiUrl } = errand.config.github;
  const response = await fetch(`${apiUrl}/repos/${errand.repo}/pulls`, {
    method: 'POST',
    headers: { authorization: `Bearer ${errand.githubToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'A pull', head: 'some-branch', base: 'main' }),
  });
  const opened = (await response.json()) as { number: number }; // the local GitHub's own answer
  return opened.number;
}
