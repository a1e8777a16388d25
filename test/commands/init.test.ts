// `errand init`, as a process against the local GitHub: a starter set from what is found, opened as a pull, once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildStarter } from '../../src/commands/init/starter.ts';
import { discoverToolchains } from '../../src/job/discover-checks.ts';
import { parseProfile } from '../../src/job/house.ts';
import { parseRepoSettings, REPO_SETTINGS_PATH } from '../../src/job/repo-settings.ts';
import { createLocalGitHub, type LocalGitHub } from '../../src/playground/github/server.ts';
import { runCommand } from '../support/errand-command.ts';

// Each run of the command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const OUTSIDE = new Set(['HOME', 'PATH']);

let dir: string;
let github: LocalGitHub;
let at: Awaited<ReturnType<LocalGitHub['start']>>;
let count = 0;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'errand-init-'));
  github = createLocalGitHub({ dir: join(dir, 'github'), token: 'ghp_forTests' });
  at = await github.start();
});
afterAll(async () => {
  await github.stop();
  await rm(dir, { recursive: true, force: true });
});

/** A fresh name for each telling of a story. */
async function addRepository(files: Readonly<Record<string, string>>): Promise<string> {
  count += 1;
  const name = `shop-${count}`;
  await github.addRepository({ owner: 'acme', name, files });
  return `acme/${name}`;
}

function init(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const outside = Object.entries(process.env).filter(([name]) => OUTSIDE.has(name));
  const environment = {
    ...Object.fromEntries(outside),
    GITHUB_TOKEN: 'ghp_forTests',
    GITHUB_API_URL: at.apiUrl,
    GITHUB_SERVER_URL: at.serverUrl,
    ...more,
  };
  return runCommand({ dir, databaseUrl: '', environment }, ['init', ...words]);
}

const FILES = {
  'package.json': JSON.stringify({
    dependencies: { a: '1' },
    scripts: { test: 'node --test', lint: 'eslint .' },
  }),
  'package-lock.json': '{}',
  'src/index.js': '',
  'README.md': '# shop\n',
};

test('opens a pull with what it found, finds it again, and writes over nobody', async () => {
  const repo = await addRepository({ ...FILES, '.agents/workflows/feature.md': 'Ours.\n' });
  const first = await init(['--repo', repo]);
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  const [pull] = github.pulls(repo);
  expect(first.stdout).toContain(`/${repo}/pull/${pull?.number}`);
  expect(first.stdout).not.toContain('workflows/feature.md');
  const read = (path: string) => github.readFile(repo, 'errand/init', path);
  const answer = parseRepoSettings((await read(REPO_SETTINGS_PATH)) ?? '');
  expect(answer).toMatchObject({
    settings: { setup: ['npm ci'], checks: { lint: 'npm run lint', tests: 'npm run test' } },
  });
  expect(await read('.agents/context/project.md')).toContain('`src/`: what belongs here?');
  expect(await read('.agents/workflows/feature.md')).toBe('Ours.\n');
  expect(await read('README.md')).toBe('# shop\n');

  const again = await init(['--repo', repo]);
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('open already') });
  expect(github.pulls(repo)).toHaveLength(1);

  // Somebody did not want it; who asks anew wants it after all.
  github.closePullByHand(repo, pull?.number ?? 0);
  expect((await init(['--repo', repo])).exitCode).toBe(0);
  expect(github.pulls(repo).map(({ state }) => state)).toEqual(['closed', 'open']);
});

test('says what is missing or meant', async () => {
  const [one, other] = [await addRepository(FILES), await addRepository(FILES)];
  const unnamed = await init([]);
  expect(unnamed.exitCode).toBe(1);
  expect(unnamed.stderr).toMatch(/^Which repository\? Write --repo with one of: /);
  expect(unnamed.stderr).toContain(one);
  expect(unnamed.stderr).toContain(other);
  const strange = await init(['--repo', 'shop']);
  expect(strange).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Write --repo owner/name.') });
  const unknown = await init(['--repo', 'acme/nothing']);
  expect(unknown).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Errand cannot reach acme/nothing'),
  });
  const bare = await init(['--repo', one], { GITHUB_TOKEN: '' });
  expect(bare).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('GITHUB_TOKEN') });
});

describe('the starter set', () => {
  test.each([
    ['nothing that is known', {}],
    ['JavaScript', FILES],
    ['two toolchains with the same checks', { ...FILES, 'go.mod': '' }],
    ['Python', { 'pyproject.toml': '[project]\ndependencies = ["pytest"]\n', 'uv.lock': '' }],
  ])('for %s is read by Errand without a mistake', (_, files: Readonly<Record<string, string>>) => {
    const toolchains = discoverToolchains({ names: new Set(Object.keys(files)), texts: files });
    const starter = buildStarter({ name: 'acme/shop', toolchains, folders: ['src', '.github'] });
    const settings = parseRepoSettings(starter[REPO_SETTINGS_PATH] ?? '');
    if (settings.kind === 'mistakes') throw new Error(settings.mistakes.join('\n'));
    const wanted = toolchains.flatMap(({ checks }) => checks.map(({ command }) => command));
    expect(Object.values(settings.settings.checks ?? {})).toEqual(wanted);
    for (const name of ['author', 'reviewer'])
      expect(parseProfile(name, starter[`.agents/profiles/${name}.md`] ?? '').kind).toBe('profile');
  });
});
