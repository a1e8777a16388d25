// What the bot holds a repository's rules to be when GitHub does not answer.
import { expect, test } from 'vitest';
import { TransientError } from '../../src/errors.ts';
import { DEFAULT_BRANCH } from '../../src/job/repo-settings.ts';
import { readRules } from '../../src/slack/repository-rules.ts';
import { saveSettingsFile } from '../../src/store/rules.ts';
import { openRoom, silent } from '../support/store-room.ts';

test('lists that were read long ago are marked as old while GitHub is away', async () => {
  const { db } = await openRoom();
  const repo = { owner: 'acme', name: 'shop' };
  const settings = () => Promise.reject(new TransientError('GitHub does not answer.'));
  const means = { sql: db.sql, lookups: { settings }, log: silent };
  const read = () => readRules(means, { repo, base: 'main' }, 0);
  expect(await read()).toEqual({ kind: 'unknown' });
  const content = 'permissions:\n  steer: [U0ANN]\n';
  for (const branch of [DEFAULT_BRANCH, 'main']) {
    await saveSettingsFile(db.sql, { repo, branch }, { sha: 'a'.repeat(40), content });
  }
  expect(await read()).toMatchObject({ kind: 'known', steer: ['U0ANN'], isOld: false });
  await db.sql.query(
    `UPDATE repository_files SET read_at = now() - interval '16 minutes' WHERE branch = 'main'`,
  );
  expect(await read()).toMatchObject({ kind: 'known', steer: ['U0ANN'], isOld: true });
});
