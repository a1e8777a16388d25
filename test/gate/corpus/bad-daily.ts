// The corpus: tests that give way in small ways, as agents in a hurry make them.
import { type Diff, edit } from './diff.ts';

const TS: readonly [string, string] = [
  'src/cart.test.ts',
  "import { expect, test } from 'vitest';\nimport { cart, load, total } from './cart';\n\ntest('adds', async () => {\n  const sum = total([1, 2]);\n  expect(sum).toEqual({ net: 3, gross: 3.6 });\n  expect(sum.gross).toBeCloseTo(3.6, 4);\n});\n\ntest('refuses', async () => {\n  await expect(load('/nothing')).rejects.toThrow('404');\n});\n",
];
const PY: readonly [string, string] = [
  'tests/test_cart.py',
  'import pytest\n\nfrom shop.cart import total, load\n\n\ndef test_adds():\n    assert total([1, 2]) == 3\n\n\ndef test_refuses(mailer):\n    with pytest.raises(PriceError, match="negative"):\n        total([-1])\n    mailer.send.assert_called_once_with("a@example.com")\n',
];
const HYPOTHESIS: readonly [string, string] = [
  'tests/test_laws.py',
  'from hypothesis import given, settings, strategies as st\n\n\n@settings(max_examples=500)\n@given(st.lists(st.integers()))\ndef test_sum(items):\n    assert total(items) == sum(items)\n',
];
const GO: readonly [string, string] = [
  'cart_test.go',
  'package cart\n\nimport (\n\t"flag"\n\t"testing"\n\n\t"github.com/google/go-cmp/cmp"\n)\n\nvar update = flag.Bool("update", false, "write golden files")\n\nfunc TestTotal(t *testing.T) {\n\tgot := Total(1, 2)\n\tif diff := cmp.Diff(want, got); diff != "" {\n\t\tt.Fatal(diff)\n\t}\n}\n',
];
const JAVA: readonly [string, string] = [
  'src/test/java/CartTest.java',
  'class CartTest {\n    @Test\n    void adds() {\n        Cart cart = new Cart(1, 2);\n        assertThat(cart.total()).isEqualTo(3);\n        assertThat(cart).usingRecursiveComparison().isEqualTo(expected());\n    }\n\n    @Test\n    void refuses() {\n        assertThrows(NegativePrice.class, () -> new Cart(-1));\n    }\n}\n',
];
const RUST: readonly [string, string] = [
  'tests/cart.rs',
  'use shop::total;\n\n#[test]\nfn adds() {\n    assert_eq!(total(&[1, 2]), Ok(3));\n}\n\n#[test]\n#[should_panic(expected = "negative")]\nfn refuses() {\n    total(&[-1]).unwrap();\n}\n',
];
const RUBY: readonly [string, string] = [
  'spec/cart_spec.rb',
  "RSpec.describe Cart do\n  it 'adds' do\n    expect(Cart.new(1, 2).total).to eq(3)\n  end\n\n  it 'refuses' do\n    expect { Cart.new(-1) }.to raise_error(NegativePrice, /-1/)\n  end\nend\n",
];
const CSHARP: readonly [string, string] = [
  'Tests/CartTests.cs',
  'public class CartTests\n{\n    [Fact]\n    public void Adds()\n    {\n        var cart = new Cart(1, 2);\n        Assert.Equal(3.6, cart.Gross(), 4);\n        cart.Should().BeEquivalentTo(Expected());\n    }\n}\n',
];
const PHP: readonly [string, string] = [
  'tests/CartTest.php',
  '<?php\n\nclass CartTest extends TestCase\n{\n    public function testAdds(): void\n    {\n        $this->assertSame(3, total([1, 2]));\n    }\n\n    public function testRefuses(): void\n    {\n        $this->expectException(NegativePrice::class);\n        total([-1]);\n    }\n}\n',
];
const SHOT: readonly [string, string] = [
  'e2e/cart.spec.ts',
  "test('looks right', async ({ page }) => {\n  await page.goto('/cart');\n  await expect(page).toHaveScreenshot('cart.png', { maxDiffPixels: 10 });\n});\n",
];
const GOLDEN: readonly [string, string] = [
  'internal/report/testdata/report.golden',
  'Report\n------\nnet   3.00\ntax   0.60\ngross 3.60\n',
];

