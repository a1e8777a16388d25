// The settings: what a person writes, what Errand understands, and what it says when something is wrong.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { KNOWN_AGENTS } from '../src/agent/known-agents.ts';
import { AGENT_KEYS, describeConfig } from '../src/config/settings.ts';
import { type Config, formatProblems, type Need, readConfig } from '../src/config.ts';

const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1' };
const GITHUB = { GITHUB_TOKEN: 'github_pat_1' };
const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs1',
  format: 'pem',
});

function read<const N extends Need>(env: Record<string, string>, ...needs: N[]): Config<N> {
  const config = readConfig({ env, needs });
  if ('problems' in config) throw new Error(formatProblems(config.problems));
  return config;
}

function problems(env: Record<string, string>, ...needs: Need[]): readonly string[] {
  const config = readConfig({ env, needs });
  return 'problems' in config ? config.problems : [];
}

test('the tokens alone are enough, everything else has a default', () => {
  expect(read({ ...SLACK, ...GITHUB }, 'slack', 'github', 'database', 'agent')).toEqual({
    home: join(homedir(), '.errand'),
    secrets: ['xoxb-1', 'xapp-1', 'github_pat_1'],
    secretFiles: [resolve('.env')],
    logLevel: 'info',
    web: { port: undefined, publicUrl: undefined },
    slack: {
      mode: 'socket',
      botToken: 'xoxb-1',
      appToken: 'xapp-1',
      rules: { approvers: [] },
      apiUrl: 'https://slack.com/api/',
      oauth: undefined,
    },
    github: {
      auth: { kind: 'token', token: 'github_pat_1' },
      webhookSecret: undefined,
      apiUrl: 'https://api.github.com',
      serverUrl: 'https://github.com',
    },
    database: { kind: 'embedded' },
    agent: {
      agent: undefined,
      environment: {},
      egress: [],
      repositoryEgress: false,
      customKeys: [],
      sandbox: 'srt',
    },
    runner: {
      slots: 4,
      turnLimitMs: 3_600_000,
      silenceLimitMs: 600_000,
      lookEveryMs: 30_000,
      planLifetimeMs: 604_800_000,
      jobLimits: {
        memoryBytes: 4e9,
        processes: 500,
        diskBytes: 1e10,
        outputBytes: 5e8,
        messages: 1e6,
      },
      totalLimits: { memoryBytes: undefined, freeDiskBytes: 1e9 },
      verification: { plan: 'auto', review: 'on' },
      keptLifetimeMs: 14 * 86_400_000,
      findChecks: true,
      mergeMethod: 'squash',
      coAuthors: {},
    },
  });
});

test('one message names all that is wrong and how to mend each', () => {
  const found = problems(
    {
      GITHUB_APP_ID: 'errand',
      DATABASE_URL: 'mysql://x',
      ERRAND_SLOTS: 'many',
      LOG_LEVEL: 'loud',
      PORT: '99999',
    },
    'slack',
    'github',
    'database',
    'agent',
  );
  expect(formatProblems(found, {})).toMatchInlineSnapshot(`
    "8 things need your attention before Errand can start:
      - LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.
      - PORT must be a whole number from 0 to 65535.
      - SLACK_BOT_TOKEN is missing: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions in your app's settings at api.slack.com/apps.
      - SLACK_APP_TOKEN is missing: make an app-level token (xapp-…) with the scope connections:write under Basic Information in your app's settings; or set SLACK_SIGNING_SECRET and PORT to be reached over HTTP.
      - GITHUB_PRIVATE_KEY is missing: generate a private key in your App's settings and give its PEM text or the path of the file.
      - GITHUB_APP_ID must be a number such as 123456, or a client id such as Iv23li….
      - DATABASE_URL is not a Postgres address: write it like postgres://user:password@host:5432/errand.
      - ERRAND_SLOTS must be a whole number from 1 to 100.
    Settings stand in the environment or in a file named .env here; \`npm run errand -- doctor --settings\` explains every setting.
    "
  `);
});

test('a command is only asked for the parts it needs', () => {
  expect(problems({ SLACK_BOT_TOKEN: 'nonsense', ERRAND_SLOTS: 'many' }, 'database')).toEqual([]);
  expect(problems({ ...GITHUB }, 'github', 'database', 'agent')).toEqual([]);
  expect(problems({ ...GITHUB }, 'github', 'slack').length).toBe(2);
});

