// The gate's rules as data: secrets that do not stand there as they are, and things that are as random and no secrets.
// Keys are put together here, so that none stands in this repository.
import type { Tree } from '../support/gate-repository.ts';
import type { Case, Step } from './cases.ts';
import { letters, PEM } from './content-cases.ts';

const added = (path: string, text: Tree[string]): Step => ({ after: { [path]: text } });
const secret = (
  name: string,
  text: string,
  twin: string,
  { path = 'src/keys.js', ...more }: Partial<Case> & { path?: string } = {},
): Case => ({
  rule: 'secret',
  name,
  file: path,
  caught: added(path, `const a = 1;\n${text}\n`),
  innocent: added(path, `const a = 1;\n${twin}\n`),
  ...more,
});
const TOKEN = `gh${'p_'}${letters(36)}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');
const wrapped = (text: string) => base64(text).replace(/(.{76})/g, '$1\n');
const DER = `MIIEvQIBADANBgkqhkiG9w0BAQEF${'AASCBKcwggSj'}${letters(64)}`;
const PUBLIC = `MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA${letters(64)}`;
const UUID = '3f2b8c1e-9d47-4a6f-8b2e-1c5d7e9f0a3b';

export const ENCODED_CASES: readonly Case[] = [
  secret(
    'a token in base64',
    `k = "${base64(TOKEN)}"`,
    `k = "${base64('Hello, this is a plain sentence, no token.')}"`,
  ),
  secret(
    'a private key in base64 over several lines',
    wrapped(PEM('RSA ')),
    wrapped(
      '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----\nand more words to fill some lines of it.',
    ),
    { path: 'k8s/secret.yaml' },
  ),
  secret(
    'a token in base64 twice',
    `k = "${base64(base64(TOKEN))}"`,
    `k = "${base64(base64('nothing to see here at all'))}"`,
  ),
  secret(
    'a token in hex',
    `k = "${Buffer.from(TOKEN).toString('hex')}"`,
    `k = "${'3f2b8c1e9d474a6f8b2e1c5d7e9f0a3b'.repeat(2)}"`,
  ),
  secret(
    'a token in two parts',
    `k = "${TOKEN.slice(0, 12)}" + "${TOKEN.slice(12)}";`,
    `k = "${'ghp_prefix'}" + name;`,
  ),
  secret(
    'a token in parts over lines',
    `k = (\n  "${TOKEN.slice(0, 12)}"\n  "${TOKEN.slice(12)}"\n)`,
    'k = (\n  "gh"\n  "pages"\n)',
    { path: 'src/keys.py' },
  ),
  secret(
    'a token in a list',
    `k = ["${TOKEN.slice(0, 3)}", "${TOKEN.slice(3)}"].join("");`,
    'k = ["ghp", "gho"].join("");',
  ),
  secret('a token with escaped letters', `k = "\\x67\\x68p_${TOKEN.slice(4)}"`, 'k = "\\x67\\x68"'),
  secret(
    'a private key line by line in strings',
    PEM('')
      .split('\n')
      .map((line) => `  "${line}\\n" +`)
      .join('\n'),
    '  "-----BEGIN PUBLIC KEY-----\\n" +\n  "MIIBIjANBgkqhkiG9w0BAQEFAAOC\\n"',
  ),
  secret('a private key without its frame', `k = "${DER}"`, `k = "${PUBLIC}"`),
  secret('a token in a name', 'x', 'x', {
    path: `src/${TOKEN}.txt`,
    innocent: added('src/ghp_token.txt', 'x\n'),
  }),
  secret('a token in a link', 'x', 'x', {
    path: 'latest',
    caught: added('latest', { link: `builds/${TOKEN}` }),
    innocent: added('latest', { link: 'builds/one' }),
  }),
  secret(
    'an access key',
    `id = "AKIA${letters(16, 'Q7ZK3XVN5LTR2WPC6H')}"`,
    'id = "AKIAIOSFODNN7EXAMPLE"\nkey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
    {
      path: 'docs/aws.md',
    },
  ),
  secret('a SendGrid key', `k = "SG.${letters(22)}.${letters(43)}"`, `token = "${UUID}"`),
  secret(
    'a token beside checksums',
    `<script integrity="sha384-${letters(64)}"></script> ${TOKEN}`,
    `<script integrity="sha384-${letters(64)}"></script>\nsecret_hash = "sha256:${letters(64)}"`,
    { path: 'public/index.html' },
  ),
  secret(
    'a key beside a certificate',
    PEM('EC '),
    `-----BEGIN CERTIFICATE-----\nMIID${letters(60)}\n-----END CERTIFICATE-----\nssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letters(40)} ann@shop`,
    {
      path: 'certs/a.pem',
    },
  ),
  secret('a password in a test', `password = "${letters(10)}!${letters(8)}"`, 'password = "hunter2"', {
    path: 'test/login.test.js',
    severity: 'warn',
  }),
];
