// Slash commands and the repository picker, from the local Slack to the database.
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../src/errors.ts';
import { listJobs } from '../../src/store/jobs.ts';
import { createWorld, eventually, type Front, inboxSettled, startFront } from '../support/slack-front.ts';

async function type(front: Front, text: string, more: { user?: string; channel?: string } = {}) {
  const user = more.user ?? front.ada.id;
  const channel = more.channel ?? front.general.id;
  const outcome = await front.slack.slashCommand({ user, channel, command: '/agent', text });
  expect(outcome.error).toBeUndefined();
  await inboxSettled(front.store);
}

const jobs = (front: Front) => listJobs(front.store.db.sql, {});
const told = (front: Front, user = front.ada.id) => front.slack.ephemerals(user).at(-1)?.text;

describe('a slash command', () => {
  it('starts a job with everything that was asked, and says nothing more', async () => {
    const front = await startFront();
    await type(front, 'fix #1 base=release model=opus replies=all please be careful');
    expect(await jobs(front)).toMatchObject([
      {
        status: 'queued',
        kind: 'fix',
        task: 'please be careful',
        issue: { number: 1, title: 'Totals are wrong' },
        repo: { owner: 'acme', name: 'shop' },
        base: 'release',
        model: 'opus',
        replyPolicy: 'all',
        requester: front.ada.id,
        channel: front.general.id,
      },
    ]);
    expect(front.slack.ephemerals(front.ada.id)).toEqual([]);
  });

  it("understands what Slack made of an issue's link", async () => {
    const front = await startFront();
    await type(front, 'fix https://github.com/acme/shop/issues/1');
    expect(await jobs(front)).toMatchObject([{ issue: { number: 1 } }]);
  });

  it.each([
    ['an unknown verb', 'fux #1', /fix #1/],
    ['an issue that is not there', 'fix #99', /no issue #99/],
    ['a closed issue', 'fix #2', /closed/],
    ['a pull request', 'fix #3', /pull request/],
    ['a repository out of reach', 'do it repo=acme/secret', /can't see `acme\/secret`/],
    ['a branch that is not there', 'do it base=nope', /no branch `nope`/],
    ['an agent that is not there', 'do it agent=hal', /no agent hal/i],
    ['an empty task', 'do', /Tell me what to do/],
    ['50 KB of text', `do ${'x'.repeat(50_000)}`, /issue/],
  ])('answers %s to the person alone and starts nothing', async (_name, text, say) => {
    const front = await startFront();
    await type(front, text);
    expect(told(front)).toMatch(say);
    expect(await jobs(front)).toEqual([]);
    expect(front.slack.messages(front.general.id)).toEqual([]);
  });

  it('suggests the nearest repository that is in reach', async () => {
    const front = await startFront({ world: createWorld({ repositories: ['acme/shop', 'acme/web'] }) });
    await type(front, 'do it repo=acmee/shop');
    expect(told(front)).toContain('repo=acme/shop');
  });

  it('joins a public channel by itself', async () => {
    const front = await startFront();
    const channel = front.slack.addChannel({ name: 'new', members: [front.ada.id] });
    await type(front, 'do add a test', { channel: channel.id });
    expect(channel.members.has(front.slack.botUserId)).toBe(true);
    expect(await jobs(front)).toHaveLength(1);
  });

  it('says how to invite it into a private channel', async () => {
    const front = await startFront();
    const channel = front.slack.addChannel({ name: 'secret', isPrivate: true, members: [front.ada.id] });
    await type(front, 'do add a test', { channel: channel.id });
    expect(told(front)).toContain('/invite @Errand');
    expect(await jobs(front)).toEqual([]);
  });

  it('says how to invite it where it may not join', async () => {
    const front = await startFront();
    const channel = front.slack.addChannel({ name: 'closed', members: [front.ada.id] });
    front.slack.fault({ method: 'conversations.join', error: 'method_not_supported_for_channel_type' });
    await type(front, 'do add a test', { channel: channel.id });
    expect(told(front)).toContain('/invite @Errand');
  });

  it('works in a direct message', async () => {
    const front = await startFront();
    const dm = front.slack.openDm(front.ada.id);
    await type(front, 'do add a test', { channel: dm.id });
    expect(await jobs(front)).toMatchObject([{ channel: dm.id }]);
  });

  it('refuses guests and people of other workspaces', async () => {
    const front = await startFront();
    const guest = front.slack.addUser({ name: 'guest', isRestricted: true });
    const stranger = front.slack.addUser({ name: 'eve', isStranger: true });
    const channel = front.slack.addChannel({ name: 'shared' });
    await type(front, 'do add a test', { user: guest.id, channel: channel.id });
    expect(told(front, guest.id)).toContain('full members');
    await type(front, 'do add a test', { user: stranger.id, channel: channel.id });
    expect(told(front, stranger.id)).toContain('my own workspace');
    expect(await jobs(front)).toEqual([]);
  });

  it('lists, shows, stops and sets what a channel prefers', async () => {
    const front = await startFront({ world: createWorld({ repositories: ['acme/shop', 'acme/web'] }) });
    await type(front, 'repo acme/web');
    expect(told(front)).toContain('acme/web');
    await type(front, 'do tidy <up> & test');
    await type(front, 'list');
    expect(told(front)).toContain('tidy &lt;up&gt; &amp; test');
    await type(front, 'status J-1');
    expect(told(front)).toContain('J-1');
    await type(front, 'list mine', { user: front.bob.id });
    expect(told(front, front.bob.id)).toContain('no open jobs');
    await type(front, 'stop J-1', { user: front.bob.id });
    expect(told(front, front.bob.id)).toBe('Stopped J-1.');
    await type(front, 'retry J-1');
    expect(told(front)).toContain('final');
    await type(front, 'replies all');
    expect(told(front)).toContain('every reply');
    await type(front, 'stop J-77');
    expect(told(front)).toContain('no job J-77');
    expect(await jobs(front)).toMatchObject([{ repo: { name: 'web' }, status: 'cancelled' }]);
  });

  it("keeps a private conversation's jobs out of other people's lists", async () => {
    const front = await startFront();
    const dm = front.slack.openDm(front.ada.id);
    await type(front, 'do secret things', { channel: dm.id });
    await type(front, 'list all', { user: front.bob.id });
    expect(told(front, front.bob.id)).toContain('No open jobs');
    await type(front, 'status J-1', { user: front.bob.id });
    expect(told(front, front.bob.id)).toContain('no job J-1');
    await type(front, 'list all');
    expect(told(front)).toContain('secret things');
  });

  it('says calmly that GitHub is away, and names our own mistakes by an id', async () => {
    let error: Error = new TransientError('GitHub is away');
    const lookups = { issue: () => Promise.reject(error) };
    const front = await startFront({ lookups });
    await type(front, 'fix #1');
    expect(told(front)).toContain('Try again in a minute');
    error = new Error('bug');
    await type(front, 'fix #1');
    expect(told(front)).toMatch(/went wrong on my side.*`[0-9a-f]{8}`/);
    const { rows } = await front.store.db.sql.query("SELECT error FROM inbox WHERE error LIKE '%bug'");
    expect(rows).toHaveLength(1);
  });
});

describe('the repository picker', () => {
  const many = () =>
    createWorld({
      repositories: ['acme/shop', 'acme/web', ...Array.from({ length: 200 }, (_, i) => `acme/r${i}`)],
    });

  async function ask(front: Front) {
    await type(front, 'do add a test');
    const [question] = front.slack.ephemerals(front.ada.id);
    if (!question) throw new Error('Nobody was asked.');
    return { user: front.ada.id, channel: front.general.id, ts: question.ts };
  }

  it('offers all repositories by search and starts the job with the chosen one', async () => {
    const front = await startFront({ world: many() });
    const spot = await ask(front);
    const offered = await front.slack.suggest({ ...spot, actionId: 'choice_repo', query: 'r19' });
    expect(offered.map((option) => option.value)).toContain('acme/r199');
    await front.slack.click({ ...spot, actionId: 'choice_repo', value: 'acme/r199' });
    await inboxSettled(front.store, 2);
    expect(await jobs(front)).toMatchObject([{ task: 'add a test', repo: { name: 'r199' } }]);
    expect(front.slack.ephemerals(front.ada.id)).toEqual([]);
  });

  it('can be dropped', async () => {
    const front = await startFront({ world: many() });
    const spot = await ask(front);
    await front.slack.click({ ...spot, actionId: 'choice_drop' });
    await inboxSettled(front.store, 2);
    expect(told(front)).toContain('Nothing was started');
    expect(await jobs(front)).toEqual([]);
  });

  it('expires with a message, once, and then no longer works', async () => {
    const front = await startFront({ world: many() });
    const spot = await ask(front);
    await front.slack.suggest({ ...spot, actionId: 'choice_repo', query: 'shop' });
    await front.store.db.sql.query("UPDATE choices SET expires_at = now() - interval '1 s'");
    expect(await Promise.all([front.slackIn.expireDue(), front.slackIn.expireDue()])).toContain(1);
    expect(told(front)).toContain('nothing was started');
    await front.slack.click({ ...spot, actionId: 'choice_repo', value: 'acme/shop' });
    await inboxSettled(front.store, 2);
    await eventually(
      async () =>
        front.slack
          .ephemerals(front.ada.id)
          .map((one) => one.text)
          .join(),
      (text) => text.includes('over'),
    );
    expect(await jobs(front)).toEqual([]);
  });

  it('is not shown where the bot sees no repository', async () => {
    const front = await startFront({ world: createWorld({ repositories: [] }) });
    await type(front, 'do add a test');
    expect(told(front)).toContain("can't see any repository");
  });
});
