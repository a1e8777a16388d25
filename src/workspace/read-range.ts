// Reads a range of commits of any repository on this machine, for `errand gate`. Whoever filled that git dir runs nothing
// here: no hook, no filter, no driver, no transport.
import { tmpdir } from 'node:os';
import { type Change, type ChangeQuestion, readChange } from './change.ts';
import { createGit } from './git.ts';
import { findGitDir, resolveRange } from './range.ts';

/** `settings` is the text of a file at the range's base, undefined where there is none. Throws PermanentError. */
export async function readRange(options: {
  /** A git dir, bare or not, or the top of a checkout. */
  dir: string;
  /** `BASE..HEAD`, `BASE...HEAD` or one commit. */
  range: string;
  settingsPath: string;
  wants: ChangeQuestion['wants'];
  /** What git needs of the process environment: PATH. */
  env?: Readonly<Record<string, string>>;
}): Promise<{ change: Change; settings: string | undefined }> {
  // The address is never spoken to.
  const git = createGit({ serverUrl: 'https://localhost', offline: true, env: options.env ?? {} });
  const gitDir = await findGitDir(options.dir);
  const range = await resolveRange(git, gitDir, options.range);
  const change = await readChange(git, { ...range, wants: options.wants, tmp: tmpdir() });
  if (range.base === undefined) return { change, settings: undefined };
  const said = await git.attempt(['cat-file', 'blob', `${range.base}:${options.settingsPath}`], {
    gitDir,
    limitBytes: 1_000_000,
  });
  return { change, settings: said.exitCode === 0 || said.cut ? said.stdout : undefined };
}
