// What a repository says of people, as far as it is known right now: read from the head of the base branch, remembered in
// the database, and taken from there when GitHub does not answer.
import { toError } from '../errors.ts';
import type { RepositoryRules } from '../job/permissions.ts';
import type { Repo } from '../job/repo.ts';
import { readRepositoryRules } from '../job/repo-settings.ts';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { loadSettingsFile, saveSettingsFile } from '../store/rules.ts';
import type { Lookups } from './lookups.ts';

/** Somebody waits, and forms for 3 s only; the runner asks once more in any case. */
const PATIENCE_MS = 1_500;

export type RulesPlace = Readonly<{ repo: Repo; base: string }>;

/** Never throws for GitHub's sake. `maxAgeMs` is how old an answer may be where GitHub is within reach. */
export async function readRules(
  means: Readonly<{ sql: Sql; lookups: Pick<Lookups, 'settings'>; log: Log }>,
  { repo, base: branch }: RulesPlace,
  maxAgeMs: number,
): Promise<RepositoryRules> {
  const { sql, lookups, log } = means;
  const place = { repo, branch };
  const known = await loadSettingsFile(sql, place);
  const remembered = (): RepositoryRules =>
    known ? readRepositoryRules(known.content) : { kind: 'unknown' };
  if (known && known.ageMs <= maxAgeMs) return remembered();
  try {
    const asked = lookups.settings(repo, branch, known?.sha);
    const answer = await Promise.race([asked, after(PATIENCE_MS)]);
    if (answer === undefined || answer === 'late') {
      asked.catch(() => {});
      log.info({ repo, branch, answer }, 'slack.rules.remembered');
      return remembered();
    }
    const file = answer === 'same' ? known : answer;
    if (file === undefined) return remembered();
    await saveSettingsFile(sql, place, file);
    return readRepositoryRules(file.content);
  } catch (thrown) {
    log.warn({ err: toError(thrown), repo, branch }, 'slack.rules.remembered');
    return remembered();
  }
}

function after(ms: number): Promise<'late'> {
  return new Promise((resolve) => setTimeout(() => resolve('late'), ms).unref());
}
