// The corpus: changes as people are glad to get them. Next to none of them may be warned about, and none may be blocked.
import { addition, type Diff, edit, move, together } from './diff.ts';

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
const CART =
  'export function total(items: number[]) {\n  return items.reduce((sum, one) => sum + one, 0);\n}\n';
const CART_TEST =
  "import { total } from './cart';\n\ndescribe('total', () => {\n  it('adds', () => {\n    expect(total([1, 2])).toBe(3);\n  });\n\n  it('is zero for none', () => {\n    expect(total([])).toBe(0);\n  });\n});\n";
const TEST: readonly [string, string] = ['src/cart.test.ts', CART_TEST];
const PY: readonly [string, string] = [
  'tests/test_cart.py',
  'from shop.cart import total\n\n\ndef test_adds():\n    assert total([1, 2]) == 3\n\n\ndef test_none():\n    assert total([]) == 0\n',
];
const GO: readonly [string, string] = [
  'cart_test.go',
  'package cart\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {\n\tgot := Total([]int{5})\n\tif got != 5 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n\nfunc TestTwo(t *testing.T) {\n\tgot := Total([]int{5, 7})\n\tif got != 12 {\n\t\tt.Errorf("got %d", got)\n\t}\n}\n',
];
const GO_TABLE =
  'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tfor _, tt := range []struct {\n\t\tname string\n\t\tin   []int\n\t\twant int\n\t}{\n\t\t{"one", []int{5}, 5},\n\t\t{"two", []int{5, 7}, 12},\n\t} {\n\t\tt.Run(tt.name, func(t *testing.T) {\n\t\t\tif got := Total(tt.in); got != tt.want {\n\t\t\t\tt.Errorf("got %d, want %d", got, tt.want)\n\t\t\t}\n\t\t})\n\t}\n}\n';
const PACKAGE: readonly [string, string] = [
  'package.json',
  json({
    name: 'shop',
    scripts: { build: 'vite build', test: 'vitest run', lint: 'eslint .' },
    dependencies: { left: '^1.0.0' },
    devDependencies: { vitest: '^3.0.0' },
  }),
];
const PYPROJECT: readonly [string, string] = [
  'pyproject.toml',
  '[project]\nname = "shop"\nversion = "1.0.0"\ndependencies = [\n    "httpx>=0.27",\n]\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n\n[tool.ruff.lint]\nselect = ["E", "F"]\n',
];
const MAKE: readonly [string, string] = [
  'Makefile',
  'build:\n\tgo build -o bin/shop ./cmd/shop\n\ntest:\n\tgo test ./...\n\nrun: build\n\t./bin/shop --port 8080\n',
];
const API: readonly [string, string] = [
  'test/api.test.ts',
  "import { createApp } from '../src/app';\n\ndescribe('api', () => {\n  let app: App;\n  beforeEach(() => {\n    app = createApp();\n  });\n\n  it('answers', async () => {\n    const answer = await app.get('/cart');\n    expect(answer.status).toBe(200);\n    expect(answer.body).toEqual({ items: [] });\n  });\n\n  it('refuses', async () => {\n    const answer = await app.get('/secret');\n    expect(answer.status).toBe(403);\n    expect(answer.headers['x-why']).toBe('no');\n  });\n});\n",
];
const JAVA: readonly [string, string] = [
  'src/test/java/CartTest.java',
  'class CartTest {\n    @Test\n    void adds() {\n        Cart cart = new Cart();\n        cart.add(2);\n        assertEquals(2, cart.total());\n    }\n}\n',
];

