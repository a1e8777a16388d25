// "Which repository?" ends exactly once: in a job, or in words that nothing was started, whoever dies on the way.
import { expect, test } from 'vitest';
import { listJobs } from '../../src/store/jobs.ts';
import { createWorld, eventually, type Front, inboxSettled, startFront } from '../support/slack-front.ts';

const twoRepositories = () => createWorld({ repositories: ['acme/shop', 'acme/web'] });
const jobs = (front: Front) => listJobs(front.store.db.sql, {});
const told = (front: Front) => front.slack.ephemerals(front.ada.id).map((one) => one.text);
const isOverdue = (front: Front) =>
  front.store.db.sql.query(`UPDATE choices SET expires_at = now() - interval '1 s'`);

async function ask(options: Parameters<typeof startFront>[0] = {}) {
  const front = await startFront({ world: twoRepositories(), ...options });
  const spot = { user: front.ada.id, channel: front.general.id };
  await front.slack.slashCommand({ ...spot, command: '/agent', text: 'do add a test' });
  await inboxSettled(front.store);
  const [question] = front.slack.ephemerals(front.ada.id);
  if (!question) throw new Error('Nobody was asked.');
  const menu = { ...spot, ts: question.ts, actionId: 'choice_repo' };
  return { front, menu };
}

test('a bot that cannot store the words of the end has not ended the question', async () => {
  const { front } = await ask();
  const { sql } = front.store.db;
  await isOverdue(front);
  await sql.query(`
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'died'; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON answers FOR EACH ROW EXECUTE FUNCTION fail()`);
  front.slack.fault({ method: 'response_url', httpStatus: 500 });
  front.slack.fault({ method: 'chat.postEphemeral', error: 'user_disabled' });
  await front.slackIn.expireDue();
  await sql.query('DROP TRIGGER fail ON answers');
  front.slack.clearFaults();
  await front.addBot().then((bot) => Promise.all([bot.expireDue(), front.slackIn.expireDue()]));
  expect(told(front).filter((text) => text.includes('nothing was started'))).toHaveLength(1);
});

test('a question that Slack had not taken when its time was over does not come after its end', async () => {
  const front = await startFront({ world: twoRepositories() });
  front.slack.fault({ method: 'response_url', httpStatus: 500 });
  front.slack.fault({ method: 'chat.postEphemeral', error: 'internal_error' });
  const { ada, general, slack, store } = front;
  await slack.slashCommand({ user: ada.id, channel: general.id, command: '/agent', text: 'do add a test' });
  await inboxSettled(store);
  await isOverdue(front);
  await front.slackIn.expireDue();
  await store.db.sql.query(`UPDATE answers SET not_before = 'epoch'`);
  await front.slackIn.sayDue();
  expect(told(front)).toEqual([expect.stringContaining('nothing was started')]);
});

test('a question whose job was started by a bot that died over it ends in that job alone', async () => {
  const { front, menu } = await ask();
  await front.slack.suggest({ ...menu, query: 'shop' });
  await front.slack.click({ ...menu, value: 'acme/shop' });
  await inboxSettled(front.store, 2);
  // An older version could leave it so.
  await front.store.db.sql.query('UPDATE choices SET ended_at = NULL, ended_by = NULL');
  await isOverdue(front);
  expect(await front.slackIn.expireDue()).toBe(0);
  expect(await jobs(front)).toHaveLength(1);
  expect(told(front).join()).not.toContain('nothing was started');
});

test('a question whose time is over while GitHub is asked ends in words, and starts nothing afterwards', async () => {
  const opened = Promise.withResolvers<undefined>();
  const asking = Promise.withResolvers<undefined>();
  let isHeld = false;
  const { front, menu } = await ask({
    lookups: {
      repository: async (repo) => {
        if (isHeld) asking.resolve(undefined);
        if (isHeld) await opened.promise;
        return { repo, url: 'https://github.com/acme/shop', defaultBranch: 'main' };
      },
    },
  });
  isHeld = true;
  await front.slack.suggest({ ...menu, query: 'shop' });
  await front.slack.click({ ...menu, value: 'acme/shop' });
  await asking.promise;
  await isOverdue(front);
  expect(await front.slackIn.expireDue()).toBe(1);
  opened.resolve(undefined);
  await inboxSettled(front.store, 2);
  await eventually(
    async () => told(front).join(),
    (text) => text.includes('This question is over'),
  );
  expect(await jobs(front)).toEqual([]);
  expect(told(front).filter((text) => text.includes('nothing was started'))).toHaveLength(1);
});
