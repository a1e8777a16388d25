// A runner that has no room for one more job: it says so, leaves the queue alone, ends nobody who does no harm, and goes on
// by itself as soon as there is room.
import { spawnSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { type Errand, openErrand } from '../support/errand.ts';

vi.setConfig({ testTimeout: 180_000 });
const PATIENCE_MS = 120_000;

/** Runs `play` with a runner whose home is a disk of its own. */
async function onSmallDisk(
  options: Readonly<{ mount: string; env: Readonly<Record<string, string>> }>,
  play: (errand: Errand, runner: Awaited<ReturnType<Errand['addRunner']>>, disk: string) => Promise<void>,
) {
  const errand = await openErrand({ halves: ['bot'], env: options.env });
  const disk = join(errand.dir, 'small-disk');
  await mkdir(disk);
  spawnSync('mount', ['-t', 'tmpfs', '-o', options.mount, 'errand-test', disk]);
  try {
    const runner = await errand.addRunner('small-disk');
    await play(errand, runner, disk).finally(() => errand.stopHalf(runner));
  } finally {
    spawnSync('umount', ['-l', disk]);
    await errand.close();
  }
}

/** Disks of our own making need root on Linux; says loudly what is left out elsewhere. */
function kindsOfDisk(): readonly string[] {
  if (process.platform === 'linux' && process.getuid?.() === 0) return ['tmpfs'];
  process.stderr.write('\nLEFT OUT: runners on a full disk need root and Linux.\n\n');
  return [];
}

describe.each(kindsOfDisk())('a runner whose disk (%s)', () => {
  test.concurrent('is full takes no job until there is room', async () => {
    const env = { ERRAND_FREE_DISK_MB: '150' };
    await onSmallDisk({ mount: 'size=400m', env }, async (errand, runner, disk) => {
      await writeFile(join(disk, 'ballast'), Buffer.alloc(300e6));
      const job = await errand.asksScript(['write a.txt <<a']);
      await vi.waitFor(
        () => expect(runner.note()).toMatch(/takes no more jobs for now: only \d+ MB/),
        20_000,
      );
      expect(job.results()).toEqual([]);
      await rm(join(disk, 'ballast'));
      await job.offers(await job.result(1, PATIENCE_MS), ['Approve & merge', 'Request changes', 'Reject']);
      expect(runner.note()).toBeUndefined();
    });
  });

  test.concurrent('a job fills ends that job, by name and with its work kept', async () => {
    const env = { ERRAND_FREE_DISK_MB: '150' };
    await onSmallDisk({ mount: 'size=400m', env }, async (errand) => {
      const small = await errand.asksScript(['wait-for-steering']);
      await small.cardSays('Working', PATIENCE_MS);
      const fill = 'run head -c 300000000 /dev/zero > $TMPDIR/big; sleep 60';
      const large = await errand.asksScript(['write kept.txt <<kept', fill]);
      const words = large.words(await large.result(1, PATIENCE_MS));
      expect(words).toMatch(/The runner is short of disk: only \d+ MB of its disk are free/);
      expect(words).toContain('ERRAND_FREE_DISK_MB');
      small.replies('script: write small.txt <<small');
      await small.result(1, PATIENCE_MS);
      expect(await errand.pushed(small, 'small.txt')).toBe('small');
    });
  });

  test.concurrent('runs out of files ends the job that made them', async () => {
    await onSmallDisk(
      { mount: 'size=400m,nr_inodes=60000', env: { ERRAND_FREE_DISK_MB: '10' } },
      async (errand) => {
        const fill = `run perl -e 'open(F, ">", "$ENV{TMPDIR}/$_") for 1..45000'; sleep 60`;
        const job = await errand.asksScript([fill]);
        expect(job.words(await job.result(1, PATIENCE_MS))).toMatch(/only [\d,]+ more files can be made/);
      },
    );
  });
});

test.concurrent('A runner whose jobs take nearly all of their memory lets the next one wait', async () => {
  const errand = await openErrand({ halves: ['bot'], env: { ERRAND_RUNNER_MEMORY_LIMIT_MB: '1000' } });
  const runner = await errand.addRunner();
  try {
    const hold = `'${process.execPath}' -e 'const held = Buffer.alloc(8e8, 1); setTimeout(() => held, 600000)'`;
    const large = await errand.asksScript([`run ${hold}`]);
    // The first may come before the memory is taken: then it is done, and the one after it waits.
    let next = large;
    for (let tries = 0; tries < 10 && runner.note() === undefined; tries += 1) {
      next = await errand.asksScript(['write next.txt <<next']);
      await vi.waitFor(() => expect(runner.note() ?? next.results()[0]).toBeDefined(), 60_000);
    }
    expect(runner.note()).toMatch(/its jobs take \d+ MB of the 1\.0 GB/);
    await large.presses('Stop');
    await next.result(1, PATIENCE_MS);
    expect(await errand.pushed(next, 'next.txt')).toBe('next');
  } finally {
    await errand.close();
  }
});
