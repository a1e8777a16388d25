// What a real job finds when it searches its sandbox for secrets: the deployment's own, in whatever way they were given to
// it, and those that lie on a typical machine. In the end they are nowhere else either.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
import { canSandbox } from '../support/sandbox-job.ts';

const SEARCH = readFileSync(new URL('search-for-secrets.sh', import.meta.url), 'utf8');
const MODULES = join(import.meta.dirname, '../../node_modules');
const FOREIGN = 'PLANTED08 of another program';
/** What lies on a disk and belongs to nobody's job; told by name, since what a job prints is redacted. */
const ON_DISK = 'PLANTED09 on the disk';

/** Where secrets lie on a typical machine; `~` is the home of whoever runs Errand. */
const TYPICAL = [
  ...[
    '.ssh',
    '.aws',
    '.config/gh',
    '.config/gcloud',
    '.azure',
    '.netrc',
    '.git-credentials',
    '.gnupg',
    '.pgpass',
  ],
  ...[
    '.docker',
    '.kube',
    '.npmrc',
    '.pypirc',
    '.cargo/credentials.toml',
    '.claude',
    '.codex',
    '.local/share/opencode',
  ],
  ...[
    '.bash_history',
    '.mozilla',
    '.config/google-chrome',
    '.local/share/keyrings',
    '.errand',
    '.vault-token',
  ],
]
  .map((name) => join(homedir(), name))
  .concat([
    ...[
      '/etc/shadow',
      '/etc/gshadow',
      '/etc/sudoers',
      '/etc/ssh',
      '/etc/ssl/private',
      '/etc/environment',
      '/etc/default',
    ],
    ...[
      '/etc/letsencrypt',
      '/etc/NetworkManager',
      '/etc/wireguard',
      '/etc/docker',
      '/etc/kubernetes',
      '/etc/mysql',
    ],
    ...[
      '/run/secrets',
      '/run/user',
      '/run/docker.sock',
      '/var/run/docker.sock',
      '/run/dbus',
      '/run/containerd',
    ],
    ...[
      '/run/credentials',
      '/run/systemd',
      '/run/podman',
      '/run/postgresql',
      '/tmp/.X11-unix',
      '/tmp/.ICE-unix',
    ],
    ...[
      '/var/lib/docker',
      '/var/lib/kubelet',
      '/var/lib/postgresql',
      '/var/lib/errand-postgres',
      '/var/lib/cloud',
    ],
    ...[
      '/var/lib/errand',
      '/var/log',
      '/var/spool',
      '/var/mail',
      '/var/backups',
      '/var/tmp',
      '/srv',
      '/mnt',
      '/boot',
    ],
    ...[
      '/sys/firmware/dmi',
      '/sys/kernel/debug/tracing',
      '/sys/fs/bpf',
      '/proc/kcore',
      '/proc/sys/kernel/core_pattern',
    ],
    ...['/dev/mem', '/dev/kmsg', '/dev/sda', '/dev/vda', '/dev/fuse', '/dev/kvm'],
  ])
  // The kernel's file is there, and only there to be read.
  .filter((path) => !path.startsWith('/proc/sys'));

/** Files with a secret in them, where a sandbox that only knows homes would show them. */
async function plantFiles(): Promise<{ paths: string[]; keyFile: string; remove(): Promise<void> }> {
  const folders = [await mkdtemp(join(await realpath(MODULES), '.errand-planted-'))];
  const name = `errand-planted-${process.pid}`;
  const home = join(homedir(), `.${name}`);
  const paths = [home];
  // Only root can make the others; for anybody else they are not there to be read.
  if (process.getuid?.() === 0) {
    for (const parent of ['/srv', '/var/lib', '/run', '/opt', '/var/log', '/mnt', '/'])
      folders.push(join(parent, name));
    paths.push(...folders.slice(1).map((folder) => join(folder, 'token')), `/etc/${name}`);
  }
  for (const path of paths) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, ON_DISK, {
      mode: path.startsWith('/etc') || path.startsWith('/opt') ? 0o600 : 0o644,
    });
  }
  const remove = async () => {
    for (const path of [...folders, ...paths]) await rm(path, { recursive: true, force: true });
  };
  return { paths, keyFile: join(folders[0] ?? '', 'key.pem'), remove };
}

