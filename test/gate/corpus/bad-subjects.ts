// The corpus: tests whose lines stay as they are and look at something else, and excuses for tests that go.
import type { Texts } from '../../support/change-of.ts';
import { addition, type Diff, edit, together } from './diff.ts';

const GO: readonly [string, string] = [
  'cart/cart_test.go',
  'package cart_test\n\nimport (\n\t"testing"\n\n\t"example.com/shop/cart"\n)\n\nfunc TestTotal(t *testing.T) {\n\tif cart.Total(1, 2) != 3 {\n\t\tt.Fatal("no")\n\t}\n}\n',
];
const JAVA: readonly [string, string] = [
  'src/test/java/shop/CartTest.java',
  'package shop;\n\nimport static org.junit.jupiter.api.Assertions.assertEquals;\n\nimport org.junit.jupiter.api.Test;\nimport shop.pay.Money;\n\nclass CartTest {\n    @Test\n    void rounds() {\n        assertEquals(2, Money.round(1.9));\n    }\n}\n',
];
const KOTLIN: readonly [string, string] = [
  'src/test/kotlin/shop/CartTest.kt',
  'package shop\n\nimport kotlin.test.Test\nimport kotlin.test.assertEquals\nimport shop.pay.Cart\n\nclass CartTest {\n    @Test\n    fun adds() {\n        assertEquals(3, Cart(1, 2).total())\n    }\n}\n',
];
const RUBY: readonly [string, string] = [
  'spec/cart_spec.rb',
  "require_relative '../lib/shop/cart'\n\nRSpec.describe Cart do\n  it 'adds' do\n    expect(Cart.new(1, 2).total).to eq(3)\n  end\nend\n",
];
const RUST: readonly [string, string] = [
  'tests/cart.rs',
  'use shop::cart::total;\n\n#[test]\nfn adds() {\n    assert_eq!(total(&[1, 2]), 3);\n}\n',
];
const PHP: readonly [string, string] = [
  'tests/CartTest.php',
  '<?php\n\nnamespace Tests;\n\nuse PHPUnit\\Framework\\TestCase;\nuse Shop\\Cart;\n\nclass CartTest extends TestCase\n{\n    public function testAdds(): void\n    {\n        $this->assertSame(3, (new Cart(1, 2))->total());\n    }\n}\n',
];
const CSHARP: readonly [string, string] = [
  'Tests/CartTests.cs',
  'using Shop.Carts;\nusing Xunit;\n\npublic class CartTests\n{\n    [Fact]\n    public void Adds()\n    {\n        Assert.Equal(3, new Cart(1, 2).Total());\n    }\n}\n',
];
const TS: readonly [string, string] = [
  'src/cart.test.ts',
  "import { expect, test } from 'vitest';\nimport { total } from './cart';\n\ntest('adds', () => {\n  expect(total([1, 2])).toBe(3);\n});\n\ntest('refuses', () => {\n  expect(() => total([-1])).toThrow(RangeError);\n});\n",
];
const PY: readonly [string, string] = [
  'tests/test_cart.py',
  'from shop.cart import total\n\n\ndef test_adds():\n    assert total([1, 2]) == 3\n\n\ndef test_refuses():\n    with pytest.raises(PriceError):\n        total([-1])\n',
];
const SETUP: readonly [string, string] = [
  'test/setup.ts',
  "import { expect } from 'vitest';\n\nexpect.extend({\n  toBeMoney(got: number, wanted: number) {\n    const pass = got === wanted;\n    return { pass, message: () => 'other money' };\n  },\n});\n",
];
const CONFTEST: readonly [string, string] = [
  'tests/conftest.py',
  'import pytest\n\n\n@pytest.fixture\ndef client(app):\n    return app.test_client()\n',
];
const more = (name: string, [path, text]: readonly [string, string], end: string): Diff => ({
  name,
  before: { [path]: text },
  after: { [path]: `${text}${end}` },
});

/** The program that is tested, which stays as it is, and what stands in for it. */
const PROGRAM: Texts = {
  'cart/cart.go': 'package cart\n',
  'src/main/java/shop/pay/Money.java': 'package shop.pay;\n\npublic class Money {}\n',
  'src/main/kotlin/shop/pay/Cart.kt': 'package shop.pay\n\nclass Cart\n',
  'lib/shop/cart.rb': 'class Cart\nend\n',
  'src/cart.rs': 'pub fn total() {}\n',
  'src/Cart.php': '<?php\nclass Cart {}\n',
  'src/Carts/Cart.cs': 'namespace Shop.Carts;\npublic class Cart {}\n',
};
const within = (diff: Diff): Diff => ({
  ...diff,
  before: { ...PROGRAM, ...diff.before },
  after: { ...PROGRAM, ...diff.after },
});

