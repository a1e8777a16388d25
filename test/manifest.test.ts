// The manifest that people paste into Slack: Slack's own rules (docs.slack.dev/reference/app-manifest), and both modes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const SOURCE = readFileSync(join(import.meta.dirname, '../manifest.yml'), 'utf8');

const url = z.url({ protocol: /^https$/ });
const manifestSchema = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2) }),
  display_information: z.strictObject({
    name: z.string().max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    agent_view: z.strictObject({ agent_description: z.string().min(1).max(300) }).optional(),
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.literal(false),
    }),
    bot_user: z.strictObject({
      display_name: z
        .string()
        .max(80)
        .regex(/^[\w. -]+$/),
      always_online: z.boolean(),
    }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          url: url.optional(),
          description: z.string().max(2000),
          usage_hint: z.string().max(1000),
          should_escape: z.literal(true),
        }),
      )
      .max(50),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().max(24),
          type: z.enum(['message', 'global']),
          callback_id: z.string().max(255),
          description: z.string().max(150),
        }),
      )
      .max(10),
  }),
  oauth_config: z.strictObject({
    redirect_urls: z.array(url).max(1000).optional(),
    scopes: z.strictObject({ bot: z.array(z.string()).max(255) }),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: url.optional(),
      bot_events: z.array(z.string()).max(100),
    }),
    interactivity: z.strictObject({
      is_enabled: z.literal(true),
      request_url: url.optional(),
      message_menu_options_url: url.optional(),
    }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

/** The scope without which Slack refuses the subscription (docs.slack.dev/reference/events). */
const SCOPE_OF_EVENT: Readonly<Record<string, string | undefined>> = {
  // Declaring an agent brings this scope (docs.slack.dev/ai/agent-sessions).
  agent_session_stopped: 'assistant:write',
  app_mention: 'app_mentions:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  'message.mpim': 'mpim:history',
};

/** Follows the comments as a person would who wants HTTP mode. */
function asHttp(source: string): string {
  return source.replace(/^( *)# HTTP: /gm, '$1').replace(/: \w+ # HTTP: (\w+)$/gm, ': $1');
}

/** Follows the comments as a person would whose workspace offers agents. */
function asAgent(source: string): string {
  return source.replace(/^( *)# AGENT: /gm, '$1');
}

function addresses(manifest: z.infer<typeof manifestSchema>): (string | undefined)[] {
  const { event_subscriptions: events, interactivity } = manifest.settings;
  const commands = manifest.features.slash_commands.map((command) => command.url);
  return [...commands, events.request_url, interactivity.request_url, interactivity.message_menu_options_url];
}

test('the manifest as it stands is a Socket Mode app without any address', () => {
  const manifest = manifestSchema.parse(parse(SOURCE));
  expect(manifest.settings.socket_mode_enabled).toBe(true);
  expect(addresses(manifest)).toEqual([undefined, undefined, undefined, undefined]);
});

test('following the lines marked HTTP makes an app that Slack reaches over HTTP', () => {
  const manifest = manifestSchema.parse(parse(asHttp(SOURCE)));
  expect(manifest.settings.socket_mode_enabled).toBe(false);
  expect(addresses(manifest)).toEqual(Array(4).fill('https://errand.example.com/slack/events'));
});

test('following the lines marked PAGES lets people sign in, in either mode', () => {
  const withPages = SOURCE.replace(/^( *)# PAGES: /gm, '$1');
  for (const source of [withPages, asHttp(withPages)]) {
    const { redirect_urls } = manifestSchema.parse(parse(source)).oauth_config;
    expect(redirect_urls).toEqual(['https://errand.example.com/sign-in/callback']);
  }
});

test('following the lines marked AGENT makes an agent whose Stop button is heard', () => {
  const { features, settings, oauth_config } = manifestSchema.parse(parse(asAgent(SOURCE)));
  expect(features.agent_view).toBeDefined();
  expect(settings.event_subscriptions.bot_events).toContain('agent_session_stopped');
  expect(oauth_config.scopes.bot).toContain('assistant:write');
  expect(manifestSchema.parse(parse(SOURCE)).features.agent_view).toBeUndefined();
});

test.each([
  ['as it stands', SOURCE],
  ['as an agent', asAgent(SOURCE)],
])('%s every event comes with its scope, and nothing is listed twice', (_, source) => {
  const manifest = manifestSchema.parse(parse(source));
  const { bot } = manifest.oauth_config.scopes;
  const { bot_events: events } = manifest.settings.event_subscriptions;
  expect(bot).toEqual([...new Set(bot)]);
  expect(events).toEqual([...new Set(events)]);
  for (const event of events) expect([undefined, ...bot]).toContain(SCOPE_OF_EVENT[event]);
});

test('the command and the shortcut have the names that people and the code use', () => {
  const { features } = manifestSchema.parse(parse(SOURCE));
  expect(features.slash_commands.map((command) => command.command)).toEqual(['/agent']);
  expect(features.shortcuts).toMatchObject([{ type: 'message', callback_id: 'send_to_agent' }]);
});
