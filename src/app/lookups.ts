// What the bot asks GitHub before a job exists, as plain functions: slack/ knows nothing of GitHub.
import type { AgentConfig } from '../config/agent.ts';
import { PermanentError } from '../errors.ts';
import type { GitHub } from '../github/github.ts';
import type { Repo } from '../job/repo.ts';
import { DEFAULT_BRANCH, REPO_SETTINGS_PATH } from '../job/repo-settings.ts';
import type { Lookups } from '../slack/lookups.ts';
import { checkAgent } from './agents.ts';

/** `agent` is absent where agents are installed on other machines. */
export function createLookups(github: GitHub, agent: AgentConfig | undefined): Lookups {
  return {
    async repositories({ query, limit }) {
      return (await github.listRepositories({ query })).slice(0, limit);
    },
    async repository(repo) {
      const answer = await github.repository(repo);
      return 'kind' in answer ? undefined : answer;
    },
    async issue(repo, number) {
      const answer = await github.issue(repo, number);
      switch (answer.kind) {
        case 'issue':
          return { kind: 'open', number, title: answer.title, url: answer.url };
        case 'closed':
        case 'pull':
          return { ...answer, number };
        case 'not_found':
          return answer;
      }
    },
    async pull(repo, number) {
      try {
        const { title, url, baseRef, state } = await github.pull(repo, number);
        return { title, url, base: baseRef, isOpen: state === 'open' };
      } catch (thrown) {
        if (thrown instanceof PermanentError && thrown.code === 'github_not_found') return undefined;
        throw thrown;
      }
    },
    async branch(repo, branch) {
      const sha = await github.branchSha(repo, branch);
      return sha === undefined ? undefined : { sha };
    },
    async settings(repo, branch, knownSha) {
      const name = branch === DEFAULT_BRANCH ? await github.defaultBranch(repo) : branch;
      const sha = name && (await github.branchSha(repo, name));
      if (!sha) return undefined;
      if (sha === knownSha) return 'same';
      return readSettings(github, repo, sha);
    },
    account: (login) => github.account(login),
    accountRights: (repo, account) => github.accountRights(repo, account),
    async checkAgent(name) {
      return checkAgent(agent, name);
    },
  };
}

/** Says that no settings can be read there: what is no plain file must not count as no rules. */
const NO_PLAIN_FILE = 'not a plain file';

async function readSettings(
  github: GitHub,
  repo: Repo,
  sha: string,
): Promise<Readonly<{ sha: string; content?: string }>> {
  const file = await github.fileAt({ repo, sha, path: REPO_SETTINGS_PATH });
  if (file.kind === 'none') return { sha };
  return { sha, content: file.kind === 'file' ? file.content : NO_PLAIN_FILE };
}
