// How much disk a folder takes, as `du` counts it: sparse files little, links nothing, other disks not at all.
import { statfs } from 'node:fs/promises';
import { execa } from 'execa';
import { surroundings } from '../surroundings.ts';

/** A walk that takes longer is given up; the next one tries again. */
const PATIENCE_MS = 60_000;

/** Bytes on disk below `dir`, or undefined where that could not be found out in time. Runs beside us, in a process of its own. */
export async function measureFolder(dir: string): Promise<number | undefined> {
  const { stdout } = await execa('du', ['-skx', '--', dir], {
    env: surroundings(),
    extendEnv: false,
    reject: false,
    stderr: 'ignore',
    timeout: PATIENCE_MS,
  });
  const kilobytes = /^(\d+)\s/.exec(stdout)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** Bytes that are free for us on the disk of `dir`. */
export async function measureFree(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