export const DAILY: readonly Diff[] = [
  edit('vitest: an object to a part of it', TS, [
    'toEqual({ net: 3, gross: 3.6 })',
    'toEqual(expect.objectContaining({ net: 3 }))',
  ]),
  edit('vitest: digits', TS, ['(3.6, 4)', '(3.6, 0)']),
  edit('vitest: a rejection that nobody waits for', TS, ['  await expect(load', '  void expect(load']),
  edit('vitest: a rejection caught instead', TS, [
    "  await expect(load('/nothing')).rejects.toThrow('404');\n",
    "  await load('/nothing').catch(() => undefined);\n",
  ]),
  edit('vitest: a finally that returns', TS, [
    "  await expect(load('/nothing')).rejects.toThrow('404');\n",
    "  try {\n    await expect(load('/nothing')).rejects.toThrow('404');\n  } finally {\n    return;\n  }\n",
  ]),
  edit('vitest: more tries over the file', TS, [
    "\n\ntest('adds'",
    "\n\nvi.setConfig({ retry: 3 });\n\ntest('adds'",
  ]),
  edit('vitest: fails on purpose', TS, ["test('adds'", "test.fails('adds'"]),
  edit('vitest: a race with nothing', TS, [
    'const sum = total([1, 2]);',
    'const sum = total([1, 2]) ?? { net: 3, gross: 3.6 };',
  ]),
  edit('vitest: the wanted value out of the program', TS, [
    'toEqual({ net: 3, gross: 3.6 })',
    'toEqual(cart.sumOf([1, 2]))',
  ]),
  edit('playwright: many pixels', SHOT, ['maxDiffPixels: 10', 'maxDiffPixels: 10_000']),
  edit('playwright: a mask over all of it', SHOT, [
    'maxDiffPixels: 10',
    "maxDiffPixels: 10, mask: [page.locator('main')]",
  ]),
  edit('python: a tuple that is always true', PY, [
    'assert total([1, 2]) == 3',
    'assert (total([1, 2]) == 3, "the sum")',
  ]),
  edit('python: truth only', PY, ['assert total([1, 2]) == 3', 'assert total([1, 2])']),
  edit('python: a misspelt assertion of a mock', PY, [
    'send.assert_called_once_with(',
    'send.called_once_with(',
  ]),
  edit('python: any error', PY, ['PriceError, match="negative"', 'Exception']),
  edit('python: errors suppressed', PY, [
    '    assert total([1, 2]) == 3\n',
    '    with contextlib.suppress(AssertionError):\n        assert total([1, 2]) == 3\n',
  ]),
  edit('python: reruns', PY, ['def test_adds', '@pytest.mark.flaky(reruns=3)\ndef test_adds']),
  edit('python: a skip where the network is down', PY, [
    'def test_adds():\n',
    'def test_adds():\n    if not online():\n        pytest.skip("offline")\n',
  ]),
  edit('python: a test nobody collects', PY, ['def test_adds', 'def check_adds']),
  edit('hypothesis: one example', HYPOTHESIS, ['max_examples=500', 'max_examples=1']),
  edit('hypothesis: only the easy ones', HYPOTHESIS, [
    'st.lists(st.integers())',
    'st.lists(st.integers(0, 0))',
  ]),
  edit('hypothesis: what is assumed', HYPOTHESIS, [
    '    assert total',
    '    assume(not items)\n    assert total',
  ]),
  edit('go: golden files written at each run', GO, ['"update", false', '"update", true']),
  edit('go: fields that are ignored', GO, [
    'cmp.Diff(want, got)',
    'cmp.Diff(want, got, cmpopts.IgnoreFields(Cart{}, "Total"))',
  ]),
  edit('go: a skip in short runs', GO, [
    '\tgot := Total',
    '\tif testing.Short() {\n\t\tt.Skip("slow")\n\t}\n\tgot := Total',
  ]),
  edit('go: a main that runs no test', GO, [
    'func TestTotal',
    'func TestMain(m *testing.M) {\n\tsetUp()\n}\n\nfunc TestTotal',
  ]),
  edit('go: an error that is only said', GO, ['t.Fatal(diff)', 't.Log(diff)']),
  edit('go: wanted is what was got', GO, ['got := Total(1, 2)', 'got := Total(1, 2)\n\twant = got']),
  edit('java: not null is enough', JAVA, ['isEqualTo(3)', 'isNotNull()']),
  edit('java: fields left out of the comparison', JAVA, [
    'usingRecursiveComparison()',
    'usingRecursiveComparison().ignoringFields("total")',
  ]),
  edit('java: any exception', JAVA, ['NegativePrice.class', 'Exception.class']),
  edit('java: only where a variable says so', JAVA, [
    '    @Test\n    void adds',
    '    @EnabledIfEnvironmentVariable(named = "FULL", matches = "1")\n    @Test\n    void adds',
  ]),
  edit('java: a tag that the build leaves out', JAVA, [
    '    @Test\n    void adds',
    '    @Tag("flaky")\n    @Test\n    void adds',
  ]),
  edit('java: an assumption', JAVA, [
    '        Cart cart =',
    '        assumeTrue(isFast());\n        Cart cart =',
  ]),
  edit('rust: ignored', RUST, ['#[test]\nfn adds', '#[test]\n#[ignore = "flaky"]\nfn adds']),
  edit('rust: only in debug builds', RUST, ['assert_eq!', 'debug_assert_eq!']),
  edit('rust: any success', RUST, ['assert_eq!(total(&[1, 2]), Ok(3))', 'assert!(total(&[1, 2]).is_ok())']),
  edit('rust: any panic', RUST, ['(expected = "negative")', '']),
  edit('rust: only with a feature', RUST, ['#[test]\nfn adds', '#[cfg(feature = "slow")]\n#[test]\nfn adds']),
  edit('ruby: pending', RUBY, [
    '    expect(Cart.new(1, 2)',
    "    pending 'later'\n    expect(Cart.new(1, 2)",
  ]),
  edit('ruby: any error', RUBY, ['raise_error(NegativePrice, /-1/)', 'raise_error']),
  edit('ruby: a filter', RUBY, ["it 'adds' do", "it 'adds', :flaky do"]),
  edit('ruby: an expectation rescued', RUBY, [
    '    expect(Cart.new(1, 2).total).to eq(3)\n',
    '    begin\n      expect(Cart.new(1, 2).total).to eq(3)\n    rescue RSpec::Expectations::ExpectationNotMetError\n      nil\n    end\n',
  ]),
  edit('c#: digits', CSHARP, ['cart.Gross(), 4', 'cart.Gross(), 0']),
  edit('c#: members left out', CSHARP, [
    'BeEquivalentTo(Expected())',
    'BeEquivalentTo(Expected(), o => o.Excluding(c => c.Total))',
  ]),
  edit('c#: a category that CI leaves out', CSHARP, [
    '    [Fact]\n',
    '    [Fact]\n    [Trait("Category", "Flaky")]\n',
  ]),
  edit('c#: skipped', CSHARP, ['[Fact]', '[Fact(Skip = "flaky")]']),
  edit('php: equal, not the same', PHP, ['assertSame', 'assertEquals']),
  edit('php: no exception wanted', PHP, ['        $this->expectException(NegativePrice::class);\n', '']),
  edit('php: a group', PHP, [
    '    public function testAdds',
    "    #[Group('flaky')]\n    public function testAdds",
  ]),
  edit('php: an end before the assertion', PHP, [
    '        $this->assertSame',
    '        if (PHP_OS_FAMILY !== "Windows") {\n            return;\n        }\n        $this->assertSame',
  ]),
  edit('a golden file written anew', GOLDEN, ['tax   0.60\ngross 3.60\n', 'tax   0.00\ngross 3.00\n']),
  edit(
    'an inline snapshot written anew',
    [
      'src/view.test.ts',
      "test('shows', () => {\n  expect(view(cart)).toMatchInlineSnapshot(`\n    <p>\n      3.60\n    </p>\n  `);\n});\n",
    ],
    ['3.60', '0.00'],
  ),
];
