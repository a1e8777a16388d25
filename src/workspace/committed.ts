// Looks at single files of commits that were fetched, without a tree.
import type { Repo } from '../job/repo.ts';
import type { Git } from './git.ts';
import type { Mirrors } from './mirror.ts';

const MOST_FILE_BYTES = 1_000_000;
const MOST_LISTING_BYTES = 1_000_000;
/** Of a whole tree; what stands behind that is not looked at. */
const MOST_NAMES_BYTES = 20_000_000;

/** What stands in a folder: its name there. A link is neither a file nor a folder. */
export type CommittedEntry = Readonly<{ name: string; kind: 'file' | 'folder' | 'other' }>;

/** Creates the verbs. */
export function createCommitted({ git, mirrors }: { git: Git; mirrors: Mirrors }) {
  return {
    /**
     * The text of a file; undefined where there is none. A link is read as the path it holds and never followed. Longer
     * files are cut at `limitBytes`.
     */
    async readCommitted(at: {
      repo: Repo;
      sha: string;
      path: string;
      limitBytes?: number;
    }): Promise<string | undefined> {
      const gitDir = await mirrors.open(at.repo);
      const { exitCode, stdout, cut } = await git.attempt(['cat-file', 'blob', `${at.sha}:${at.path}`], {
        gitDir,
        limitBytes: at.limitBytes ?? MOST_FILE_BYTES,
      });
      return exitCode === 0 || cut ? stdout : undefined;
    },

    /** What stands in a folder (`''` for the top), in git's order; empty where there is none. Very long lists are cut. */
    async listCommitted(at: { repo: Repo; sha: string; path: string }): Promise<readonly CommittedEntry[]> {
      const gitDir = await mirrors.open(at.repo);
      const { exitCode, stdout, cut } = await git.attempt(['ls-tree', '-z', `${at.sha}:${at.path}`], {
        gitDir,
        limitBytes: MOST_LISTING_BYTES,
      });
      if (exitCode !== 0 && !cut) return [];
      const whole = stdout.slice(0, stdout.lastIndexOf('\0') + 1);
      return whole.split('\0').filter(Boolean).map(readEntry);
    },

    /** The paths of all files that are called so, in git's order. */
    async findCommitted(at: {
      repo: Repo;
      sha: string;
      names: ReadonlySet<string>;
    }): Promise<readonly string[]> {
      const gitDir = await mirrors.open(at.repo);
      const { stdout } = await git.attempt(['ls-tree', '-r', '-z', '--name-only', at.sha], {
        gitDir,
        limitBytes: MOST_NAMES_BYTES,
      });
      const whole = stdout.slice(0, stdout.lastIndexOf('\0') + 1);
      return whole.split('\0').filter((path) => at.names.has(path.slice(path.lastIndexOf('/') + 1)));
    },
  };
}

/** `100644 blob <sha>\t<name>`, https://git-scm.com/docs/git-ls-tree#_output_format */
function readEntry(line: string): CommittedEntry {
  const tab = line.indexOf('\t');
  const mode = line.slice(0, 6);
  const name = line.slice(tab + 1);
  if (mode === '040000') return { name, kind: 'folder' };
  return { name, kind: mode === '100644' || mode === '100755' ? 'file' : 'other' };
}
