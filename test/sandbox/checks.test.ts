// The repository's own checks run in the sandbox too: what a change brings along in its tests is a stranger's program.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { ownBranch, promptsOf } from '../support/own-branch.ts';
import { canSandbox } from '../support/sandbox-job.ts';

const PACKAGE = {
  name: 'shop',
  version: '1.0.0',
  dependencies: { 'left-pad': '1.3.0' },
  scripts: { test: 'true' },
};

vi.setConfig({ testTimeout: 180_000 });

describe.runIf(canSandbox())('checks in the sandbox', () => {
  let errand: Errand;
  /** Looks for checks by itself. */
  let searching: Errand;
  beforeAll(async () => {
    errand = await openErrand({ env: { ERRAND_SANDBOX: 'srt' } });
    searching = await openErrand({ env: { ERRAND_SANDBOX: 'srt', ERRAND_FIND_CHECKS: 'on' } });
  });
  afterAll(() => Promise.all([errand.close(), searching.close()]));

  test('see and write their own tree, and nothing of the host', async () => {
    const fetching =
      'fetch("http://planted.example.com/").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))';
    const checks = {
      tree: 'test -f done.txt && echo 1 > written.txt && git log --oneline && git status --short | grep written',
      home: 'touch "$HOME/mine" "$TMPDIR/mine"',
      hidden: `! ls ${errand.dir}/github`,
      // Where it may write there, it is in a folder of its own that goes with it.
      outside: `touch ${errand.dir}/planted || true`,
      secrets:
        '! env | grep -v PROXY_ | grep -iE "^[^=]*(token|secret|key|password|slack|github|database)[^=]*="',
      network: `! '${process.execPath}' -e '${fetching}'`,
    };
    const settings = { '.agents/config.yml': JSON.stringify({ checks }) };
    await errand.github.commitTo(errand.repo, 'main', settings, { message: 'Name the checks' });
    const job = await errand.asksScript(['write done.txt <<done']);
    const words = job.words(await job.result(1, 120_000));
    const printed = (await errand.eventsInside(job)).flatMap(({ kind, data }) =>
      kind === 'note' && data.name === 'checked' ? [`${data['check']}: ${data['output']}`] : [],
    );
    for (const name of Object.keys(checks))
      expect(words, printed.join('\n')).toContain(`✓ **${name}** passed`);
    expect(await errand.pushed(job, 'written.txt')).toBeUndefined();
    expect(existsSync(join(errand.dir, 'planted'))).toBe(false);
    const denied = (await errand.eventsInside(job)).flatMap(({ kind, data }) =>
      kind === 'agent' && data.kind === 'egress_denied' ? [data.host] : [],
    );
    // By the run for the change and by none for the base: all of it is green.
    expect(denied).toEqual(['planted.example.com']);
  });

  test('have their services beside them, on a network of their own', async () => {
    const server =
      "require('node:http').createServer((_, answer) => answer.end('served')).listen(8123, '127.0.0.1')";
    const ask = (then: string) =>
      `'${process.execPath}' -e 'fetch("http://127.0.0.1:8123/").then((r) => r.text()).then((text) => ${then}, () => process.exit(1))'`;
    const { asks } = await ownBranch(errand, 'services', {
      'server.cjs': server,
      '.agents/config.yml': JSON.stringify({
        services: { web: { start: `'${process.execPath}' server.cjs`, ready: ask('0') } },
        checks: { served: ask('process.exit(text === "served" ? 0 : 1)'), again: ask('0') },
      }),
    });
    const job = await asks(['write done.txt <<done']);
    const words = job.words(await job.result(1, 120_000));
    expect(words).toContain('✓ **served** passed');
    // The first one's server is gone, and with it its port.
    expect(words).toContain('✓ **again** passed');
  });

  test('that were found and cannot be installed without the network are told as not run', async () => {
    const resolved = 'https://registry.example.com/left-pad/-/left-pad-1.3.0.tgz';
    const lock = {
      lockfileVersion: 3,
      packages: { '': PACKAGE, 'node_modules/left-pad': { version: '1.3.0', resolved } },
    };
    const { asks } = await ownBranch(searching, 'offline', {
      'package.json': JSON.stringify(PACKAGE),
      'package-lock.json': JSON.stringify({ name: 'shop', version: '1.0.0', ...lock }),
      '.npmrc': 'fetch-retries=0\nregistry=https://registry.example.com/\n',
    });
    const job = await asks(['write done.txt <<done', 'next write blamed.txt <<1']);
    const words = job.words(await job.result(1, 120_000));
    expect(words).toContain(
      '– **tests** was not run: `npm ci` could not reach registry.example.com; whoever runs Errand opens it with ERRAND_EGRESS=registry.example.com',
    );
    expect(words).not.toContain('Not green');
    expect(await promptsOf(searching, job)).toHaveLength(1);
  });

  test('that a change keeps from being installed are its own, also where the network is closed', async () => {
    const { dependencies: _, ...before } = PACKAGE;
    const lock = { name: 'shop', version: '1.0.0', lockfileVersion: 3 };
    const { asks } = await ownBranch(searching, 'unreachable', {
      'package.json': JSON.stringify(before),
      'package-lock.json': JSON.stringify({ ...lock, packages: { '': before } }),
      '.npmrc': 'fetch-retries=0\nregistry=https://registry.npmjs.org/\n',
    });
    const resolved = 'https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz';
    const integrity = `sha512-${'A'.repeat(86)}==`;
    const packages = { '': PACKAGE, 'node_modules/left-pad': { version: '1.3.0', resolved, integrity } };
    const job = await asks([
      `write package.json <<${JSON.stringify(PACKAGE)}`,
      `write package-lock.json <<${JSON.stringify({ ...lock, packages })}`,
    ]);
    const words = job.words(await job.result(1, 120_000));
    expect(words).toContain('✗ **setup');
    expect(words).not.toContain('whoever runs Errand opens it');
  });
});
