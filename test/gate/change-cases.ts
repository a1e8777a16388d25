// The gate's rules as data: what catches any change to tests and to what is checked, whatever its form; new tests that check
// nothing, and code that knows it is tested.
import type { Case } from './cases.ts';
import { edit } from './edit-case.ts';
import { of } from './weaken-cases.ts';
import { inJs, inPy } from './weaken-texts.ts';

const js = of('cart.test.ts', inJs, 'test_changed');
const py = of('tests/test_cart.py', inPy, 'test_changed');
const check = edit('check_changed');
const knows = edit('knows_tests');
const tests = edit('test_changed');

const TESTS: readonly Case[] = [
  js('another input', [
    'const sum = total([-1, 2]);\nexpect(sum).toBe(2);',
    'const sum = total([2]);\nexpect(sum).toBe(2);',
    'const sum = total([-1, 2], EUR);\nexpect(sum).toBe(2);',
  ]),
  js('a call that is gone', [
    'cart.close();\nexpect(sum).toBe(3);',
    'expect(sum).toBe(3);',
    'expect(sum).toBe(3);\ncart.close();',
  ]),
  js('a check of one’s own', [
    'beMoney(sum, 3);\nexpect(sum).toBe(3);',
    'beSomething(sum);\nexpect(sum).toBe(3);',
    'beMoney(\n  sum,\n  3,\n);\nexpect(sum).toBe(3);',
  ]),
  py('another call', [
    'result = run(total)\nassert result == 3',
    'result = run_safely(total)\nassert result == 3',
    'result = run(total)\nassert result == 3\nassert run(0) == 0',
  ]),
  tests('a helper', [
    'test/helpers/total.ts',
    'export function expectTotal(cart, wanted) {\n  if (cart.total !== wanted) throw new Error("no");\n}\n',
    'export function expectTotal(cart, wanted) {\n  if (cart.total > wanted * 2) throw new Error("no");\n}\n',
    'export function expectTotal(cart, wanted) {\n  // To the cent.\n  if (cart.total !== wanted) throw new Error("no");\n}\n',
  ]),
  tests('data that tests read', [
    'test/fixtures/cart.json',
    '[\n  1,\n  -2\n]\n',
    '[\n  1,\n  2\n]\n',
    '[\n  1,\n  -2,\n  3\n]\n',
  ]),
  tests('an example that is run', [
    'shop/price.py',
    'def price(a):\n    """\n    >>> price(-1)\n    0\n    """\n',
    'def price(a):\n    """\n    A price.\n    """\n',
    'def price(a):\n    """A price.\n\n    >>> price(-1)\n    0\n    """\n',
  ]),
];

const CHECKS: readonly Case[] = [
  check('a command with a path', [
    'package.json',
    '{\n  "scripts": {\n    "test": "vitest run"\n  }\n}\n',
    '{\n  "scripts": {\n    "test": "vitest run src/a"\n  }\n}\n',
    '{\n  "scripts": {\n    "dev": "vite",\n    "test": "vitest run"\n  }\n}\n',
  ]),
  check('a recipe', [
    'Makefile',
    'check: lint test\n\ntest:\n\tgo test ./...\n',
    'check: test\n\ntest:\n\tgo test ./...\n',
    'check: lint test vet\n\ntest:\n\tgo test -race ./...\n',
  ]),
  check('a path of a compiler', [
    'tsconfig.json',
    '{\n  "compilerOptions": {\n    "strict": true\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "strict": true,\n    "paths": { "./a": ["./fake"] }\n  }\n}\n',
    '{\n  "compilerOptions": {\n    "strict": true,\n    "outDir": "dist"\n  }\n}\n',
  ]),
  check('an alias of a build', [
    'vite.config.ts',
    'export default { plugins: [] };\n',
    "export default { plugins: [], resolve: { alias: { './a': './fake' } } };\n",
    'export default { plugins: [], server: { port: 1 } };\n',
  ]),
  check('an import that leads elsewhere', [
    'package.json',
    '{\n  "name": "a"\n}\n',
    '{\n  "name": "a",\n  "imports": { "#a": { "test": "./fake.js", "default": "./a.js" } }\n}\n',
    '{\n  "name": "a",\n  "exports": { ".": "./a.js" }\n}\n',
  ]),
  check('a list', [
    'pytest.ini',
    '[pytest]\ntestpaths =\n    tests\n    more\n',
    '[pytest]\ntestpaths =\n    tests\n',
    '[pytest]\n# All of them.\ntestpaths =\n    more\n    tests\n',
  ]),
  check('a baseline', ['mypy-baseline.txt', 'a.py: error\n', 'a.py: error\nb.py: error\n', '']),
  check('a section', [
    'pyproject.toml',
    '[project]\nname = "a"\n\n[tool.ruff.lint]\nselect = ["E", "F"]\n',
    '[project]\nname = "a"\n\n[tool.ruff.lint]\nselect = ["E"]\n',
    '[project]\nname = "b"\n\n[tool.ruff.lint]\nselect = ["E", "F", "B"]\n',
  ]),
  check('a script of a shell', [
    'scripts/test.sh',
    'set -euo pipefail\npytest\n',
    'set -u\npytest\n',
    'set -euo pipefail\npytest -v\n',
  ]),
  {
    rule: 'check_changed',
    name: 'settings that were moved away',
    severity: 'warn',
    caught: {
      before: { 'mypy.ini': '[mypy]\nstrict = True\n' },
      after: { 'docs/mypy.ini': '[mypy]\nstrict = True\n' },
    },
    innocent: { before: { 'docs/a.ini': '[a]\nb = 1\n' }, after: { 'docs/b.ini': '[a]\nb = 1\n' } },
  },
];

