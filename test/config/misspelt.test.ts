// Names that look like settings and are none.
import { expect, test } from 'vitest';
import { findMisspelt } from '../../src/config/misspelt.ts';
import { describeConfig } from '../../src/config/settings.ts';

const find = (...names: readonly string[]) =>
  findMisspelt(Object.fromEntries(names.map((name) => [name, 'x'])));

test.for([
  ['SLACK_BOT_TOKN', 'SLACK_BOT_TOKEN'],
  ['SLACK_SIGNING_SECRETS', 'SLACK_SIGNING_SECRET'],
  ['GITHUB_APPID', 'GITHUB_APP_ID'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['ERRAND_AGNET', 'ERRAND_AGENT'],
  ['errand_slots', 'ERRAND_SLOTS'],
  ['ERAND_AGENT', 'ERRAND_AGENT'],
  ['SLACKBOT_TOKEN', 'SLACK_BOT_TOKEN'],
  ['GITUB_TOKEN', 'GITHUB_TOKEN'],
  ['ANTHROPIC_APIKEY', 'ANTHROPIC_API_KEY'],
])('%s was meant to be %s', ([name = '', near = '']) => {
  expect(find(name)).toEqual([{ name, near }]);
});

test('a name of ours that is near to nothing is named without a guess', () => {
  expect(find('ERRAND_FAVOURITE_COLOUR')).toEqual([{ name: 'ERRAND_FAVOURITE_COLOUR' }]);
});

test('what is right, empty or somebody else’s is left alone', () => {
  expect(find(...describeConfig().map(({ name }) => name))).toEqual([]);
  expect(find('GITHUB_ACTIONS', 'GITHUB_SHA', 'GITHUB_REF_NAME', 'SLACK_WEBHOOK', 'PATH', 'HOME')).toEqual(
    [],
  );
  expect(find('GOOSE_MODE', 'LOGLEVEL', 'SSH_AUTH_SOCK', 'NODE_OPTIONS', 'XDG_RUNTIME_DIR')).toEqual([]);
  expect(find('ERRAND_TEST_DATABASE_URL', 'ERRAND_FIRST_PORT')).toEqual([]);
  expect(findMisspelt({ SLACK_BOT_TOKN: '', ERRAND_X: undefined })).toEqual([]);
});
