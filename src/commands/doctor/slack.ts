// The doctor's look at Slack: whatever is set is tried, also while other settings are still missing.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Environment } from '../../config/values.ts';
import { readConfig } from '../../config.ts';
import { checkAppToken, checkBotToken } from '../../slack/doctor.ts';
import { type Finding, fromProblem } from './check.ts';

const MANIFEST = new URL('../../../manifest.yml', import.meta.url);
const SLACK_API = 'https://slack.com/api';
/** The settings that this check is about, and their problems. */
export const SLACK_SETTINGS = /^(SLACK_|ERRAND_(APPROVERS|ADMINS|START|STEER|FOUR_EYES|REQUIRE_LINK)$)/;
const manifestSchema = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

/** Reads the settings, then asks Slack about each token that is well-formed. */
export async function checkSlack(env: Environment): Promise<readonly Finding[]> {
  const config = readConfig({ env, needs: ['slack'] });
  const problems = 'problems' in config ? config.problems : [];
  const mayTry = (name: string) =>
    Boolean(env[name]) &&
    ![name, 'SLACK_API_URL'].some((bad) => problems.some((each) => opensWith(each, bad)));
  const apiUrl = `${(env['SLACK_API_URL'] || SLACK_API).replace(/\/+$/, '')}/`;
  const { SLACK_BOT_TOKEN: botToken = '', SLACK_APP_TOKEN: appToken = '' } = env;
  const [bot, app] = await Promise.all([
    mayTry('SLACK_BOT_TOKEN')
      ? checkBotToken({ botToken, apiUrl, wantedScopes: await readWantedScopes() })
      : [],
    mayTry('SLACK_APP_TOKEN') ? checkAppToken({ appToken, apiUrl }) : [],
  ]);
  return [...problems.map(fromProblem), ...once([...bot, ...app]), ...checkHttp(config)];
}

/** A Slack that cannot be reached is so for both tokens. */
function once(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [finding.say, finding])).values()];
}

/** In HTTP mode only a person can see whether Slack reaches us; so the address to enter is said. */
function checkHttp(config: ReturnType<typeof readConfig<'slack'>>): readonly Finding[] {
  if ('problems' in config || config.slack.mode !== 'http') return [];
  const { port, publicUrl } = config.web;
  if (publicUrl) {
    const say = `HTTP mode on port ${port}: the manifest must name ${publicUrl}/slack/events four times.`;
    return [{ ok: true, say }];
  }
  return [
    {
      ok: true,
      say: `HTTP mode on port ${port}.`,
      mend: 'Set PUBLIC_URL to the https address that leads there, and name it in the manifest (lines marked HTTP).',
    },
  ];
}

async function readWantedScopes(): Promise<readonly string[]> {
  return manifestSchema.parse(parse(await readFile(MANIFEST, 'utf8'))).oauth_config.scopes.bot;
}

function opensWith(problem: string, name: string): boolean {
  return problem.startsWith(`${name} `);
}
