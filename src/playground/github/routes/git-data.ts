// Git's own objects over REST: trees are listed and made, commits and refs are made.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { apiError, created, notFound, ok } from '../answer.ts';
import { readPushes } from '../branches.ts';
import { attemptGit, git } from '../git.ts';
import { commitTree, resolveCommit } from '../repositories.ts';
import { parseBody, type RepositoryCall, type Route, repositoryRoute } from '../router.ts';
import { exclusively, type State } from '../state.ts';

const newTree = z.object({
  base_tree: z.string(),
  tree: z.array(
    z.object({ path: z.string(), mode: z.literal('100644'), type: z.literal('blob'), content: z.string() }),
  ),
});
const newCommit = z.object({ message: z.string(), tree: z.string(), parents: z.array(z.string()) });
const newRef = z.object({ ref: z.string(), sha: z.string() });

/** What there is of https://docs.github.com/en/rest/git. */
export function gitDataRoutes(state: State): Route[] {
  const on = repositoryRoute.bind(undefined, state);
  return [
    on('GET /git/commits/:sha', { contents: 'read' }, async ({ repository, params }) => {
      const tree = `${params['sha']}^{tree}`;
      const args = ['rev-parse', '--verify', '--end-of-options', tree];
      const { code, stdout } = await attemptGit(repository.directory, args);
      if (code !== 0) throw notFound();
      return ok({ sha: params['sha'], tree: { sha: stdout.trim() } });
    }),
    on('GET /git/trees/:sha', { contents: 'read' }, listTree),
    on('POST /git/trees', { contents: 'write' }, makeTree),
    on('POST /git/commits', { contents: 'write' }, async ({ repository, body, login }) => {
      const { message, tree, parents } = parseBody(newCommit, body);
      const author = { name: login, email: `${login}@users.noreply.github.com` };
      const fields = { tree, parents, message, author, at: state.now() };
      return created({ sha: await commitTree(repository.directory, fields) });
    }),
    on('POST /git/refs', { contents: 'write' }, (call) => makeRef(state, call)),
  ];
}

async function listTree({ repository, params }: RepositoryCall) {
  const { code, stdout } = await attemptGit(repository.directory, ['ls-tree', '-z', params['sha'] ?? '']);
  if (code !== 0) throw notFound();
  const tree = stdout
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [meta = '', path = ''] = line.split('\t');
      const [mode = '', type = '', sha = ''] = meta.split(' ');
      return { path, mode, type, sha };
    });
  return ok({ sha: params['sha'], tree, truncated: false });
}

async function makeTree({ repository, body }: RepositoryCall) {
  const { base_tree: base, tree } = parseBody(newTree, body);
  const dir = await mkdtemp(join(tmpdir(), 'github-index-'));
  const env = { GIT_INDEX_FILE: join(dir, 'index') };
  try {
    await git(repository.directory, ['read-tree', base], { env });
    for (const { path, mode, content } of tree) {
      const sha = await git(repository.directory, ['hash-object', '-w', '--stdin'], { input: content });
      await git(repository.directory, ['update-index', '--add', '--cacheinfo', `${mode},${sha},${path}`], {
        env,
      });
    }
    return created({ sha: await git(repository.directory, ['write-tree'], { env }), truncated: false });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function makeRef(state: State, { repository, body, login }: RepositoryCall) {
  const { ref, sha } = parseBody(newRef, body);
  return exclusively(repository, async () => {
    if (!/^refs\/heads\/.+/.test(ref)) throw apiError(422, 'Reference name must start with refs/heads/');
    if (!(await resolveCommit(repository.directory, sha))) throw apiError(422, 'Object does not exist');
    if (await resolveCommit(repository.directory, ref)) throw apiError(422, 'Reference already exists');
    await git(repository.directory, ['update-ref', ref, sha]);
    await readPushes(state, repository, login);
    return created({ ref, object: { type: 'commit', sha } });
  });
}
