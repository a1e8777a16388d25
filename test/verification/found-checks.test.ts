// Where a repository names no checks, the project's obvious commands are found and run; the result says what was found, what
// was not run and why.
import { afterAll, beforeAll, expect, test } from 'vitest';
import which from 'which';
import { DECISION } from '../support/decision.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { ownBranch, promptsOf, runsOf } from '../support/own-branch.ts';
import { ownRepository } from '../support/own-repository.ts';

let errand: Errand;
beforeAll(async () => {
  errand = await openErrand({ env: { ERRAND_SLOTS: '8', ERRAND_FIND_CHECKS: 'on' } });
});
afterAll(() => errand.close());

/** Nothing to install, so that no network is needed. */
const manifest = (scripts: Readonly<Record<string, string>>) => JSON.stringify({ name: 'shop', scripts });

test.concurrent('what package.json offers is run, and what is red goes back to the agent', async () => {
  const { asks } = await ownBranch(errand, 'found', {
    'package.json': manifest({ test: 'test ! -e bad.txt', lint: 'eslint --watch' }),
  });
  const job = await asks(['write bad.txt <<1', 'write good.txt <<1', 'next delete bad.txt']);
  const result = await job.result(1, 100_000);
  await job.offers(result, DECISION);
  expect(job.words(result)).toMatch(/✓ \*\*tests\*\* passed in .* \(`npm run test`\); found by Errand/);
  expect(job.words(result)).toMatch(/– \*\*lint\*\* was not run: it waits for changes and never ends/);
  expect(job.words(result), 'the question before the merge').not.toContain('Not green');
  expect(await errand.pushed(job, 'good.txt')).toBe('1');
  expect(await errand.pushed(job, 'bad.txt')).toBeUndefined();
  expect(await runsOf(errand, job)).toEqual([
    'change: tests failed',
    'base: tests passed',
    'change: tests passed',
  ]);
  expect((await promptsOf(errand, job))[1]).toContain('### tests: `npm run test` failed with exit code 1');
});

/** Toolchains that hardly any machine has all of. */
const RARE = [
  ['mix', 'mix.exs'],
  ['mvn', 'pom.xml'],
  ['cargo', 'Cargo.toml'],
  ['go', 'go.mod'],
] as const;

test.concurrent('what is not installed is no fault of the change', async () => {
  const [program = '', file = ''] = RARE.find(([name]) => which.sync(name, { nothrow: true }) === null) ?? [];
  const { asks } = await ownBranch(errand, 'lacking', { 'package.json': null, [file]: '' });
  const job = await asks(['write done.txt <<1', 'next write blamed.txt <<1']);
  const result = await job.result();
  await job.offers(result, DECISION);
  expect(job.words(result)).toContain(`was not run: \`${program}\` is not installed where Errand runs`);
  expect(job.words(result)).not.toContain('Not green');
  expect(await runsOf(errand, job)).toEqual([]);
  expect(await promptsOf(errand, job)).toHaveLength(1);
});

test.concurrent('where nothing is found, the result says so; where nothing is wanted, it is left alone', async () => {
  const bare = await ownBranch(errand, 'bare', { 'package.json': null });
  // Another base than the default branch cannot take away what would be found.
  const { repo, channel } = await ownRepository(errand, 'unwanted');
  const files = { 'package.json': manifest({ test: 'exit 1' }), '.agents/config.yml': 'checks: {}' };
  await errand.github.commitTo(repo, 'main', files, { message: 'Set it up' });
  const first = await bare.asks(['write a.txt <<1']);
  const second = await errand.asksScript(['write a.txt <<1'], { channel, options: `repo=${repo}` });
  expect(first.words(await first.result())).toContain(
    ':warning: Errand ran no checks: the repository names none',
  );
  const result = second.words(await second.result());
  expect(result).toContain('None were run.');
  expect(result).not.toContain(':warning:');
});

test.concurrent('of a monorepo the packages are checked where the root offers nothing', async () => {
  const { asks } = await ownBranch(errand, 'monorepo', {
    'package.json': JSON.stringify({ name: 'shop', workspaces: ['packages/*'] }),
    'packages/cart/package.json': JSON.stringify({ name: 'cart', scripts: { test: 'test ! -e bad.txt' } }),
    'packages/tax/package.json': JSON.stringify({ name: 'tax' }),
    'services/mail/go.mod': 'module mail\n',
  });
  const job = await asks([
    'write packages/cart/bad.txt <<1',
    'write good.txt <<1',
    'next delete packages/cart/bad.txt',
  ]);
  const result = await job.result(1, 100_000);
  await job.offers(result, DECISION);
  expect(job.words(result)).toMatch(
    /✓ \*\*tests\*\* passed in .* \(`npm run test --workspaces --if-present`\); found by Errand, not run in `tax`/,
  );
  expect(job.words(result)).toContain('which may leave out `services/mail/go.mod`');
  expect((await promptsOf(errand, job))[1]).toContain('`npm run test --workspaces --if-present` failed');
});

test.concurrent('a set-up of its own makes ready for what was found', async () => {
  const { asks } = await ownBranch(errand, 'ready', {
    'package.json': manifest({ test: 'test -e .ready' }),
    '.agents/config.yml': 'setup: touch .ready',
  });
  const job = await asks(['write a.txt <<1']);
  await job.offers(await job.result(), DECISION);
  expect(await runsOf(errand, job)).toEqual([
    'change: setup passed',
    'change: tests passed',
    'base: setup passed',
    'base: tests passed',
  ]);
});
