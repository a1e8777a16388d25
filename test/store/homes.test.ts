// App homes in the database: how long the answer to a press stands there.
import { expect, test } from 'vitest';
import { noteAtHome, openHome, releaseHome, takeDueHomes } from '../../src/store/homes.ts';
import { openRoom } from '../support/store-room.ts';

const PACE = { everyMs: 0, apartMs: 0, sweepMs: 60_000, keptMs: 60_000 };
const PLACE = { team: 'T1', person: 'U0ADA' };

test('the answer to a press waits until Slack shows it, however long Slack wants a pause, and its time begins then', async () => {
  const { db } = await openRoom();
  const take = async (noticeMs: number) => {
    const options = { ...PACE, noticeMs, team: 'T1', holder: 'bot', leaseMs: 60_000, limit: 1 };
    const [home] = await takeDueHomes(db.sql, options);
    return home;
  };
  const notice = { text: 'Only Bob can decide.' };
  await openHome(db.sql, PLACE);
  await noteAtHome(db.sql, PLACE, notice);
  expect((await take(0))?.notice).toEqual(notice);
  // Slack did not take it.
  await releaseHome(db.sql, { ...PLACE, holder: 'bot', pauseMs: 0 });
  expect((await take(0))?.notice).toEqual(notice);
  await releaseHome(db.sql, { ...PLACE, holder: 'bot', hash: 'a1' });
  await openHome(db.sql, PLACE);
  expect((await take(60_000))?.notice).toEqual(notice);
  await releaseHome(db.sql, { ...PLACE, holder: 'bot', hash: 'a1' });
  await openHome(db.sql, PLACE);
  expect(await take(0)).toEqual({ person: 'U0ADA' });
});
