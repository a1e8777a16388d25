// Profiles, context and workflows of a repository: how they are read, chosen and told.
import { describe, expect, test } from 'vitest';
import {
  describeHouse,
  HOUSE_LIMITS,
  type House,
  NO_HOUSE,
  namedProfiles,
  type Profile,
  parseProfile,
  withProfiles,
} from '../../src/job/house.ts';
import { taskKind } from '../../src/job/task-kind.ts';

const read = (name: string, text: string): Profile => {
  const answer = parseProfile(name, text);
  if (answer.kind === 'mistakes') throw new Error(answer.mistakes.join('; '));
  return answer.profile;
};
const mistakesOf = (text: string) => {
  const answer = parseProfile('backend', text);
  return answer.kind === 'mistakes' ? answer.mistakes : [];
};

const BACKEND = `---
when: work on the API
agent: claude
model: opus
---
You know HTTP.
`;

describe('a profile', () => {
  test('is front matter and Markdown, with any line ends', () => {
    const expected = { name: 'backend', when: 'work on the API', agent: 'claude', body: 'You know HTTP.' };
    expect(read('backend', BACKEND)).toMatchObject(expected);
    expect(read('backend', `\uFEFF${BACKEND.replaceAll('\n', '\r\n')}`)).toMatchObject(expected);
    expect(read('plain', 'Be kind.\n\n---\n\nAlways.')).toMatchObject({ body: 'Be kind.\n\n---\n\nAlways.' });
    expect(read('long', 'x'.repeat(HOUSE_LIMITS.file + 7)).body).toMatch(/\[cut: 7 more characters\]$/);
  });

  test.each([
    [
      '---\nwhen: x\nagents: claude\n---\nBody',
      '.agents/profiles/backend.md, line 3: `agents` is not a setting here; there are when, agent, model',
    ],
    [
      '---\nagent: "rm -rf /"\n---\nBody',
      '.agents/profiles/backend.md, line 2: `agent` must be the name of an agent such as claude',
    ],
    ['---\nwhen: [\n---\nBody', '.agents/profiles/backend.md, line 2: '],
    [
      '---\nwhen: x\n',
      '.agents/profiles/backend.md, line 1: the front matter has no end; close it with a line of ---',
    ],
    ['---\nwhen: x\n---\n  \n', '.agents/profiles/backend.md: there is nothing in it for the agent to read'],
  ])('%j is told with its line', (text, said) => {
    expect(mistakesOf(text).join('; ')).toContain(said);
  });
});

test.each([
  ['fix', '', 'bug-fix'],
  ['fix', 'and refactor it', 'bug-fix'],
  ['do', 'Refactor the cart', 'refactor'],
  ['do', 'please clean up the old tests', 'refactor'],
  ['do', 'the total is wrong with two coupons', 'bug-fix'],
  ['do', 'fix the login', 'bug-fix'],
  ['do', 'add a button that moves things', 'feature'],
  ['do', 'show the price in euros', 'feature'],
  ['do', 'the module of prices is hard to read, simplify it', 'refactor'],
] as const)('%s %j is a %s', (kind, task, expected) => {
  expect(taskKind({ kind, task })).toBe(expected);
});

test('the command stands above the settings, and those above the kind of the task', () => {
  const settings = { phases: { implement: { profile: 'backend' }, review: { profile: 'critic' } } };
  const known = ['backend', 'bug-fix', 'critic'];
  const kind = 'bug-fix';
  expect(namedProfiles({ command: 'mine', settings, kind, known })).toEqual({
    implement: 'mine',
    review: 'critic',
  });
  expect(namedProfiles({ settings, kind, known })).toEqual({ implement: 'backend', review: 'critic' });
  expect(namedProfiles({ settings: {}, kind, known })).toEqual({ implement: 'bug-fix' });
  expect(namedProfiles({ settings: {}, kind: 'feature', known })).toEqual({});
});

test('a profile brings its agent and model where the settings name none', () => {
  const house: House = { ...NO_HOUSE, profiles: { implement: read('backend', BACKEND) } };
  expect(withProfiles({}, house)).toEqual({ phases: { implement: { agent: 'claude', model: 'opus' } } });
  const named = { phases: { implement: { model: 'sonnet', minutes: 5 }, plan: { agent: 'kilo' } } };
  expect(withProfiles(named, house).phases).toEqual({
    implement: { agent: 'claude', model: 'sonnet', minutes: 5 },
    plan: { agent: 'kilo' },
  });
  // The profile's model means nothing to another agent.
  const other = { phases: { implement: { agent: 'kilo' } } };
  expect(withProfiles(other, house)).toEqual(other);
  expect(withProfiles(named, NO_HOUSE)).toBe(named);
});

test('agents are told what is meant for their phase, and nothing that nobody can see', () => {
  const house: House = {
    profiles: { review: read('critic', 'Look for races.') },
    others: [{ path: '.agents/profiles/backend.md', when: 'work on the API' }],
    context: [{ path: '.agents/context/money.md', text: 'Amounts are cents.\u200B' }],
    workflow: { path: '.agents/workflows/bug-fix.md', text: 'Write the failing test first.' },
    warnings: [],
  };
  const told = describeHouse(house, 'implement');
  expect(told).toContain('Amounts are cents.\n');
  expect(told).toContain('Write the failing test first.');
  expect(told).toContain('- .agents/profiles/backend.md: work on the API');
  expect(told).not.toContain('Look for races.');
  expect(describeHouse(house, 'review')).toContain('Look for races.');
  expect(describeHouse(house, 'review')).not.toContain('backend.md');
  expect(describeHouse(NO_HOUSE, 'implement')).toBe('');
});
