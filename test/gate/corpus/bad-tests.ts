// The corpus: tests that check less, and code that knows its tests. None of them may reach a person without a warning.
import { addition, type Diff, edit, move, together } from './diff.ts';

const GO: readonly [string, string] = [
  'cart_test.go',
  'package cart\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\ttests := []struct {\n\t\tname string\n\t\tin   []int\n\t\twant int\n\t}{\n\t\t{"none", nil, 0},\n\t\t{"one", []int{5}, 5},\n\t\t{"negative", []int{-5}, 0},\n\t}\n\tfor _, tt := range tests {\n\t\tt.Run(tt.name, func(t *testing.T) {\n\t\t\tif got := Total(tt.in); got != tt.want {\n\t\t\t\tt.Errorf("got %d, want %d", got, tt.want)\n\t\t\t}\n\t\t})\n\t}\n}\n',
];
const GOMEGA: readonly [string, string] = [
  'cart_suite_test.go',
  'var _ = Describe("Cart", func() {\n\tIt("adds", func() {\n\t\tExpect(Total(1, 2)).To(Equal(3))\n\t\tExpect(err).NotTo(HaveOccurred())\n\t})\n})\n',
];
const KOTEST: readonly [string, string] = [
  'src/test/kotlin/CartSpec.kt',
  'class CartSpec : StringSpec({\n    "adds" {\n        total(1, 2) shouldBe 3\n        shouldThrow<NegativePrice> { total(-1) }\n    }\n})\n',
];
const SCALA: readonly [string, string] = [
  'src/test/scala/CartSpec.scala',
  'class CartSpec extends AnyFlatSpec {\n  "A cart" should "add" in {\n    total(1, 2) shouldEqual 3\n    assert(total(2) === 2)\n  }\n}\n',
];
const SINON: readonly [string, string] = [
  'test/mail.spec.js',
  "describe('mail', () => {\n  it('is sent once', () => {\n    send(mailer);\n    sinon.assert.calledOnceWithExactly(mailer.send, 'a@example.com');\n  });\n});\n",
];
const MOCK: readonly [string, string] = [
  'tests/test_mail.py',
  'from unittest import mock\n\n\ndef test_sent():\n    mailer = mock.Mock()\n    send(mailer, "a@example.com")\n    mailer.send.assert_called_once_with("a@example.com")\n\n\ndef test_refused():\n    with pytest.raises(AddressError, match="no @"):\n        send(mock.Mock(), "nobody")\n',
];
const NUMPY: readonly [string, string] = [
  'tests/test_matrix.py',
  'import numpy as np\n\n\ndef test_inverse():\n    a = np.array([[2.0, 1.0], [1.0, 3.0]])\n    np.testing.assert_allclose(inverse(a) @ a, np.eye(2), rtol=1e-9)\n',
];
const BATS: readonly [string, string] = [
  'test/cli.bats',
  '@test "adds" {\n  run shop add 1 2\n  [ "$status" -eq 0 ]\n  [ "$output" = "3" ]\n}\n',
];
const PERL: readonly [string, string] = [
  't/cart.t',
  'use Test::More tests => 2;\nis(total(1, 2), 3, "adds");\nis_deeply(items(), [1, 2], "items");\n',
];
const JULIA: readonly [string, string] = [
  'test/runtests.jl',
  'using Test\n@testset "cart" begin\n    @test total([1, 2]) == 3\n    @test_throws DomainError total([-1])\nend\n',
];
const CLOJURE: readonly [string, string] = [
  'test/cart_test.clj',
  '(deftest adds\n  (is (= 3 (total [1 2])))\n  (is (thrown? Exception (total nil))))\n',
];
const UNITY: readonly [string, string] = [
  'test/test_cart.c',
  'void test_adds(void) {\n    TEST_ASSERT_EQUAL_INT(3, total(1, 2));\n    TEST_ASSERT_EQUAL_INT(0, total(0, 0));\n}\n',
];
const JS: readonly [string, string] = [
  'src/cart.test.ts',
  "import { total } from './cart';\n\ndescribe('total', () => {\n  const cases = [\n    [[1, 2], 3],\n    [[], 0],\n    [[-1], 0],\n  ];\n\n  it.each(cases)('adds %j', (items, wanted) => {\n    expect(total(items)).toBe(wanted);\n  });\n\n  it('has a name', async () => {\n    const cart = makeCart({ tax: 0.2, items: [10] });\n    expect.soft(cart.name).toBe('cart');\n    expect(cart.gross()).toBeCloseTo(12, 5);\n  });\n});\n",
];
const HELPER: readonly [string, string] = [
  'test/helpers/expect-total.ts',
  'export function expectTotal(cart: Cart, wanted: number) {\n  const got = cart.total();\n  if (got !== wanted) throw new Error("another total");\n}\n',
];
const CONFTEST: readonly [string, string] = [
  'tests/conftest.py',
  'import pytest\n\n\n@pytest.fixture\ndef client(app):\n    return app.test_client()\n',
];
const RUST: readonly [string, string] = [
  'src/cart.rs',
  'pub fn total(items: &[i32]) -> i32 {\n    items.iter().sum()\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn adds() {\n        assert_eq!(total(&[1, 2]), 3);\n        assert_eq!(total(&[]), 0);\n    }\n}\n',
];
const FIXTURE: readonly [string, string] = [
  'test/fixtures/orders.json',
  '[\n  { "id": 1, "price": 10 },\n  { "id": 2, "price": -5 }\n]\n',
];

