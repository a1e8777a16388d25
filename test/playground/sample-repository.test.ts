// The sample shop is honest: its test really fails, and the fix named in its file really mends it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { sampleRepository } from '../../src/playground/sample/sample-repository.ts';
import { startGitHub } from '../support/playground-github.ts';

/** The sample's own test run, not taken for a part of ours. */
const runSampleTest = (cwd: string) =>
  execa('node', ['--test'], {
    cwd,
    reject: false,
    env: { NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
  });

test('the sample fails its test for one reason, and the fix makes it pass', async () => {
  await using world = await startGitHub();
  const sample = sampleRepository();
  await world.github.addRepository({ owner: sample.owner, name: 'till', files: sample.files });
  for (const issue of sample.issues) world.github.addIssue({ repo: 'acme/till', ...issue });
  expect([1, 2, 3].map((number) => world.github.issue('acme/till', number).state)).toEqual([
    'open',
    'open',
    'closed',
  ]);

  const folder = join(world.dir, 'till');
  await world.github.checkout('acme/till', 'main', folder);
  const before = await runSampleTest(folder);
  expect(before.exitCode).toBe(1);
  expect(before.stdout).toMatch(/pass 3\n.*fail 1\n/);

  const file = join(folder, 'src/cart.js');
  const fixed = (await readFile(file, 'utf8')).replace(
    'sum * discountPercent)',
    '(sum * discountPercent) / 100)',
  );
  await writeFile(file, fixed);
  expect((await runSampleTest(folder)).exitCode).toBe(0);
});
