// What somebody is here: as Slack says now, as the request itself says, and where Slack says nothing.
import { expect, test } from 'vitest';
import { TransientError } from '../../src/errors.ts';
import { createPeople } from '../../src/slack/people.ts';
import { startTown } from '../support/bolt-on-local-slack.ts';
import { shareRoom, silent } from '../support/store-room.ts';

const room = shareRoom();

async function openPeople() {
  const town = await startTown();
  let now = new Date('2026-03-01T09:00:00Z');
  const { teamId } = town.slack;
  const { sql } = room().db;
  const people = createPeople({
    client: town.client,
    now: () => now,
    teamId: () => teamId,
    botUserId: () => town.slack.botUserId,
    sql,
    log: silent,
  });
  const later = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  return { ...town, people, later };
}

test('every kind of person', async () => {
  const { slack, people, ada } = await openPeople();
  const kinds = {
    member: ada.id,
    guest: slack.addUser({ name: 'guest', isRestricted: true }).id,
    narrow: slack.addUser({ name: 'narrow', isUltraRestricted: true }).id,
    foreign: slack.addUser({ name: 'foreign', isStranger: true }).id,
    gone: slack.addUser({ name: 'gone', isDeleted: true }).id,
    bot: slack.botUserId,
    nobody: 'U0NOBODY',
  };
  const found = await Promise.all(
    Object.entries(kinds).map(async ([kind, id]) => [kind, await people.standingOf({ id })]),
  );
  expect(Object.fromEntries(found)).toEqual({
    member: 'member',
    guest: 'guest',
    narrow: 'guest',
    foreign: 'stranger',
    gone: 'stranger',
    bot: 'bot',
    nobody: 'stranger',
  });
});

test('a request from another workspace is a stranger’s, unless Slack says that the person is of ours too', async () => {
  const { slack, people, ada } = await openPeople();
  expect(await people.standingOf({ id: ada.id, team: slack.teamId })).toBe('member');
  expect(await people.standingOf({ id: ada.id, team: 'T0OTHER' })).toBe('member');
});

test.each([{ error: 'unknown_method' }, { rawBody: '{"ok":true}' }])(
  'behind a gateway that does not let us ask (%j) only the request itself tells',
  async (fault) => {
    const { slack, people, bob } = await openPeople();
    slack.fault({ method: 'users.info', times: 100, ...fault });
    expect(await people.standingOf({ id: bob.id })).toBe('member');
    expect(await people.standingOf({ id: bob.id, team: 'T0OTHER' })).toBe('stranger');
  },
);

test.each([{ error: 'unknown_method' }, { rawBody: '{"ok":true}' }])(
  'an answer without the person (%j) lets nobody in where Slack tells of others',
  async (fault) => {
    const { slack, people } = await openPeople();
    const guest = slack.addUser({ name: 'guest', isRestricted: true });
    slack.fault({ method: 'users.info', ...fault });
    await expect(people.standingOf({ id: guest.id })).rejects.toBeInstanceOf(TransientError);
    expect(await people.standingOf({ id: guest.id })).toBe('guest');
    slack.fault({ method: 'users.info', times: 100, ...fault });
    await expect(people.standingOf({ id: guest.id }, { fresh: true })).rejects.toBeInstanceOf(TransientError);
  },
);

test('what was asked is remembered for five minutes, and asked anew for decisions', async () => {
  const { slack, people, ada, later } = await openPeople();
  expect(await people.standingOf({ id: ada.id })).toBe('member');
  slack.changeUser(ada.id, { isDeleted: true });
  expect(await people.standingOf({ id: ada.id })).toBe('member');
  expect(await people.standingOf({ id: ada.id }, { fresh: true })).toBe('stranger');
  slack.changeUser(ada.id, { isDeleted: false });
  later(5 * 60_000 + 1);
  expect(await people.standingOf({ id: ada.id })).toBe('member');
});