const fresh = (name: string, [path, caught, innocent]: readonly [string, string, string]): Case => ({
  rule: 'hollow_test',
  name,
  file: path,
  severity: 'warn',
  caught: { after: { [path]: caught } },
  innocent: { after: { [path]: innocent } },
});
const HOLLOW: readonly Case[] = [
  fresh('a new test of JavaScript', [
    'a.test.js',
    "it('adds', () => {\n  checkout(1);\n});\n",
    "it('adds', () => {\n  checkTotal(1);\n});\n",
  ]),
  fresh('an empty test', ['a.spec.ts', "test('adds', () => {});\n", "test('adds', () => assert(adds()));\n"]),
  fresh('a new test of Python', [
    'tests/test_a.py',
    'def test_adds():\n    add(1)\n',
    'def test_adds():\n    with raises(ValueError):\n        add(1)\n',
  ]),
  fresh('a new test of Go', [
    'a_test.go',
    'func TestAdds(t *testing.T) {\n\tAdd(1)\n}\n',
    'func TestAdds(t *testing.T) {\n\tmustAdd(t, 1)\n}\n',
  ]),
];

const CODE = 'export function pay() {\n  return charge();\n}\n';
const KNOWS: readonly Case[] = [
  knows('NODE_ENV', [
    'src/pay.ts',
    CODE,
    CODE.replace('  return', "  if (process.env.NODE_ENV === 'test') return;\n  return"),
    CODE.replace('  return', "  if (process.env.NODE_ENV === 'production') log();\n  return"),
  ]),
  knows('a runner of Python', [
    'shop/pay.py',
    'def pay():\n    charge()\n',
    'def pay():\n    if "pytest" in sys.modules:\n        return\n    charge()\n',
    'def pay():\n    if "latest" in modules:\n        return\n    charge()\n',
  ]),
  knows('a flag', [
    'pay.go',
    'func Pay() {\n\tcharge()\n}\n',
    'func Pay() {\n\tif testing.Testing() {\n\t\treturn\n\t}\n\tcharge()\n}\n',
    'func Pay() {\n\tif contest.Running() {\n\t\treturn\n\t}\n\tcharge()\n}\n',
  ]),
  knows('another word for it', [
    'src/pay.rb',
    'def pay\n  charge\nend\n',
    'def pay\n  return if running_tests?\n  charge\nend\n'.replace('running_tests?', 'Rails.env.test?'),
    'def pay\n  return if Rails.env.production?\n  charge\nend\n',
  ]),
];

const IN_TEST = "it('adds', () => {\n  beMoney(total(), 3);\n  mustBeOpen();\n});\n";
const ELSEWHERE: readonly Case[] = [
  tests('a branch around a check', [
    'src/cart.test.ts',
    IN_TEST,
    IN_TEST.replace('  mustBeOpen();', '  if (isFull) {\n    mustBeOpen();\n  }'),
    IN_TEST.replace('  mustBeOpen();', '  mustBeOpen();\n  if (isFull) {\n    mustBeClosed();\n  }'),
  ]),
  {
    rule: 'weakened_test',
    name: 'an end that is always well',
    severity: 'warn',
    caught: {
      before: { 'src/cart.test.ts': IN_TEST },
      after: { 'src/cart.test.ts': `process.on('exit', () => process.exit(0));\n${IN_TEST}` },
    },
    innocent: {
      before: { 'src/cart.test.ts': IN_TEST },
      after: { 'src/cart.test.ts': `process.on('exit', () => close());\n${IN_TEST}` },
    },
  },
  {
    rule: 'skipped_test',
    name: 'a form of name that no other test has',
    severity: 'warn',
    caught: {
      before: { 'tests/test_a.py': 'def test_a():\n    assert a()\n' },
      after: { 'tests/a_tests.py': 'def test_a():\n    assert a()\n' },
    },
    innocent: {
      before: { 'tests/test_a.py': 'def test_a():\n    assert a()\n', 'tests/test_c.py': 'c\n' },
      after: { 'tests/test_b.py': 'def test_a():\n    assert a()\n', 'tests/test_c.py': 'c\n' },
    },
  },
  {
    rule: 'weakened_test',
    name: 'a stand-in for the program in what tests share',
    severity: 'warn',
    file: 'tests/conftest.py',
    caught: {
      before: { 'tests/conftest.py': 'import pytest\n', 'shop/price.py': 'a\n' },
      after: {
        'tests/conftest.py': 'import pytest\n\nmonkeypatch.setattr("shop.price.total", fixed)\n',
        'shop/price.py': 'a\n',
      },
    },
    innocent: {
      before: { 'tests/conftest.py': 'import pytest\n', 'shop/price.py': 'a\n' },
      after: {
        'tests/conftest.py': 'import pytest\n\nmonkeypatch.setattr("requests.get", fixed)\n',
        'shop/price.py': 'a\n',
      },
    },
  },
  check('a strict word that left the code', [
    'lib/a.pm',
    'use strict;\nmy $a;\n',
    'my $a;\n',
    'use strict;\nmy $b;\n',
  ]),
];

export const CHANGE_CASES: readonly Case[] = [...ELSEWHERE, ...TESTS, ...CHECKS, ...HOLLOW, ...KNOWS];
