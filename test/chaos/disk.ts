// A machine's disk that can be filled. As root it is a small file system of its own; elsewhere there is none to be had,
// and the process is run under a limit on the size of the files it may write, which is how a full disk looks from inside.
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Unit } from './unit.ts';

/** Holds a mirror, some trees and homes; small enough to be filled in a moment. */
const SIZE_MB = 96;
const PIECE = Buffer.alloc(1_000_000);
/** In blocks of 512 bytes: nothing beyond 4 kB can be written. */
const FILE_LIMIT_BLOCKS = 8;

export type Disk = Awaited<ReturnType<typeof openDisk>>;

/** Makes `home` a disk of its own where that is possible. */
export async function openDisk(home: string) {
  await mkdir(home, { recursive: true });
  const mounted = await mount(home);
  const ballast = join(home, 'ballast');
  return {
    /** Until `free`, the runner that lives here finds no room. */
    async fill(runner: Unit): Promise<void> {
      if (mounted) await writeUntilFull(ballast);
      else await runner.runBehind(['sh', '-c', `ulimit -f ${FILE_LIMIT_BLOCKS}; exec "$0" "$@"`]);
    },
    async free(runner: Unit): Promise<void> {
      if (mounted) await rm(ballast, { force: true });
      else await runner.kill();
    },
    async close(): Promise<void> {
      if (mounted) await execa('umount', ['--lazy', home], { reject: false });
    },
  };
}

async function mount(home: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const said = await execa('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m`, 'tmpfs', home], {
    reject: false,
  });
  return said.exitCode === 0;
}

async function writeUntilFull(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (;;) await file.write(PIECE);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) throw thrown;
  } finally {
    await file.close();
  }
}
