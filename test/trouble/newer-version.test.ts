// A newer Errand was here: what it stored is left as it is, whoever asks about it is told, and everybody else works on.
import { expect, test } from 'vitest';
import { openErrand } from '../support/errand.ts';

test('a job of another version waits, says so when asked about, and goes on once it can be read', async ({
  onTestFinished,
}) => {
  const errand = await openErrand({ halves: ['bot'] });
  onTestFinished(errand.close);
  const theirs = await errand.asksScript(['write one.txt <<1']);
  await errand.query(`UPDATE jobs SET data = data || '{"kind":"dream"}' WHERE id = $1`, [theirs.number]);
  await errand.addRunner();
  const ours = await errand.asksScript(['write two.txt <<2']);
  await ours.result();
  for (const command of ['status', 'stop']) {
    const asked = await errand.types(`/agent ${command} ${theirs.name}`);
    expect(await asked.answer()).toContain('stored by another version of Errand');
  }
  await errand.query(`UPDATE jobs SET data = data || '{"kind":"do"}' WHERE id = $1`, [theirs.number]);
  await theirs.result();
  expect(await errand.pushed(theirs, 'one.txt')).toBe('1');
  const takes = (await errand.eventsInside(theirs)).filter(
    (event) => event.kind === 'status' && event.data['event'] === 'taken',
  );
  expect(takes).toHaveLength(1);
});
