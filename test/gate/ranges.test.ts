// The ways a range may be written, the repositories it may be asked of, and what happens where that goes wrong.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGateRepository, type GateRepository, runGateOn } from '../support/gate-repository.ts';
import { COMMON } from './cases.ts';

const CI = '.github/workflows/ci.yml';
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const TOKEN = `gh${'p_aZ3kQ9xVb7LmT2wRc8NpY5sHd4JfG6uE1vKt'}`;

describe('a range', () => {
  let repository: GateRepository;
  beforeAll(async () => {
    repository = await createGateRepository();
  });
  afterAll(() => repository.close());
  const rulesOf = (verdict: Awaited<ReturnType<typeof runGateOn>>) =>
    verdict.findings.map(({ rule, file }) => `${rule} ${file}`);

  test('may be two dots, three dots, one commit or from nothing', async () => {
    const base = await repository.commit(COMMON);
    const theirs = await repository.commit({ ...COMMON, [CI]: 'on: push' }, [base]);
    const ours = await repository.commit({ ...COMMON, CODEOWNERS: '* @a' }, [base]);
    await repository.git(['update-ref', 'refs/heads/main', ours]);
    await repository.git(['update-ref', 'refs/heads/feature/x', theirs]);
    expect(rulesOf(await repository.gate(`${base}..${ours}`))).toEqual(['codeowners CODEOWNERS']);
    // Two dots compare two trees, so both must lie in one line; three leave out what the other side did since they parted.
    const parted = await repository.gate('feature/x..main');
    expect(parted).toMatchObject({ exitCode: 2 });
    expect(parted.text).toContain('feature/x...main');
    const reversed = await repository.gate(`${ours}..${base}`);
    expect(reversed).toMatchObject({ exitCode: 2 });
    expect(reversed.text).toContain('the older one first');
    expect(rulesOf(await repository.gate('feature/x...main'))).toEqual(['codeowners CODEOWNERS']);
    expect(rulesOf(await repository.gate(ours))).toEqual(['codeowners CODEOWNERS']);
    expect(rulesOf(await repository.gate(theirs))).toEqual([`workflow ${CI}`]);
    expect(rulesOf(await repository.gate(`${EMPTY_TREE}..${theirs}`))).toEqual([`workflow ${CI}`]);
    expect(await repository.gate(base)).toMatchObject({ exitCode: 0, findings: [] });
    expect(await repository.gate('main..main')).toMatchObject({ exitCode: 0, blocked: false });
    expect(rulesOf(await repository.gate(`${base}..`))).toEqual(['codeowners CODEOWNERS']);
  });

  test('with a merge judges what the merge brings', async () => {
    const base = await repository.commit(COMMON);
    const side = await repository.commit({ ...COMMON, [CI]: 'on: push' }, [base]);
    const main = await repository.commit({ ...COMMON, 'a.js': 'a();\n' }, [base]);
    const merge = await repository.commit({ ...COMMON, 'a.js': 'a();\n', [CI]: 'on: push' }, [main, side]);
    expect(rulesOf(await repository.gate(`${main}..${merge}`))).toEqual([`workflow ${CI}`]);
  });

  test('finds a secret that a commit in between adds and a later one takes back', async () => {
    const base = await repository.commit(COMMON);
    const leak = await repository.commit({ ...COMMON, 'a.js': `t("${TOKEN}");\n` }, [base]);
    const head = await repository.commit({ ...COMMON, 'a.js': 't();\n' }, [leak]);
    const verdict = await repository.gate(`${base}..${head}`);
    expect(verdict.findings).toMatchObject([{ rule: 'secret', file: 'a.js', line: 1, severity: 'block' }]);
    expect(verdict.text).toContain('in a commit of the range');
    expect(verdict.text).not.toContain(TOKEN);
    expect(await repository.gate(`${leak}..${head}`)).toMatchObject({ exitCode: 0 });
  });

  test('finds what harms a history alone, and lets go what only harms while it is there', async () => {
    const base = await repository.commit(COMMON);
    const big = {
      ...COMMON,
      'data.csv': 'a,b,c\n'.repeat(1_000_000),
      'src/a.txt': 'a\n',
      CODEOWNERS: '* @a\n',
    };
    const between = await repository.commit(big, [base]);
    const head = await repository.commit({ ...COMMON, 'src/b.txt': 'b\n' }, [between]);
    const verdict = await repository.gate(`${base}..${head}`);
    expect(rulesOf(verdict)).toEqual(expect.arrayContaining(['large_file data.csv']));
    expect(verdict.text).toContain('a commit of the range holds it');
    expect(verdict.text).not.toContain('CODEOWNERS');
  });

  test('finds a secret in the message of any of its commits', async () => {
    const base = await repository.commit(COMMON, [], `Long ago ${TOKEN}`);
    const told = await repository.commit({ ...COMMON, 'a.js': 'a();\n' }, [base], `Use ${TOKEN} for now`);
    const head = await repository.commit({ ...COMMON, 'a.js': 'b();\n' }, [told], 'Mend it');
    for (const range of [`${base}..${head}`, `${base}...${head}`, told]) {
      const verdict = await repository.gate(range);
      expect(verdict.findings).toMatchObject([
        { rule: 'secret', file: `commit ${told.slice(0, 12)}`, severity: 'block' },
      ]);
      expect(verdict.text).not.toContain(TOKEN);
    }
    expect(await repository.gate(`${told}..${head}`)).toMatchObject({ exitCode: 0, findings: [] });
  });

  test('that is wrong ends with 2 and a word on what to write', async () => {
    const base = await repository.commit(COMMON);
    const other = await repository.commit({ 'b.js': 'b' });
    const ask = async (range: string, ...more: string[]) => {
      const { exitCode, text } = await repository.gate(range, ...more);
      expect(exitCode).toBe(2);
      return text;
    };
    expect(await ask('nobody..HEAD~99')).toContain('has no commit');
    expect(await ask('..')).toContain('not a range of commits');
    expect(await ask(`${base}...${other}`)).toContain('no commit in common');
    expect(await ask(`--upload-pack=touch /tmp/x..${base}`)).toContain('errand gate --git-dir');
    expect(await ask(base, 'more')).toContain('takes one range');
    expect(await ask(base, '--config', '/nowhere/config.yml')).toContain('no file');
    const nowhere = await runGateOn('/nowhere', base);
    expect(nowhere).toMatchObject({ exitCode: 2 });
    expect(nowhere.text).toContain('no git repository');
  });

  test('is judged by the settings at its base, where a secret cannot be softened', async () => {
    const settings = (text: string) => ({ ...COMMON, '.agents/config.yml': text });
    const base = await repository.commit(settings('gates: {workflow: warn, codeowners: off}\n'));
    const files = settings('gates: {workflow: warn, codeowners: off}\n');
    const head = await repository.commit({ ...files, [CI]: 'on: push', CODEOWNERS: '* @a' }, [base]);
    expect(await repository.gate(`${base}..${head}`)).toMatchObject({
      exitCode: 0,
      findings: [{ rule: 'workflow', severity: 'warn' }],
    });
    // A change cannot allow itself.
    const bold = await repository.commit(
      { ...settings('gates: {workflow: off, agent_config: off}\n'), [CI]: 'x' },
      [base],
    );
    expect(rulesOf(await repository.gate(`${base}..${bold}`))).toContain('agent_config .agents/config.yml');
    for (const text of ['gates: {secret: off}\n', 'gates: {secrets: warn}\n']) {
      const wrong = await repository.commit(settings(text));
      const next = await repository.commit({ ...settings(text), 'a.js': 'a' }, [wrong]);
      const verdict = await repository.gate(`${wrong}..${next}`);
      expect(verdict.exitCode).toBe(2);
      expect(verdict.text).toMatch(/must be one of block|is not a setting here; there are deleted_test,/);
    }
  });
});

