// The corpus: everyday work that resembles what the gate looks for, and is none of it.
import { addition, type Diff, edit, move, together } from './diff.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const CONFTEST: readonly [string, string] = [
  'tests/conftest.py',
  'import pytest\n\n\ndef pytest_configure(config):\n    config.addinivalue_line("markers", "slow: takes long")\n\n\n@pytest.fixture\ndef app():\n    return create_app()\n',
];
const PY: readonly [string, string] = [
  'tests/test_cart.py',
  'import pytest\n\nfrom shop.cart import total\n\n\ndef test_adds():\n    assert total([1, 2]) == 3\n\n\nclass TestRefuses:\n    def test_negative(self):\n        with pytest.raises(ValueError, match="negative"):\n            total([-1])\n',
];
const TS: readonly [string, string] = [
  'src/cart.test.ts',
  "import { expect, test } from 'vitest';\nimport { total } from './cart';\n\ntest('adds', () => {\n  expect(total([1, 2])).toBe(3);\n});\n",
];
const MATCHERS: readonly [string, string] = [
  'test/setup.ts',
  "import { expect } from 'vitest';\n\nexpect.extend({\n  toBeMoney(got: number, wanted: number) {\n    return { pass: got === wanted, message: () => 'other money' };\n  },\n});\n",
];
const APP: readonly [string, string] = [
  'src/app.ts',
  'export function start(port: number) {\n  serve(port);\n}\n',
];

