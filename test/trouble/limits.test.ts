// An agent that takes too much: each limit ends the turn by its name, with the work kept and nothing left running.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

vi.setConfig({ testTimeout: 180_000 });
/** Six agents at once on a busy machine take their time. */
const PATIENCE_MS = 120_000;

const LIMITS = {
  ERRAND_MEMORY_LIMIT_MB: '600',
  ERRAND_PROCESS_LIMIT: '40',
  ERRAND_DISK_LIMIT_MB: '60',
  ERRAND_OUTPUT_LIMIT_MB: '10',
  ERRAND_MESSAGE_LIMIT: '2000',
};

const SETTING: Readonly<Record<string, string>> = {
  processes: 'ERRAND_PROCESS_LIMIT',
  memory: 'ERRAND_MEMORY_LIMIT_MB',
  disk: 'ERRAND_DISK_LIMIT_MB',
  files: 'ERRAND_DISK_LIMIT_MB',
  output: 'ERRAND_OUTPUT_LIMIT_MB',
  messages: 'ERRAND_MESSAGE_LIMIT',
};

/** A fork bomb that ends by itself after a thousand processes, should nobody stop it. */
const FORK_BOMB = 'bomb() { [ $1 -gt 0 ] && { bomb $(($1-1)) & bomb $(($1-1)) & }; sleep 60; }; bomb 9';
const EMPTY_FILES = `perl -e 'open(F, ">", "$ENV{TMPDIR}/$_") for 1..30000'`;
const node = (code: string) => `'${process.execPath}' -e '${code}'`;

describe('an agent that takes more than one job may', () => {
  let errand: Errand;
  beforeAll(async () => {
    errand = await openErrand({ env: { ...LIMITS, ERRAND_SLOTS: '8' } });
  });
  afterAll(() => errand.close());

  test.concurrent.each([
    ['processes', `run ${FORK_BOMB}`, 'ran more than 40 processes at once'],
    [
      'memory',
      `run ${node('const held = Buffer.alloc(9e8, 1); setTimeout(() => held, 60000)')}`,
      'more than 600 MB of memory',
    ],
    ['disk', 'run head -c 90000000 /dev/zero > $TMPDIR/big; sleep 60', 'more than 60 MB of disk'],
    ['files', `run ${EMPTY_FILES}; sleep 60`, 'where each file counts for at least 4 KB'],
    ['output', 'garbage 12 ;; hang', 'more than 10 MB of output'],
    ['messages', 'flood 4000 ;; hang', 'more than 2,000 messages'],
  ])('%s', async (what, script, sentence) => {
    const job = await errand.asksScript([script]);
    const result = await job.result(1, PATIENCE_MS);
    expect(job.words(result)).toContain('could not finish');
    expect(job.words(result)).toContain(sentence);
    expect(job.words(result)).toContain('Its work so far is kept');
    expect(job.words(result)).toContain(`Whoever runs Errand can raise it with ${SETTING[what]}.`);
    await job.offers(result, ['Retry']);
    job.expectNotifications(1);
  });

  test('no file is larger than all files together may be, also one that takes no room', async () => {
    const job = await errand.asksScript([
      'run truncate -s 500G $TMPDIR/sparse; ls $TMPDIR',
      'write a.txt <<a',
    ]);
    await job.offers(await job.result(1, PATIENCE_MS), ['Approve & merge', 'Request changes', 'Reject']);
    expect(JSON.stringify(await errand.eventsInside(job))).toMatch(/File too large|File size limit/);
  });

  test('keeps what it did before', async () => {
    const job = await errand.asksScript(['write kept.txt <<kept', `run ${FORK_BOMB}`]);
    await job.result(1, PATIENCE_MS);
    await job.presses('Retry');
    await job.result(2, PATIENCE_MS);
    expect(await errand.pushed(job, 'kept.txt')).toBe('kept');
  });
});

describe('a repository', () => {
  let errand: Errand;
  const sets = (limits: string) =>
    errand.github.commitTo(
      errand.repo,
      'main',
      { '.agents/config.yml': `limits:\n  ${limits}\n` },
      { message: 'Limit jobs' },
    );
  beforeAll(async () => {
    errand = await openErrand({ env: LIMITS });
  });
  afterAll(() => errand.close());

  test('may hold its jobs tighter than the deployment does, never looser', async () => {
    await sets('processes: 20');
    const tight = await errand.asksScript(['run for i in $(seq 30); do sleep 60 & done; sleep 60']);
    const told = tight.words(await tight.result(1, PATIENCE_MS));
    expect(told).toContain('more than 20 processes at once');
    expect(told).toContain('The repository sets this limit: `limits.processes` in `.agents/config.yml`.');
    await sets('processes: 100000');
    const loose = await errand.asksScript(['run for i in $(seq 60); do sleep 60 & done; sleep 60']);
    expect(loose.words(await loose.result(1, PATIENCE_MS))).toContain('more than 40 processes at once');
  });
});

describe('a runner that is short of memory', () => {
  test('stops the job that takes most', async () => {
    const errand = await openErrand({ env: { ERRAND_RUNNER_MEMORY_LIMIT_MB: '700' } });
    try {
      const small = await errand.asksScript(['wait-for-steering']);
      const hog = node('const held = Buffer.alloc(7e8, 1); setTimeout(() => held, 60000)');
      const large = await errand.asksScript(['write kept.txt <<kept', `run ${hog}`]);
      expect(large.words(await large.result(1, PATIENCE_MS))).toContain('The runner is short of memory');
      small.replies('script: write small.txt <<small');
      await small.result(1, PATIENCE_MS);
      expect(await errand.pushed(small, 'small.txt')).toBe('small');
    } finally {
      await errand.close();
    }
  });
});
