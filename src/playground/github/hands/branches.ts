// What people do with branches: look, push, delete; asked of git itself. Repositories are named `owner/name`.
import { readPushes } from '../branches.ts';
import { attemptGit, git } from '../git.ts';
import { checkoutFiles, commitFiles, resolveCommit } from '../repositories.ts';
import { authorOf, exclusively, type State } from '../state.ts';

export function createBranchHands(state: State) {
  return {
    /** The commit of a branch right now, asked of git itself; undefined when there is no such branch. */
    branchSha: (repo: string, branch: string): Promise<string | undefined> =>
      resolveCommit(state.get(repo).directory, `refs/heads/${branch}`),
    /** A file's text at a branch or SHA; undefined when it is not there. */
    async readFile(repo: string, ref: string, path: string): Promise<string | undefined> {
      const { directory } = state.get(repo);
      const commit = await resolveCommit(directory, ref);
      const found = commit
        ? await attemptGit(directory, ['cat-file', 'blob', `${commit}:${path}`])
        : undefined;
      return found?.code === 0 ? found.stdout : undefined;
    },
    /** Somebody pushes a commit by hand; null deletes a file. A new branch starts at the default branch. */
    commitTo(
      repo: string,
      branch: string,
      files: Readonly<Record<string, string | null>>,
      commit: { message: string; author?: string },
    ): Promise<string> {
      const repository = state.get(repo);
      const login = commit.author ?? repository.owner;
      return exclusively(repository, async () => {
        const from = repository.defaultBranch;
        const fields = {
          branch,
          files,
          message: commit.message,
          author: authorOf(login),
          at: state.now(),
          from,
        };
        const sha = await commitFiles(repository.directory, fields);
        await readPushes(state, repository, login);
        return sha;
      });
    },
    deleteBranch(repo: string, branch: string, by?: string): Promise<void> {
      const repository = state.get(repo);
      return exclusively(repository, async () => {
        await git(repository.directory, ['update-ref', '-d', `refs/heads/${branch}`]);
        await readPushes(state, repository, by ?? repository.owner);
      });
    },
    /** Writes the files of a branch or SHA into `dir`, without a `.git`. */
    async checkout(repo: string, ref: string, dir: string): Promise<void> {
      const { directory } = state.get(repo);
      const commit = await resolveCommit(directory, ref);
      if (!commit) throw new Error(`${repo} has no ${ref}.`);
      await checkoutFiles(directory, commit, dir);
    },
  };
}