test('swapped Slack tokens are recognised as such', () => {
  expect(problems({ SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xoxb-1' }, 'slack')).toEqual([
    'SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: exchange their values',
  ]);
  expect(problems({ SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xapp-1' }, 'slack')[0]).toMatch(
    /^SLACK_BOT_TOKEN holds an app-level token/,
  );
  expect(problems({ ...SLACK, SLACK_BOT_TOKEN: 'xoxp-1' }, 'slack')[0]).toMatch(/holds a user token/);
  expect(problems({ GITHUB_TOKEN: 'xoxb-1' }, 'github')[0]).toMatch(/holds a Slack token/);
});

test('token prefixes are judged for the real Slack and GitHub only', () => {
  expect(problems({ SLACK_BOT_TOKEN: 'b', SLACK_APP_TOKEN: 'a' }, 'slack').length).toBe(2);
  expect(problems({ GITHUB_TOKEN: 'secret' }, 'github').length).toBe(1);
  const local = { SLACK_API_URL: 'http://127.0.0.1:1/api', GITHUB_API_URL: 'http://127.0.0.1:2/api/v3/' };
  const config = read(
    { ...local, SLACK_BOT_TOKEN: 'b', SLACK_APP_TOKEN: 'a', GITHUB_TOKEN: 'secret' },
    'slack',
    'github',
  );
  expect(config.slack.apiUrl).toBe('http://127.0.0.1:1/api/');
  expect(config.github).toMatchObject({
    apiUrl: 'http://127.0.0.1:2/api/v3',
    serverUrl: 'http://127.0.0.1:2',
  });
});

test('without an app-level token Slack is reached over HTTP, which needs a port', () => {
  const http = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 's' };
  expect(problems(http, 'slack')[0]).toMatch(/^PORT is missing/);
  expect(read({ ...http, PORT: '0' }, 'slack').slack).toMatchObject({
    mode: 'http',
    signingSecret: 's',
    port: 0,
  });
});

test.each([
  ['PEM text', PEM],
  ['PEM text on one line', PEM.toString().replaceAll('\n', '\\n')],
])('the private key may be %s', (_, given) => {
  const app = { GITHUB_APP_ID: '12', GITHUB_PRIVATE_KEY: given.toString(), GITHUB_TOKEN: 'ignored' };
  expect(read(app, 'github').github.auth).toEqual({ kind: 'app', appId: '12', privateKey: PEM });
});

test('the private key may be the path of a file, and a useless one is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'errand-config-'));
  const file = join(folder, 'key.pem');
  await writeFile(file, PEM);
  expect(read({ GITHUB_APP_ID: 'Iv23liX', GITHUB_PRIVATE_KEY: file }, 'github').github.auth).toMatchObject({
    privateKey: PEM,
  });
  await writeFile(file, 'hello');
  const useless = problems({ GITHUB_APP_ID: '12', GITHUB_PRIVATE_KEY: file }, 'github');
  expect(useless[0]).toMatch(/^GITHUB_PRIVATE_KEY is no readable private key/);
  await rm(folder, { recursive: true });
  const absent = problems({ GITHUB_APP_ID: '12', GITHUB_PRIVATE_KEY: file }, 'github');
  expect(absent[0]).toContain(`names the file ${file}, which is not there`);
  const text = problems({ GITHUB_APP_ID: '12', GITHUB_PRIVATE_KEY: 'hello' }, 'github');
  expect(text[0]).toMatch(/neither PEM text nor a file/);
});

test('the … of an example is no value, whatever the setting', () => {
  const pasted = problems({ ...GITHUB, ANTHROPIC_API_KEY: '…', SLACK_APP_TOKEN: 'xapp-…' }, 'github');
  expect(pasted).toEqual([
    'SLACK_APP_TOKEN still holds the … of an example: put your own value there',
    'ANTHROPIC_API_KEY still holds the … of an example: put your own value there',
  ]);
});

test('one address of a GitHub Enterprise tells the other', () => {
  const server = read({ ...GITHUB, GITHUB_SERVER_URL: 'https://git.acme.com/' }, 'github').github;
  expect(server).toMatchObject({ serverUrl: 'https://git.acme.com', apiUrl: 'https://git.acme.com/api/v3' });
  expect(problems({ ...GITHUB, GITHUB_API_URL: 'http://127.0.0.1:2' }, 'github')[0]).toMatch(
    /^GITHUB_SERVER_URL is missing/,
  );
});

test('agents get their own keys and the surroundings, and nothing else of ours', () => {
  const env = {
    ...SLACK,
    ...GITHUB,
    PATH: '/bin',
    HOME: '/root',
    OPENAI_API_KEY: 'k',
    GEMINI_API_KEY: '',
    ERRAND_EGRESS: 'a.example.com, *.example.org',
  };
  const { agent } = read(env, 'agent');
  expect(agent.environment).toEqual({ PATH: '/bin', OPENAI_API_KEY: 'k' });
  expect(agent.egress).toEqual(['a.example.com', '*.example.org']);
  expect(problems({ ERRAND_EGRESS: 'https://a.example.com/' }, 'agent')[0]).toMatch(/must be host names/);
});

test("every variable that a known agent reads reaches it, and the bot's own rights never do", () => {
  const wanted = KNOWN_AGENTS.flatMap((spec) =>
    [...spec.keys, ...spec.settings, spec.login?.variable ?? []].flat(),
  );
  expect(AGENT_KEYS).toEqual(expect.arrayContaining(wanted));
  expect(AGENT_KEYS.filter((name) => /^(SLACK|GITHUB|GH|ERRAND)_|DATABASE/.test(name))).toEqual([]);
});

test('a .env file is read, and the real environment wins over it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'errand-config-'));
  await writeFile(join(folder, '.env'), 'ERRAND_SLOTS=7\nLOG_LEVEL=debug\n');
  const module = join(import.meta.dirname, '../src/config.ts');
  const script = `const { readConfig } = await import(${JSON.stringify(module)}); console.log(JSON.stringify(readConfig({ needs: ['agent'] })));`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: { LOG_LEVEL: 'warn' },
  });
  expect(JSON.parse(stdout)).toMatchObject({ logLevel: 'warn', runner: { slots: 7 } });
  await rm(folder, { recursive: true });
});

