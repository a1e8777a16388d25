// Whether this machine's git will do, for `errand doctor`. Touches no repository.
import { simpleGit } from 'simple-git';
import { surroundings } from '../surroundings.ts';

/** One line of the doctor's report; `mend` says what to do about it. */
type Finding = Readonly<{ ok: boolean; say: string; mend?: string }>;

const NEEDED = { major: 2, minor: 38 };
const INSTALL = `Install git ${NEEDED.major}.${NEEDED.minor} or newer, for example with \`apt-get install git\` or \`brew install git\`.`;
const LIMIT_MS = 10_000;

/** Asks the git on PATH for its version. Never throws. */
export async function checkGit(): Promise<readonly Finding[]> {
  const version = await simpleGit({ timeout: { block: LIMIT_MS } })
    .env(surroundings())
    .version()
    .catch(() => undefined);
  return [
    version?.installed ? judgeGit(version) : { ok: false, say: 'git is not installed.', mend: INSTALL },
  ];
}

/** Pure: whether that version will do. */
export function judgeGit(version: { major: number; minor: number; patch: number | string }): Finding {
  const { major, minor, patch } = version;
  const name = `git ${major}.${minor}.${patch}`;
  const good = major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor);
  return good
    ? { ok: true, say: `${name}.` }
    : { ok: false, say: `${name} is too old for Errand's worktrees.`, mend: INSTALL };
}
