// Small commits of text files, made at GitHub itself: for what needs no tree. An agent's work goes through git.
import { PermanentError } from '../errors.ts';
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import type { Client } from './client.ts';
import { asking, isStatus } from './failures.ts';

export type TopEntry = Readonly<{ name: string; kind: 'file' | 'folder' | 'other' }>;

/** The verbs; see each. */
export function createCommits(options: { access: Access }) {
  const clientOf = async (repo: Repo) => (await options.access.reach(repo)).client;

  return {
    /** What stands at the top of a commit. https://docs.github.com/en/rest/git/trees#get-a-tree */
    async topOf(repo: Repo, sha: string): Promise<readonly TopEntry[]> {
      return asking('reading the files', async () => {
        const client = await clientOf(repo);
        const { git } = client.rest;
        const { data } = await git.getTree({ ...toPath(repo), tree_sha: await treeOf(git, repo, sha) });
        return data.tree.map(({ path, mode }) => ({ name: path, kind: kindOf(mode) }));
      });
    },

    /**
     * Makes a branch with one commit of new or changed files on top of `parentSha`. `exists` where there is such a branch
     * already, which is left as it is: whoever asks again finds what was done before.
     */
    async commitToNewBranch(ask: {
      repo: Repo;
      branch: string;
      parentSha: string;
      message: string;
      files: Readonly<Record<string, string>>;
    }): Promise<'created' | 'exists'> {
      const { repo, branch, parentSha, message, files } = ask;
      return asking(`making the branch ${branch}`, async () => {
        const { git } = (await clientOf(repo)).rest;
        const at = toPath(repo);
        const tree = Object.entries(files).map(([path, content]) => ({
          path,
          content,
          mode: FILE,
          type: 'blob' as const,
        }));
        const made = await git.createTree({ ...at, base_tree: await treeOf(git, repo, parentSha), tree });
        const commit = await git.createCommit({ ...at, message, tree: made.data.sha, parents: [parentSha] });
        try {
          await git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: commit.data.sha });
          return 'created';
        } catch (thrown) {
          if (!isStatus(thrown, 422)) throw thrown;
          // The sentence of a 422 is GitHub's to change: whether there is such a branch is asked.
          const found = await git.getRef({ ...at, ref: `heads/${branch}` }).catch(() => undefined);
          if (found) return 'exists';
          throw new PermanentError(
            'github_refused',
            `GitHub did not make the branch ${branch}. Look at the repository's rules for new branches.`,
            { cause: thrown },
          );
        }
      });
    },
  };
}

const FILE = '100644' as const;

async function treeOf(git: Client['rest']['git'], repo: Repo, sha: string): Promise<string> {
  return (await git.getCommit({ ...toPath(repo), commit_sha: sha })).data.tree.sha;
}

function kindOf(mode: string): TopEntry['kind'] {
  if (mode === '040000') return 'folder';
  return mode === FILE || mode === '100755' ? 'file' : 'other';
}

function toPath({ owner, name }: Repo) {
  return { owner, repo: name };
}