test('a shallow clone that lacks the base says how to get it', async ({ onTestFinished }) => {
  const repository = await createGateRepository();
  onTestFinished(repository.close);
  const base = await repository.commit(COMMON);
  const head = await repository.commit({ ...COMMON, CODEOWNERS: '* @a' }, [base]);
  await repository.git(['update-ref', 'refs/heads/main', head]);
  const clone = join(repository.dir, 'clone');
  await repository.git(['clone', '-q', '--bare', '--depth=1', `file://${repository.dir}`, clone]);
  const verdict = await runGateOn(clone, `${base}..main`);
  expect(verdict).toMatchObject({ exitCode: 2 });
  expect(verdict.text).toContain('git fetch --unshallow');
});

describe('a repository', () => {
  test('may be a checkout, its .git or a worktree, and nothing that it configures is run', async ({
    onTestFinished,
  }) => {
    const dir = await mkdtemp(join(tmpdir(), 'errand-gate-poison-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const marker = join(dir, 'marker');
    const evil = join(dir, 'evil.sh');
    await writeFile(evil, `#!/bin/sh\ntouch ${marker}\ncat "$1"\n`, { mode: 0o755 });
    const tree = join(dir, 'tree');
    const { PATH = '/usr/bin:/bin' } = process.env;
    const env = { PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: '1' };
    const git = (...args: string[]) => execa('git', args, { cwd: tree, env, extendEnv: false });
    await mkdir(tree);
    await git('init', '-q', '--initial-branch=main');
    await git('config', 'user.email', 'a@example.com');
    await git('config', 'user.name', 'a');
    await writeFile(join(tree, 'a.js'), 'a();\n');
    await git('add', '.');
    await git('commit', '-qm', 'one');
    await writeFile(join(tree, 'a.js'), `a("${TOKEN}");\n`);
    await writeFile(join(tree, '.gitattributes'), '*.js -diff diff=evil filter=evil\n');
    await git('add', '.');
    await git('commit', '-qm', 'two');
    await git('worktree', 'add', '-q', '../other', 'HEAD~1');
    for (const [key, value] of [
      ['diff.external', evil],
      ['diff.evil.command', evil],
      ['diff.evil.textconv', evil],
      ['filter.evil.smudge', evil],
      ['core.fsmonitor', evil],
      ['core.pager', evil],
      ['core.sshCommand', evil],
      ['remote.origin.url', 'ssh://nowhere/x'],
      ['remote.origin.promisor', 'true'],
      ['extensions.partialClone', 'origin'],
      ['core.repositoryFormatVersion', '1'],
    ] as const) {
      await git('config', key, value);
    }
    await mkdir(join(tree, '.git', 'info'), { recursive: true });
    await writeFile(join(tree, '.git', 'info', 'attributes'), '*.js -diff binary\n');
    await writeFile(join(tree, '.git', 'hooks', 'reference-transaction'), `#!/bin/sh\ntouch ${marker}\n`, {
      mode: 0o755,
    });
    for (const place of [tree, join(tree, '.git'), join(dir, 'other')]) {
      const verdict = await runGateOn(place, 'main~1..main');
      expect(
        verdict.findings.map(({ rule }) => rule),
        verdict.text,
      ).toEqual(expect.arrayContaining(['secret', 'git_attributes']));
    }
    // A missing object is not fetched.
    const missing = await runGateOn(tree, `${'1'.repeat(40)}..main`);
    expect(missing.exitCode).toBe(2);
    expect(await readdir(dir)).not.toContain('marker');
  });
});
