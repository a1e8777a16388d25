// The searchable menu of repositories: all that the bot can see, not the first few.
import { formatRepo, type Repo } from '../job/repo.ts';
import type { Lookups } from './lookups.ts';

/** All repositories whose name contains `query`, as the options of a searchable menu (Slack takes 100). */
export async function repositoryOptions(lookups: Lookups, query: string): Promise<readonly MenuOption[]> {
  const found = await lookups.repositories({ query: query.trim(), limit: 100 });
  return found.map((info) => repositoryOption(info.repo));
}

export type MenuOption = Readonly<{ text: { type: 'plain_text'; text: string }; value: string }>;

/** Slack cuts nothing by itself: a label has at most 75 characters, a value 150. */
export function repositoryOption(repo: Repo): MenuOption {
  const name = formatRepo(repo);
  return {
    text: { type: 'plain_text', text: name.length > 75 ? `${name.slice(0, 74)}…` : name },
    value: name,
  };
}
