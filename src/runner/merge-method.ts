// How a pull is merged: the repository's own choice where it has one, else the deployment's.
import type { Job } from '../job/job.ts';
import { DEFAULT_BRANCH, type MergeMethod, parseRepoSettings } from '../job/repo-settings.ts';
import { stricterSettings } from '../job/stricter-settings.ts';
import { loadSettingsFile } from '../store/rules.ts';
import type { RunnerContext } from './context.ts';

/** By the settings as they were read for the decision a moment ago. A file with mistakes in it chooses nothing. */
export async function chooseMergeMethod(context: RunnerContext, { repo, base }: Job): Promise<MergeMethod> {
  const [ofDefault = {}, ofBase = {}] = await Promise.all(
    [DEFAULT_BRANCH, base].map(async (branch) => {
      const file = await loadSettingsFile(context.store.db.sql, { repo, branch });
      const answer = parseRepoSettings(file?.content ?? '');
      return answer.kind === 'settings' ? answer.settings : undefined;
    }),
  );
  return stricterSettings(ofDefault, ofBase).merge_method ?? context.mergeMethod;
}
