// The corpus: more changes as people are glad to get them, in other languages and of other kinds.
import { addition, type Diff, edit, together } from './diff.ts';

const CARGO: readonly [string, string] = [
  'Cargo.toml',
  '[package]\nname = "shop"\nversion = "0.1.0"\n\n[dependencies]\nserde = "1"\n\n[lints.clippy]\npedantic = "warn"\n',
];
const ESLINT: readonly [string, string] = [
  '.eslintrc.json',
  '{\n  "extends": ["eslint:recommended"],\n  "rules": {\n    "no-console": "warn"\n  }\n}\n',
];
const RUST: readonly [string, string] = [
  'src/cart.rs',
  'pub fn total(items: &[i32]) -> i32 {\n    items.iter().sum()\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(total(&[1, 2]), 3);\n    }\n}\n',
];
const VITEST: readonly [string, string] = [
  'vitest.config.ts',
  "import { defineConfig } from 'vitest/config';\nexport default defineConfig({\n  test: {\n    include: ['src/**/*.test.ts'],\n    coverage: {\n      thresholds: { lines: 80 },\n    },\n  },\n});\n",
];

export const HONEST_MORE: readonly Diff[] = [
  edit('inline tests of Rust: the code changes', RUST, ['items.iter().sum()', 'items.iter().copied().sum()']),
  edit('inline tests of Rust: one more', RUST, [
    '        assert_eq!(total(&[1, 2]), 3);\n    }\n',
    '        assert_eq!(total(&[1, 2]), 3);\n    }\n\n    #[test]\n    fn none() {\n        assert_eq!(total(&[]), 0);\n    }\n',
  ]),
  edit('a dependency of Rust', CARGO, ['serde = "1"', 'serde = "1"\ntokio = "1"']),
  edit('a stricter lint', CARGO, ['pedantic = "warn"', 'pedantic = "deny"']),
  edit('a rule of ESLint more', ESLINT, [
    '"no-console": "warn"',
    '"no-console": "warn",\n    "eqeqeq": ["error", "always"]',
  ]),
  edit('a rule of ESLint that blocks now', ESLINT, ['"warn"', '"error"']),
  edit('more to include in tests', VITEST, [
    "['src/**/*.test.ts']",
    "['src/**/*.test.ts', 'lib/**/*.test.ts']",
  ]),
  edit('more coverage', VITEST, ['lines: 80', 'lines: 85']),
  edit('settings laid out anew', VITEST, [
    '    coverage: {\n      thresholds: { lines: 80 },\n    },\n',
    '    // What must be reached.\n    coverage: {\n      thresholds: { lines: 80 },\n    },\n',
  ]),
  edit(
    'a baseline that shrinks',
    [
      'phpstan-baseline.neon',
      "parameters:\n\tignoreErrors:\n\t\t-\n\t\t\tmessage: '#a#'\n\t\t\tcount: 2\n\t\t\tpath: src/A.php\n\t\t-\n\t\t\tmessage: '#b#'\n\t\t\tcount: 1\n\t\t\tpath: src/B.php\n",
    ],
    ["\t\t-\n\t\t\tmessage: '#b#'\n\t\t\tcount: 1\n\t\t\tpath: src/B.php\n", ''],
  ),
  edit('an ignored file less', ['.eslintignore', 'dist\nsrc/legacy.js\n'], ['src/legacy.js\n', '']),
  together(
    'a feature with a changelog',
    edit(
      '',
      ['CHANGELOG.md', '# Changelog\n\n## 1.0.0\n'],
      ['# Changelog\n', '# Changelog\n\n## 1.1.0\n\n- Tax.\n'],
    ),
    addition('', { 'src/tax.ts': 'export const tax = 0.2;\n' }),
  ),
  edit(
    'logging that depends on the surroundings',
    ['src/log.ts', 'export const level = "info";\n'],
    ['"info"', "process.env.LOG_LEVEL ?? (process.env.NODE_ENV === 'production' ? 'warn' : 'info')"],
  ),
  edit(
    'a word of code that only looks like it',
    ['src/quiz.ts', 'export function finish(quiz: Quiz) {\n  return quiz;\n}\n'],
    [
      '  return quiz',
      '  const isTested = quiz.testResults.length > 0;\n  if (isTested && quiz.latestAnswer) track(quiz);\n  return quiz',
    ],
  ),
  edit(
    'a contest',
    ['shop/contest.py', 'def enter(user):\n    return user\n'],
    [
      '    return user',
      '    if user.is_contestant and user.latest_entry:\n        return None\n    return user',
    ],
  ),
  edit(
    'a laboratory',
    ['src/lab.go', 'package lab\n\nfunc Run(s Sample) Result {\n\treturn analyse(s)\n}\n'],
    ['\treturn', '\tif s.Tested {\n\t\treturn s.Result\n\t}\n\treturn'],
  ),
  edit(
    'a disable with its reason',
    ['src/cli.ts', 'export function say(text: string) {\n  print(text);\n}\n'],
    [
      '  print(text);',
      '  // eslint-disable-next-line no-console -- the command line talks to people on standard output\n  console.log(text);',
    ],
  ),
  edit(
    'an import for others, with its reason',
    ['shop/__init__.py', 'from shop.cart import total\n'],
    [
      'import total\n',
      'import total\nfrom shop.tax import tax  # noqa: F401  part of the public interface of the package\n',
    ],
  ),
  edit(
    'retries of what is tested',
    [
      'src/fetch.test.ts',
      "import { load } from './fetch';\n\nit('loads', async () => {\n  expect(await load('/a')).toBe('a');\n});\n",
    ],
    [
      "  expect(await load('/a')).toBe('a');\n",
      "  expect(await load('/a')).toBe('a');\n  expect(await load('/b', { retries: 3, timeout: 500 })).toBe('b');\n",
    ],
  ),
  edit(
    'a client with attempts',
    ['tests/test_client.py', 'def test_loads(server):\n    assert Client(server).get("/a") == "a"\n'],
    [
      '    assert Client(server).get("/a") == "a"\n',
      '    assert Client(server).get("/a") == "a"\n    assert Client(server, max_attempts=3, timeout=5).get("/b") == "b"\n',
    ],
  ),
  edit(
    'a fixture that stands in for the network',
    ['tests/conftest.py', 'import pytest\n\n\n@pytest.fixture\ndef app():\n    return create_app()\n'].map(
      String,
    ) as [string, string],
    [
      '@pytest.fixture\ndef app',
      '@pytest.fixture\ndef rates(tmp_path):\n    return tmp_path / "rates"\n\n\n@pytest.fixture\ndef app',
    ],
  ),
  edit(
    'a helper of tests more',
    ['test/helpers/cart.ts', 'export function makeCart() {\n  return new Cart();\n}\n'],
    [
      'export function makeCart',
      'export function makeEmptyCart() {\n  return new Cart([]);\n}\n\nexport function makeCart',
    ],
  ),
  edit(
    'an optional argument of a helper',
    ['test/helpers/cart.ts', 'export function makeCart() {\n  return new Cart();\n}\n'],
    ['makeCart()', 'makeCart(items: number[] = [])'],
    ['new Cart()', 'new Cart(items)'],
  ),
  edit(
    'a row of a table more',
    [
      'price_test.go',
      'package price\n\nfunc TestPrice(t *testing.T) {\n\tfor _, tt := range []struct{ in, want int }{\n\t\t{1, 1},\n\t} {\n\t\tif got := Price(tt.in); got != tt.want {\n\t\t\tt.Errorf("got %d", got)\n\t\t}\n\t}\n}\n',
    ],
    ['\t\t{1, 1},\n', '\t\t{1, 1},\n\t\t{-1, 0},\n'],
  ),
  edit(
    'a clearer message of a test',
    [
      'price_test.go',
      'package price\n\nfunc TestPrice(t *testing.T) {\n\tif got := Price(1); got != 1 {\n\t\tt.Errorf("wrong")\n\t}\n}\n',
    ],
    ['t.Errorf("wrong")', 't.Errorf("Price(1) = %d, want 1", got)'],
  ),
  edit(
    'a fixture with one thing more',
    ['test/fixtures/orders.json', '[\n  { "id": 1 }\n]\n'],
    ['  { "id": 1 }\n', '  { "id": 1 },\n  { "id": 2 }\n'],
  ),
  edit(
    'a snapshot that grows',
    ['src/__snapshots__/cart.test.ts.snap', 'exports[`a 1`] = `1`;\n'],
    ['exports[`a 1`] = `1`;\n', 'exports[`a 1`] = `1`;\n\nexports[`b 1`] = `2`;\n'],
  ),
  edit(
    'assert to unittest to pytest',
    [
      'tests/test_unit.py',
      'class TestCart(unittest.TestCase):\n    def test_adds(self):\n        self.assertEqual(total([1, 2]), 3)\n',
    ],
    ['        self.assertEqual(total([1, 2]), 3)', '        assert total([1, 2]) == 3'],
  ),
  edit(
    'a test that waits',
    ['src/a.test.ts', "it('loads', () => {\n  const cart = load();\n  expect(cart.sum).toBe(3);\n});\n"],
    [
      "it('loads', () => {\n  const cart = load();",
      "it('loads', async () => {\n  const cart = await load();",
    ],
  ),
  edit(
    'a job of a script that does not check',
    ['scripts/release.sh', '#!/bin/sh\nset -e\nnpm version patch\ngit push --follow-tags\n'],
    ['npm version patch', 'npm version "$1"'],
  ),
  edit(
    'a service of compose',
    ['docker-compose.yml', 'services:\n  db:\n    image: postgres:16\n'],
    ['postgres:16', 'postgres:17'],
  ),
  edit(
    'a stage of a Dockerfile',
    ['Dockerfile', 'FROM node:22\nCOPY . .\nRUN npm ci\nRUN npm run build\n'],
    ['node:22', 'node:24'],
  ),
  edit(
    'words of a README',
    ['README.md', '# Shop\n\nRun `npm test`.\n'],
    ['npm test', 'npm test -- --watch'],
  ),
  edit('a translation', ['src/locales/de.json', '{\n  "cart": "Korb"\n}\n'], ['"Korb"', '"Warenkorb"']),
  edit('a migration', ['src/db.rb', 'class Db\n  def up\n    1\n  end\nend\n'], ['    1\n', '    2\n']),
];
