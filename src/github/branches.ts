// Branches as GitHub has them. Whoever wants a tree goes through git, not through here.
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import type { Client } from './client.ts';
import { asking, isStatus } from './failures.ts';

export type DeleteBranchAnswer =
  | Readonly<{ kind: 'deleted' | 'gone' }>
  /** Somebody pushed since: the branch was left alone. */
  | Readonly<{ kind: 'moved'; sha: string }>;

/** The verbs for branches; see each. */
export function createBranches(options: { access: Access }) {
  const clientOf = async (repo: Repo) => (await options.access.reach(repo)).client;

  return {
    /** The commit a branch points to; undefined when there is no such branch. */
    async branchSha(repo: Repo, branch: string): Promise<string | undefined> {
      return asking(`reading branch ${branch}`, async () =>
        readBranchSha(await clientOf(repo), repo, branch),
      );
    },

    /** Deletes a branch once. With `expectedSha` only while it still points there. */
    async deleteBranch(ask: {
      repo: Repo;
      branch: string;
      expectedSha?: string;
    }): Promise<DeleteBranchAnswer> {
      const { repo, branch, expectedSha } = ask;
      return asking(`deleting branch ${branch}`, async () => {
        const client = await clientOf(repo);
        const sha = await readBranchSha(client, repo, branch);
        if (sha === undefined) return { kind: 'gone' };
        if (expectedSha !== undefined && sha !== expectedSha) return { kind: 'moved', sha };
        try {
          await client.rest.git.deleteRef({ owner: repo.owner, repo: repo.name, ref: `heads/${branch}` });
          return { kind: 'deleted' };
        } catch (thrown) {
          // 422 "Reference does not exist" also stands for other refusals: ask rather than read the sentence.
          if (isStatus(thrown, 404, 422) && (await readBranchSha(client, repo, branch)) === undefined) {
            return { kind: 'gone' };
          }
          throw thrown;
        }
      });
    },
  };
}

async function readBranchSha(client: Client, repo: Repo, branch: string): Promise<string | undefined> {
  try {
    const { data } = await client.rest.git.getRef({
      owner: repo.owner,
      repo: repo.name,
      ref: `heads/${branch}`,
    });
    return data.object.sha;
  } catch (thrown) {
    // 409 "Git Repository is empty.": nobody pushed anything yet.
    if (isStatus(thrown, 404, 409)) return undefined;
    throw thrown;
  }
}