describe.runIf(canSandbox())('a job that searches its sandbox', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  let planted: Awaited<ReturnType<typeof plantFiles>>;
  let errand: Errand;
  beforeAll(async () => {
    planted = await plantFiles();
    await writeFile(planted.keyFile, privateKeyPem, { mode: 0o644 });
    const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken } = PLANTED;
    errand = await openErrand({
      halves: [],
      slack: { botToken, appToken },
      app: { appId: 4711, privateKeyPem },
      env: {
        ...PLANTED,
        AWS_SECRET_ACCESS_KEY: FOREIGN,
        GITHUB_APP_ID: '4711',
        GITHUB_PRIVATE_KEY: planted.keyFile,
        // The agent's own key: it gets a stand-in.
        ERRAND_AGENT_ENV: 'OPENAI_API_KEY',
        ERRAND_EGRESS: 'api.openai.com',
        ERRAND_PLAN: 'off',
        ERRAND_REVIEW: 'off',
        ERRAND_SANDBOX: 'srt',
        SLACK_CLIENT_ID: '1.2',
        LOG_LEVEL: 'trace',
      },
    });
    await writeFile(join(errand.dir, '.env'), `ANTHROPIC_AUTH_TOKEN=${PLANTED.ANTHROPIC_API_KEY}\n`);
  });
  afterAll(async () => {
    try {
      await errand?.close();
    } finally {
      await planted.remove();
    }
  });

  test('finds none, and neither does who looks at all it has left behind', { timeout: 240_000 }, async ({
    onTestFinished,
  }) => {
    const needles = needlesOf({
      ...PLANTED,
      FOREIGN,
      ON_DISK,
      GITHUB_PRIVATE_KEY: privateKeyPem.split('\n')[3] ?? '',
      DATABASE_URL: new URL(errand.databaseUrl).password,
    });
    const bot = await startBotProcess(errand);
    onTestFinished(bot.kill);
    const runner = await startRunnerProcess(errand, 'home');
    onTestFinished(runner.kill);
    const watch = watchProcesses(needles, () => [bot.pid, runner.pid]);
    const places = [...TYPICAL, ...planted.paths, planted.keyFile, join(errand.dir, '.env')];
    await errand.github.commitTo(errand.repo, 'main', { 'search.sh': SEARCH }, { message: 'Search' });

    const words = places.map((place) => `'${place}'`).join(' ');
    const job = await errand.asksScript([
      `run sh search.sh ${words} 2>&1`,
      'env OPENAI_API_KEY',
      'write a.txt <<a',
    ]);
    await job.result(1, 150_000);
    const told = JSON.stringify(
      await errand.query(`SELECT data FROM events WHERE kind = 'agent'`).then((r) => r.rows),
    );
    expect(told.match(/leak [^"\\]*/g) ?? []).toEqual([]);
    expect(told).toContain('searched');
    expect(Number(/searched (\d+) files and [1-9]/.exec(told)?.[1])).toBeGreaterThan(50);
    await job.pressesAndSays('Reject', 'Thank you.');
    await job.cardSays('Rejected');

    const processes = await watch.stop();
    await runner.terminate();
    await bot.terminate();
    expect(processes).toEqual([]);
    expect([...watch.seen].join('\n')).toContain('bwrap');
    const log = [...bot.said, ...runner.said].join('\n');
    expect(log).toContain('runner.started');
    const shown = JSON.stringify([
      errand.slack.messages(errand.channel),
      errand.slack.ephemerals(errand.ann),
    ]);
    const pulls = JSON.stringify(errand.github.pulls(errand.repo));
    expect([log, shown, pulls].flatMap((text) => findPlanted(needles, text))).toEqual([]);
    for (const home of ['home', 'bot-home', 'github'])
      expect(await searchFiles(needles, join(errand.dir, home)), home).toEqual([]);
    expect(await searchDatabase(needles, errand.databaseUrl)).toEqual([]);
  });
});
