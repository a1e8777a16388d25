// Who may do what: every kind of person, wish and rule, and that deployment and repository can only tighten each other.
import { describe, expect, test } from 'vitest';
import {
  type Ask,
  type Asker,
  type Case,
  combineRules,
  type DeploymentRules,
  deny,
  NO_RULES,
  namedGroups,
  type RepositoryRules,
  type Standing,
} from '../../src/job/permissions.ts';
import { readRepositoryRules } from '../../src/job/repo-settings.ts';

const ADA = 'U0ADA';
const BOB = 'U0BOB';
const ASKS: readonly Ask[] = ['start', 'steer', 'stop', 'retry', 'approve', 'reject', 'configure', 'link'];
const WORK: readonly Ask[] = ['start', 'steer', 'stop', 'retry'];

type Changes = Partial<Omit<Case, 'asker'>> & Readonly<{ asker?: Partial<Asker> }>;

/** Ada asked for the job; the person is Bob, a full member in its channel, unless told otherwise. */
function verdict(changes: Changes): string {
  const asker = { standing: 'member' as const, groups: [], inChannel: true, ...changes.asker };
  const target = { requester: ADA, channel: 'C0SHOP' };
  const deployment: DeploymentRules = { approvers: [] };
  const asked = { ask: 'start' as const, person: BOB, target, deployment, repository: NO_RULES, ...changes };
  return deny({ ...asked, asker })?.why ?? 'may';
}
const known = (rules: Omit<Extract<RepositoryRules, { kind: 'known' }>, 'kind'>): RepositoryRules => ({
  kind: 'known',
  ...rules,
});
const broken: RepositoryRules = { kind: 'broken', mistake: 'line 2' };

describe('who is no full member', () => {
  const standings: [Standing, string][] = [
    ['guest', 'guest'],
    ['stranger', 'stranger'],
    ['bot', 'stranger'],
  ];
  const everywhere = ['members', BOB, 'S0ALL', 'C0SHOP'];
  test.each(standings)('a %s may nothing, whatever list names them', (standing, why) => {
    for (const ask of ASKS) {
      for (const person of [ADA, BOB]) {
        const deployment = {
          approvers: everywhere,
          admins: everywhere,
          start: everywhere,
          steer: everywhere,
        };
        const repository = known({ start: everywhere, steer: everywhere, approve: everywhere });
        const asker = { standing, groups: ['S0ALL'] };
        expect(verdict({ ask, person, deployment, repository, asker }), `${ask} by ${person}`).toBe(why);
      }
    }
  });
});

test('without any rule members in the channel work, the requester decides, anybody sets up a channel, nobody links', () => {
  const by = (person: string) => Object.fromEntries(ASKS.map((ask) => [ask, verdict({ ask, person })]));
  const all = { start: 'may', steer: 'may', stop: 'may', retry: 'may', configure: 'may', link: 'no_admins' };
  expect(by(ADA)).toEqual({ ...all, approve: 'may', reject: 'may' });
  expect(by(BOB)).toEqual({ ...all, approve: 'not_approver', reject: 'not_approver' });
});

test('who is not in the channel may nothing about its jobs', () => {
  for (const ask of [...WORK, 'approve', 'reject'] as const) {
    for (const person of [ADA, BOB]) {
      expect(verdict({ ask, person, asker: { inChannel: false } }), ask).toBe('not_in_channel');
    }
  }
});

/** Each way of naming people, with whether it names Bob, who is in S0BACK and speaks in C0SHOP. */
const LISTS: readonly [list: readonly string[], named: boolean][] = [
  [['members'], true],
  [[BOB], true],
  [[ADA], false],
  [['S0BACK'], true],
  [['S0LEADS'], false],
  [['C0SHOP'], true],
  [['C0OPS'], false],
  [['S0LEADS', BOB], true],
  [[], false],
];
const asker = { groups: ['S0BACK'] };

