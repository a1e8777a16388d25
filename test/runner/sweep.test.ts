// What a runner clears away beside others on the same disk, and what it tells people about it.
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Status, workName } from '../../src/job/job.ts';
import { createRedactor } from '../../src/redact.ts';
import type { RunnerContext } from '../../src/runner/context.ts';
import { sweepWorkspaces } from '../../src/runner/recover.ts';
import { readEvents } from '../../src/store/events.ts';
import { loadMessages } from '../../src/store/messages.ts';
import type { Workspaces } from '../../src/workspace/workspaces.ts';
import { addJob, now, openRoom, silent } from '../support/store-room.ts';
import { openRoom as openDisk } from '../support/workspace-room.ts';

const DAY_MS = 24 * 60 * 60_000;

/** A job that nobody works on, with the tree that its dead runner left. */
async function openLeft(options: Parameters<typeof openDisk>[0] = {}) {
  const store = await openRoom();
  const disk = await openDisk(options);
  onTestFinished(() => disk.close());
  const job = await addJob(store, { status: 'queued' });
  const workspace = await disk.start(workName(job));
  const sweep = (workspaces: Pick<Workspaces, 'sweep'> = disk.workspaces) => {
    const rest = {
      log: silent,
      now,
      redactor: createRedactor([]),
      home: disk.home,
      keptLifetimeMs: 14 * DAY_MS,
    };
    return sweepWorkspaces({ ...rest, store, workspaces } as unknown as RunnerContext); // as much as is used
  };
  return { store, disk, job, workspace, sweep };
}

test('the logins that a dead runner left go before anybody else can take the job, and no later ones', async () => {
  const { disk, workspace, sweep } = await openLeft();
  const folder = join(workspace.home, '.codex');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'auth.json'), 'of the dead runner');
  const inBetween: string[][] = [];
  await sweep({
    async sweep(request) {
      const swept = await disk.workspaces.sweep(request);
      inBetween.push(await readdir(folder));
      // Another runner on this disk has taken the job by now.
      await writeFile(join(folder, 'auth.json'), 'of the next turn');
      return swept;
    },
  });
  expect(inBetween).toEqual([[]]);
  expect(await readdir(folder)).toEqual(['auth.json']);
});

test('files of a dead runner that no snapshot can take are set aside, and the thread is told where they lie', async () => {
  const { store, disk, job, workspace, sweep } = await openLeft({ limits: { maxFileBytes: 100 } });
  await writeFile(join(workspace.tree, 'big.bin'), 'x'.repeat(101));
  await sweep();
  const place = `kept/${workName(job)}/${workspace.attempt}`;
  expect(await readdir(join(disk.home, place))).toContain('big.bin');
  const [notice, ...more] = await loadMessages(store.db.sql, job.id);
  expect(notice?.wanted).toMatchObject({ text: expect.stringMatching(/big\.bin.*not lost/) });
  expect(notice?.wanted).toMatchObject({ text: expect.stringContaining(place) });
  expect(more).toEqual([]);
  expect(await readEvents(store.db.sql, job.id, { kinds: ['note'] })).toMatchObject([
    { kind: 'note', data: { name: 'files_set_aside', place, paths: ['big.bin'] } },
  ]);
});

test('set-aside files go 14 days after their job ended, and never those of work that goes on', async () => {
  const { store, disk, sweep } = await openLeft();
  const before = (days: number) => new Date(Date.now() - days * DAY_MS);
  /** A job whose last news are as old as its files. */
  const lay = async (status: Status, { filesDays, jobDays }: { filesDays: number; jobDays: number }) => {
    const job = await addJob(store, { status });
    await store.db.transaction(async (tx) => {
      await tx.query("SET LOCAL session_replication_role = 'replica'");
      await tx.query('UPDATE jobs SET updated_at = $2 WHERE id = $1', [job.id, before(jobDays)]);
    });
    const dir = join(disk.home, 'kept', workName(job));
    await mkdir(join(dir, '1'), { recursive: true });
    await writeFile(join(dir, '1/big.bin'), 'work');
    await utimes(dir, before(filesDays), before(filesDays));
    return workName(job);
  };
  const old = { filesDays: 15, jobDays: 15 };
  const gone = await Promise.all((['failed', 'cancelled', 'done'] as const).map((one) => lay(one, old)));
  const open = ['queued', 'running', 'in_review', 'merging', 'closing'] as const;
  const kept = [
    ...(await Promise.all(open.map((one) => lay(one, old)))),
    await lay('failed', { filesDays: 13, jobDays: 15 }),
    await lay('failed', { filesDays: 15, jobDays: 13 }),
  ];
  const stranger = join(disk.home, 'kept/J-999999');
  await mkdir(stranger);
  await utimes(stranger, before(400), before(400));
  await sweep();
  const left = await readdir(join(disk.home, 'kept'));
  expect(left.toSorted()).toEqual([...kept, 'J-999999'].toSorted());
  expect(left).not.toEqual(expect.arrayContaining(gone));
});
