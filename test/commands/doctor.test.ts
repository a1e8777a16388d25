// errand doctor against a local Slack, a local GitHub and a real Postgres: what it finds, how it says it, how it ends.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { runCheck } from '../../src/commands/doctor/check.ts';
import { checkNode, judgeRoom } from '../../src/commands/doctor/machine.ts';
import { runDoctor } from '../../src/commands/doctor.ts';
import { createLocalSlack, type LocalSlackOptions } from '../../src/playground/slack/local-slack.ts';
import { judgeSchema } from '../../src/store/doctor.ts';
import { judgeGit } from '../../src/workspace/doctor.ts';
import { createTestDatabase } from '../support/database.ts';
import { startGitHub, TOKEN } from '../support/playground-github.ts';

const findingSchema = z.strictObject({
  check: z.string(),
  ok: z.boolean(),
  say: z.string(),
  mend: z.string().optional(),
  idle: z.literal(true).optional(),
});

let home: string;
let path: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'errand-doctor-'));
  const bin = join(home, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'opencode'), '#!/bin/sh\n');
  await chmod(join(bin, 'opencode'), 0o755);
  path = `${bin}:/usr/bin:/bin`;
});

afterAll(() => rm(home, { recursive: true }));

/** Runs the doctor as a program would and reads its lines. */
async function ask(env: Record<string, string>) {
  let said = '';
  const write = (text: string) => {
    said += text;
  };
  const code = await runDoctor({ json: true, env: { PATH: path, ERRAND_SANDBOX: 'none', ...env }, write });
  const findings = said
    .trim()
    .split('\n')
    .map((line) => findingSchema.parse(JSON.parse(line)));
  return { code, said, of: (check: string) => findings.filter((finding) => finding.check === check) };
}

async function startSlack(options: LocalSlackOptions = {}) {
  const slack = createLocalSlack(options);
  const { apiUrl } = await slack.start();
  onTestFinished(() => slack.stop());
  const { botToken, appToken } = slack;
  return {
    slack,
    env: { SLACK_API_URL: apiUrl, SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken },
  };
}

describe('a whole set-up', () => {
  test('passes every check and ends with 0', async () => {
    const { env: slack } = await startSlack();
    await using hub = await startGitHub();
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const { code, of, said } = await ask({
      ...slack,
      GITHUB_TOKEN: TOKEN,
      GITHUB_API_URL: hub.apiUrl,
      GITHUB_SERVER_URL: hub.serverUrl,
      DATABASE_URL: database.url,
      ERRAND_HOME: home,
    });
    expect(of('slack').map(({ say }) => say)).toEqual([
      expect.stringMatching(/^Slack knows us as @errand in /),
      'The app has every scope of manifest.yml.',
      'Socket Mode is open to us.',
    ]);
    expect(of('database').map(({ say }) => say)).toEqual([
      expect.stringMatching(/^Postgres \d+\.\d+ answers\.$/),
      'The schema is up to date.',
    ]);
    expect(of('github')).toContainEqual({
      check: 'github',
      ok: true,
      say: '1 of 1 repositories can be pushed to and merged in.',
    });
    expect(of('agents')[0]?.say).toBe('Jobs that name no agent go to OpenCode.');
    expect(code).toBe(0);
    for (const secret of [slack.SLACK_BOT_TOKEN, slack.SLACK_APP_TOKEN, TOKEN, database.url]) {
      expect(said).not.toContain(secret);
    }
  });
});

