// The app's home in bad times: Slack wants a pause, two bots, a bot that died while it drew, one that is seen by nobody.
import { expect, test } from 'vitest';
import { takeDueHomes } from '../../src/store/homes.ts';
import { happenTo, startReviewedJob } from '../support/reviewed-job.ts';
import { eventually, type Front, startFront } from '../support/slack-front.ts';

const PACE = { everyMs: 0, apartMs: 0, sweepMs: 60_000, keptMs: 60_000, noticeMs: 60_000 };

const drawn = ({ slack }: Front, person: string) =>
  slack.calls.filter(({ method, args }) => method === 'views.publish' && args['user_id'] === person);

async function says(front: Front, person: string, words: string): Promise<void> {
  const { slack } = front;
  await slack.waitFor(
    {
      description: `the home to say ${words}`,
      check: () => {
        const home = slack.home(person);
        return home !== undefined && slack.renderView(home).includes(words);
      },
    },
    { timeoutMs: 25_000 },
  );
}

/** Until every home was looked at with all that is known by now. */
async function atRest({ store }: Front): Promise<void> {
  const look = async () => {
    const { rows } = await store.db.sql.query<{ behind: number }>(
      `SELECT count(*)::int AS behind FROM slack_homes
       WHERE looked_change <> (SELECT sum(change) FROM jobs) OR wanted_at > looked_at OR leased_by IS NOT NULL`,
    );
    return rows[0]?.behind;
  };
  await eventually(look, (behind) => behind === 0, 25_000);
}

test('a pause that Slack asks for is kept by all bots, and jobs do not wait for it', async () => {
  const front = await startFront();
  await front.addBot();
  const { slack, ada, general, store } = front;
  slack.fault({ method: 'views.publish', retryAfterS: 3 });
  const before = performance.now();
  await slack.openHome(ada.id);
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'fix #1' });
  await eventually(
    async () => (await store.db.sql.query('SELECT 1 FROM jobs')).rowCount,
    (count) => count === 1,
  );
  await says(front, ada.id, 'Totals are wrong');
  expect(performance.now() - before).toBeGreaterThan(2_500);
  const statuses = drawn(front, ada.id).map(({ status }) => status);
  expect(statuses).toEqual([429, 200]);
});

test('two bots draw what changed once, and nothing where nothing a person could see did', async () => {
  const { front } = await startReviewedJob();
  await front.addBot();
  const { slack, ada, store } = front;
  await slack.openHome(ada.id);
  await says(front, ada.id, '[ Approve & merge ]');
  await atRest(front);
  const before = drawn(front, ada.id).length;
  await store.db.sql.query('UPDATE jobs SET updated_at = now()');
  await atRest(front);
  expect(drawn(front, ada.id)).toHaveLength(before);
  await happenTo(front, { type: 'reply', by: ada.id });
  await says(front, ada.id, 'queued');
  await atRest(front);
  expect(drawn(front, ada.id)).toHaveLength(before + 1);
});

test('a home that a bot died over is drawn by another, as soon as its lease is over', async () => {
  const { front } = await startReviewedJob();
  const { ada, store, slackIn } = front;
  const team = slackIn.identity().teamId;
  await slackIn.stop();
  await store.db.sql.query('INSERT INTO slack_homes (team, person) VALUES ($1, $2)', [team, ada.id]);
  const dead = { ...PACE, team, holder: 'dead', leaseMs: 1_000, limit: 10 };
  expect(await takeDueHomes(store.db.sql, dead)).toMatchObject([{ person: ada.id }]);
  expect(await takeDueHomes(store.db.sql, { ...dead, holder: 'other' })).toEqual([]);
  await front.addBot();
  await says(front, ada.id, '[ Approve & merge ]');
});

test('whom Slack does not know any more is forgotten, and whoever stays away is drawn for no longer', async () => {
  const front = await startFront();
  const { slack, ada, bob, store } = front;
  const { sql } = store.db;
  const people = async () =>
    (await sql.query<{ person: string }>('SELECT person FROM slack_homes')).rows.map(({ person }) => person);
  slack.fault({ method: 'views.publish', error: 'user_not_found' });
  await slack.openHome(ada.id);
  await eventually(people, (known) => known.length === 0);
  await slack.openHome(bob.id);
  await says(front, bob.id, 'This is how it goes');
  await atRest(front);
  const before = drawn(front, bob.id).length;
  await sql.query(
    `UPDATE slack_homes SET opened_at = now() - interval '8 days', shown_hash = NULL, wanted_at = now()`,
  );
  await slack.openHome(ada.id);
  await says(front, ada.id, 'This is how it goes');
  expect(drawn(front, bob.id)).toHaveLength(before);
});
