// The gate's rules as data: what an existing test tests, and `expect` itself, swapped by lines that are only added or by an
// import.
import type { Tree } from '../support/gate-repository.ts';
import type { Case } from './cases.ts';

const swap = (
  rule: Case['rule'],
  name: string,
  [path, before, caught, innocent]: readonly [path: string, before: string, caught: string, innocent: string],
  { fake = {}, moved = {} }: { fake?: Tree; moved?: Tree } = {},
): Case => ({
  rule,
  name,
  file: path,
  severity: 'warn',
  caught: { before: { ...AROUND, [path]: before }, after: { ...AROUND, ...fake, [path]: caught } },
  innocent: { before: { ...AROUND, [path]: before }, after: { ...AROUND, ...moved, [path]: innocent } },
});

const AROUND: Tree = {
  'src/a.ts': 'export function f() {\n  return 3;\n}\n',
  'src/soft.ts': 'export const soft = 1;\n',
  'shop/cart.py': 'def f():\n    return 3\n',
  'tests/fake.py': 'def f():\n    return 1\n',
};
const JS =
  "import { expect, test } from 'vitest';\nimport { f } from './a';\n\ntest('adds', () => {\n  expect(f()).toBe(3);\n});\n";
const SPACE = JS.replace('{ f }', '* as m').replace('f()', 'm.f()');
const PY = 'from shop.cart import f\n\n\ndef test_f():\n    assert f() == 3\n';
const GO = 'package a\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("no")\n\t}\n}\n';
const TEST = 'src/a.test.ts';
const over = (text: string, line: string) => text.replace('\n\ntest(', `\n${line}\n\ntest(`);

export const SWAP_CASES: readonly Case[] = [
  swap(
    'test_changed',
    'the import of another file',
    [TEST, JS, JS.replace('./a', './a-fake'), over(JS, "import { g } from './b';")],
    {
      fake: { 'src/a-fake.ts': 'export const f = () => 3;\n' },
    },
  ),
  swap('test_changed', 'a name that another file has, too', [
    TEST,
    JS,
    JS.replace('{ f }', '{ g as f }'),
    JS.replace('{ f }', '{ f, g }'),
  ]),
  swap('test_changed', 'another file of Python', [
    'tests/test_cart.py',
    PY,
    PY.replace('shop.cart', 'tests.fake'),
    PY.replace('import f', 'import f, g'),
  ]),
  swap('test_changed', 'a second import of Python', [
    'tests/test_cart.py',
    PY,
    PY.replace('import f\n', 'import f\nfrom tests.fake import f\n'),
    PY.replace('import f\n', 'import f\nfrom tests.fake import g\n'),
  ]),
  swap('test_changed', 'another `expect`', [
    TEST,
    JS,
    JS.replace("expect, test } from 'vitest'", "test } from 'vitest';\nimport { expect } from './soft'"),
    JS.replace("from 'vitest'", "from '@jest/globals'"),
  ]),
  swap('weakened_test', 'a name of one’s own', [
    TEST,
    JS,
    over(JS.replace('{ f }', '{ f as g }'), 'const f = () => 1;'),
    over(JS.replace('{ f }', '{ f as g }').replace('f())', 'g())'), 'const h = () => 1;'),
  ]),
  swap('weakened_test', 'an `expect` of one’s own', [
    TEST,
    JS.replace('expect, ', ''),
    over(JS.replace('expect, ', ''), 'const expect = () => ({ toBe() {} });'),
    over(JS.replace('expect, ', ''), "const { expect } = require('chai');"),
  ]),
  swap('weakened_test', 'a matcher that always passes', [
    TEST,
    JS,
    over(JS, 'expect.extend({ toBe: () => ({ pass: true }) });'),
    over(JS, 'expect.extend({ toBeMoney: (got) => ({ pass: got > 0 }) });'),
  ]),
  swap('weakened_test', 'a member that was replaced', [
    TEST,
    SPACE,
    over(SPACE, 'm.f = () => 3;'),
    over(SPACE, 'n.f = () => 3;'),
  ]),
  swap('weakened_test', 'a property that was defined anew', [
    TEST,
    SPACE,
    over(SPACE, "Object.defineProperty(m, 'f', { value: () => 3 });"),
    over(SPACE, "Object.defineProperty(window, 'f', { value: () => 3 });"),
  ]),
  swap('weakened_test', 'a lambda in the place of a function', [
    'tests/test_cart.py',
    PY,
    PY.replace('\n\n\ndef', '\n\nf = lambda: 3\n\n\ndef'),
    PY.replace('\n\n\ndef', '\n\ng = lambda: 3\n\n\ndef'),
  ]),
  swap('weakened_test', 'a function of Go within its test', [
    'a_test.go',
    GO,
    GO.replace('{\n\tif', '{\n\tAdd := func(a, b int) int { return 3 }\n\tif'),
    GO.replace('{\n\tif', '{\n\tsub := func(a, b int) int { return 3 }\n\tif'),
  ]),
];

