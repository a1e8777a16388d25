// What a repository may say of its jobs, and how a mistake in it is named.
import { expect, test } from 'vitest';
import { parseRepoSettings, type RepoSettings } from '../../src/job/repo-settings.ts';
import { stricterSettings } from '../../src/job/stricter-settings.ts';

const mistakesOf = (text: string) => {
  const answer = parseRepoSettings(text);
  return answer.kind === 'mistakes' ? answer.mistakes : [];
};

test('a repository may say nothing, or each thing there is', () => {
  expect(parseRepoSettings('')).toEqual({ kind: 'settings', settings: {} });
  expect(parseRepoSettings('# later\n')).toEqual({ kind: 'settings', settings: {} });
  const text = `
permissions:
  approve: [U0AAA, S0TEAM]
  four_eyes: true
gates: { workflow: warn }
egress: [registry.npmjs.org, '*.example.com:8443']
limits: { minutes: 20, memory_mb: 2048 }
`;
  expect(parseRepoSettings(text)).toEqual({
    kind: 'settings',
    settings: {
      permissions: { approve: ['U0AAA', 'S0TEAM'], four_eyes: true },
      gates: { workflow: 'warn' },
      egress: ['registry.npmjs.org', '*.example.com:8443'],
      limits: { minutes: 20, memory_mb: 2048 },
    },
  });
});

test('a mistake names the file, the line and what is allowed', () => {
  expect(mistakesOf('gates:\n  workflow: maybe\n')).toEqual([
    '.agents/config.yml, line 2: `gates.workflow` must be one of block, warn, off',
  ]);
  expect(mistakesOf('permissions:\n  aprove: [U1]\n')).toEqual([
    '.agents/config.yml, line 2: `aprove` is not a setting here; there are start, steer, approve, four_eyes',
  ]);
  expect(mistakesOf('egress:\n  - https://example.com/\n')).toEqual([
    '.agents/config.yml, line 2: `egress.0` must be a host name such as api.example.com',
  ]);
  expect(mistakesOf('just words')).toHaveLength(1);
  expect(mistakesOf('a: [1\nb: 2')[0]).toMatch(/^\.agents\/config\.yml, line \d: /);
});

test('who works on what, how much, and what runs beside the checks', () => {
  const text = `
plan: ask
review: on
merge_method: rebase
phases:
  plan: { agent: claude, model: opus, mode: plan, minutes: 5, tokens: 200000 }
  implement: { agent: opencode, model: openai/gpt-5.1, profile: backend }
  review: { model: 'anthropic/claude-opus@20260101' }
limits: { diff_lines: 400, diff_files: 20, context_percent: 60, tokens: 2000000, cost: 2.5 }
services:
  database: { start: pg_ctl start -w, ready: pg_isready, stop: pg_ctl stop }
  queue: { start: redis-server --daemonize yes }
`;
  const answer = parseRepoSettings(text);
  if (answer.kind === 'mistakes') throw new Error(answer.mistakes.join());
  expect(answer.settings).toMatchObject({
    plan: 'ask',
    review: 'on',
    merge_method: 'rebase',
    phases: { plan: { mode: 'plan', tokens: 200_000 }, implement: { profile: 'backend' } },
    limits: { context_percent: 60, cost: 2.5 },
    services: { queue: { start: 'redis-server --daemonize yes' } },
  });
});

