// What the gate looks for beside the scanner's own rules: forms of tokens, keys written in text, and values that only their
// names and their randomness speak for.
import { TOKEN_FORMS } from '../redact/token-forms.ts';

export type SecretForm = Readonly<{
  what: string;
  pattern: RegExp;
  /** Which group of the pattern is the secret; its randomness decides. 0: the form alone says it. */
  group?: number;
  /** Made-up ones are common in tests and documentation, and look no different. */
  isGuess?: true;
  /** Only in files of these names. */
  files?: RegExp;
}>;

const NAME = `(?:api|app|auth|access|account|admin|bot|client|consumer|db|deploy|encryption|jwt|master|private|secret|service|session|shared|signing|storage|webhook)?[_.-]?(?:api[_-]?key|apikey|secret(?:[_-]?key)?|access[_-]?key|private[_-]?key|token|passwd|password|passphrase|pwd|credentials?|client[_-]?secret|auth[_-]?key)`;

export const SECRET_FORMS: readonly SecretForm[] = [
  ...TOKEN_FORMS,
  {
    what: 'a private key',
    pattern: /-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|[\s"'+,\\])*[A-Za-z0-9+/=]{20,}/g,
  },
  {
    what: 'a private key',
    pattern:
      /-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)?-----[ \t\r]*\n(?:[ \t]{0,40}[A-Z][\w-]{1,60}: [^\n]{1,1000}\n){1,20}\s{0,100}[A-Za-z0-9+/=]{20,}/g,
  },
  {
    what: 'a token of the npm registry',
    pattern: /:_(?:authToken|auth|password)\s*=\s*"?([\w+/=-]{16,})/g,
    group: 1,
  },
  { what: 'a Mailgun key', isGuess: true, pattern: /(?<![\w-])key-[0-9a-f]{32}\b/g },
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
  {
    what: 'a password or key',
    isGuess: true,
    files: /\.(?:ya?ml|properties|toml|ini|conf|cfg)$|(?:^|\/)(?:kubeconfig|\.kube\/config)$/i,
    pattern:
      /^[ \t]{0,100}(?:-\s+)?[\w.-]{0,40}(?:secret|token|password|passwd|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|credentials?)[\w.-]{0,20}[ \t]{0,40}[=:][ \t]{0,40}([^\s"'$<>{}()#]{16,400})[ \t\r]{0,40}$/gim,
    group: 1,
  },
  {
    what: 'a password in a command',
    isGuess: true,
    pattern: /(?<=\s)(?:-u|--user)[ =]["']?[\w.@-]{1,40}:([^\s"'$<>{}()]{12,100})/g,
    group: 1,
  },
];

const PLACEHOLDER =
  /example|sample|dummy|fake|placeholder|change.?me|your[_-]|[_-]here\b|xxxx|\*{3}|\.{3}|<|todo|redacted|insert|replace|not[_-]?a?[_-]?(real|secret)|test[_-]?(key|token|secret|password)|my[_-]?(secret|password|token)|foobar|lorem|password|passw0rd|hunter2|secret[_-]|localhost|process\.env|undefined|null\b|0000|1234567|abcdef/i;
const PATHLIKE =
  /^(\.{0,2}\/|[a-z]+:\/\/|[\w-]+(\/[\w.-]+)+$)|^[a-z]+([._:-][a-z]+)+$|^[a-z]+$|^[A-Z_]+$|^[a-z]+([A-Z][a-z]+)+$|^\d+$/;

/** Ids and checksums are as random and known to all. */
const NO_SECRET =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|^(sha(1|224|256|384|512)|md5|blake2b|h1|zh)[-:]|^data:|^(ssh-(rsa|ed25519)|ecdsa-sha2)\b|^(pk|rk)_test_|^sk_test_/i;

/** Whether a value looks random enough to be one that was handed out, and not one that stands for it. */
export function looksRandom(value: string): boolean {
  if (NO_SECRET.test(value)) return false;
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
