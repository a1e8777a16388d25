// Runs git for the local GitHub, always deaf to the machine's own git configuration. Knows no GitHub rules.
import { execa } from 'execa';

/** The environment of every git process: no user or system configuration, no prompts, one neutral identity. */
export const GIT_ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'GitHub',
  GIT_AUTHOR_EMAIL: 'noreply@github.com',
  GIT_COMMITTER_NAME: 'GitHub',
  GIT_COMMITTER_EMAIL: 'noreply@github.com',
};

export type GitOptions = { input?: string; env?: Record<string, string> };
export type GitResult = { code: number; stdout: string; stderr: string };

/** Runs `git <args>` in `directory` and returns its exit code and output, whatever they are. */
export async function attemptGit(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<GitResult> {
  const result = await execa('git', args, {
    cwd: directory,
    env: { ...GIT_ENVIRONMENT, ...options.env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    input: options.input ?? '',
  });
  if (result.exitCode === undefined) throw new Error(`git ${args[0]} did not run: ${result.message}`);
  return { code: result.exitCode, stdout: result.stdout, stderr: result.stderr };
}

/** Runs `git <args>` in `directory` and returns its trimmed standard output. Throws what git said when it fails. */
export async function git(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await attemptGit(directory, args, options);
  if (code !== 0) throw new Error(`git ${args.join(' ')} failed with ${code}: ${stderr.trim()}`);
  return stdout.trimEnd();
}

/** Like `git`, for output that is not text: returned byte for byte. */
export async function gitBytes(directory: string, args: readonly string[]): Promise<Uint8Array> {
  const result = await execa('git', args, {
    cwd: directory,
    env: GIT_ENVIRONMENT,
    extendEnv: false,
    encoding: 'buffer',
    stripFinalNewline: false,
  });
  return result.stdout;
}

/** The author of a commit, as environment for `git commit-tree`. */
export function authorEnvironment(author: { name: string; email: string }, at: Date): Record<string, string> {
  const date = `${Math.floor(at.getTime() / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  };
}