export const HONEST: readonly Diff[] = [
  together(
    'a mistake with a test for it',
    edit('', ['src/cart.ts', CART], ['sum + one', 'sum + Math.max(0, one)']),
    edit('', TEST, [
      "  it('is zero for none'",
      "  it('passes over what is negative', () => {\n    expect(total([-1, 2])).toBe(2);\n  });\n\n  it('is zero for none'",
    ]),
  ),
  edit('an assertion more', TEST, [
    '    expect(total([])).toBe(0);\n',
    '    expect(total([])).toBe(0);\n    expect(total([0])).toBe(0);\n',
  ]),
  edit('tests laid out anew', TEST, [
    '    expect(total([1, 2])).toBe(3);',
    '    expect(\n      total([1, 2]),\n    ).toBe(3);',
  ]),
  edit('other quotes', API, ["'/cart'", '"/cart"'], ["'/secret'", '"/secret"']),
  edit('another title', TEST, ["it('adds'", "it('adds up all prices'"]),
  together(
    'a function renamed in code and tests',
    edit('', ['src/cart.ts', CART], ['function total', 'function sumOf']),
    edit(
      '',
      TEST,
      ['{ total }', '{ sumOf }'],
      ['total([1, 2])', 'sumOf([1, 2])'],
      ['total([])', 'sumOf([])'],
    ),
  ),
  edit(
    'a variable of a test renamed',
    JAVA,
    ['Cart cart = new Cart();', 'Cart basket = new Cart();'],
    ['cart.add(2)', 'basket.add(2)'],
    ['cart.total()', 'basket.total()'],
  ),
  together(
    'an argument more in the set-up',
    edit(
      '',
      ['src/app.ts', 'export function createApp() {\n  return app;\n}\n'],
      ['createApp()', 'createApp(clock: Clock)'],
    ),
    edit('', API, ['createApp();', 'createApp(fixedClock());']),
  ),
  edit('an import more', TEST, [
    "import { total } from './cart';",
    "import { total } from './cart';\nimport { tax } from './tax';",
  ]),
  edit('go tests that became a table', GO, [GO[1], GO_TABLE]),
  edit('tests of Python that became parametrised', PY, [
    'def test_adds():\n    assert total([1, 2]) == 3\n\n\ndef test_none():\n    assert total([]) == 0\n',
    '@pytest.mark.parametrize(\n    ("items", "wanted"),\n    [\n        ([1, 2], 3),\n        ([], 0),\n    ],\n)\ndef test_total(items, wanted):\n    assert total(items) == wanted\n',
  ]),
  edit(
    'an extracted helper',
    API,
    [
      "describe('api', () => {",
      "function expectStatus(answer: Answer, status: number) {\n  expect(answer.status).toBe(status);\n}\n\ndescribe('api', () => {",
    ],
    ['    expect(answer.status).toBe(200);', '    expectStatus(answer, 200);'],
    ['    expect(answer.status).toBe(403);', '    expectStatus(answer, 403);'],
  ),
  edit('set-up in a beforeEach', JAVA, [
    '    @Test\n    void adds() {\n        Cart cart = new Cart();\n',
    '    private Cart cart;\n\n    @BeforeEach\n    void setUp() {\n        cart = new Cart();\n    }\n\n    @Test\n    void adds() {\n',
  ]),
  edit('a describe around tests', PY, [
    'def test_none():\n    assert total([]) == 0',
    'class TestNone:\n    def test_none(self):\n        assert total([]) == 0',
  ]),
  move('a test that moved with its folder', ['src/cart.test.ts', 'src/cart/cart.test.ts'], CART_TEST, {
    'src/price.test.ts': CART_TEST.replaceAll('total', 'price'),
  }),
  together('a test that moved to another file', {
    name: '',
    before: {
      'test/a.test.ts': `${CART_TEST}\nit('has a name', () => {\n  expect(name()).toBe('shop');\n});\n`,
    },
    after: {
      'test/a.test.ts': CART_TEST,
      'test/name.test.ts':
        "import { name } from '../src/name';\n\nit('has a name', () => {\n  expect(name()).toBe('shop');\n});\n",
    },
  }),
  addition('a new module with tests', {
    'src/tax.ts': 'export const tax = (sum: number) => sum * 0.2;\n',
    'src/tax.test.ts':
      "import { tax } from './tax';\n\nit('is a fifth', () => {\n  expect(tax(10)).toBeCloseTo(2);\n});\n",
  }),
  addition('new tests with a helper of their own', {
    'test/tax.test.ts':
      "import { expectTax } from './helpers/tax';\n\nit('is a fifth', () => {\n  expectTax(10, 2);\n});\n",
    'test/helpers/tax.ts':
      'export function expectTax(sum: number, wanted: number) {\n  expect(tax(sum)).toBe(wanted);\n}\n',
  }),
  addition('new tests of Go with testify', {
    'tax_test.go':
      'package shop\n\nfunc TestTax(t *testing.T) {\n\trequire.NoError(t, Check(10))\n\tassert.Equal(t, 2, Tax(10))\n}\n',
  }),
  addition('new tests of Rust that unwrap', {
    'tests/tax.rs':
      '#[test]\nfn parses() {\n    let tax: Tax = "20%".parse().unwrap();\n    assert_eq!(tax.of(10), 2);\n}\n\n#[test]\n#[should_panic(expected = "negative")]\nfn refuses() {\n    Tax::new(-1);\n}\n',
  }),
  addition('new tests of bats', {
    'test/tax.bats': '@test "is a fifth" {\n  run shop tax 10\n  [ "$output" = 2 ]\n}\n',
  }),
  addition('a new test that looks for a word on the page', {
    'src/Cart.test.tsx':
      "import { render, screen } from '@testing-library/react';\n\nit('shows the sum', async () => {\n  render(<Cart />);\n  await screen.findByText('Sum');\n});\n",
  }),
  addition('a new example of Go', {
    'example_test.go': 'package shop\n\nfunc ExampleTax() {\n\tfmt.Println(Tax(10))\n\t// Output: 2\n}\n',
  }),
  addition('a new spec of Ruby', {
    'spec/tax_spec.rb':
      "describe Tax do\n  it { is_expected.to be_valid }\n\n  it 'is a fifth' do\n    expect(Tax.of(10)).to eq(2)\n  end\nend\n",
  }),
  addition('a new spec of Spock', {
    'src/test/groovy/TaxSpec.groovy':
      'class TaxSpec extends Specification {\n    def "is a fifth"() {\n        expect:\n        Tax.of(10) == 2\n    }\n}\n',
  }),
  edit('a dependency more', PACKAGE, ['"left": "^1.0.0"', '"left": "^1.0.0",\n    "right": "^2.0.0"']),
  edit('a newer runner', PACKAGE, ['^3.0.0', '^3.2.0']),
  edit('a script beside the others', PACKAGE, [
    '"lint": "eslint ."',
    '"lint": "eslint .",\n    "format": "prettier --write ."',
  ]),
  edit('a script that builds', PACKAGE, ['vite build', 'vite build --sourcemap']),
  edit('tests with coverage', PACKAGE, ['vitest run', 'vitest run --coverage']),
  edit('types checked with the linter', PACKAGE, ['eslint ."', 'eslint . && tsc --noEmit"']),
  edit('a dependency of Python', PYPROJECT, [
    '    "httpx>=0.27",\n',
    '    "httpx>=0.27",\n    "rich>=13",\n',
  ]),
  edit('more rules of ruff', PYPROJECT, ['["E", "F"]', '["E", "F", "B"]']),
  edit('more folders of tests', PYPROJECT, ['["tests"]', '["tests", "integration"]']),
  edit('a version', PYPROJECT, ['1.0.0', '1.1.0']),
  edit('a target of make', MAKE, ['run: build', 'clean:\n\trm -rf bin\n\nrun: build']),
  edit('another port', MAKE, ['8080', '9090']),
  edit('tests with -race', MAKE, ['go test ./...', 'go test -race ./...']),
  edit(
    'a stricter compiler',
    ['tsconfig.json', json({ compilerOptions: { target: 'es2022' }, include: ['src'] })],
    ['"target": "es2022"', '"target": "es2023",\n    "noUncheckedIndexedAccess": true'],
  ),
  edit(
    'a path in tsconfig',
    ['tsconfig.json', json({ compilerOptions: { strict: true, paths: { '@/*': ['src/*'] } } })],
    ['"@/*"', '"~/*"'],
  ),
];
