// Reads the Slack settings: two tokens that are easily swapped, and two ways to be reached. Pure.
import { z } from 'zod';
import {
  baseUrl,
  type Complain,
  type Environment,
  oneOf,
  type Reading,
  readGroup,
  text,
  wholeNumber,
} from './values.ts';

export type SlackConfig = Readonly<{
  botToken: string;
  /** Who may do what in this deployment; an absent list sets no rule. */
  rules: DeploymentRules;
  /** Ends in a slash, as Slack's client wants it. */
  apiUrl: string;
  oauth: Readonly<{ clientId: string; clientSecret: string }> | undefined;
}> &
  Readonly<{ mode: 'socket'; appToken: string } | { mode: 'http'; signingSecret: string; port: number }>;

/** The deployment's own rules: lists of Slack users, user groups and channels, or `members`. */
export type DeploymentRules = Readonly<{
  /** Besides who asked for the job. */
  approvers: readonly string[];
  admins?: readonly string[];
  start?: readonly string[];
  steer?: readonly string[];
  fourEyes?: boolean;
  requireLink?: boolean;
}>;

/** Slack's ids; display names change and are not unique. */
const peopleList = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine((list) => list.every((id) => /^(members|[UWSCG][A-Z0-9]{2,})$/.test(id)), {
    error:
      'must be Slack ids separated by commas: of people (U012ABC; profile, ⋮, Copy member ID), user groups (S012ABC) or channels (C012ABC), or `members`',
  });

const SLACK = 'https://slack.com/api';

const GET_BOT_TOKEN =
  "copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions in your app's settings at api.slack.com/apps";
const GET_APP_TOKEN =
  "make an app-level token (xapp-…) with the scope connections:write under Basic Information in your app's settings";

const shape = {
  SLACK_BOT_TOKEN: text,
  SLACK_APP_TOKEN: text,
  SLACK_SIGNING_SECRET: text,
  SLACK_CLIENT_ID: text,
  SLACK_CLIENT_SECRET: text,
  SLACK_API_URL: baseUrl(SLACK),
  ERRAND_APPROVERS: peopleList.default([]),
  ERRAND_ADMINS: peopleList.optional(),
  ERRAND_START: peopleList.optional(),
  ERRAND_STEER: peopleList.optional(),
  ERRAND_FOUR_EYES: oneOf(['true', 'false']).default('false'),
  ERRAND_REQUIRE_LINK: oneOf(['true', 'false']).default('false'),
  PORT: wholeNumber({ from: 0, to: 65_535 }).optional(),
};

/** Reads what `errand start` and `errand bot` need to speak with Slack. */
export function readSlack(env: Environment): Reading<SlackConfig> {
  return readGroup(env, shape, (found, complain) => {
    const {
      SLACK_BOT_TOKEN: botToken = '',
      SLACK_APP_TOKEN: appToken,
      SLACK_API_URL: apiUrl = SLACK,
    } = found;
    const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = found;
    const signingSecret = found.SLACK_SIGNING_SECRET ?? '';
    checkTokens({ botToken, appToken, strict: apiUrl === SLACK }, complain);
    if (clientId && !clientSecret)
      complain('SLACK_CLIENT_SECRET', 'is missing: copy it from Basic Information, beside the client id');
    if (clientSecret && !clientId)
      complain('SLACK_CLIENT_ID', 'is missing: copy it from Basic Information, beside the client secret');
    const oauth = clientId && clientSecret ? { clientId, clientSecret } : undefined;
    const common = { botToken, rules: readRules(found), apiUrl: `${apiUrl}/`, oauth };
    if (appToken) return { ...common, mode: 'socket' as const, appToken };
    if (!signingSecret)
      complain(
        'SLACK_APP_TOKEN',
        `is missing: ${GET_APP_TOKEN}; or set SLACK_SIGNING_SECRET and PORT to be reached over HTTP`,
      );
    else if (found.PORT === undefined)
      complain(
        'PORT',
        'is missing: Slack in HTTP mode needs a web server; or set SLACK_APP_TOKEN for Socket Mode',
      );
    return { ...common, mode: 'http' as const, signingSecret, port: found.PORT ?? 0 };
  });
}

type Found = {
  [K in `ERRAND_${'APPROVERS' | 'ADMINS' | 'START' | 'STEER'}`]?: readonly string[] | undefined;
} & { [K in `ERRAND_${'FOUR_EYES' | 'REQUIRE_LINK'}`]?: 'true' | 'false' | undefined };

function readRules(found: Found): DeploymentRules {
  const { ERRAND_ADMINS: admins, ERRAND_START: start, ERRAND_STEER: steer } = found;
  return {
    approvers: found.ERRAND_APPROVERS ?? [],
    ...(admins ? { admins } : {}),
    ...(start ? { start } : {}),
    ...(steer ? { steer } : {}),
    ...(found.ERRAND_FOUR_EYES === 'true' ? { fourEyes: true } : {}),
    ...(found.ERRAND_REQUIRE_LINK === 'true' ? { requireLink: true } : {}),
  };
}

/** Prefixes are checked against the real Slack only: a local one may hand out what it likes. */
function checkTokens(
  given: { botToken: string; appToken: string | undefined; strict: boolean },
  complain: Complain,
): void {
  const { botToken, appToken, strict } = given;
  if (botToken.startsWith('xapp-') && appToken?.startsWith('xoxb-')) {
    complain('SLACK_BOT_TOKEN', 'and SLACK_APP_TOKEN are swapped: exchange their values');
    return;
  }
  if (!botToken) complain('SLACK_BOT_TOKEN', `is missing: ${GET_BOT_TOKEN}`);
  else if (botToken.startsWith('xapp-'))
    complain('SLACK_BOT_TOKEN', `holds an app-level token: move it to SLACK_APP_TOKEN, and ${GET_BOT_TOKEN}`);
  else if (botToken.startsWith('xoxp-'))
    complain('SLACK_BOT_TOKEN', `holds a user token (xoxp-…): ${GET_BOT_TOKEN}`);
  else if (strict && !botToken.startsWith('xoxb-'))
    complain('SLACK_BOT_TOKEN', `does not start with xoxb-: ${GET_BOT_TOKEN}`);
  if (appToken?.startsWith('xoxb-')) complain('SLACK_APP_TOKEN', `holds a bot token: ${GET_APP_TOKEN}`);
  else if (strict && appToken && !appToken.startsWith('xapp-'))
    complain('SLACK_APP_TOKEN', `does not start with xapp-: ${GET_APP_TOKEN}`);
}