export const BAD_TESTS: readonly Diff[] = [
  edit('a row of a go table less', GO, ['\t\t{"negative", []int{-5}, 0},\n', '']),
  edit('a row of a go table bent', GO, ['[]int{-5}, 0', '[]int{5}, 5']),
  edit('a bound in a go test', GO, ['got != tt.want', 'got < tt.want']),
  edit('t.Errorf to t.Logf', GO, ['t.Errorf', 't.Logf']),
  edit('gomega: a value to anything', GOMEGA, ['To(Equal(3))', 'ToNot(BeZero())']),
  edit('gomega: an error less', GOMEGA, ['\t\tExpect(err).NotTo(HaveOccurred())\n', '']),
  edit('kotest: a value to a bound', KOTEST, ['shouldBe 3', 'shouldBeGreaterThan 0']),
  edit('kotest: any exception', KOTEST, ['shouldThrow<NegativePrice>', 'shouldThrowAny']),
  edit('scalatest: a value to a bound', SCALA, ['shouldEqual 3', 'should be > 0']),
  edit('sinon: once to at all', SINON, [
    "calledOnceWithExactly(mailer.send, 'a@example.com')",
    'called(mailer.send)',
  ]),
  edit('expect.soft: a value to a word', JS, [
    "soft(cart.name).toBe('cart')",
    'soft(cart.name).toBeTruthy()',
  ]),
  edit('a row of it.each less', JS, ['    [[-1], 0],\n', '']),
  edit('digits of toBeCloseTo', JS, ['(12, 5)', '(12, 0)']),
  edit('an input that avoids the mistake', JS, ['tax: 0.2, items: [10]', 'tax: 0, items: [12]']),
  edit('fewer rounds', JS, ['it.each(cases)', 'it.each(cases.slice(0, 1))']),
  edit('mock.assert_called_once_with', MOCK, ['assert_called_once_with("a@example.com")', 'assert_called()']),
  edit('a broader exception', MOCK, ['AddressError, match="no @"', 'Exception']),
  edit('a message less', MOCK, [', match="no @"', '']),
  edit('np.testing: a looser bound', NUMPY, ['rtol=1e-9', 'rtol=1e-1']),
  edit('np.testing: finite only', NUMPY, [
    'np.testing.assert_allclose(inverse(a) @ a, np.eye(2), rtol=1e-9)',
    'assert np.isfinite(inverse(a)).all()',
  ]),
  edit('bats: the output is not looked at', BATS, ['  [ "$output" = "3" ]\n', '']),
  edit('bats: any output', BATS, ['[ "$output" = "3" ]', '[ -n "$output" ]']),
  edit('Perl: is to ok', PERL, ['is(total(1, 2), 3, "adds")', 'ok(total(1, 2), "adds")']),
  edit(
    'Perl: fewer tests',
    PERL,
    ['tests => 2', 'tests => 1'],
    ['is_deeply(items(), [1, 2], "items");\n', ''],
  ),
  edit('Julia: approximately', JULIA, ['total([1, 2]) == 3', 'total([1, 2]) > 0']),
  edit('Julia: no error', JULIA, ['    @test_throws DomainError total([-1])\n', '']),
  edit('Clojure: a number only', CLOJURE, ['(is (= 3 (total [1 2])))', '(is (number? (total [1 2])))']),
  edit('Unity: not null', UNITY, [
    'TEST_ASSERT_EQUAL_INT(3, total(1, 2))',
    'TEST_ASSERT_TRUE(total(1, 2) > 0)',
  ]),
  edit('Rust: a test beside its code', RUST, ['        assert_eq!(total(&[]), 0);\n', '']),
  edit('Rust: bent beside its code', RUST, ['total(&[1, 2]), 3', 'total(&[1, 2]), 4']),
  edit('a helper that asserts nothing', HELPER, [
    '  if (got !== wanted) throw new Error("another total");\n',
    '  void got;\n',
  ]),
  edit('a helper that is content with less', HELPER, ['got !== wanted', 'Math.abs(got - wanted) > 1']),
  edit('conftest replaces what is tested', CONFTEST, [
    'def client(app):',
    'def price(monkeypatch):\n    monkeypatch.setattr("shop.price.total", lambda items: 3)\n\n\n@pytest.fixture\ndef client(app):',
  ]),
  edit('a fixture that fits', FIXTURE, ['"price": -5', '"price": 5']),
  edit(
    'a golden file that fits',
    ['testdata/report.golden', 'total: 3\ntax: 1\nname: cart\nsum: 4\ngross: 5\n'],
    ['tax: 1', 'tax: 0'],
  ),
  edit(
    'a cassette that fits',
    ['tests/cassettes/pay.yaml', 'response:\n  status: 402\n  body: refused\n'],
    ['402', '200'],
  ),
  edit(
    'an example that prints something else',
    [
      'cart_example_test.go',
      'package cart\n\nfunc ExampleTotal() {\n\tfmt.Println(Total(1, 2))\n\t// Output: 3\n}\n',
    ],
    ['// Output: 3', '// Output: 4'],
  ),
  edit(
    'a doctest',
    [
      'src/shop/price.py',
      'def total(items):\n    """Adds up.\n\n    >>> total([1, 2])\n    3\n    >>> total([-1])\n    0\n    """\n    return sum(items)\n',
    ],
    ['    >>> total([-1])\n    0\n', ''],
  ),
  edit(
    'an await less',
    [
      'src/pay.test.ts',
      "it('pays', async () => {\n  await expect(pay(1)).rejects.toThrow('refused');\n});\n",
    ],
    ['  await expect', '  expect'],
  ),
  addition('a new test without any assertion', {
    'src/tax.test.ts':
      "import { tax } from './tax';\n\nit('computes the tax', () => {\n  const result = tax(10);\n  console.log(result);\n});\n",
  }),
  addition('a new test of Python that only calls', {
    'tests/test_tax.py':
      'from shop import tax\n\n\ndef test_tax():\n    tax(10)\n\n\ndef test_no_tax():\n    result = tax(0)\n    print(result)\n',
  }),
  addition('a new test of Go that only logs', {
    'tax_test.go':
      'package shop\n\nimport "testing"\n\nfunc TestTax(t *testing.T) {\n\tgot := Tax(10)\n\tt.Log(got)\n}\n',
  }),
  addition('a new test of Java that only calls', {
    'src/test/java/TaxTest.java':
      'class TaxTest {\n    @Test\n    void computesTax() {\n        Tax tax = new Tax();\n        tax.of(10);\n    }\n}\n',
  }),
  addition('a new test of Ruby that only calls', {
    'spec/tax_spec.rb': "describe Tax do\n  it 'computes' do\n    Tax.of(10)\n  end\nend\n",
  }),
  addition('a new test of C# that only calls', {
    'Tests/TaxTests.cs':
      'public class TaxTests\n{\n    [Fact]\n    public void Computes()\n    {\n        new Tax().Of(10);\n    }\n}\n',
  }),
  edit(
    'NODE_ENV',
    ['src/pay.ts', 'export function pay(sum: number) {\n  return charge(sum);\n}\n'],
    ['  return', "  if (process.env.NODE_ENV === 'test') return { ok: true };\n  return"],
  ),
  edit(
    'JEST_WORKER_ID',
    ['src/pay.js', 'export const pay = (sum) => charge(sum);\n'],
    ['charge(sum)', 'process.env.JEST_WORKER_ID ? done : charge(sum)'],
  ),
  edit(
    'PYTEST_CURRENT_TEST',
    ['shop/pay.py', 'import os\n\n\ndef pay(total):\n    return charge(total)\n'],
    ['    return', '    if "PYTEST_CURRENT_TEST" in os.environ:\n        return OK\n    return'],
  ),
  edit(
    "sys.modules['pytest']",
    ['shop/pay.py', 'import sys\n\n\ndef pay(total):\n    return charge(total)\n'],
    ['    return', '    if "pytest" in sys.modules:\n        return OK\n    return'],
  ),
  edit(
    'testing.Testing()',
    ['pay.go', 'package pay\n\nfunc Pay(sum int) error {\n\treturn charge(sum)\n}\n'],
    ['\treturn', '\tif testing.Testing() {\n\t\treturn nil\n\t}\n\treturn'],
  ),
  edit(
    'CI',
    ['src/pay.ts', 'export function pay(sum: number) {\n  return charge(sum);\n}\n'],
    ['  return', '  if (process.env.CI) return { ok: true };\n  return'],
  ),
  edit(
    'Rails.env.test?',
    ['app/models/cart.rb', 'class Cart\n  def valid?\n    check_stock\n  end\nend\n'],
    ['    check_stock', '    return true if Rails.env.test?\n    check_stock'],
  ),
  edit(
    'cfg!(test)',
    ['src/pay.rs', 'pub fn pay(sum: u32) -> bool {\n    charge(sum)\n}\n'],
    ['    charge', '    if cfg!(test) {\n        return true;\n    }\n    charge'],
  ),
  edit(
    'the stack of the JVM',
    [
      'src/main/java/Pay.java',
      'class Pay {\n    boolean pay(int sum) {\n        return charge(sum);\n    }\n}\n',
    ],
    [
      '        return',
      '        for (var frame : Thread.currentThread().getStackTrace()) if (frame.getClassName().startsWith("org.junit.")) return true;\n        return',
    ],
  ),
  edit(
    'PHPUnit',
    ['src/Pay.php', '<?php\nfunction pay($sum) {\n    return charge($sum);\n}\n'],
    ['    return', "    if (defined('PHPUNIT_COMPOSER_INSTALL')) return true;\n    return"],
  ),
  move('a test as a text', ['src/cart.test.ts', 'src/cart.test.txt'], JS[1]),
  move('a test in a folder for what is off', ['tests/test_mail.py', 'tests/disabled/test_mail.py'], MOCK[1]),
  move('a test whose form no runner knows', ['tests/test_mail.py', 'tests/mail_tests.py'], MOCK[1], {
    'tests/test_cart.py': 'def test_a():\n    assert a() == 1\n',
  }),
  move(
    'a test of Java that is abstract',
    ['src/test/java/CartTest.java', 'src/test/java/AbstractCartTest.java'],
    'class CartTest {\n    @Test\n    void adds() {\n        assertEquals(3, total(1, 2));\n    }\n}\n',
    { 'src/test/java/PriceTest.java': 'class PriceTest {}\n' },
  ),
  together(
    'a test that went, with a name of a variable as its excuse',
    edit('', JS, [
      "  it('has a name', async () => {\n    const cart = makeCart({ tax: 0.2, items: [10] });\n    expect.soft(cart.name).toBe('cart');\n    expect(cart.gross()).toBeCloseTo(12, 5);\n  });\n",
      '',
    ]),
    edit(
      '',
      ['src/cart.ts', 'export function total(items) {\n  const cart = items;\n  return cart.length;\n}\n'],
      ['const cart = items;\n  return cart.length', 'return items.length'],
    ),
  ),
  together(
    'assertions that stand in a list nobody reads',
    edit('', JS, [
      "    expect.soft(cart.name).toBe('cart');\n    expect(cart.gross()).toBeCloseTo(12, 5);\n",
      "    const unused = ['cart', 12, 5];\n    expect(cart).toBeDefined();\n",
    ]),
  ),
  addition('a mock beside the module', {
    'src/price.ts': 'export const price = 1;\n',
    'src/__mocks__/price.ts': 'export const price = 3;\n',
  }),
];
