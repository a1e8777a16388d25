// Checks the Slack side for `errand doctor`: both tokens, and the scopes that Slack really granted. Posts nothing.
import { LogLevel, WebClient } from '@slack/web-api';
import { readSlackTrouble } from './slack-errors.ts';

/** One line of the doctor's report; `mend` says what to do about it. */
type Finding = Readonly<{ ok: boolean; say: string; mend?: string }>;

const LIMIT_MS = 10_000;
const REINSTALL =
  "Paste manifest.yml again in the app's settings (App Manifest), then reinstall the app under Install App.";

/** Asks Slack who the bot is and what it may do. `wantedScopes` are the manifest's. Never throws. */
export async function checkBotToken(options: {
  botToken: string;
  apiUrl: string;
  wantedScopes: readonly string[];
}): Promise<Finding[]> {
  try {
    const answer = await openClient(options.botToken, options.apiUrl).auth.test();
    const known: Finding = { ok: true, say: `Slack knows us as @${answer.user} in ${answer.team}.` };
    // The client puts Slack's x-oauth-scopes header there.
    const granted = answer.response_metadata?.scopes;
    return [known, ...(granted ? [judgeScopes(granted, options.wantedScopes)] : [])];
  } catch (thrown) {
    return [explainRefusal(thrown, 'SLACK_BOT_TOKEN', options.apiUrl)];
  }
}

/** Asks for an address to connect to in Socket Mode, and leaves it at that. Never throws. */
export async function checkAppToken(options: { appToken: string; apiUrl: string }): Promise<Finding[]> {
  try {
    await openClient(options.appToken, options.apiUrl).apps.connections.open({});
    return [{ ok: true, say: 'Socket Mode is open to us.' }];
  } catch (thrown) {
    return [explainRefusal(thrown, 'SLACK_APP_TOKEN', options.apiUrl)];
  }
}

/** Pure: which of the manifest's scopes the installed app lacks. */
function judgeScopes(granted: readonly string[], wanted: readonly string[]): Finding {
  const missing = wanted.filter((scope) => !granted.includes(scope));
  if (missing.length === 0) return { ok: true, say: 'The app has every scope of manifest.yml.' };
  const say = `The app lacks ${missing.length === 1 ? 'the scope' : 'the scopes'} ${missing.join(', ')}.`;
  return { ok: false, say, mend: REINSTALL };
}

function openClient(token: string, slackApiUrl: string): WebClient {
  const settings = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout: LIMIT_MS };
  // What it warns of is a finding.
  return new WebClient(token, { ...settings, slackApiUrl, logLevel: LogLevel.ERROR });
}

function explainRefusal(thrown: unknown, setting: string, apiUrl: string): Finding {
  const trouble = readSlackTrouble(thrown);
  const refused = `Slack refuses ${setting} (${trouble.say}).`;
  if (trouble.say === 'missing_scope' && setting === 'SLACK_APP_TOKEN') {
    const mend =
      'Make a new app-level token with the scope connections:write (Basic Information, App-Level Tokens).';
    return { ok: false, say: refused, mend };
  }
  if (trouble.kind === 'locked_out' || trouble.say === 'not_allowed_token_type') {
    const mend = 'Copy it again from the settings of your app at api.slack.com/apps.';
    return { ok: false, say: refused, mend };
  }
  const mend = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(trouble.say)
    ? `Somebody else answers for ${apiUrl}: where that is a proxy of yours, put its certificate into NODE_EXTRA_CA_CERTS.`
    : `Check that ${apiUrl} is reachable from here, then ask again.`;
  return { ok: false, say: `Slack does not answer as it should: ${trouble.say}.`, mend };
}
