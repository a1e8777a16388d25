// Poisoned jobs, last part of the corpus: the whole of Errand with the real sandbox. An agent that takes too much or goes
// on in the background is ended; a host that is not listed is refused, and the refusal is an event of the job.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';
import { canSandbox, until } from '../support/sandbox-job.ts';

vi.setConfig({ testTimeout: 180_000 });
const PATIENCE_MS = 120_000;
const LIMITS = { ERRAND_PROCESS_LIMIT: '60', ERRAND_MEMORY_LIMIT_MB: '700', ERRAND_DISK_LIMIT_MB: '60' };
const FORK_BOMB = 'bomb() { [ $1 -gt 0 ] && { bomb $(($1-1)) & bomb $(($1-1)) & }; sleep 612.1; }; bomb 9';
const node = (code: string) => `'${process.execPath}' -e '${code}'`;

describe.runIf(canSandbox())('a job in the sandbox', () => {
  let errand: Errand;
  beforeAll(async () => {
    errand = await openErrand({
      env: { ...LIMITS, ERRAND_SANDBOX: 'srt', ERRAND_REPO_EGRESS: 'yes', ERRAND_SLOTS: '6' },
    });
    const settings = { '.agents/config.yml': 'egress:\n  - listed.example.com\n' };
    await errand.github.commitTo(errand.repo, 'main', settings, { message: 'Allow a host' });
  });
  afterAll(() => errand.close());

  test.concurrent.each([
    ['processes', `run ${FORK_BOMB}`, 'ran more than 60 processes at once'],
    [
      'memory',
      `run ${node('const held = Buffer.alloc(9e8, 1); setTimeout(() => held, 60000)')}`,
      'of memory',
    ],
    ['disk', 'run head -c 90000000 /dev/zero > $TMPDIR/big; sleep 60', 'more than 60 MB of disk'],
  ])('is ended when it takes too much: %s', async (_what, script, sentence) => {
    const job = await errand.asksScript(['write kept.txt <<kept', script]);
    expect(job.words(await job.result(1, PATIENCE_MS))).toContain(sentence);
    await until('nothing of it runs', () => !isRunning('sleep 612.1'));
  });

  test.concurrent('leaves no daemon behind', async () => {
    const job = await errand.asksScript([
      'run setsid -f env -i sleep 612.2 >/dev/null 2>&1',
      'run ( ( sleep 612.2 & ) & ) >/dev/null 2>&1',
      'write a.txt <<a',
    ]);
    await job.offers(await job.result(1, PATIENCE_MS), ['Approve & merge', 'Request changes', 'Reject']);
    await until('nothing of it runs', () => !isRunning('sleep 612.2'));
  });

  test.concurrent('reaches only listed hosts, whatever its own tree says, and each refusal is an event', async () => {
    const ask = (host: string) =>
      `run ${node(`fetch("http://${host}/").then((r) => console.log("met", r.status), (e) => console.log("no", e.message))`)}`;
    const job = await errand.asksScript([
      'write .agents/config.yml <<egress:\\n  - planted.example.com\\n',
      ask('planted.example.com'),
      ask('evil.example.com'),
      ask('listed.example.com'),
    ]);
    await job.result(1, PATIENCE_MS);
    const events = await errand.eventsInside(job);
    const denied = events.flatMap(({ kind, data }) =>
      kind === 'agent' && data.kind === 'egress_denied' ? [data.host] : [],
    );
    expect(denied.sort()).toEqual(['evil.example.com', 'planted.example.com']);
  });

  test.concurrent('reads no secret of the host', async () => {
    const job = await errand.asksScript([
      'run cat /proc/*/environ ../../../records/* ../../../repos/*/*/config ~/../../*/home/* 2>&1',
      'write b.txt <<b',
    ]);
    await job.result(1, PATIENCE_MS);
    const record = JSON.stringify(await errand.eventsInside(job));
    for (const secret of [errand.githubToken, errand.databaseUrl]) expect(record).not.toContain(secret);
  });
});

function isRunning(words: string): boolean {
  return readdirSync('/proc').some((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').startsWith(words);
    } catch {
      return false;
    }
  });
}