describe('lists', () => {
  test.each(LISTS)('%j for starting, and for steering with stop and retry: %s', (list, named) => {
    const want = named ? 'may' : 'not_listed';
    for (const ask of WORK) {
      const right = ask === 'start' ? 'start' : 'steer';
      expect(verdict({ ask, asker, deployment: { approvers: [], [right]: list } }), ask).toBe(want);
      expect(verdict({ ask, asker, repository: known({ [right]: list }) }), ask).toBe(want);
      const other = right === 'start' ? 'steer' : 'start';
      expect(verdict({ ask, asker, repository: known({ [other]: list }) }), ask).toBe('may');
    }
  });

  test.each(LISTS)('%j of approvers: %s', (list, named) => {
    for (const ask of ['approve', 'reject'] as const) {
      const want = named ? 'may' : 'not_approver';
      expect(verdict({ ask, asker, deployment: { approvers: list } }), 'deployment').toBe(want);
      expect(verdict({ ask, asker, repository: known({ approve: list }) }), 'repository').toBe(want);
      expect(verdict({ ask, asker, person: ADA, repository: known({ approve: list }) })).toBe('may');
    }
  });

  test.each(LISTS)('%j of admins: %s', (list, named) => {
    const deployment = { approvers: [], admins: list };
    const isEmpty = list.length === 0;
    expect(verdict({ ask: 'configure', asker, deployment })).toBe(named || isEmpty ? 'may' : 'not_listed');
    expect(verdict({ ask: 'link', asker, deployment })).toBe(
      isEmpty ? 'no_admins' : named ? 'may' : 'not_listed',
    );
  });
});

test('deployment and repository together: only whom both let in', () => {
  for (const [ours, inOurs] of LISTS) {
    for (const [theirs, inTheirs] of LISTS) {
      const label = `${JSON.stringify(ours)} and ${JSON.stringify(theirs)}`;
      for (const ask of WORK) {
        const right = ask === 'start' ? 'start' : 'steer';
        const deployment = { approvers: [], [right]: ours };
        const found = verdict({ ask, asker, deployment, repository: known({ [right]: theirs }) });
        expect(found === 'may', `${ask}: ${label}`).toBe(inOurs && inTheirs);
      }
      const decided = verdict({
        ask: 'approve',
        asker,
        deployment: { approvers: ours },
        repository: known({ approve: theirs }),
      });
      // A deployment that names nobody leaves it to the repository.
      expect(decided === 'may', `approve: ${label}`).toBe((inOurs || ours.length === 0) && inTheirs);
    }
  }
});

test('four eyes, wherever it is set, take the approval from the requester, named or not, and leave the rejection', () => {
  const named = { approvers: [ADA, BOB] };
  const ways: readonly Changes[] = [
    { deployment: { ...named, fourEyes: true } },
    { deployment: named, repository: known({ fourEyes: true }) },
    { deployment: { ...named, fourEyes: true }, repository: known({ fourEyes: false }) },
  ];
  for (const way of ways) {
    expect(verdict({ ...way, ask: 'approve', person: ADA })).toBe('four_eyes');
    expect(verdict({ ...way, ask: 'reject', person: ADA })).toBe('may');
    expect(verdict({ ...way, ask: 'approve', person: BOB })).toBe('may');
  }
});

describe('a settings file that cannot be read', () => {
  const deployment = { approvers: ['U0EVE'], admins: ['U0ROOT'] };
  test.each([
    [ADA, 'approve', 'broken_settings'],
    [BOB, 'approve', 'broken_settings'],
    ['U0EVE', 'approve', 'may'],
    ['U0ROOT', 'approve', 'may'],
    [ADA, 'reject', 'may'],
    [BOB, 'reject', 'not_approver'],
    [BOB, 'steer', 'broken_settings'],
    ['U0ROOT', 'steer', 'may'],
    [BOB, 'start', 'may'],
    [BOB, 'stop', 'may'],
    [BOB, 'retry', 'may'],
  ] as const)('%s, %s: %s', (person, ask, want) => {
    expect(verdict({ person, ask, deployment, repository: broken })).toBe(want);
  });

  test('takes four eyes for granted', () => {
    expect(
      verdict({ ask: 'approve', person: ADA, deployment: { approvers: [ADA] }, repository: broken }),
    ).toBe('four_eyes');
  });
});

test('a linked account must be able to write, for an approval alone; a GitHub that does not answer refuses nobody here', () => {
  const linked = (mayWrite: boolean | undefined) => ({ account: { login: 'ada', mayWrite } });
  expect(verdict({ ask: 'approve', person: ADA, asker: linked(false) })).toBe('no_write');
  expect(verdict({ ask: 'reject', person: ADA, asker: linked(false) })).toBe('may');
  expect(verdict({ ask: 'approve', person: ADA, asker: linked(true) })).toBe('may');
  expect(verdict({ ask: 'approve', person: ADA, asker: linked(undefined) })).toBe('may');
  expect(verdict({ ask: 'approve', person: BOB, asker: linked(true) })).toBe('not_approver');
});

