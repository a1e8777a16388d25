// Forms of keys and tokens that the scanner's own rules leave out. Each is so particular that little else looks like it.
// Sources: the providers' documentation of their token formats.

export type SecretForm = Readonly<{
  what: string;
  pattern: RegExp;
  /** Which group of the pattern is the secret; its randomness decides. 0: the form alone says it. */
  group?: number;
  /** Made-up ones are common in tests and documentation, and look no different. */
  isGuess?: true;
}>;

const NAME = `(?:api|app|auth|access|account|admin|bot|client|consumer|db|deploy|encryption|jwt|master|private|secret|service|session|shared|signing|storage|webhook)?[_.-]?(?:api[_-]?key|apikey|secret(?:[_-]?key)?|access[_-]?key|private[_-]?key|token|passwd|password|passphrase|pwd|credentials?|client[_-]?secret|auth[_-]?key)`;

export const SECRET_FORMS: readonly SecretForm[] = [
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  {
    what: 'a private key',
    pattern: /-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|[\s"'+,\\])*[A-Za-z0-9+/=]{20,}/g,
  },
  {
    what: 'a private key',
    pattern:
      /-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----[ \t\r]*\n(?:[ \t]{0,40}[A-Z][\w-]{1,60}: [^\n]{1,1000}\n){1,20}\s{0,100}[A-Za-z0-9+/=]{20,}/g,
  },
  { what: 'a PuTTY private key', pattern: /PuTTY-User-Key-File-\d: [\w-]+\r?\n/g },
  { what: 'an age key', pattern: /\bAGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}\b/g },
  { what: 'a Google API key', pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { what: 'a Google OAuth secret', pattern: /\bGOCSPX-[\w-]{28}(?![\w-])/g },
  {
    what: 'a token of the npm registry',
    pattern: /:_(?:authToken|auth|password)\s*=\s*"?([\w+/=-]{16,})/g,
    group: 1,
  },
  { what: 'a PyPI token', pattern: /\bpypi-AgE[\w-]{50,}/g },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,})\b/g },
  { what: 'a GitLab token', pattern: /\bgl(?:pat|ptt|dt|rt|cbt|soat|ft|imt|agent)-[\w-]{20,}/g },
  { what: 'a Slack token', pattern: /\bxox[abeoprs]-(?:\d{6,}-)[\w-]{16,}/g },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}/g },
  { what: 'an Anthropic key', pattern: /\bsk-ant-(?:api|admin|oat)\d\d-[\w-]{24,}/g },
  { what: 'an OpenAI key', pattern: /\bsk-(?:proj|svcacct|admin|or-v1|None)-[\w-]{32,}/g },
  { what: 'a Hugging Face token', pattern: /\bhf_[A-Za-z]{30,}\b/g },
  { what: 'a DigitalOcean token', pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g },
  { what: 'a Twilio key', pattern: /\bSK[0-9a-f]{32}\b/g },
  { what: 'a Mailgun key', pattern: /\bkey-[0-9a-f]{32}\b/g },
  { what: 'an Azure storage key', pattern: /\bAccountKey=[A-Za-z0-9+/]{80,}={0,2}/g },
  { what: 'an Azure client secret', pattern: /\b[\w~.-]{3}\dQ~[\w~.-]{31,34}/g },
  { what: 'a Discord webhook', pattern: /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,}/g },
  { what: 'a Telegram bot token', pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  { what: 'a Terraform token', pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,}/g },
  { what: 'a Doppler token', pattern: /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9.]{40,}/g },
  { what: 'an Atlassian token', pattern: /\bATATT3[\w=-]{60,}/g },
  { what: 'a New Relic key', pattern: /\bNRAK-[A-Z0-9]{27}\b/g },
  { what: 'a Sentry token', pattern: /\bsntr(?:ys|yu)_[\w=+/]{40,}/g },
  { what: 'a Square token', pattern: /\b(?:EAAA[\w-]{60}|sq0(?:atp|csp)-[\w-]{22,43})\b/g },
  { what: 'a Postman key', pattern: /\bPMAK-[a-f0-9]{24}-[a-f0-9]{34}\b/g },
  {
    what: 'a JSON web token',
    isGuess: true,
    pattern: /\beyJ[\w-]{10,1000}\.eyJ[\w-]{10,4000}\.([\w-]{20,})/g,
    group: 1,
  },
  {
    what: 'a login in an HTTP header',
    isGuess: true,
    pattern: /\bauthorization["']?\s*[:=,]\s*["'`]?(?:basic|bearer|token)\s+([\w+/=.~-]{20,})/gi,
    group: 1,
  },
  {
    what: 'a password or key',
    isGuess: true,
    pattern: new RegExp(
      String.raw`(?:^|[^A-Za-z])[\w.-]{0,40}?${NAME}["'\]]*\s*(?::\s*\w+\s*)?(?:=>|:=|=|:)\s*["'\x60]([^"'\x60\s$<>{}]{12,200})["'\x60]`,
      'gi',
    ),
    group: 1,
  },
  {
    what: 'a password or key',
    isGuess: true,
    // Files of settings write values without quotes.
    pattern:
      /^[ \t]{0,100}(?:export\s+|-\s+|ENV\s+|ARG\s+)?[A-Z0-9_]{0,80}(?:SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)[A-Z0-9_]{0,80}[ \t]{0,40}[=:][ \t]{0,40}([^\s"'$<>{}()#]{16,200})[ \t\r]{0,40}$/gm,
    group: 1,
  },
];

const PLACEHOLDER =
  /example|sample|dummy|fake|placeholder|change.?me|your[_-]|[_-]here\b|xxxx|\*{3}|\.{3}|<|todo|redacted|insert|replace|not[_-]?a?[_-]?(real|secret)|test[_-]?(key|token|secret|password)|my[_-]?(secret|password|token)|foobar|lorem|password|passw0rd|hunter2|secret[_-]|localhost|process\.env|undefined|null\b|0000|1234567|abcdef/i;
const PATHLIKE =
  /^(\.{0,2}\/|[a-z]+:\/\/|[\w-]+(\/[\w.-]+)+$)|^[a-z]+([._:-][a-z]+)+$|^[a-z]+$|^[A-Z_]+$|^[a-z]+([A-Z][a-z]+)+$|^\d+$/;

/** Whether a value looks random enough to be one that was handed out, and not one that stands for it. */
export function looksRandom(value: string): boolean {
  if (PLACEHOLDER.test(value) || PATHLIKE.test(value) || !/\d/.test(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  const isHex = /^[0-9a-f]{24,}$/i.test(value);
  return (kinds >= 3 || (kinds >= 2 && value.length >= 20) || isHex) && entropyOf(value) >= (isHex ? 3 : 3.2);
}

/** Shannon's entropy in bits a character. */
function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const one of value) counts.set(one, (counts.get(one) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}