describe('a newcomer with nothing set', () => {
  test('is told what to set, and ends with 1', async () => {
    const { code, of } = await ask({ ERRAND_HOME: join(home, 'not-yet') });
    expect(of('slack')).toEqual([
      {
        check: 'slack',
        ok: false,
        say: 'SLACK_BOT_TOKEN is missing.',
        mend: expect.stringMatching(/^Copy the Bot User OAuth Token/),
      },
      {
        check: 'slack',
        ok: false,
        say: 'SLACK_APP_TOKEN is missing.',
        mend: expect.stringMatching(/^Make an app-level token/),
      },
    ]);
    expect(of('github')).toMatchObject([{ ok: false, say: 'GITHUB_TOKEN is missing.' }]);
    expect(of('home')[0]).toMatchObject({ ok: true, say: `${join(home, 'not-yet')} will be made.` });
    expect(of('database')[0]).toMatchObject({
      ok: true,
      say: expect.stringContaining('Errand brings its own'),
    });
    expect(code).toBe(1);
  });

  test('reads the verdict first, then a calm list; every setting only where it is asked for', async () => {
    const read = async (settings: boolean) => {
      let said = '';
      const write = (text: string) => {
        said += text;
      };
      const env = { PATH: path, ERRAND_SANDBOX: 'none', ERRAND_HOME: home, LOG_LEVEL: 'warn' };
      await runDoctor({ json: false, settings, env, write });
      return said;
    };
    const short = await read(false);
    expect(short).toMatch(
      /^3 things are left to mend \(✗ slack, github\) .* `errand demo` needs none of it\.\n\n/,
    );
    expect(short).toMatch(/\n`errand doctor --settings` lists every setting.*\n$/);
    expect(short).not.toContain('Errand starts its own');
    const said = await read(true);
    expect(said).toContain(`✓ node       Node ${process.versions.node}.\n`);
    expect(said).toContain(
      '✗ slack      SLACK_BOT_TOKEN is missing.\n             → Copy the Bot User OAuth Token',
    );
    expect(said).toContain('– web        PORT is not set');
    expect(said).toMatch(/^ {2}LOG_LEVEL +set {2}info +trace, debug/m);
    expect(said).toMatch(/^ {2}DATABASE_URL +– {4}Errand starts its own/m);
  });
});

describe('Slack', () => {
  test('scopes that the installed app lacks are named, with what to do', async () => {
    const { env } = await startSlack({ scopes: ['chat:write', 'commands'] });
    const lacks = (await ask(env)).of('slack').find(({ ok }) => !ok);
    expect(lacks?.say).toMatch(
      /^The app lacks the scopes app_mentions:read, channels:history, .*usergroups:read\.$/,
    );
    expect(lacks?.mend).toContain('reinstall the app');
  });

  test('a token that was revoked is told apart from a Slack that does not answer', async () => {
    const { slack, env } = await startSlack();
    slack.fault({ method: 'auth.test', error: 'token_revoked' });
    slack.fault({ method: 'apps.connections.open', httpStatus: 503 });
    expect((await ask(env)).of('slack')).toMatchObject([
      { ok: false, say: 'Slack refuses SLACK_BOT_TOKEN (token_revoked).' },
      {
        ok: false,
        say: expect.stringMatching(/^Slack does not answer/),
        mend: expect.stringContaining(env.SLACK_API_URL),
      },
    ]);
  });

  test('an app-level token without connections:write gets the way to a better one', async () => {
    const { slack, env } = await startSlack();
    slack.fault({ method: 'apps.connections.open', error: 'missing_scope' });
    expect((await ask(env)).of('slack').at(-1)).toMatchObject({
      ok: false,
      mend: expect.stringContaining('connections:write'),
    });
  });

  test('the one token that is set is tried while the other is still missing', async () => {
    const { env } = await startSlack();
    const { SLACK_APP_TOKEN: _, ...half } = env;
    const found = (await ask(half)).of('slack');
    expect(found[0]?.say).toBe('SLACK_APP_TOKEN is missing.');
    expect(found[1]?.say).toMatch(/^Slack knows us as @errand/);
  });

  test('an address that nothing listens behind is a mistake', async () => {
    const { of } = await ask({ PUBLIC_URL: 'https://errand.acme.com', ERRAND_HOME: home });
    expect(of('web')).toMatchObject([{ ok: false, mend: expect.stringContaining('PORT=3000') }]);
  });

  test('in HTTP mode the address for the manifest is said', async () => {
    const { env } = await startSlack();
    const { SLACK_APP_TOKEN: _, ...rest } = env;
    const http = {
      ...rest,
      SLACK_SIGNING_SECRET: 'shh',
      PORT: '3000',
      PUBLIC_URL: 'https://errand.acme.com',
    };
    const found = (await ask(http)).of('slack');
    expect(found.at(-1)?.say).toContain('https://errand.acme.com/slack/events');
    expect(found.every(({ ok }) => ok)).toBe(true);
  });
});

