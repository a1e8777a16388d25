// Mirrors are named after repositories: when one is renamed, the work that a job keeps here must come along.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repo } from '../job/repo.ts';
import type { Git } from './git.ts';
import type { Mirrors } from './mirror.ts';
import { type Places, snapshotRef } from './places.ts';

/** Creates what brings work over. */
export function createBringOver({ git, mirrors, places }: { git: Git; mirrors: Mirrors; places: Places }) {
  /**
   * Copies a job's snapshot from the mirror of the former name into that of the new one, which was fetched before. Nothing
   * where there is none, or where the new one has one already; safe to repeat.
   */
  return async function bringOver(job: { jobId: string; from: Repo; to: Repo }): Promise<void> {
    const [old, now] = [places.mirror(job.from), places.mirror(job.to)];
    const ref = snapshotRef(job.jobId);
    if (old === now || !existsSync(old)) return;
    const sha = (await mirrors.readRefs(old, [ref])).get(ref);
    if (sha === undefined || (await mirrors.readRefs(now, [ref])).has(ref)) return;
    // A file, since git here speaks to the one server only and to no folder.
    const bundle = join(now, `${job.jobId}.bundle`);
    try {
      await git.run(['bundle', 'create', '--quiet', bundle, ref], { gitDir: old });
      await git.run(['bundle', 'unbundle', bundle], { gitDir: now });
      await mirrors.updateRefs(now, [`create ${ref} ${sha}`]);
    } finally {
      await rm(bundle, { force: true });
    }
  };
}
