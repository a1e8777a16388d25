// Agents that multiply without end, in the real sandbox, with the runner as root and as another user: the job ends and says
// why, and nothing of it is left. The kernel's ceiling keeps the machine alive meanwhile; see ceilings.test.ts.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseProcessCeiling } from '../../src/sandbox/process-ceiling.ts';
import { type Errand, openErrand } from '../support/errand.ts';
import { countBombs, FORK_BOMBS, nameBomb } from '../support/fork-bombs.ts';
import { listUsers, type User } from '../support/other-user.ts';
import { startRunnerProcess } from '../support/runner-process.ts';
import { canSandbox, until } from '../support/sandbox-job.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
const PATIENCE_MS = 150_000;
const LIMITS = { ERRAND_SANDBOX: 'srt', ERRAND_PROCESS_LIMIT: '40', ERRAND_SLOTS: '1' };

/** Without a ceiling of the kernel's we do not try it on whoever runs the tests. */
const users = listUsers().filter((user) => chooseProcessCeiling({ uid: user.uid }) !== 'none');

describe.runIf(canSandbox() && users.length > 0).each(users)('a runner of $name', (user: User) => {
  let errand: Errand;
  let runner: Awaited<ReturnType<typeof startRunnerProcess>>;
  beforeAll(async () => {
    errand = await openErrand({ halves: ['bot'], env: LIMITS });
    runner = await startRunnerProcess(errand, 'runner-home', user);
  });
  afterAll(async () => {
    await runner.terminate();
    await errand.close();
  });

  test.each(FORK_BOMBS)('ends a fork bomb of %s', async (_what, bomb) => {
    const name = nameBomb();
    const job = await errand.asksScript(['write kept.txt <<kept', bomb(name)]);
    const result = await job.result(1, PATIENCE_MS);
    expect(job.words(result)).toMatch(/ran more than 40 processes at once \(\d+\)/);
    expect(job.words(result)).toContain('Whoever runs Errand can raise it with ERRAND_PROCESS_LIMIT.');
    await job.offers(result, ['Retry']);
    await until('nothing of it runs', () => countBombs(name) === 0);
    expect(runner.said.join('\n')).toContain('"gone":true');
    expect(runner.said.join('\n')).not.toContain('process_ceiling.missing');
  });
});
