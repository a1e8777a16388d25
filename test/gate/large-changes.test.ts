// What is too much to be read is said and blocks; what is merely much is read, and quickly.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGateRepository, type GateRepository, type Tree } from '../support/gate-repository.ts';
import { COMMON } from './cases.ts';

describe('a large change', () => {
  let repository: GateRepository;
  beforeAll(async () => {
    repository = await createGateRepository();
  });
  afterAll(() => repository.close());

  const judge = async (files: Tree, settings: Tree = {}) => {
    const base = await repository.commit({ ...COMMON, ...settings });
    const head = await repository.commit({ ...COMMON, ...settings, ...files }, [base]);
    return repository.gate(`${base}..${head}`);
  };

  test('whose one file is beyond reading blocks for that file, and the others are judged', async () => {
    const verdict = await judge({ 'big.js': 'run();\n'.repeat(900_000), CODEOWNERS: '* @a' });
    const found = verdict.findings.map(({ rule, file }) => `${rule} ${file}`);
    expect(found).toEqual(expect.arrayContaining(['not_read big.js', 'codeowners CODEOWNERS']));
    expect(verdict.blocked).toBe(true);
  });

  test('that nobody looked through for secrets is told, whatever a repository wants it to be worth', async () => {
    for (const worth of ['off', 'warn']) {
      const settings = { '.agents/config.yml': `gates: {not_read: ${worth}, large_file: off}\n` };
      const verdict = await judge({ 'big.js': 'run();\n'.repeat(900_000) }, settings);
      expect(verdict.findings).toMatchObject([{ rule: 'not_read', file: 'big.js', severity: 'warn' }]);
    }
  });

  test('of an object that is not there blocks', async () => {
    const base = await repository.commit(COMMON);
    const sha = '2'.repeat(40);
    const tree = await repository.git(['mktree', '--missing'], `100644 blob ${sha}\tREADME.md\n`);
    const verdict = await repository.gate(
      `${base}..${await repository.git(['commit-tree', tree, '-p', base, '-m', 'x'])}`,
    );
    expect(verdict.findings.map(({ rule, file }) => `${rule} ${file}`)).toContain('not_read README.md');
    expect(verdict.exitCode).toBe(1);
  });

  test('of lines that pose as a patch is read as what it is', async () => {
    const tricks =
      'diff --git a/000001 b/000001\n@@ -0,0 +1,9 @@\n+++ b/x\n\\ No newline at end of file\n-- \n';
    const verdict = await judge({
      'a.txt': `${tricks}on\u202ee\n`,
      'b.txt': 'no line end',
      'c.txt': `x\r\ny${'\u200b'}\r\n`,
    });
    expect(verdict.findings).toMatchObject([
      { rule: 'hidden_text', file: 'a.txt', line: 6 },
      { rule: 'hidden_text', file: 'c.txt', line: 2 },
    ]);
  });

  test('names at most so many findings of a rule, and how many more there are', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`.claude/${at}.md`, 'x\n']));
    const verdict = await judge(files);
    const own = verdict.findings.filter(({ rule }) => rule === 'agent_config');
    expect(own).toHaveLength(51);
    expect(own.at(-1)).toMatchObject({
      severity: 'block',
      say: '10 more files or lines like these.',
    });
  });
});