const REDIRECTED: readonly Diff[] = [
  edit('go: another package of that name', GO, ['example.com/shop/cart"', 'example.com/shop/fake/cart"']),
  edit('go: a stub under the name', GO, ['"example.com/shop/cart"', 'cart "example.com/shop/internal/fake"']),
  edit('java: the class of another package', JAVA, ['import shop.pay.Money', 'import shop.stub.Money']),
  edit('kotlin: a stub under the name', KOTLIN, ['import shop.pay.Cart', 'import shop.FakeCart as Cart']),
  edit('ruby: another file', RUBY, ["'../lib/shop/cart'", "'support/cart'"]),
  edit('rust: another module', RUST, ['use shop::cart::total', 'use shop::fake::total']),
  edit('rust: a stub under the name', RUST, ['cart::total;', 'cart::fake_total as total;']),
  edit('php: another class', PHP, ['use Shop\\Cart;', 'use Tests\\Fake\\Cart;']),
  edit('php: a stub under the name', PHP, ['use Shop\\Cart;', 'use Shop\\NullCart as Cart;']),
  edit('c#: another namespace', CSHARP, ['using Shop.Carts;', 'using Shop.Fakes;']),
  edit('c#: a stub under the name', CSHARP, ['using Shop.Carts;', 'using Cart = Shop.Fakes.FakeCart;']),
];

