// A request is committed before it is acknowledged, once, whatever Slack or we do.
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../src/errors.ts';
import { createLog } from '../../src/log.ts';
import { createSlackIn } from '../../src/slack/bolt.ts';
import { listJobs } from '../../src/store/jobs.ts';
import { eventually, type Front, inboxSettled, startFront } from '../support/slack-front.ts';

const jobs = (front: Front) => listJobs(front.store.db.sql, { limit: 100 });
const command = (front: Front, text: string) =>
  front.slack.slashCommand({ user: front.ada.id, channel: front.general.id, command: '/agent', text });

/** Holds up every write to the inbox until `release`. */
async function blockInbox(front: Front) {
  const client = new pg.Client({ connectionString: front.store.db.url });
  await client.connect();
  await client.query('BEGIN; LOCK TABLE inbox IN SHARE MODE');
  return {
    release: async () => {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

const waitingForLock = async (front: Front) => {
  const { rowCount } = await front.store.db.sql.query('SELECT 1 FROM pg_locks WHERE NOT granted');
  return rowCount ?? 0;
};

describe.each(['socket', 'http'] as const)('requests over %s', (mode) => {
  it('are stored before they are acknowledged', async () => {
    const front = await startFront({ mode });
    const inbox = await blockInbox(front);
    let acknowledged = false;
    const outcome = command(front, 'do add a test').then((result) => {
      acknowledged = true;
      return result;
    });
    await eventually(
      () => waitingForLock(front),
      (waiting) => waiting > 0,
    );
    expect(acknowledged).toBe(false);
    await inbox.release();
    expect((await outcome).error).toBeUndefined();
    await inboxSettled(front.store);
    const { rows } = await front.store.db.sql.query('SELECT kind, body, error FROM inbox');
    expect(rows).toMatchObject([{ kind: 'command', body: { text: 'do add a test' }, error: null }]);
    expect(rows[0].body).not.toHaveProperty('token');
  });

  it('answer calmly when the database is away, and events come again', async () => {
    const front = await startFront({ mode, slack: { ackTimeoutMs: 3_000, retryDelaysMs: [3_600_000] } });
    const { sql } = front.store.db;
    await sql.query('ALTER TABLE inbox RENAME TO inbox_away');
    expect((await command(front, 'do add a test')).error).toBeUndefined();
    expect(front.slack.ephemerals(front.ada.id).at(-1)?.text).toContain('Try again in a minute');
    const posted = front.slack.post({
      user: front.ada.id,
      channel: front.general.id,
      text: '@errand do add a test',
    });
    expect(await posted.acked).toBe(false);
    await sql.query('ALTER TABLE inbox_away RENAME TO inbox');
    front.slack.retryNow();
    const found = await eventually(
      () => jobs(front),
      (all) => all.length > 0,
    );
    await inboxSettled(front.store);
    expect(found).toHaveLength(1);
    expect(await jobs(front)).toHaveLength(1);
  });

  it('keep up with fifty commands at once', async () => {
    const front = await startFront({ mode });
    await command(front, 'help');
    const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => command(front, `do task ${n}`)));
    expect(outcomes.every((outcome) => outcome.isAcked && outcome.error === undefined)).toBe(true);
    await inboxSettled(front.store, 51);
    expect(await jobs(front)).toHaveLength(50);
  });
});

describe('the connection', () => {
  it.each(['refreshes', 'cuts'] as const)('is back at once when Slack %s every socket', async (how) => {
    const front = await startFront();
    expect(front.slack.socketCount()).toBe(2);
    const gone = front.slack.waitFor(() => front.slack.socketCount() === 0);
    if (how === 'refreshes') front.slack.refreshSockets('warning');
    else front.slack.cutSockets();
    await gone;
    await front.slack.waitFor(() => front.slack.socketCount() === 2, { timeoutMs: 3_000 });
    expect(front.slackIn.isConnected()).toBe(true);
    expect((await command(front, 'do add a test')).error).toBeUndefined();
  });

  it('says which token is wrong', async () => {
    const front = await startFront();
    const start = (tokens: { botToken?: string; appToken?: string }) =>
      createSlackIn({
        config: { mode: 'socket', botToken: front.slack.botToken, appToken: front.slack.appToken, ...tokens },
        apiUrl: front.apiUrl,
        context: { store: front.store, now: () => new Date(), rules: { approvers: [] } },
        lookups: {
          repositories: async () => [],
          repository: async () => undefined,
          issue: async () => ({ kind: 'not_found' }),
          pull: async () => undefined,
          branch: async () => undefined,
          checkAgent: async () => undefined,
          settings: async () => undefined,
          account: async () => undefined,
          accountRights: async () => ({ mayWrite: true }),
        },
        log: createLog({ level: 'silent' }),
        now: () => new Date(),
      }).start();
    await expect(start({ botToken: 'xoxb-wrong' })).rejects.toThrow(/SLACK_BOT_TOKEN/);
    await expect(start({ appToken: 'xapp-wrong' })).rejects.toThrow(/SLACK_APP_TOKEN/);
    await expect(start({ appToken: 'xapp-wrong' })).rejects.toBeInstanceOf(PermanentError);
  });

  it('serves further pages on its port', async () => {
    const front = await startFront({
      routes: [
        {
          path: '/jobs/:id',
          method: 'GET',
          handler: (request, response) => response.end(`job ${request.params?.['id']}`),
        },
      ],
    });
    const response = await fetch(`http://127.0.0.1:${front.port}/jobs/J-12`);
    expect(await response.text()).toBe('job J-12');
    expect((await fetch(`http://127.0.0.1:${front.port}/slack/events`, { method: 'POST' })).status).toBe(404);
  });

  it('finishes what it began before it stops', async () => {
    let go = () => {};
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const front = await startFront({ lookups: { checkAgent: () => held.then(() => undefined) } });
    expect((await command(front, 'do add a test')).isAcked).toBe(true);
    const stopping = front.slackIn.stop();
    go();
    await stopping;
    expect(await jobs(front)).toHaveLength(1);
  });
});