test('rules that nobody knows yet set no rule, and a deployment that nobody stored neither', () => {
  for (const ask of WORK)
    expect(verdict({ ask, repository: { kind: 'unknown' }, deployment: undefined })).toBe('may');
  expect(verdict({ ask: 'approve', person: BOB, deployment: undefined })).toBe('not_approver');
});

test('only user groups are looked up, each once', () => {
  const deployment = { approvers: ['S0A', BOB], start: ['S0B', 'members'], admins: ['S0A'] };
  const repository = known({ approve: ['S0C', 'C0SHOP'], steer: ['S0B'] });
  expect(namedGroups(deployment, repository)).toEqual(['S0A', 'S0B', 'S0C']);
});

test('the file is read into these rules, and what cannot be read is not guessed', () => {
  expect(readRepositoryRules(undefined)).toEqual({ kind: 'known' });
  expect(readRepositoryRules('permissions:\n  approve: [S012]\n  four_eyes: true\n')).toEqual({
    kind: 'known',
    approve: ['S012'],
    fourEyes: true,
  });
  expect(readRepositoryRules('permissions:\n  aprove: [S012]\n')).toMatchObject({
    kind: 'broken',
    mistake: expect.stringContaining('line 2'),
  });
});

test('a base branch tightens what the default branch says and never widens it', () => {
  const leads = known({ start: [ADA], steer: [ADA], approve: [ADA], fourEyes: true });
  const loose = known({ start: ['members'], steer: ['members'], approve: [BOB] });
  for (const base of [NO_RULES, loose]) {
    const repository = combineRules(leads, base);
    for (const ask of WORK) expect(verdict({ ask, repository }), ask).toBe('not_listed');
    expect(verdict({ ask: 'approve', repository })).toBe('not_approver');
    expect(verdict({ ask: 'approve', person: ADA, repository })).toBe('four_eyes');
  }
  // By itself it names nobody.
  expect(verdict({ ask: 'approve', repository: combineRules(NO_RULES, loose) })).toBe('not_approver');
  const both = combineRules(known({ approve: [BOB] }), leads);
  expect(verdict({ ask: 'approve', repository: both })).toBe('not_approver');
  expect(verdict({ repository: both })).toBe('not_listed');
  expect(verdict({ ask: 'approve', repository: combineRules(known({ approve: [BOB] }), NO_RULES) })).toBe(
    'may',
  );
});

test('of default and base branch a broken file counts, and one that nobody could read does not hide the other', () => {
  const unread: RepositoryRules = { kind: 'unknown' };
  const closed = known({ start: [ADA] });
  expect(combineRules(broken, closed)).toEqual(broken);
  expect(combineRules(closed, broken)).toEqual(broken);
  expect(combineRules(unread, broken)).toEqual(broken);
  expect(combineRules(unread, closed)).toEqual(closed);
  expect(combineRules(closed, unread)).toEqual(closed);
  expect(namedGroups(undefined, combineRules(NO_RULES, known({ steer: ['S0BASE'] })))).toEqual(['S0BASE']);
});

test('old lists let nobody speak to a running agent; what is judged again later they let through', () => {
  const old = known({ start: [BOB], steer: [BOB], isOld: true });
  for (const repository of [old, combineRules(NO_RULES, old), combineRules(old, NO_RULES)]) {
    expect(verdict({ ask: 'steer', repository })).toBe('old_rules');
    expect(verdict({ ask: 'start', repository })).toBe('may');
    expect(verdict({ ask: 'stop', repository })).toBe('may');
  }
  // Where nobody was ever kept out an outage keeps nobody out either.
  expect(verdict({ ask: 'steer', repository: known({ isOld: true }) })).toBe('may');
});

test('where a link is asked for nobody approves without one, and a name that is another account by now lets nobody in', () => {
  const deployment = { approvers: [BOB], admins: ['U0ROOT'], requireLink: true };
  const account = { login: 'ada', mayWrite: true };
  expect(verdict({ ask: 'approve', person: ADA, deployment })).toBe('not_linked');
  expect(verdict({ ask: 'reject', person: ADA, deployment })).toBe('may');
  expect(verdict({ ask: 'approve', person: ADA, deployment, asker: { account } })).toBe('may');
  const unknown = { ...account, mayWrite: undefined };
  expect(verdict({ ask: 'approve', person: ADA, deployment, asker: { account: unknown } })).toBe('may');
  const other = { ...account, mayWrite: false, isOther: true as const };
  for (const rules of [deployment, undefined])
    expect(verdict({ ask: 'approve', person: ADA, deployment: rules, asker: { account: other } })).toBe(
      'other_account',
    );
});
