// bin/errand.js as npm's link to it runs it: with a new Node, with an old one, and with an old one beside our own.
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Makes this Node look like an old one, to itself but not to the processes it starts. */
const PRETEND_OLD =
  '--import=data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.9.0"}})';
const MAIN =
  'process.stdout.write(JSON.stringify(process.argv.slice(2)));\nprocess.exitCode = 3 as number;\n';

let checkout: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'errand-launcher-'));
  await cp(join(import.meta.dirname, '../bin'), join(checkout, 'bin'), { recursive: true });
  await writeFile(join(checkout, 'package.json'), '{"type":"module"}');
  await mkdir(join(checkout, 'src'));
  await writeFile(join(checkout, 'src/main.ts'), MAIN);
});

afterEach(() => rm(checkout, { recursive: true }));

function launch(...options: string[]) {
  const launcher = join(checkout, 'bin/errand.js');
  return execa(process.execPath, [...options, launcher, 'doctor', '--json'], { reject: false });
}

test('a new Node runs the TypeScript as it is', async () => {
  expect(await launch()).toMatchObject({ stdout: '["doctor","--json"]', exitCode: 3 });
});

test('an old Node alone gets one calm sentence', async () => {
  const old = await launch(PRETEND_OLD);
  expect(old).toMatchObject({ stdout: '', exitCode: 1 });
  expect(old.stderr).toBe(
    'Errand needs Node 24 or newer and this is 20.9.0: install it from nodejs.org and run the same command again.',
  );
});

test('an old Node hands over to the one that the packages bring', async () => {
  await mkdir(join(checkout, 'node_modules/node/bin'), { recursive: true });
  await symlink(process.execPath, join(checkout, 'node_modules/node/bin/node'));
  expect(await launch(PRETEND_OLD)).toMatchObject({ stdout: '["doctor","--json"]', exitCode: 3 });
});
