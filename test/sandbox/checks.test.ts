// The repository's own checks run in the sandbox too: what a change brings along in its tests is a stranger's program.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { canSandbox } from '../support/sandbox-job.ts';

vi.setConfig({ testTimeout: 180_000 });

describe.runIf(canSandbox())('checks in the sandbox', () => {
  let errand: Errand;
  beforeAll(async () => {
    errand = await openErrand({ env: { ERRAND_SANDBOX: 'srt' } });
  });
  afterAll(() => errand.close());

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
});
