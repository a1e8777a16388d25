// Runs git against GitHub with credentials that GitHub's git servers may not know yet, or no longer.
import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentError } from '../errors.ts';
import type { GitCredentials } from '../github/access.ts';
import type { Repo } from '../job/repo.ts';
import type { RunnerContext } from './context.ts';

/** How git tells that it was not let in (workspace/git-errors.ts). */
const NOT_LET_IN: ReadonlySet<string> = new Set(['git_auth', 'git_forbidden', 'repo_not_found']);

/** A token younger than this may be one that only some of GitHub's machines know. */
const YOUNG_MS = 15_000;
/** GitHub's support advises to wait about 3 s, then about 10 s. A new token would be as young again. */
const [PAUSE_MS, LONG_PAUSE_MS] = [3_000, 9_000] as const;
const ANEW = 'anew';

type Ask<T> = Readonly<{
  repo: Repo;
  access: 'read' | 'write';
  signal?: AbortSignal | undefined;
  /** True for an end of `run` that means it was not let in, where that is no error. */
  isRefused?: (done: T) => boolean;
}>;

/**
 * Runs `run`, which may be repeated, with credentials for git. Where git is not let in, it waits with a token that was just
 * minted, and mints a new one in place of an older one, which somebody may have revoked. What git says last is what counts.
 */
export async function withGitCredentials<T>(
  { github, now, log }: Pick<RunnerContext, 'github' | 'now' | 'log'>,
  { repo, access, signal, isRefused = () => false }: Ask<T>,
  run: (credentials: GitCredentials) => Promise<T>,
): Promise<T> {
  let credentials = await github.gitCredentials(repo, { access });
  const { mintedAt } = credentials;
  const isYoung = mintedAt !== undefined && now().getTime() - mintedAt.getTime() < YOUNG_MS;
  // A new one is young again, whichever came before it.
  const steps = isYoung ? [PAUSE_MS, LONG_PAUSE_MS, ANEW, PAUSE_MS] : [ANEW, PAUSE_MS, LONG_PAUSE_MS];
  for (;;) {
    const tried = await attempt(() => run(credentials), isRefused);
    const step = tried.isLetIn || mintedAt === undefined ? undefined : steps.shift();
    if (step === undefined) return tried.end();
    log.info({ step }, 'runner.git.again');
    if (typeof step === 'number')
      await sleep(step, undefined, { signal }).catch(() => signal?.throwIfAborted());
    else credentials = await github.gitCredentials(repo, { access, anew: true });
  }
}

/** `end` returns or throws what came of it. */
async function attempt<T>(
  run: () => Promise<T>,
  isRefused: (done: T) => boolean,
): Promise<{ isLetIn: boolean; end: () => T }> {
  try {
    const done = await run();
    return { isLetIn: !isRefused(done), end: () => done };
  } catch (thrown) {
    if (!(thrown instanceof PermanentError) || !NOT_LET_IN.has(thrown.code)) throw thrown;
    const end = () => {
      throw thrown;
    };
    return { isLetIn: false, end };
  }
}