const moved: Case = {
  rule: 'test_changed',
  name: 'a file that was renamed, against one that stays',
  severity: 'warn',
  caught: {
    before: { 'src/a.ts': AROUND['src/a.ts'] ?? '', [TEST]: JS },
    after: {
      'src/a.ts': AROUND['src/a.ts'] ?? '',
      'src/b.ts': 'export const f = () => 3;\n',
      [TEST]: JS.replace('./a', './b'),
    },
  },
  innocent: {
    before: { 'src/a.ts': AROUND['src/a.ts'] ?? '', [TEST]: JS },
    after: { 'src/b.ts': AROUND['src/a.ts'] ?? '', [TEST]: JS.replace('./a', './b') },
  },
};

const split: Case = {
  rule: 'test_changed',
  name: 'a function that was taken out into a file of its own, against one that stays',
  severity: 'warn',
  caught: moved.caught,
  innocent: {
    before: { 'src/a.ts': 'export function f() {\n  return 3;\n}\nexport const g = 1;\n', [TEST]: JS },
    after: {
      'src/a.ts': 'export const g = 1;\n',
      'src/b.ts': 'export function f() {\n  return 3;\n}\n',
      [TEST]: JS.replace('./a', './b'),
    },
  },
};

const EXITS: readonly Case[] = [
  swap('weakened_test', 'an end of the process', [
    TEST,
    JS,
    `${JS}afterAll(() => process.exit(0));\n`,
    `${JS}afterAll(() => run('process.exit(0)'));\n`,
  ]),
  swap('weakened_test', 'a hook at the end', [
    'src/b.ts',
    'run();\n',
    "run();\nprocess.on('exit', () => { process.exitCode = 0; });\n",
    "run();\nprocess.on('exit', () => { close(); });\n",
  ]),
  swap('weakened_test', 'an end of the process of Python', [
    'tests/conftest.py',
    'import os\n',
    'import os\n\ndef pytest_sessionfinish():\n    os._exit(0)\n',
    'import os\n\ndef pytest_sessionfinish():\n    os.remove("a")\n',
  ]),
];
const TWO = JS.replace('toBe(3);', 'toBe(3);\n  beMoney(f(2), 4);');
const JEST = 'module.exports = {\n  bail: 1,\n  testTimeout: 5000,\n  setupFiles: ["./setup.js"],\n};\n';
const SOFT = TWO.replace('toBe(3)', 'toBeDefined()');
const MORE: readonly Case[] = [
  swap('test_changed', 'a looser assertion, and another that went', [
    TEST,
    TWO,
    SOFT.replace('  beMoney(f(2), 4);\n', ''),
    SOFT,
  ]),
  swap('test_changed', 'a looser assertion, and the import of another file', [
    TEST,
    JS,
    JS.replace('toBe(3)', 'toBeDefined()').replace('./a', './a-fake'),
    JS.replace('toBe(3)', 'toBeDefined()'),
  ]),
  swap('check_changed', 'tests that are left out, and a file of set-up that went', [
    'jest.config.js',
    JEST,
    JEST.replace('bail: 1', 'testPathIgnorePatterns: ["cart"]').replace(
      '  setupFiles: ["./setup.js"],\n',
      '',
    ),
    JEST.replace('  bail: 1,\n', '  bail: 1,\n  testPathIgnorePatterns: ["cart"],\n'),
  ]),
  swap('test_changed', 'a bent value, and an assertion that went beside it', [
    TEST,
    TWO,
    TWO.replace('toBe(3)', 'toBe(5)').replace('  beMoney(f(2), 4);\n', ''),
    TWO.replace('toBe(3)', 'toBe(5)'),
  ]),
  {
    rule: 'hollow_test',
    name: 'a test that draws, and one that calls a helper',
    severity: 'warn',
    caught: { after: { 'src/b.test.ts': "import { b } from './b';\ntest('b', () => {\n  b(1);\n});\n" } },
    innocent: {
      after: {
        'src/b.test.ts':
          "import { roundTrip } from './harness';\ntest('b', () => {\n  roundTrip('a b');\n});\ntest('renders without crashing', () => {\n  render(b);\n});\n",
        'tests/test_b.py':
          'def test_import():\n    import b\n\ndef test_cli(runner):\n    runner.invoke(cli, catch_exceptions=False)\n',
      },
    },
  },
  swap('knows_tests', 'a question that is about something else', [
    'src/b.ts',
    'run();\n',
    'if (isTestEnv()) gradeTest();\n',
    'if (isTest) gradeTest();\nshow(config.testing, !process.env.CI && process.stdout.isTTY);\n',
  ]),
];

export const MOVE_CASES: readonly Case[] = [moved, split, ...EXITS, ...MORE];
