// The demo agent's hands: reads the tree's few text files, writes one, runs the tests.
import { glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import type { Files } from './repairs.ts';

const MAX_FILES = 200;
const MAX_BYTES = 100_000;
const OUTPUT_CHARS = 3_000;

/** All small text files that a repair may look at. */
export async function readTree(tree: string): Promise<Files> {
  const files: Record<string, string> = {};
  const exclude = (name: string) => name === 'node_modules' || name === '.git';
  for await (const path of glob('**/*.{js,ts,json,md}', { cwd: tree, exclude })) {
    const { size } = await stat(join(tree, path));
    if (size <= MAX_BYTES) files[path.replaceAll('\\', '/')] = await readFile(join(tree, path), 'utf8');
    if (Object.keys(files).length >= MAX_FILES) break;
  }
  return files;
}

export async function writeInTree(tree: string, path: string, content: string): Promise<void> {
  await mkdir(dirname(join(tree, path)), { recursive: true });
  await writeFile(join(tree, path), content);
}

/** A test of the repository is code of somebody else's: it gets what npm needs. */
function npmEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TERM'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

async function hasTests(tree: string): Promise<boolean> {
  const text = await readFile(join(tree, 'package.json'), 'utf8').catch(() => '{}');
  return /"test"\s*:/.test(text);
}

/** Runs `npm test`; where there is none nothing fails. The output is cut to its end, where the result stands. */
export async function runTests(
  tree: string,
  cancelSignal: AbortSignal,
): Promise<{ passed: boolean; output: string }> {
  if (!(await hasTests(tree))) return { passed: true, output: 'This repository has no npm test.' };
  const result = await execa('npm', ['test'], {
    cwd: tree,
    env: npmEnvironment(),
    extendEnv: false,
    all: true,
    reject: false,
    stdin: 'ignore',
    killDescendants: true,
    cancelSignal,
  });
  const output = (result.all ?? '').slice(-OUTPUT_CHARS);
  return { passed: !result.failed, output: output || (result.shortMessage ?? 'npm test said nothing') };
}
