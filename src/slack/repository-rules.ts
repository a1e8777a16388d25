// What a repository says of people, as far as it is known right now: read from the heads of the default
// branch and of the base branch, remembered in the database, and taken from there when GitHub does not answer.
import { toError } from '../errors.ts';
import { combineRules, type RepositoryRules } from '../job/permissions.ts';
import type { Repo } from '../job/repo.ts';
import { DEFAULT_BRANCH, readRepositoryRules } from '../job/repo-settings.ts';
import type { Log } from '../log.ts';
import type { Sql } from '../store/database.ts';
import { loadSettingsFile, saveSettingsFile } from '../store/rules.ts';
import type { Lookups } from './lookups.ts';

/** Somebody waits, and forms for 3 s only; the runner asks once more in any case. */
const PATIENCE_MS = 1_500;

/** Lists that were read longer ago let nobody speak to a running agent while GitHub does not answer. */
const OLD_MS = 15 * 60_000;

export type RulesPlace = Readonly<{ repo: Repo; base: string }>;

type Means = Readonly<{ sql: Sql; lookups: Pick<Lookups, 'settings'>; log: Log }>;

/** Never throws for GitHub's sake. `maxAgeMs` is how old an answer may be where GitHub is within reach. */
export async function readRules(
  means: Means,
  { repo, base }: RulesPlace,
  maxAgeMs: number,
): Promise<RepositoryRules> {
  const [ofDefault, ofBase] = await Promise.all(
    [DEFAULT_BRANCH, base].map((branch) => readBranchRules(means, { repo, branch }, maxAgeMs)),
  );
  return combineRules(ofDefault ?? { kind: 'unknown' }, ofBase ?? { kind: 'unknown' });
}

async function readBranchRules(
  { sql, lookups, log }: Means,
  place: Readonly<{ repo: Repo; branch: string }>,
  maxAgeMs: number,
): Promise<RepositoryRules> {
  const { repo, branch } = place;
  const known = await loadSettingsFile(sql, place);
  const remembered = (): RepositoryRules => {
    if (known === undefined) return { kind: 'unknown' };
    const rules = readRepositoryRules(known.content);
    return rules.kind === 'known' && known.ageMs > OLD_MS ? { ...rules, isOld: true } : rules;
  };
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
