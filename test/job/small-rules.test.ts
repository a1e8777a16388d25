// The small pure rules around a job: names, what there is to do, who steers, what the card folds.
import { expect, test } from 'vitest';
import { type AgentUpdate, foldProgress, type Progress } from '../../src/job/agent-update.ts';
import { branchName, jobName, parseJobName, STATUSES } from '../../src/job/job.ts';
import { nextWork } from '../../src/job/next-work.ts';
import { parseRepo, sameRepo } from '../../src/job/repo.ts';
import { steers } from '../../src/job/steering.ts';

test('a job is read back from every way people write its name', () => {
  expect(['J-12', 'j-12', 'j12', '12', ' J-12 '].map(parseJobName)).toEqual([12, 12, 12, 12, 12]);
  expect(['', 'J', 'K-1', 'J-12a', '-3', '1.5', '12345678901'].map(parseJobName)).toEqual(
    Array(7).fill(undefined),
  );
  expect([jobName({ id: 12 }), branchName(12)]).toEqual(['J-12', 'errand/J-12']);
});

test('only queued jobs need an agent and only decided ones need settling', () => {
  const work = STATUSES.flatMap((status) => nextWork({ status }) ?? []);
  expect(work).toEqual(['turn', 'settle', 'settle']);
  expect(nextWork({ status: 'queued' })).toBe('turn');
});

test('a repository name is what GitHub allows and nothing that climbs a path', () => {
  expect(parseRepo('acme/shop.js')).toEqual({ owner: 'acme', name: 'shop.js' });
  const wrong = [
    'acme',
    'acme/',
    '/shop',
    'acme/..',
    'acme/.',
    '../shop',
    'acme/shop.git',
    'a b/c',
    'acme/shop/x',
    '-a/b',
  ];
  expect(wrong.map(parseRepo)).toEqual(wrong.map(() => undefined));
  expect(sameRepo({ owner: 'Acme', name: 'Shop' }, { owner: 'acme', name: 'shop' })).toBe(true);
});

test('who steers follows the policy of the job, then of the channel, then the default', () => {
  const job = { requester: 'U1', participants: ['U2'] };
  const said = { mentionsBot: false, opensWithOtherMention: false };
  const by = (author: string, policy?: 'all' | 'mention' | 'requester', own?: 'all' | 'mention') =>
    steers({ ...job, ...(own ? { replyPolicy: own } : {}) }, { ...said, author }, policy);
  expect([by('U1'), by('U2'), by('U3')]).toEqual([true, true, false]);
  expect([by('U3', 'all'), by('U1', 'mention'), by('U3', 'requester')]).toEqual([true, false, false]);
  expect([by('U3', 'mention', 'all'), by('U1', 'all', 'mention')]).toEqual([true, false]);
});

test('a mention of the bot steers under every policy, unless the message is meant for somebody else', () => {
  const job = { requester: 'U1', participants: [], replyPolicy: 'mention' as const };
  expect(steers(job, { author: 'U9', mentionsBot: true, opensWithOtherMention: false })).toBe(true);
  for (const replyPolicy of ['all', 'mention', 'requester'] as const) {
    for (const mentionsBot of [true, false]) {
      const message = { author: 'U1', mentionsBot, opensWithOtherMention: true };
      expect(steers({ ...job, replyPolicy }, message)).toBe(false);
    }
  }
});

test('progress keeps the newest plan and activity and adds up what is known of usage', () => {
  const now = new Date('2026-03-01T10:00:00Z');
  const updates: AgentUpdate[] = [
    { kind: 'plan', steps: [{ text: 'Look', status: 'pending' }] },
    { kind: 'tool', id: '1', title: 'Read src/cart.js', toolKind: 'read', status: 'pending', paths: [] },
    { kind: 'tool', id: '1', title: ' ', toolKind: 'read', status: 'completed', paths: [] },
    { kind: 'message', text: 'I see.' },
    { kind: 'thought', text: 'Hm.' },
    { kind: 'usage', usage: { totalTokens: 10, contextSize: 100 } },
    { kind: 'usage', usage: { totalTokens: 20 } },
    { kind: 'permission', title: 'Edit a.js', allowed: true, reason: 'inside' },
    { kind: 'plan', steps: [{ text: 'Look', status: 'completed' }] },
  ];
  const empty: Progress = { plan: [], usage: {} };
  const folded = updates.reduce((progress, update) => foldProgress(progress, update, now), empty);
  expect(folded).toEqual({
    plan: [{ text: 'Look', status: 'completed' }],
    activity: 'Read src/cart.js',
    activityAt: '2026-03-01T10:00:00.000Z',
    usage: { totalTokens: 20, contextSize: 100 },
  });
  expect(empty).toEqual({ plan: [], usage: {} });
});

test('what the agent was refused is shown as its activity', () => {
  const now = new Date('2026-03-01T10:00:00Z');
  const activity = (update: AgentUpdate) => foldProgress({ plan: [], usage: {} }, update, now).activity;
  expect(activity({ kind: 'egress_denied', host: 'evil.test' })).toBe('Was refused access to evil.test');
  expect(activity({ kind: 'permission', title: 'Edit /etc/hosts', allowed: false, reason: 'outside' })).toBe(
    'Was refused: Edit /etc/hosts',
  );
});
