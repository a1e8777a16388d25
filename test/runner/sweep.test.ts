// What a runner clears away beside others on the same disk, and what it tells people about it.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRedactor } from '../../src/redact.ts';
import type { RunnerContext } from '../../src/runner/context.ts';
import { sweepWorkspaces } from '../../src/runner/recover.ts';
import type { Workspaces } from '../../src/workspace/workspaces.ts';
import { addJob, now, openRoom, silent } from '../support/store-room.ts';
import { openRoom as openDisk } from '../support/workspace-room.ts';

/** A job that nobody works on, with the tree that its dead runner left. */
async function openLeft(options: Parameters<typeof openDisk>[0] = {}) {
  const store = await openRoom();
  const disk = await openDisk(options);
  onTestFinished(() => disk.close());
  const job = await addJob(store, { status: 'queued', branch: 'errand/J-7' });
  const workspace = await disk.start('J-7');
  const sweep = (workspaces: Pick<Workspaces, 'sweep'> = disk.workspaces) => {
    const rest = { log: silent, now, redactor: createRedactor([]), home: disk.home };
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
