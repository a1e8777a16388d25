// errand init: looks at a repository, writes a starter set of settings and instructions for it and opens that as a pull.
// Asked again, it finds what it did before.
import { formatProblems, readConfig } from '../config.ts';
import { PermanentError } from '../errors.ts';
import { createGitHub, type GitHub } from '../github/github.ts';
import { discoverToolchains, FILES_READ } from '../job/discover-checks.ts';
import { formatRepo, parseRepo, type Repo } from '../job/repo.ts';
import { createLog } from '../log.ts';
import { buildStarter } from './init/starter.ts';

const BRANCH = 'errand/init';
const TITLE = 'Set up Errand';
const MARKER = '<!-- errand:init -->';

/** `repo` is `owner/name`; without it the only repository in reach. Answers the exit code. */
export async function runInit(options: {
  repo?: string | undefined;
  write?: (text: string) => void;
}): Promise<number> {
  const config = readConfig({ needs: ['github'] });
  if ('problems' in config) {
    process.stderr.write(formatProblems(config.problems));
    return 1;
  }
  const { write = (text) => void process.stdout.write(text) } = options;
  const { auth, apiUrl, serverUrl } = config.github;
  const github = createGitHub({ auth, apiUrl, serverUrl, log: createLog({ level: 'silent' }) });
  write(await setUp(github, await choose(github, options.repo)));
  return 0;
}

async function choose(github: GitHub, written: string | undefined): Promise<Repo> {
  if (written !== undefined) {
    const repo = parseRepo(written);
    if (repo) return repo;
    throw new PermanentError(
      'strange_repo',
      `${JSON.stringify(written)} is no repository. Write --repo owner/name.`,
    );
  }
  const [only, ...more] = await github.listRepositories();
  if (only && more.length === 0) return only.repo;
  const names = [only, ...more].slice(0, 10).flatMap((one) => (one ? [formatRepo(one.repo)] : []));
  throw new PermanentError(
    'which_repo',
    names.length === 0
      ? 'Errand can reach no repository. Install its GitHub App in one, or give its token access, then try again.'
      : `Which repository? Write --repo with one of: ${names.join(', ')}${more.length >= 10 ? ' …' : ''}`,
  );
}

/** Answers what to tell. */
async function setUp(github: GitHub, wanted: Repo): Promise<string> {
  const known = await github.repository(wanted);
  if ('kind' in known)
    throw new PermanentError(
      'no_repo',
      `Errand cannot reach ${formatRepo(wanted)}. Give its GitHub App or token access to it, then try again.`,
    );
  const { repo, defaultBranch: base } = known;
  const before = await github.findPull({ repo, branch: BRANCH });
  if (before?.state === 'open') return `The pull is open already: ${before.url}\n`;
  const parentSha = await github.branchSha(repo, base);
  if (parentSha === undefined)
    throw new PermanentError('no_base', `${formatRepo(repo)} has no commit yet. Push one, then try again.`);
  const files = await draft(github, repo, parentSha);
  const paths = Object.keys(files);
  if (paths.length === 0) return `${formatRepo(repo)} has all of it already; nothing was changed.\n`;
  await github.commitToNewBranch({ repo, branch: BRANCH, parentSha, message: TITLE, files });
  const body = describe(paths);
  const opened = await github.openPull({
    repo,
    branch: BRANCH,
    base,
    title: TITLE,
    body,
    marker: MARKER,
    anew: true,
  });
  if (opened.kind === 'pull') return `${opened.pull.url}\n${paths.map((path) => `  ${path}\n`).join('')}`;
  throw new PermanentError(
    'pull_refused',
    opened.kind === 'refused'
      ? `GitHub did not open the pull request: ${opened.say}.`
      : `The branch ${BRANCH} holds nothing that ${base} lacks. Delete it at GitHub, then try again.`,
  );
}

/** Only what is not there yet: nobody's words are written over. */
async function draft(github: GitHub, repo: Repo, sha: string): Promise<Readonly<Record<string, string>>> {
  const entries = await github.topOf(repo, sha);
  const names = new Set(entries.map(({ name, kind }) => (kind === 'folder' ? `${name}/` : name)));
  const texts: Record<string, string> = {};
  for (const path of FILES_READ) {
    const file = names.has(path) ? await github.fileAt({ repo, sha, path }) : undefined;
    if (file?.kind === 'file') texts[path] = file.content;
  }
  const starter = buildStarter({
    name: formatRepo(repo),
    toolchains: discoverToolchains({ names, texts }),
    folders: entries.filter(({ kind }) => kind === 'folder').map(({ name }) => name),
  });
  const missing = await Promise.all(
    Object.entries(starter).map(async ([path, content]): Promise<[string, string][]> => {
      const there = await github.fileAt({ repo, sha, path });
      return there.kind === 'none' ? [[path, content]] : [];
    }),
  );
  return Object.fromEntries(missing.flat());
}

function describe(paths: readonly string[]): string {
  return [
    'A starter set for Errand: what it checks before anybody is asked, and what agents should know here. Edit it in this pull or later; it counts once it is on the base branch.',
    paths.map((path) => `- \`${path}\``).join('\n'),
    'If the set-up fetches packages, whoever runs Errand opens their hosts with `ERRAND_EGRESS`. `AGENTS.md` and skills stay as they are: agents read them by themselves.',
  ].join('\n\n');
}
