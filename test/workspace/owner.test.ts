// Whose disk it is, when several want it at the same time.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkHome, claimHome } from '../../src/workspace/owner.ts';

const IDS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

test('of two deployments one gets the disk, however many of each come at once, and the other is told', async () => {
  const home = await mkdtemp(join(tmpdir(), 'errand-owner-'));
  onTestFinished(() => rm(home, { recursive: true }));
  await checkHome(home, IDS[0] ?? '');
  const claims = Array.from({ length: 20 }, (_, at) => ({ id: IDS[at % 2] ?? '' }));
  const ends = await Promise.all(
    claims.map(({ id }) =>
      claimHome(home, id).then(
        () => ({ id, got: true }),
        (thrown: unknown) => ({ id, thrown }),
      ),
    ),
  );
  const owners = new Set(ends.flatMap((end) => ('got' in end ? [end.id] : [])));
  expect(owners.size).toBe(1);
  expect(ends.filter((end) => 'got' in end)).toHaveLength(10);
  for (const end of ends) if ('thrown' in end) expect(end.thrown).toMatchObject({ code: 'home_of_another' });
  expect(await readdir(home)).toEqual(['deployment']);
});

test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP'])(
  "a disk without hard links (%s) is claimed all the same, and then it is nobody else's",
  async (code) => {
    const home = await mkdtemp(join(tmpdir(), 'errand-owner-'));
    onTestFinished(() => rm(home, { recursive: true }));
    const noLinks = async () => {
      throw Object.assign(new Error(code), { code });
    };
    const claim = (id = '') => claimHome(home, id, noLinks);
    await claim(IDS[0]);
    await claim(IDS[0]);
    await expect(claim(IDS[1])).rejects.toMatchObject({ code: 'home_of_another' });
    await checkHome(home, IDS[0] ?? '');
    expect(await readdir(home)).toEqual(['deployment']);
  },
);
