// Whoever uses Errand already can still try it: none of their own settings has a say in the demo or the playground.
import { expect, test } from 'vitest';
import { keepForOwnWorld } from '../../src/commands/playground/environment.ts';
import { describeConfig } from '../../src/config/settings.ts';
import { readConfig } from '../../src/config.ts';

const world = {
  SLACK_BOT_TOKEN: 'xoxb-local',
  SLACK_APP_TOKEN: 'xapp-local',
  SLACK_API_URL: 'http://127.0.0.1:1/api/',
  GITHUB_TOKEN: 'ghp_local',
  GITHUB_API_URL: 'http://127.0.0.1:2',
  GITHUB_SERVER_URL: 'http://127.0.0.1:2',
};

test('a wrong or half setting of Slack, GitHub, the database or the pages does not stop it', () => {
  const theirs = Object.fromEntries(
    describeConfig()
      .filter(({ part }) => part !== 'agent' && part !== 'log')
      .map(({ name }) => [name, 'not what it should be']),
  );
  const config = readConfig({ env: { ...keepForOwnWorld({ ...theirs, PATH: '/bin' }), ...world } });
  expect(config).not.toHaveProperty('problems');
});

test('its rules do not hold here, nor does its Postgres', () => {
  const rules = {
    ERRAND_START: 'U0123456789',
    ERRAND_APPROVERS: 'U0123456789',
    ERRAND_FOUR_EYES: 'true',
    ERRAND_REQUIRE_LINK: 'true',
    ERRAND_PLAN: 'ask',
    ERRAND_COAUTHORS: 'nobody',
    PGHOST: 'db.example.com',
    PGSSLMODE: 'require',
    GITHUB_PRIVATE_KEY: 'x',
    SLACK_CLIENT_ID: 'x',
    SOME_TOKEN: 'x',
  };
  expect(keepForOwnWorld(rules)).toEqual({});
});

test('the agent, its keys and the limits of the machine do', () => {
  const kept = {
    PATH: '/bin',
    HOME: '/home/ann',
    LC_ALL: 'C.UTF-8',
    ANTHROPIC_API_KEY: 'k',
    ERRAND_AGENT: 'my-agent --acp',
    ERRAND_AGENT_ENV: 'MY_KEY, MY_MODEL',
    MY_KEY: 'k',
    MY_MODEL: 'm',
    ERRAND_EGRESS: 'api.example.com',
    ERRAND_MEMORY_LIMIT_MB: '2000',
    LOG_LEVEL: 'info',
  };
  expect(keepForOwnWorld(kept)).toEqual(kept);
});
