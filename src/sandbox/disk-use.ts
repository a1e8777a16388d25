// How much disk a folder takes, as `du` counts it: sparse files little, links nothing, other disks not at all; and how
// much is left.
import { statfs } from 'node:fs/promises';
import { execa } from 'execa';
import { surroundings } from '../surroundings.ts';

/** A walk that takes longer is given up; the next one tries again. */
const PATIENCE_MS = 60_000;
/** What one file takes of a disk at least, however empty: a disk can run out of files before it runs out of bytes. */
const FILE_BYTES = 4_096;

/** What is left on a disk for us. `files` is Infinity where the file system knows no such limit. */
export type Free = Readonly<{ bytes: number; files: number }>;

/**
 * Bytes on disk below `dir`, each file counted as 4 KB at least (where `du` can count files: GNU), or undefined where that
 * could not be found out in time. Runs beside us, in processes of their own.
 */
export async function measureFolder(dir: string): Promise<number | undefined> {
  const [kilobytes, files] = await Promise.all([askDu(['-skx'], dir), askDu(['-sx', '--inodes'], dir)]);
  return kilobytes === undefined ? undefined : Math.max(kilobytes * 1_024, (files ?? 0) * FILE_BYTES);
}

/** What is free for us on the disk of `dir`. */
export async function measureFree(dir: string): Promise<Free> {
  const { bavail, bsize, files, ffree } = await statfs(dir);
  return { bytes: bavail * bsize, files: files === 0 ? Number.POSITIVE_INFINITY : ffree };
}

async function askDu(flags: readonly string[], dir: string): Promise<number | undefined> {
  const { stdout } = await execa('du', [...flags, '--', dir], {
    env: surroundings(),
    extendEnv: false,
    reject: false,
    stderr: 'ignore',
    timeout: PATIENCE_MS,
  });
  const count = /^(\d+)\s/.exec(stdout)?.[1];
  return count === undefined ? undefined : Number(count);
}