describe('GitHub and Postgres', () => {
  test('a token that GitHub does not know is said in one line', async () => {
    await using hub = await startGitHub();
    const { of } = await ask({
      GITHUB_TOKEN: 'ghp_wrong',
      GITHUB_API_URL: hub.apiUrl,
      GITHUB_SERVER_URL: hub.serverUrl,
    });
    expect(of('github')).toMatchObject([{ ok: false, mend: expect.stringContaining('GITHUB_TOKEN') }]);
  });

  test('a Postgres that is not there is said, and hides nothing else', async () => {
    const { of } = await ask({
      DATABASE_URL: `postgres://errand:geheim@127.0.0.1:${await closedPort()}/errand`,
      ERRAND_HOME: home,
    });
    expect(of('database')).toMatchObject([
      { ok: false, say: expect.stringMatching(/^Postgres cannot be reached/) },
    ]);
    expect(JSON.stringify(of('database'))).not.toContain('geheim');
    expect(of('home')[0]?.ok).toBe(true);
  });

  test('a schema is up to date, behind, or ahead of this version', () => {
    expect(judgeSchema(['0001_a', '0002_b'], ['0001_a', '0002_b']).ok).toBe(true);
    expect(judgeSchema(['0001_a', '0002_b'], ['0001_a'])).toMatchObject({
      ok: true,
      say: 'The schema still lacks 0002_b.',
      mend: expect.stringContaining('errand migrate'),
    });
    expect(judgeSchema(['0001_a'], ['0001_a', '0002_b'])).toMatchObject({
      ok: false,
      mend: expect.stringContaining('Update Errand'),
    });
  });
});

describe('the machine', () => {
  test('an old Node, an old git and a full disk are told how to become good', async () => {
    expect(await checkNode('22.1.0')).toMatchObject([
      { ok: false, mend: expect.stringContaining('nodejs.org') },
    ]);
    expect(judgeGit({ major: 2, minor: 34, patch: 1 })).toMatchObject({
      ok: false,
      mend: expect.stringContaining('2.38'),
    });
    expect(judgeGit({ major: 3, minor: 0, patch: 0 }).ok).toBe(true);
    expect(judgeRoom(200 * 1024 ** 2)).toMatchObject({ ok: false, say: '0.2 GiB of disk are free.' });
    expect(judgeRoom(2 * 1024 ** 3)).toMatchObject({ ok: true, mend: expect.any(String) });
  });

  test('a home that is a file is found out', async () => {
    const file = join(home, 'a-file');
    await writeFile(file, '');
    expect((await ask({ ERRAND_HOME: join(file, 'home') })).of('home')[0]).toMatchObject({ ok: false });
  });

  test('a named agent that is not there fails, with the nearest name', async () => {
    expect((await ask({ ERRAND_AGENT: 'clawde' })).of('agents')[0]).toMatchObject({
      ok: false,
      mend: expect.stringContaining('Did you mean `claude`?'),
    });
  });
});

describe('every check', () => {
  test('has an end, also when what it waits for never comes', async () => {
    const check = { name: 'stuck', limitMs: 20, look: () => new Promise<never>(() => {}) };
    expect(await runCheck(check)).toMatchObject([{ ok: false, say: 'No answer within 0.02 s.' }]);
  });

  test('turns what is thrown into a finding', async () => {
    const look = () => Promise.reject(new Error('the disk is on fire'));
    expect(await runCheck({ name: 'fire', look })).toEqual([{ ok: false, say: 'the disk is on fire' }]);
  });
});

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
