// What operators get wrong without noticing: a misspelt name, a misspelt agent, a disk without room for more files; and a
// doctor that looks at one half alone.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { runCheck } from '../../src/commands/doctor/check.ts';
import { listChecks } from '../../src/commands/doctor/checks.ts';
import { judgeInodes } from '../../src/commands/doctor/machine.ts';
import { createTestDatabase } from '../support/database.ts';
import { runCommand } from '../support/errand-command.ts';
import { silent } from '../support/store-room.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'errand-doctor-names-'));
  return () => rm(dir, { recursive: true });
});

const namesOf = (half?: 'bot' | 'runner') =>
  listChecks({ env: {}, half, log: silent }).map(({ name }) => name);

test('a misspelt setting is found, with the name that was meant', async () => {
  const [check] = listChecks({ env: { SLACK_BOT_TOKN: 'x', ERRAND_SANDBOXX: 'none' }, log: silent });
  if (check === undefined) throw new Error('The doctor looks at nothing.');
  expect(await runCheck(check)).toEqual([
    { ok: false, say: 'SLACK_BOT_TOKN is no setting of Errand.', mend: 'Did you mean SLACK_BOT_TOKEN?' },
    { ok: false, say: 'ERRAND_SANDBOXX is no setting of Errand.', mend: 'Did you mean ERRAND_SANDBOX?' },
  ]);
});

/** Looks by these settings; `of` answers what one check found. */
async function lookWith(env: Record<string, string>) {
  const checks = listChecks({ env: { ERRAND_HOME: dir, ERRAND_SANDBOX: 'none', ...env }, log: silent });
  return async (name: string) => {
    const check = checks.find((one) => one.name === name);
    if (check === undefined) throw new Error(`The doctor does not look at ${name}.`);
    return runCheck(check);
  };
}

test('what is wrong with a setting is told where it belongs, and hides nothing else', async () => {
  const of = await lookWith({
    PUBLIC_URL: 'errand',
    LOG_LEVEL: 'loud',
    SLACK_BOT_TOKEN: 'xoxb-…',
    PORT: '3000',
  });
  expect(await of('web')).toMatchObject([
    { ok: false, say: 'PUBLIC_URL is not a web address.' },
    { ok: true, say: expect.stringContaining('/health') },
    { ok: true, idle: true },
  ]);
  expect(await of('home')).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  expect(await of('names')).toMatchObject([
    { ok: false, say: expect.stringMatching(/^LOG_LEVEL must be one of/) },
  ]);
  expect(await of('slack')).toMatchObject([
    { ok: false, say: 'SLACK_BOT_TOKEN still holds the … of an example.' },
    { ok: false, say: 'SLACK_APP_TOKEN is missing.' },
  ]);
  expect((await of('github'))[0]?.say).toBe('GITHUB_TOKEN is missing.');
});

test('a Slack that nobody reaches is said once, not once for each token', async () => {
  const port = await getPort();
  const of = await lookWith({
    SLACK_API_URL: `http://127.0.0.1:${port}/api/`,
    SLACK_BOT_TOKEN: 'xoxb-1234567890',
    SLACK_APP_TOKEN: 'xapp-1234567890',
  });
  expect(await of('slack')).toMatchObject([
    { ok: false, say: expect.stringMatching(/^Slack does not answer as it should/) },
  ]);
});

test('one half is looked at without what only the other needs', () => {
  expect(namesOf()).toEqual(expect.arrayContaining(['slack', 'agents', 'sandbox', 'git', 'database']));
  expect(namesOf('bot')).toEqual(expect.arrayContaining(['slack', 'database', 'github', 'home']));
  expect(namesOf('bot')).not.toEqual(expect.arrayContaining(['sandbox']));
  expect(namesOf('runner')).not.toContain('slack');
  expect(namesOf('runner')).toEqual(expect.arrayContaining(['agents', 'sandbox', 'git']));
});

test('a file system that can hold no more files is said, one without such a limit is not', () => {
  expect(judgeInodes(5_000_000, 2_000)).toMatchObject([{ ok: false, say: expect.stringContaining('2,000') }]);
  expect(judgeInodes(5_000_000, 500_000)).toMatchObject([{ ok: true, mend: expect.any(String) }]);
  expect(judgeInodes(5_000_000, 4_000_000)).toEqual([
    { ok: true, say: '4,000,000 more files can be made (inodes).' },
  ]);
  expect(judgeInodes(0, 0)).toEqual([]);
});

test('a misspelt ERRAND_AGENT stops the start with the nearest name; a misspelt setting is told in the same message', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const environment = {
    PATH: process.env['PATH'],
    ERRAND_AGENT: 'clawde',
    ERRAND_SANDBOX: 'none',
    ERRAND_SLOT: '2',
    // The settings that all read are wrong, too: what the agent is called is told in the same message.
    PUBLIC_URL: 'errand',
    GITHUB_TOKEN: 'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
  };
  const start = await runCommand({ dir, databaseUrl: database.url, environment }, ['runner']);
  expect(start.exitCode).toBe(1);
  expect(start.stderr).toContain('PUBLIC_URL is not a web address');
  expect(start.stderr).toContain('Did you mean `claude`?');
  expect(start.stderr).toContain('\nAlso: ERRAND_SLOT is no setting of Errand. Did you mean ERRAND_SLOTS?');
});

test('words that a command does not take are refused with what it takes', async () => {
  const run = (...words: readonly string[]) =>
    runCommand({ dir, databaseUrl: 'postgres://x/y', environment: {} }, words);
  expect(await run('doctor', 'slack')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('at the bot or at the runner'),
  });
  expect(await run('gc', 'now')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('takes no further words'),
  });
  expect(await run('audit', 'everything')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('errand audit J-12'),
  });
});
