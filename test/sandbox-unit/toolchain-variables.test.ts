// A version manager inside a sandbox hears where the operator's toolchains are, and of nothing that is hidden.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildReadRules } from '../../src/sandbox/read-rules.ts';
import { toolchainVariables } from '../../src/sandbox/toolchain-variables.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'errand-toolchains-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('only toolchains that exist have a variable', async () => {
  expect(toolchainVariables({}, home)).toEqual({});
  await mkdir(join(home, '.rustup'));
  expect(toolchainVariables({}, home)).toEqual({ RUSTUP_HOME: join(home, '.rustup') });
});

test("the operator's own place holds where it is open, and not where it is hidden", async () => {
  await mkdir(join(home, '.rustup'));
  await mkdir(join(home, '.elsewhere'));
  expect(toolchainVariables({ RUSTUP_HOME: '/usr/bin' }, home)).toEqual({ RUSTUP_HOME: '/usr/bin' });
  expect(toolchainVariables({ RUSTUP_HOME: join(home, '.elsewhere') }, home)).toEqual({
    RUSTUP_HOME: join(home, '.rustup'),
  });
});

test('every folder of a variable below a home is open for reading', async () => {
  for (const folder of ['.rustup', '.volta', '.pyenv', '.asdf', '.local/share/mise'])
    await mkdir(join(home, folder), { recursive: true });
  const options = { argv: ['sh'], path: '', jobDir: '/x', writable: [], readable: [], denyRead: [], home };
  const named = Object.values(toolchainVariables({}, home));
  expect(named).toHaveLength(5);
  expect(buildReadRules(options).allow).toEqual(expect.arrayContaining(named));
});