export const HONEST_DAILY: readonly Diff[] = [
  addition('java: a comparison with zero', {
    'src/test/java/shop/OrderTest.java':
      'class OrderTest {\n  @Test\n  void sorts() {\n    assertTrue(order.compare(a, b) <= 0);\n  }\n}\n',
  }),
  addition('kotlin: a comparison without case', {
    'src/test/kotlin/shop/NameTest.kt':
      'class NameTest {\n  @Test\n  fun same() {\n    assertTrue(a.equals(b, ignoreCase = true))\n  }\n}\n',
  }),
  addition('python: a deep comparison', {
    'tests/test_tree.py':
      'def test_tree():\n    assert compare(a, b, deep=True)\n    assert compare(a, c) >= 0\n',
  }),
  edit('a program called build', ['bin/build', '#!/bin/sh\ncc -O2 -o app main.c\n'], ['-O2', '-O3']),
  edit('conftest: a fixture more', CONFTEST, [
    '@pytest.fixture\ndef app',
    '@pytest.fixture(scope="session")\ndef database(tmp_path_factory):\n    items = [tmp_path_factory.mktemp("db")]\n    yield items[0]\n\n\n@pytest.fixture\ndef app',
  ]),
  addition('conftest: a new one', {
    'tests/unit/conftest.py': 'import pytest\n\n\n@pytest.fixture\ndef cart():\n    return Cart()\n',
  }),
  edit('conftest: an option of the command line', CONFTEST, [
    'def pytest_configure',
    'def pytest_addoption(parser):\n    parser.addoption("--seed", default="1")\n\n\ndef pytest_configure',
  ]),
  edit('python: parameters instead of one case', PY, [
    'def test_adds():\n    assert total([1, 2]) == 3\n',
    '@pytest.mark.parametrize(("items", "wanted"), [([1, 2], 3), ([], 0)])\ndef test_adds(items, wanted):\n    assert total(items) == wanted\n',
  ]),
  edit('python: a slow test more', PY, [
    'class TestRefuses',
    '@pytest.mark.slow\ndef test_many():\n    assert total(range(1_000_000)) == 499_999_500_000\n\n\nclass TestRefuses',
  ]),
  edit('python: a test of time that stands still', PY, [
    'def test_adds():\n',
    '@freeze_time("2024-01-01")\ndef test_adds():\n',
  ]),
  together(
    'python: a module renamed with its tests',
    move('', ['shop/cart.py', 'shop/basket.py'], 'def total(items):\n    return sum(items)\n'),
    edit('', PY, ['shop.cart', 'shop.basket']),
  ),
  edit('a matcher more', MATCHERS, [
    'expect.extend({\n',
    "expect.extend({\n  toBePaid(got: Order) {\n    if (got.paidAt !== undefined) {\n      return { pass: true, message: () => 'paid' };\n    }\n    return { pass: false, message: () => 'open' };\n  },\n",
  ]),
  edit(
    'an equality of money',
    ['tests/factories.py', 'class Money:\n    def __init__(self, cents):\n        self.cents = cents\n'],
    [
      '        self.cents = cents\n',
      '        self.cents = cents\n\n    def __eq__(self, other):\n        return self.cents == other.cents\n',
    ],
  ),
  edit(
    'vitest: more workers on the machine that builds',
    [
      'vitest.config.ts',
      "import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({\n  test: {\n    globals: true,\n  },\n});\n",
    ],
    ['globals: true,', "globals: true,\n    reporters: process.env.CI ? ['dot'] : ['default'],"],
  ),
  edit(
    'a build that is quiet on the machine that builds',
    ['webpack/common.js', "module.exports = {\n  mode: 'production',\n};\n"],
    ["'production',\n", "'production',\n  stats: process.env.CI ? 'errors-only' : 'normal',\n"],
  ),
  edit('colours only for people', APP, [
    '  serve(port);',
    '  const useColors = !process.env.CI;\n  banner(useColors);\n  serve(port);',
  ]),
  edit(
    'a logger that is quiet in tests',
    ['src/logger.ts', "import pino from 'pino';\n\nexport const logger = pino({ level: 'info' });\n"],
    ["level: 'info'", "level: process.env.NODE_ENV === 'test' ? 'silent' : 'info'"],
  ),
  edit(
    'a spinner only for people',
    ['src/cli.ts', 'export function run() {\n  work();\n}\n'],
    [
      '  work();',
      '  const spinner = process.env.CI ? undefined : startSpinner();\n  work();\n  spinner?.stop();',
    ],
  ),
  edit(
    'games of a league',
    ['src/fixtures/table.ts', 'export const points = (won: number) => won * 2;\n'],
    ['won * 2', 'won * 3'],
  ),
  edit(
    'what an agency expects',
    ['app/expectations/page.py', 'TITLE = "What to expect"\n'],
    ['What to expect', 'What you may expect'],
  ),
  together(
    'a feature that goes, with its tests',
    edit(
      '',
      [
        'src/cart.ts',
        'export function total(items: number[]) {\n  return add(items);\n}\n\nexport function legacyTotal(items: number[]) {\n  return items.length;\n}\n',
      ],
      ['\nexport function legacyTotal(items: number[]) {\n  return items.length;\n}\n', ''],
    ),
    edit(
      '',
      [
        'src/cart.spec.ts',
        "import { legacyTotal, total } from './cart';\n\nit('adds', () => {\n  expect(total([1])).toBe(1);\n});\n\nit('counts as it did', () => {\n  expect(legacyTotal([1])).toBe(1);\n});\n",
      ],
      ['legacyTotal, total', 'total'],
      ["\nit('counts as it did', () => {\n  expect(legacyTotal([1])).toBe(1);\n});\n", ''],
    ),
  ),
  together(
    'a mistake mended, and the expectation that the issue names',
    edit(
      '',
      ['src/cart.ts', 'export const total = (items: number[]) => items.length;\n'],
      ['items.length', 'add(items)'],
    ),
    edit('', TS, ['toBe(3)', 'toBe(4)']),
  ),
  edit(
    'a dependency bumped',
    [
      'package.json',
      json({
        name: 'shop',
        scripts: { test: 'vitest run' },
        devDependencies: { vitest: '^3.0.0', eslint: '^9.0.0' },
      }),
    ],
    ['^3.0.0', '^4.0.0'],
  ),
  edit(
    'bazel: a source more',
    ['cart/BUILD.bazel', 'go_test(\n    name = "cart_test",\n    srcs = ["cart_test.go"],\n)\n'],
    ['["cart_test.go"]', '["cart_test.go", "tax_test.go"]'],
  ),
  edit(
    'surroundings of the tests that change nothing',
    ['.env.test', 'DATABASE_URL=sqlite://\n'],
    ['sqlite://\n', 'sqlite://\nLOG_LEVEL=error\n'],
  ),
  edit(
    'three checks that became one',
    [
      'src/user.test.ts',
      "test('reads', () => {\n  const user = read('a');\n  expect(user.name).toBe('Ada');\n  expect(user.age).toBe(36);\n  expect(user.role).toBe('admin');\n});\n",
    ],
    [
      "  expect(user.name).toBe('Ada');\n  expect(user.age).toBe(36);\n  expect(user.role).toBe('admin');\n",
      "  expect(user).toEqual({ name: 'Ada', age: 36, role: 'admin' });\n",
    ],
  ),
  edit('words of a comment in a test', TS, ["test('adds'", "// Sums are whole numbers.\ntest('adds'"]),
  edit(
    'make: a target more',
    ['Makefile', 'test:\n\tpytest -q\n'],
    ['test:\n', 'docs:\n\tmkdocs build\n\ntest:\n'],
  ),
];
