// Reads the GitHub settings: an App or a token, and which GitHub. Reads the private key's file where a path is given.
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { isAbsent } from '../errors.ts';
import { baseUrl, type Complain, type Environment, type Reading, readGroup, text } from './values.ts';

export type GitHubConfig = Readonly<{
  auth: Readonly<{ kind: 'app'; appId: string; privateKey: string } | { kind: 'token'; token: string }>;
  webhookSecret: string | undefined;
  /** Both without a trailing slash. */
  apiUrl: string;
  serverUrl: string;
}>;

const API = 'https://api.github.com';
const SERVER = 'https://github.com';
/** Classic, fine-grained, OAuth, App user and installation tokens; and the 40 hex digits of old ones. */
const TOKEN = /^(ghp_|github_pat_|gho_|ghu_|ghs_|[0-9a-f]{40}$)/;

const GET_TOKEN = 'make a fine-grained token at github.com/settings/personal-access-tokens';
const GET_KEY = "generate a private key in your App's settings and give its PEM text or the path of the file";

const shape = {
  GITHUB_APP_ID: text,
  GITHUB_PRIVATE_KEY: text,
  GITHUB_TOKEN: text,
  GITHUB_WEBHOOK_SECRET: text,
  GITHUB_API_URL: baseUrl(API),
  GITHUB_SERVER_URL: baseUrl(SERVER),
};

/** Reads what everybody needs who speaks with GitHub. An App wins over a token. */
export function readGitHub(env: Environment): Reading<GitHubConfig> {
  return readGroup(env, shape, (found, complain) => {
    const urls = chooseUrls(found.GITHUB_API_URL, found.GITHUB_SERVER_URL, complain);
    const webhookSecret = found.GITHUB_WEBHOOK_SECRET;
    const { GITHUB_APP_ID: appId, GITHUB_PRIVATE_KEY: key, GITHUB_TOKEN: token = '' } = found;
    if (appId || key) {
      const auth = { kind: 'app' as const, appId: appId ?? '', privateKey: readKey(key, complain) };
      if (!appId) complain('GITHUB_APP_ID', "is missing: it stands at the top of your App's settings page");
      else if (!/^(\d+|Iv[\w.]+)$/.test(appId))
        complain('GITHUB_APP_ID', 'must be a number such as 123456, or a client id such as Iv23li…');
      return { auth, webhookSecret, ...urls };
    }
    checkToken(token, urls.apiUrl === API, complain);
    return { auth: { kind: 'token' as const, token }, webhookSecret, ...urls };
  });
}

/** Prefixes are checked against the real GitHub only: a local one may hand out what it likes. */
function checkToken(token: string, strict: boolean, complain: Complain): void {
  if (!token)
    complain(
      'GITHUB_TOKEN',
      `is missing: ${GET_TOKEN} (contents and pull requests: write, issues: read), or better set GITHUB_APP_ID and GITHUB_PRIVATE_KEY`,
    );
  else if (/^(xox|xapp-)/.test(token)) complain('GITHUB_TOKEN', `holds a Slack token: ${GET_TOKEN}`);
  else if (strict && !TOKEN.test(token))
    complain('GITHUB_TOKEN', `is no GitHub token (ghp_… or github_pat_…): ${GET_TOKEN}`);
}

/** GitHub Enterprise serves its API under /api/v3; one address then tells the other. */
function chooseUrls(api: string | undefined, server: string | undefined, complain: Complain) {
  if (api === undefined && server === undefined) return { apiUrl: API, serverUrl: SERVER };
  if (server === SERVER && api === undefined) return { apiUrl: API, serverUrl: SERVER };
  const serverUrl = server ?? (api === API ? SERVER : api?.match(/^(.+)\/api\/v3$/)?.[1]);
  if (serverUrl === undefined)
    complain(
      'GITHUB_SERVER_URL',
      'is missing: beside GITHUB_API_URL Errand must know where git remotes live',
    );
  return { apiUrl: api ?? `${serverUrl}/api/v3`, serverUrl: serverUrl ?? SERVER };
}

function readKey(given: string | undefined, complain: Complain): string {
  if (!given) {
    complain('GITHUB_PRIVATE_KEY', `is missing: ${GET_KEY}`);
    return '';
  }
  // Many hosts keep environment values on one line and write line ends as \n.
  const pem = given.includes('-----BEGIN') ? given.replaceAll('\\n', '\n') : readKeyFile(given, complain);
  if (pem === undefined) return '';
  try {
    createPrivateKey(pem);
  } catch {
    complain('GITHUB_PRIVATE_KEY', `is no readable private key: ${GET_KEY}`);
  }
  return pem;
}

function readKeyFile(path: string, complain: Complain): string | undefined {
  const file = resolve(path.replace(/^~(?=\/)/, homedir()));
  try {
    return readFileSync(file, 'utf8');
  } catch (thrown) {
    const isPath = /^[\w.~-]*\/|\.pem$/.test(path) && path.length < 1_000;
    const why = isAbsent(thrown) ? 'is not there' : 'may not be read';
    complain(
      'GITHUB_PRIVATE_KEY',
      isPath
        ? `names the file ${file}, which ${why}: give the path of the key file that GitHub let you download`
        : `is neither PEM text nor a file that can be read: ${GET_KEY}`,
    );
    return undefined;
  }
}
