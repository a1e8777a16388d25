// Which hosts an agent may reach: what a repository adds counts only where the deployment lets it, and never leads inside.
import { expect, test } from 'vitest';
import { chooseEgress } from '../../src/job/egress.ts';

const wishes = {
  agent: ['api.model.test'],
  deployment: ['registry.npmjs.org', 'api.model.test'],
  repository: ['pypi.org', '*.crates.io:8443'],
};

test('by default a repository widens nothing, and what it wished is told', () => {
  expect(chooseEgress({ ...wishes, repositoryMayWiden: false })).toEqual({
    allowed: ['api.model.test', 'registry.npmjs.org'],
    ignored: ['pypi.org', '*.crates.io:8443'],
  });
});

test('where it may, its public hosts are added', () => {
  expect(chooseEgress({ ...wishes, repositoryMayWiden: true }).allowed).toEqual([
    'api.model.test',
    'registry.npmjs.org',
    'pypi.org',
    '*.crates.io:8443',
  ]);
});

test.each([
  '127.0.0.1:5432',
  'localhost:5432',
  'postgres:5432',
  '169.254.169.254',
  '10.0.0.1',
  '2130706433',
  '0x7f000001',
  'metadata.google.internal',
  'printer.local',
  'x.localhost',
])('even then %s stays shut', (host) => {
  const { allowed, ignored } = chooseEgress({ ...wishes, repository: [host], repositoryMayWiden: true });
  expect(allowed).not.toContain(host);
  expect(ignored).toEqual([host]);
});
