// Whose $ERRAND_HOME it is. Trees and homes that a database does not know are swept, so a disk must serve one database only.
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent, PermanentError } from '../errors.ts';

const NAME = 'deployment';
/** What file systems without hard links say (FAT, some network shares; link(2)). */
const NO_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * Makes `home` the disk of this deployment (the id in its database), if it is nobody's yet. Of two at the same time one
 * gets it. Throws PermanentError `home_of_another` where it is another's. `hardLink` is for tests.
 */
export async function claimHome(home: string, deploymentId: string, hardLink = link): Promise<void> {
  await mkdir(home, { recursive: true });
  const file = join(home, NAME);
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, `${deploymentId}\n`, { flag: 'wx', mode: 0o644 });
  try {
    // Unlike a rename, this leaves what is there.
    await hardLink(draft, file).catch((thrown: unknown) => {
      if (!NO_LINKS.has(codeOf(thrown))) throw thrown;
      return writeFile(file, `${deploymentId}\n`, { flag: 'wx', mode: 0o644 });
    });
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
  await checkHome(home, deploymentId);
}

/** Throws PermanentError `home_of_another` where `home` is another deployment's; one that is nobody's is fine. */
export async function checkHome(home: string, deploymentId: string): Promise<void> {
  const file = join(home, NAME);
  const owner = await readFile(file, 'utf8').catch((thrown: unknown) => {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  });
  if (owner === undefined || owner.trim() === deploymentId) return;
  throw new PermanentError(
    'home_of_another',
    `The work in ${home} belongs to another database (${owner.trim()}) than the one that is set (${deploymentId}). Set DATABASE_URL to that one, or ERRAND_HOME to another folder. Only if the other database is gone for good: remove ${file} and start again.`,
  );
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