test.each([
  ['\nplan: always\n', 'line 2: `plan` must be one of auto, ask, off'],
  ['review: true\n', 'line 1: `review` must be one of on, off'],
  ['merge_method: fast\n', 'line 1: `merge_method` must be one of squash, merge, rebase'],
  [
    'phases:\n  plan: {}\n  build: {}\n',
    'line 3: `build` is not a setting here; there are plan, implement, review',
  ],
  [
    'phases:\n  plan:\n    agent: claude\n    modell: opus\n',
    'line 4: `modell` is not a setting here; there are agent, model, mode, profile, minutes, tokens',
  ],
  [
    'phases:\n  plan:\n    agent: my-agent --acp\n',
    'line 3: `phases.plan.agent` must be the name of an agent such as claude',
  ],
  [
    'phases:\n  review:\n    profile: ../secrets\n',
    'line 3: `phases.review.profile` must be the name of a file in .agents/profiles, without .md',
  ],
  ['limits:\n  minutes: 5\n  context_percent: 120\n', 'line 3: `limits.context_percent`: Too big'],
  ['services:\n  db:\n    run: x\n', 'line 3: `run` is not a setting here; there are start, ready, stop'],
  ['services:\n  db: {}\n', 'line 2: `services.db.start` is missing; it must be a text'],
  ['services:\n  db: pg\n', 'line 2: `services.db` must be a group of settings: start, ready, stop'],
  ['\n- a\n- b\n', 'line 2: the file must be a group of settings: permissions, gates'],
  ['checks: [a]\n', 'line 1: `checks` must be names with something behind each'],
  ['permissions:\n  steer: ann\n', 'line 2: `permissions.steer` must be a list'],
  ['limits:\n  diff_lines: many\n', 'line 2: `limits.diff_lines` must be a number'],
])('%j is told with its line', (text, said) => {
  expect(mistakesOf(text).join('\n')).toContain(said);
});

test('a file made to grow or to confuse is refused', () => {
  expect(mistakesOf('x: &x [1]\ny: *x\n')).toHaveLength(1);
  expect(mistakesOf(`egress: [${'a,'.repeat(60_000)}]`)).toEqual([
    '.agents/config.yml: the file is too long for settings',
  ]);
  expect(mistakesOf('gates: 1\ngates: 2\n')[0]).toContain('line 2');
  expect(mistakesOf('__proto__: 1\n')).toHaveLength(1);
});

test('of the settings on default and base branch the stricter hold', () => {
  const one: RepoSettings = {
    egress: ['a.example.com', 'b.example.com'],
    gates: { workflow: 'off', binary: 'block', lockfile: 'warn', symlink: 'off' },
    limits: { minutes: 20, processes: 50 },
  };
  const other: RepoSettings = {
    egress: ['b.example.com', 'c.example.com'],
    gates: { workflow: 'warn', binary: 'off', lockfile: 'block' },
    limits: { minutes: 10 },
  };
  const both = {
    egress: ['b.example.com'],
    // What one of the two leaves to the gate is not switched off by the other.
    gates: { workflow: 'warn', binary: 'block', lockfile: 'block', symlink: undefined },
    limits: { minutes: 10, processes: 50 },
  };
  expect(stricterSettings(one, other)).toEqual(both);
  expect(stricterSettings(other, one)).toEqual(both);
  expect(stricterSettings({}, other).egress).toEqual([]);
});

test('another base may ask for more than the default branch, never for less', () => {
  const combine = (one: RepoSettings, other: RepoSettings) => {
    const { egress: _, gates: __, limits: ___, ...rest } = stricterSettings(one, other);
    return rest;
  };
  expect(combine({ plan: 'auto', review: 'on' }, { plan: 'off', review: 'off' })).toEqual({
    plan: 'auto',
    review: 'on',
  });
  expect(combine({ plan: 'off', review: 'off' }, { plan: 'ask', review: 'on' })).toEqual({
    plan: 'ask',
    review: 'on',
  });
  expect(combine({ plan: 'auto', review: 'off' }, {})).toEqual({ plan: 'auto', review: 'off' });
  // The deployment decides, and it may want more than this.
  expect(combine({}, { plan: 'auto', review: 'off' })).toEqual({});
  expect(combine({}, { checks: {} })).toEqual({});
  expect(combine({ checks: {} }, {})).toEqual({ checks: {} });
  expect(
    combine(
      { merge_method: 'merge', phases: { plan: { agent: 'claude', minutes: 9 } } },
      {
        merge_method: 'squash',
        phases: { plan: { agent: 'kilo', minutes: 3, tokens: 7 }, review: { model: 'm' } },
      },
    ),
  ).toEqual({
    merge_method: 'merge',
    phases: { plan: { agent: 'claude', minutes: 3, tokens: 7 }, review: { model: 'm' } },
  });
  expect(
    combine({ services: { db: { start: 'a' } } }, { services: { db: { start: 'b' }, q: { start: 'c' } } }),
  ).toEqual({
    services: { db: { start: 'a' }, q: { start: 'c' } },
  });
});
