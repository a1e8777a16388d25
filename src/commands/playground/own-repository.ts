// A repository of the person's own for the playground: looked at, named, and later copied. Nothing is ever written to it.
import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { execa } from 'execa';
import { type Refusal, refuse } from '../../errors.ts';
import { surroundings } from '../../surroundings.ts';

/** Whose it is on the local GitHub. */
const OWNER = 'you';

export type OwnRepository = Readonly<{ owner: string; name: string; cloneOf: string; defaultBranch: string }>;

/** Reads what is at `path`; a refusal says why it cannot be served and what to do. */
export async function readOwnRepository(path: string): Promise<OwnRepository | Refusal> {
  const cloneOf = await realpath(resolve(path)).catch(() => undefined);
  if (cloneOf === undefined)
    return refuse('no_such_folder', `There is no folder ${path}. Name one that holds a git repository.`);
  const git = async (...args: readonly string[]) => {
    const done = await execa('git', args, {
      cwd: cloneOf,
      env: surroundings(),
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    });
    return { isFine: done.exitCode === 0, said: done.stdout.trim(), complaint: done.stderr.trim() };
  };
  const inside = await git('rev-parse', '--absolute-git-dir');
  if (!inside.isFine) {
    const why = inside.complaint.includes('dubious ownership')
      ? ' that is yours (git says it belongs to somebody else)'
      : '';
    return refuse(
      'not_a_repository',
      `${path} is no git repository${why}. Run \`git init\` and commit there, or name another folder.`,
    );
  }
  const branch = await git('symbolic-ref', '--quiet', '--short', 'HEAD');
  if (!branch.isFine)
    return refuse('no_branch', `${path} has no branch checked out. Run \`git switch main\` there first.`);
  const commit = await git('rev-parse', '--verify', '--quiet', `refs/heads/${branch.said}^{commit}`);
  if (!commit.isFine) return refuse('no_commit', `${path} has no commit yet. Commit something there first.`);
  const top = await git('rev-parse', '--show-toplevel');
  const folder = top.isFine && top.said !== '' ? top.said : cloneOf;
  return { owner: OWNER, name: nameOf(folder), cloneOf: folder, defaultBranch: branch.said };
}

/** As GitHub would name it: letters, digits, `.`, `-` and `_`. */
export function nameOf(folder: string): string {
  const name = basename(folder)
    .replace(/\.git$/, '')
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return name.slice(0, 80) || 'repository';
}
