// Reads one small file of a commit. Trees and history go through git, not through here.
import { z } from 'zod';
import type { Repo } from '../job/repo.ts';
import type { Access } from './access.ts';
import { asking, isStatus } from './failures.ts';

export type FileAnswer =
  | Readonly<{ kind: 'file'; content: string }>
  | Readonly<{ kind: 'none' }>
  /** Something else stands there, a folder or a submodule, or a file too large to be handed out (1 MB). */
  | Readonly<{ kind: 'no_file' }>;

/** https://docs.github.com/en/rest/repos/contents#get-repository-content */
const fileSchema = z.object({ type: z.literal('file'), encoding: z.literal('base64'), content: z.string() });

/** The one verb; see there. */
export function createFiles(options: { access: Access }) {
  return {
    /** The file at `path` in a commit, named by its SHA because a branch and a tag may share a name. */
    async fileAt(ask: { repo: Repo; sha: string; path: string }): Promise<FileAnswer> {
      const { repo, sha, path } = ask;
      return asking(`reading ${path}`, async (): Promise<FileAnswer> => {
        const { client } = await options.access.reach(repo);
        try {
          const at = { owner: repo.owner, repo: repo.name, path, ref: sha };
          const file = fileSchema.safeParse((await client.rest.repos.getContent(at)).data).data;
          if (file === undefined) return { kind: 'no_file' };
          return { kind: 'file', content: Buffer.from(file.content, 'base64').toString('utf8') };
        } catch (thrown) {
          if (isStatus(thrown, 404, 409)) return { kind: 'none' };
          throw thrown;
        }
      });
    },
  };
}