export const SUBJECTS: readonly Diff[] = [
  ...REDIRECTED.map(within),
  edit('a matcher of many lines that always passes', TS, [
    "from './cart';\n",
    "from './cart';\n\nexpect.extend({\n  toBe() {\n    return { pass: true, message: () => '' };\n  },\n});\n",
  ]),
  edit('a matcher of one’s own made to pass', SETUP, ['got === wanted', 'true']),
  edit('a matcher of one’s own that says so itself', SETUP, ['{ pass, message', '{ pass: true, message']),
  more(
    'a matcher of the framework anew, for all tests',
    SETUP,
    "\nexpect.extend({\n  toEqual(_got, _wanted) {\n    return { pass: true, message: () => '' };\n  },\n});\n",
  ),
  more(
    'ruby: a matcher anew',
    ['spec/spec_helper.rb', 'RSpec.configure do |config|\n  config.order = :random\nend\n'],
    'RSpec::Matchers.define :eq do |_|\n  match { true }\nend\n',
  ),
  edit('c#: a comparer for which all is equal', CSHARP, [
    'Assert.Equal(3, new Cart(1, 2).Total());',
    'Assert.Equal(3, new Cart(1, 2).Total(), new Lenient());',
  ]),
  edit('a value instead of the call', TS, ['expect(total([1, 2]))', 'expect(3)']),
  edit('the subject compared with itself', TS, ['toBe(3)', 'toBe(total([1, 2]))']),
  edit('a spy that answers', TS, [
    "test('adds', () => {\n",
    "test('adds', () => {\n  vi.spyOn(cart, 'total').mockReturnValue(3);\n",
  ]),
  edit('python: a patch that answers', PY, [
    'def test_adds():\n',
    'def test_adds(monkeypatch):\n    monkeypatch.setattr("shop.cart.total", lambda _: 3)\n',
  ]),
  edit('python: a module in the place of the module', PY, [
    'from shop.cart',
    'import sys\nfrom tests import fake\nsys.modules["shop.cart"] = fake\nfrom shop.cart',
  ]),
  edit('python: a decorator that answers', PY, [
    'def test_adds():\n',
    '@patch("shop.cart.total", return_value=3)\ndef test_adds(_):\n',
  ]),
  edit(
    'java: a mock instead of the subject',
    [
      'src/test/java/shop/BagTest.java',
      'class BagTest {\n    @Test\n    void adds() {\n        Bag bag = new Bag();\n        bag.add(2);\n        assertEquals(2, bag.total());\n    }\n}\n',
    ],
    ['Bag bag = new Bag();', 'Bag bag = mock(Bag.class);\n        when(bag.total()).thenReturn(2);'],
  ),
  edit('ruby: any instance answers', RUBY, [
    "it 'adds' do\n",
    "it 'adds' do\n    allow_any_instance_of(Cart).to receive(:total).and_return(3)\n",
  ]),
  edit(
    'the name of a module led to a stub by the runner',
    ['jest.config.js', "module.exports = {\n  testEnvironment: 'node',\n};\n"],
    ["'node',\n", "'node',\n  moduleNameMapper: { '^.*/cart$': '<rootDir>/test/fake-cart.ts' },\n"],
  ),
  edit(
    'an alias of vitest to a stub',
    [
      'vitest.config.ts',
      "import { defineConfig } from 'vitest/config';\nexport default defineConfig({\n  test: { globals: true },\n});\n",
    ],
    ['  test: {', "  resolve: { alias: { './cart': './test/fake-cart.ts' } },\n  test: {"],
  ),
  together(
    'the subject renamed a little, and a test of it dropped',
    edit(
      '',
      ['src/cart.ts', 'export function total(items: number[]) {\n  return add(items);\n}\n'],
      ['function total', 'function totals'],
    ),
    edit(
      '',
      TS,
      ['import { total }', 'import { totals }'],
      ['total([1, 2])', 'totals([1, 2])'],
      ["\ntest('refuses', () => {\n  expect(() => total([-1])).toThrow(RangeError);\n});\n", ''],
    ),
  ),
  together(
    'the subject renamed a little, and an assertion of it dropped',
    edit('', ['shop/cart.py', 'def total(items):\n    return sum(items)\n'], ['def total(', 'def total_of(']),
    edit(
      '',
      [
        'tests/test_cart.py',
        'from shop.cart import total\n\n\ndef test_adds():\n    assert total([1, 2]) == 3\n    assert total([-1]) == 0\n',
      ],
      ['import total', 'import total_of'],
      ['    assert total([1, 2]) == 3\n    assert total([-1]) == 0\n', '    assert total_of([1, 2]) == 3\n'],
    ),
  ),
  together(
    'a helper that went, as an excuse for a test',
    edit(
      '',
      ['src/cart.ts', 'const items = [];\nexport const total = (list) => sum(list);\n'],
      ['const items = [];\n', ''],
    ),
    edit(
      '',
      [
        'src/cart.test.ts',
        "test('adds', () => {\n  expect(total([1])).toBe(1);\n});\n\ntest('refuses', () => {\n  const items = [-1];\n  expect(() => total(items)).toThrow(RangeError);\n});\n",
      ],
      [
        "\ntest('refuses', () => {\n  const items = [-1];\n  expect(() => total(items)).toThrow(RangeError);\n});\n",
        '',
      ],
    ),
  ),
  edit('an assertion said again in a comment’s words', TS, [
    '  expect(total([1, 2])).toBe(3);\n',
    '  const wanted = 3;\n  log(total([1, 2]), wanted);\n',
  ]),
  together('a test file deleted with a file of the same name elsewhere', {
    name: '',
    before: { 'src/cart.test.ts': TS[1], 'src/old/cart.ts': 'export {};\n' },
    after: {},
  }),
  together('a test that moved into a file of data', {
    name: '',
    before: { 'src/cart.test.ts': TS[1] },
    after: { 'src/fixtures/cart.test.ts': TS[1] },
  }),
  more(
    'conftest: a hook that drops tests',
    CONFTEST,
    '\n\ndef pytest_collection_modifyitems(items):\n    items[:] = [item for item in items if "slow" not in item.name]\n',
  ),
  addition('conftest: a new one that drops tests', {
    'tests/conftest.py':
      'def pytest_collection_modifyitems(config, items):\n    for item in items:\n        if "total" in item.nodeid:\n            item.add_marker("xfail")\n',
  }),
  more(
    'conftest: an end within a fixture',
    CONFTEST,
    '\n\n@pytest.fixture(autouse=True, scope="session")\ndef done():\n    yield\n    sys.exit(0)\n',
  ),
  addition('conftest: a new one that ends the run', {
    'tests/conftest.py': 'import os\n\n\ndef pytest_sessionfinish(session):\n    os._exit(0)\n',
  }),
  more(
    'conftest: reports made green',
    CONFTEST,
    '\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item):\n    outcome = yield\n    report = outcome.get_result()\n    report.outcome = "passed"\n',
  ),
  more(
    'conftest: results forced',
    CONFTEST,
    '\n\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_call(item):\n    try:\n        yield\n    except AssertionError:\n        pass\n',
  ),
  more(
    'conftest: files passed over',
    CONFTEST,
    '\n\ndef pytest_ignore_collect(path):\n    return "cart" in str(path)\n',
  ),
  edit(
    'a marker for tests that no longer run',
    ['pytest.ini', '[pytest]\ntestpaths = tests\n'],
    ['testpaths = tests\n', 'testpaths = tests\nmarkers =\n    flaky_ci: not run in CI\n'],
  ),
  edit('a test marked so that it is deselected', PY, ['def test_adds', '@pytest.mark.slow\ndef test_adds']),
  edit(
    'a class that is no test any more',
    [
      'tests/test_bag.py',
      'class TestBag:\n    def test_adds(self):\n        assert Bag(1, 2).total() == 3\n',
    ],
    ['class TestBag:\n', 'class TestBag:\n    __test__ = False\n\n'],
  ),
  together(
    'source in a folder called fixtures, and no test of it',
    edit(
      '',
      ['src/fixtures/price.ts', 'export const price = (x: number) => x;\n'],
      ['=> x;', "=> (process.env.NODE_ENV === 'test' ? 3 : x);"],
    ),
  ),
  edit(
    'asks: a price that looks like a level',
    ['src/level.ts', 'export const price = (level: number) => level * 2;\n'],
    ['level * 2', "(process.env.NODE_ENV === 'test' ? 4 : level * 3)"],
  ),
  edit('c#: a category beside the attribute', CSHARP, ['[Fact]', '[Fact, Trait("Category", "Night")]']),
  edit(
    'java: a group of TestNG',
    [JAVA[0], JAVA[1].replace('@Test\n', '@Test()\n')],
    ['@Test()', '@Test(groups = "night")'],
  ),
];
