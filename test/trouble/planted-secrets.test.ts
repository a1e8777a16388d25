// Every secret setting has a value that is found again wherever it turns up; agents try hard to tell them, things go wrong
// in every way that says why, and the log tells all it can. In the end the secrets are nowhere.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import {
  findPlanted,
  needlesOf,
  PLANTED,
  searchDatabase,
  searchFiles,
  watchProcesses,
} from '../support/planted-secrets.ts';
import { startBotProcess, startRunnerProcess } from '../support/runner-process.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const FOREIGN = 'PLANTED08hV4 of another program';
/** Without a sandbox an agent may read what its user may: the environment of the runner, too. */
const STEAL = String.raw`cat /proc/*/environ 2>/dev/null | tr '\0' '\n' | grep -a -E 'TOKEN|SECRET|KEY|DATABASE'`;

/** Programs that note what environment they were given: the real ones are gone before anybody has looked at them. */
async function makeTelltale() {
  const dir = await mkdtemp(join(tmpdir(), 'errand-telltale-'));
  for (const program of ['du', 'git']) {
    const script = `#!/bin/sh\nenv >> '${dir}/environment'\nexec /usr/bin/${program} "$@"\n`;
    await writeFile(join(dir, program), script, { mode: 0o755 });
  }
  return { dir, path: `${dir}:${process.env['PATH']}` };
}

/** Runs one command of Errand's to its end; answers all it printed. */
async function runCommand(errand: Errand, words: readonly string[], env: Readonly<Record<string, string>>) {
  const { all } = await execa(process.execPath, [MAIN, ...words], {
    cwd: errand.dir,
    env: { ...errand.environment, DATABASE_URL: errand.databaseUrl, ...env },
    extendEnv: false,
    reject: false,
    all: true,
    timeout: 40_000,
  });
  return all;
}

test('No secret of the deployment is in any file, process, row, log line or message', {
  timeout: 180_000,
}, async ({ onTestFinished }) => {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken } = PLANTED;
  const telltale = await makeTelltale();
  onTestFinished(() => rm(telltale.dir, { recursive: true, force: true }));
  const errand = await openErrand({
    halves: [],
    slack: { botToken, appToken },
    env: {
      ...PLANTED,
      AWS_SECRET_ACCESS_KEY: FOREIGN,
      PATH: telltale.path,
      SLACK_CLIENT_ID: '1.2',
      LOG_LEVEL: 'trace',
    },
  });
  onTestFinished(errand.close);
  const needles = needlesOf({
    ...PLANTED,
    GITHUB_TOKEN: errand.githubToken,
    DATABASE_URL: new URL(errand.databaseUrl).password,
  });
  // What this process is given itself, the test would find in its own hands.
  const bot = await startBotProcess(errand);
  const runner = await startRunnerProcess(errand, 'home');
  const watch = watchProcesses(needles, () => [bot.pid, runner.pid]);

  const thief = await errand.asksScript([
    'env SLACK_BOT_TOKEN',
    'env GITHUB_TOKEN',
    'env DATABASE_URL',
    'env OPENAI_API_KEY',
    `run ${STEAL}`,
    `run ${STEAL} | base64`,
    // So long that its disk use is measured meanwhile.
    'run sleep 3',
    'write one.txt <<1',
  ]);
  await thief.result();
  await thief.pressesAndSays('Reject', `No, and by the way: ${errand.githubToken}`);
  await thief.cardSays('Rejected');
  const summary = errand.github.pulls(errand.repo)[0]?.body ?? '';
  for (const name of ['SLACK_BOT_TOKEN', 'GITHUB_TOKEN', 'DATABASE_URL', 'OPENAI_API_KEY'])
    expect(summary).toContain(`${name} is not set`);

  const dying = await errand.asksScript([`run ${STEAL} > /proc/$PPID/fd/2`, 'crash 3']);
  await dying.cardSays('Failed');

  errand.github.fault({ path: /\/pulls$/, method: 'POST', status: 401, times: 20 });
  const refused = await errand.asksScript(['write two.txt <<2']);
  await refused.cardSays('Failed');
  errand.github.clearFaults();

  const elsewhere = { ERRAND_HOME: join(errand.dir, 'elsewhere') };
  const said = [
    await runCommand(errand, ['doctor'], {}),
    await runCommand(errand, ['doctor', '--json'], {
      SLACK_BOT_TOKEN: 'xoxb-wrong',
      GITHUB_TOKEN: 'ghp_wrong',
    }),
    await runCommand(errand, ['bot'], { ...elsewhere, SLACK_BOT_TOKEN: 'xoxb-wrong' }),
    await runCommand(errand, ['runner'], {
      ...elsewhere,
      DATABASE_URL: errand.databaseUrl.replace(/@[^/]+\//, '@127.0.0.1:1/'),
    }),
    await runCommand(errand, ['migrate'], {
      DATABASE_URL: errand.databaseUrl.replace(/\/[^/]*$/, '/no_such_database'),
    }),
  ];
  for (const one of said) expect(one).not.toBe('');

  const processes = await watch.stop();
  await runner.terminate();
  await bot.terminate();
  expect(processes).toEqual([]);
  for (const program of ['git', 'scripted-agent']) expect([...watch.seen].join('\n')).toContain(program);
  const measured = await readFile(join(telltale.dir, 'environment'), 'utf8');
  expect(measured).toContain('PATH=');
  expect(findPlanted(needles, measured)).toEqual([]);
  // Nor what is no setting of ours: the operator has more secrets than those.
  expect(measured).not.toContain(FOREIGN);
  expect(said.flatMap((text) => findPlanted(needles, text ?? ''))).toEqual([]);
  const log = [...bot.said, ...runner.said];
  expect(log.length).toBeGreaterThan(50);
  expect(log.filter((line) => findPlanted(needles, line).length > 0)).toEqual([]);
  expect(log.filter((line) => line.startsWith('{') && !isJson(line))).toEqual([]);
  const shown = JSON.stringify([errand.slack.messages(errand.channel), errand.slack.ephemerals(errand.ann)]);
  expect(findPlanted(needles, shown)).toEqual([]);
  expect(findPlanted(needles, JSON.stringify(errand.github.pulls(errand.repo)))).toEqual([]);
  expect(shown + JSON.stringify(await errand.query('SELECT data FROM events'))).toContain('[redacted]');
  const { rows: handled } = await errand.query<{ allows: boolean }>(
    `SELECT body ?| '{response_url,trigger_id}' AS allows FROM inbox WHERE handled_at IS NOT NULL`,
  );
  expect(handled.length).toBeGreaterThan(1);
  expect(handled.filter(({ allows }) => allows)).toEqual([]);
  expect(await searchFiles(needles, errand.dir)).toEqual([]);
  expect(await searchDatabase(needles, errand.databaseUrl)).toEqual([]);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
