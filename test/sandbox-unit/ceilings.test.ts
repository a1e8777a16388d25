// What is added to the sandbox library's command line to bound it, for a new bubblewrap and for one that knows no sizes.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMemoryFiles } from '../../src/sandbox/binaries.ts';
import { boundMemoryFiles, readSizeProbe } from '../../src/sandbox/ceilings.ts';
import { countsPerNamespace } from '../../src/sandbox/process-ceiling.ts';

const CEILINGS = { tasks: 50, fileBytes: 1, scratchBytes: 9_000 };
const LINE = 'bwrap --ro-bind / / --tmpfs /tmp --tmpfs /home --dev /dev --proc /proc -- sh -c "--tmpfs /x"';

test('each folder in memory gets a size where bubblewrap takes one', () => {
  expect(boundMemoryFiles(LINE, CEILINGS, 'sized')).toBe(
    'bwrap --unshare-ipc --ro-bind / / --size 9000 --tmpfs /tmp --size 1048576 --tmpfs /home --dev /dev --size 9000 --tmpfs /dev/shm --remount-ro /dev --proc /proc -- sh -c "--tmpfs /x"',
  );
});

test('an old or setuid bubblewrap is asked for no size, and for all else', () => {
  expect(boundMemoryFiles(LINE, CEILINGS, 'watched')).toBe(
    'bwrap --unshare-ipc --ro-bind / / --tmpfs /tmp --tmpfs /home --dev /dev --tmpfs /dev/shm --remount-ro /dev --proc /proc -- sh -c "--tmpfs /x"',
  );
});

test.each([
  ['bwrap: Unknown option --size', 'watched'],
  ['bwrap: The --size option is not permitted in setuid mode', 'watched'],
  ['', 'sized'],
  ['bwrap: No permissions to create a new namespace', 'sized'],
])('"%s" means %s', (stderr, memoryFiles) => {
  expect(readSizeProbe(stderr)).toBe(memoryFiles);
});

test('a bubblewrap is asked once with a size of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'errand-old-bwrap-'));
  try {
    const bwrap = join(folder, 'bwrap');
    const old =
      '#!/bin/sh\ncase " $* " in *" --size "*) echo "bwrap: Unknown option --size" >&2; exit 1;; esac\n';
    await writeFile(bwrap, old);
    await chmod(bwrap, 0o755);
    expect(await findMemoryFiles(bwrap)).toBe('watched');
    expect(await findMemoryFiles('/bin/true')).toBe('sized');
    expect(await findMemoryFiles(join(folder, 'missing'))).toBe('sized');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  [{ platform: 'linux', kernel: '5.13.19' }, false],
  [{ platform: 'linux', kernel: '4.18.0-553.el8' }, false],
  [{ platform: 'linux', kernel: '5.14.0-427.el9' }, true],
  [{ platform: 'linux', kernel: '6.8.0-31-generic' }, true],
  [{ platform: 'darwin', kernel: '24.1.0' }, false],
] as const)('%o counts the processes of a sandbox alone: %s', (machine, counts) => {
  expect(countsPerNamespace(machine)).toBe(counts);
});
