// Jobs that another version of Errand stored: the others are shown as ever, the card says what is the matter, and as soon
// as somebody can read the job it is shown as it is.
import { expect, test } from 'vitest';
import { openShowRoom } from '../support/show-room.ts';

const WORDS = 'stored by another version of Errand';

test('a job that cannot be read hides no other, says so after a while, and is shown once it can be read', async () => {
  const room = await openShowRoom();
  const { sql } = room.store.db;
  const unreadable = await room.addHere();
  await sql.query(`UPDATE jobs SET data = data || '{"phase":"dreaming"}' WHERE id = $1`, [unreadable.id]);
  const other = await room.addHere();
  room.show({ lookAgainMs: 500 });
  const textOf = (id: number) => room.said().find((message) => message.text.includes(`J-${id}`))?.text;
  await room.slack.waitFor(() => textOf(other.id) !== undefined && textOf(unreadable.id) !== undefined);
  expect(textOf(unreadable.id)).toContain(WORDS);
  const { rows } = await sql.query(
    'SELECT j.change > m.shown_change AS behind FROM jobs j JOIN message_sets m ON m.job_id = j.id WHERE j.id = $1',
    [unreadable.id],
  );
  expect(rows, 'A newer bot must still find that it is behind.').toEqual([{ behind: true }]);
  await sql.query(`UPDATE jobs SET data = data - 'phase' WHERE id = $1`, [unreadable.id]);
  await room.slack.waitFor(() => textOf(unreadable.id)?.includes(WORDS) === false);
  expect(room.said()).toHaveLength(2);
});

test('a notice that another version wrote in its own way does not hold up what can be shown', async () => {
  const room = await openShowRoom();
  const { sql } = room.store.db;
  const { id } = await room.addHere();
  await sql.query(
    `INSERT INTO messages (job_id, slot, channel, wanted) VALUES ($1, 'notice:1', $2, '{"drawing":1}'), ($1, 'notice:2', $2, '{"text":"Still here."}')`,
    [id, room.general.id],
  );
  room.show({ lookAgainMs: 500 });
  await room.slack.waitFor(() => room.said().some((message) => message.text === 'Still here.'));
  await sql.query(`UPDATE messages SET wanted = '{"text":"Read at last."}' WHERE slot = 'notice:1'`);
  await room.slack.waitFor(() => room.said().some((message) => message.text === 'Read at last.'));
});