test('the table of settings names every variable that the code reads, once', async () => {
  const files = ['agent', 'github', 'slack', '../config'].map((name) =>
    join(import.meta.dirname, `../src/config/${name}.ts`),
  );
  const code = (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
  const read = [...code.matchAll(/^ {2,4}([A-Z][A-Z_]+): /gm), ...code.matchAll(/{ ([A-Z_]+): z/g)].map(
    (match) => match[1],
  );
  const described = describeConfig().map((setting) => setting.name);
  expect(described.toSorted()).toEqual([...new Set(described)].toSorted());
  expect(described.toSorted()).toEqual([...new Set([...read, ...AGENT_KEYS])].toSorted());
});

test('every secret is marked as one', () => {
  const open = describeConfig().filter((setting) => !setting.secret);
  expect(open.filter(({ name }) => /TOKEN|SECRET|PRIVATE_KEY|API_KEY|PASSWORD/.test(name))).toEqual([]);
});

test('a co-author is a Slack member id and a GitHub noreply address, never another one', () => {
  const read = (list: string) => readConfig({ env: { ERRAND_COAUTHORS: list }, needs: ['agent'] });
  expect(read('U012ABC=123+ann@users.noreply.github.com')).toMatchObject({
    runner: { coAuthors: { U012ABC: '123+ann@users.noreply.github.com' } },
  });
  expect(read('U012ABC=ann@example.com')).toMatchObject({
    problems: [expect.stringContaining('ERRAND_COAUTHORS')],
  });
});

test('an agent of one’s own gets the variables that are named for it, and none of Errand’s settings', () => {
  const env = {
    ERRAND_AGENT_ENV: 'MY_KEY, OPENAI_API_KEY',
    MY_KEY: 'my-secret-value-1',
    OPENAI_API_KEY: 'k',
  };
  expect(readConfig({ env, needs: ['agent'] })).toMatchObject({
    agent: { customKeys: ['MY_KEY', 'OPENAI_API_KEY'], environment: { MY_KEY: 'my-secret-value-1' } },
    secrets: expect.arrayContaining(['my-secret-value-1']),
  });
  for (const name of ['GITHUB_TOKEN', 'SLACK_BOT_TOKEN', 'DATABASE_URL', 'ERRAND_HOME', 'A-B'])
    expect(readConfig({ env: { ERRAND_AGENT_ENV: name }, needs: ['agent'] })).toMatchObject({
      problems: [expect.stringContaining('ERRAND_AGENT_ENV')],
    });
});

test('files with secrets are known by their whole path, wherever a setting names one', () => {
  const databaseUrl = 'postgres://u@h/d?sslmode=verify-full&sslkey=/keys/client.key';
  const filesOf = (env: Record<string, string>) => {
    const config = readConfig({ env, needs: [] });
    return 'problems' in config ? config.problems : config.secretFiles;
  };
  expect(filesOf({ GITHUB_PRIVATE_KEY: '~/app.pem', DATABASE_URL: databaseUrl })).toEqual([
    resolve('.env'),
    join(homedir(), 'app.pem'),
    '/keys/client.key',
  ]);
  expect(filesOf({ GITHUB_PRIVATE_KEY: 'app.pem' })).toEqual([resolve('.env'), resolve('app.pem')]);
  expect(filesOf({ GITHUB_PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----\nMII' })).toEqual([resolve('.env')]);
});
