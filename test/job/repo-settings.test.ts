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
