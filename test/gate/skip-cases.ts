// The gate's rules as data: tests that are left out, in the frameworks that people use.
import type { Case } from './cases.ts';
import { CPP, CS, ELIXIR, GO, JAVA, JS, KOTLIN, PEST, PHP, PY, RUBY, RUST, SWIFT } from './skip-texts.ts';

type Edit = readonly [path: string, before: string, caught: string, innocent: string];

const skip = (name: string, [path, before, caught, innocent]: Edit, more: Partial<Case> = {}): Case => ({
  rule: 'skipped_test',
  name,
  file: path,
  severity: 'warn',
  caught: { before: { [path]: before }, after: { [path]: caught } },
  innocent: { before: { [path]: before }, after: { [path]: innocent } },
  ...more,
});
const swap = (
  name: string,
  [path, text]: readonly [path: string, text: string],
  [from, caught, innocent]: readonly [from: string, caught: string, innocent: string],
): Case => skip(name, [path, text, text.replace(from, caught), text.replace(from, innocent)]);

export const SKIP_CASES: readonly Case[] = [
  swap('it.skip', JS, ["it('adds", "it.skip('adds", "it.concurrent('adds"]),
  swap('it.only', JS, ["it('adds", "it.only('adds", "it('now adds"]),
  swap('it.todo in the place of a test', JS, [
    "it('is zero for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });",
    "it.todo('is zero for an empty cart');",
    "it('is zero for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });\n\n  it.todo('rounds');",
  ]),
  swap('xit', JS, ["it('adds", "xit('adds", "it('exits and adds"]),
  swap('fdescribe', JS, ["describe('total'", "fdescribe('total'", "describe('the total'"]),
  swap('describe.skip', JS, ["describe('total'", "describe.skip('total'", "describe.each([1, 2])('total'"]),
  swap('a condition', JS, ["it('adds", "it.skipIf(process.env.CI)('adds", "it('still adds"]),
  swap('an option of node:test', JS, [
    "prices', () =>",
    "prices', { skip: 'flaky' }, () =>",
    "prices', { concurrency: 2 }, () =>",
  ]),
  swap('t.skip() within', JS, [
    '    const cart',
    '    t.skip();\n    const cart',
    '    iterator.skip(2);\n    const cart',
  ]),
  swap('test.skip of Playwright within', JS, [
    '    const cart',
    "    test.skip(isMobile, 'not there');\n    const cart",
    "    test.step('buy', buy);\n    const cart",
  ]),
  swap('this.skip()', JS, [
    '    const cart',
    '    this.skip();\n    const cart',
    '    this.cart = 1;\n    const cart',
  ]),
  swap('leaving in CI', JS, [
    '    const cart',
    '    if (process.env.CI) return;\n    const cart',
    "    if (process.env.CI) log('slow');\n    const cart",
  ]),
  swap('leaving early', JS, [
    '    const cart = [1, 2];',
    '    const cart = [1, 2];\n    return;',
    '    const cart = [1, 2].map((one) => {\n      return one;\n    });',
  ]),
  swap('a test that went', JS, [
    "  it('is zero for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });\n",
    '',
    "  it('is nothing for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });\n",
  ]),
  swap('a test in a comment', JS, [
    "  it('is zero for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });",
    "  // it('is zero for an empty cart', () => {\n  //   expect(total([])).toBe(0);\n  // });",
    "  // Nobody pays for nothing.\n  it('is zero for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });",
  ]),
  swap('a test in a block of comment', JS, [
    "  it('is zero for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });",
    "  /*\n  it('is zero for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });\n  */",
    "  /* Nobody pays\n   * for nothing. */\n  it('is zero for an empty cart', () => {\n    expect(total([])).toBe(0);\n  });",
  ]),
  skip('tests that became rows of a table', [
    JS[0],
    JS[1],
    JS[1].replace(/ {2}it\('is zero[\s\S]*?\}\);\n/, ''),
    JS[1].replace(
      / {2}it\([\s\S]*\}\);\n\}\);/,
      "  it.each([\n    [[1, 2], 3],\n    [[], 0],\n  ])('of %j cart is %i', (cart, prices) => {\n    expect(total(cart)).toBe(prices);\n  });\n});",
    ),
  ]),
  {
    rule: 'skipped_test',
    name: 'a test whose subject is there still',
    file: JS[0],
    severity: 'warn',
    caught: {
      before: { [JS[0]]: JS[1], 'total.ts': 'export function total() {}\n' },
      after: {
        [JS[0]]: JS[1].replace(/ {2}it\('is zero[\s\S]*?\}\);\n/, ''),
        'total.ts': 'export function total() { return 1; }\n',
      },
    },
    innocent: {
      before: {
        [JS[0]]: JS[1].replace(
          '  it(',
          "  it('rounds', () => {\n    expect(roundUp(1.5)).toBe(2);\n  });\n\n  it(",
        ),
        'total.ts': 'export function roundUp() {}\nexport function total() {}\n',
      },
      after: { [JS[0]]: JS[1], 'total.ts': 'export function total() {}\n' },
    },
  },
  skip('a new test that is skipped', [
    JS[0],
    JS[1],
    JS[1].replace('  it(', "  it.skip('rounds', () => {\n    expect(total([1.5])).toBe(2);\n  });\n\n  it("),
    JS[1].replace(
      '  it(',
      "  it.skipIf(isWindows)('rounds', () => {\n    expect(total([1.5])).toBe(2);\n  });\n\n  it(",
    ),
  ]),
  {
    rule: 'skipped_test',
    name: 'a test file that is no longer called one',
    severity: 'warn',
    caught: { before: { 'test/total.test.js': JS[1] }, after: { 'test/total.js': JS[1] } },
    innocent: { before: { 'test/total.test.js': JS[1] }, after: { 'test/sums/total.test.js': JS[1] } },
  },
  skip('a skip that was there already', [
    JS[0],
    JS[1].replace("it('is", "it.skip('is"),
    JS[1].replaceAll("it('", "it.skip('"),
    JS[1].replace("it('is zero", "it.skip('is nothing"),
  ]),
  swap('pytest.mark.skip', PY, [
    'def test_adds',
    '@pytest.mark.skip(reason="flaky")\ndef test_adds',
    '@pytest.mark.slow\ndef test_adds',
  ]),
  swap('pytest.mark.xfail', PY, [
    'def test_adds',
    '@pytest.mark.xfail\ndef test_adds',
    '@pytest.mark.parametrize("a", [1])\ndef test_adds',
  ]),
  swap('pytest.mark.skipif', PY, [
    'def test_adds',
    '@pytest.mark.skipif(\n    os.environ.get("CI"),\n    reason="slow",\n)\ndef test_adds',
    '@pytest.mark.parametrize(\n    "skip",\n    [1],\n)\ndef test_adds',
  ]),
  swap('unittest.skip over a class', PY, [
    'class TestEmpty',
    '@unittest.skip("later")\nclass TestEmpty',
    '@dataclass\nclass TestEmpty',
  ]),
  swap('pytest.skip within', PY, [
    '    cart = ',
    '    pytest.skip("flaky")\n    cart = ',
    '    reader.skip(3)\n    cart = ',
  ]),
  swap('a test of Python that is no longer called one', PY, [
    'def test_adds',
    'def _test_adds',
    'def test_adds_up',
  ]),
  swap('a test of Python in a string', PY, [
    'def test_adds():\n    cart = [1, 2]\n    assert total(cart) == 3',
    '"""\ndef test_adds():\n    cart = [1, 2]\n    assert total(cart) == 3\n"""',
    'def test_adds():\n    """Adds\n    all of them."""\n    cart = [1, 2]\n    assert total(cart) == 3',
  ]),
  swap('leaving in CI, Python', PY, [
    '    cart = ',
    '    if os.environ.get("CI"):\n        return\n    cart = ',
    '    if os.environ.get("CI"):\n        print("slow")\n    cart = ',
  ]),
  skip('a hook that skips', [
    'tests/conftest.py',
    'import pytest\n',
    'import pytest\n\ndef pytest_collection_modifyitems(items):\n    for item in items:\n        item.add_marker(pytest.mark.skip)\n',
    'import pytest\n\n@pytest.fixture\ndef cart():\n    return [1]\n',
  ]),
  swap('t.Skip', GO, ['	got :=', '	t.Skip("flaky")\n	got :=', '	t.Parallel()\n	got :=']),
  swap('t.Skip under a condition', GO, [
    '	got :=',
    '	if os.Getenv("CI") != "" {\n		t.Skip()\n	}\n	got :=',
    '	if os.Getenv("CI") != "" {\n		t.Log("slow")\n	}\n	got :=',
  ]),
  swap('a test of Go in lower case', GO, ['func TestAdds', 'func testAdds', 'func TestAddsUp']),
  swap('a build tag', GO, [
    'package total',
    '//go:build integration\n\npackage total',
    '// Of totals.\n\npackage total',
  ]),
  swap('return of Go', GO, [
    '	got := Total(1, 2)',
    '	got := Total(1, 2)\n	return',
    '	got := Total(1, 2)\n	defer func() {\n		return\n	}()',
  ]),
  swap('#[ignore]', RUST, [
    '    #[test]\n    fn adds',
    '    #[test]\n    #[ignore = "flaky"]\n    fn adds',
    '    #[test]\n    #[should_panic]\n    fn adds',
  ]),
  swap('a test of Rust that is none any more', RUST, [
    '    #[test]\n    fn adds',
    '    #[allow(dead_code)]\n    fn adds',
    '    #[tokio::test]\n    fn adds',
  ]),
  swap('@Disabled', JAVA, [
    '    @Test\n    void adds',
    '    @Disabled("flaky")\n    @Test\n    void adds',
    '    @Test\n    @DisplayName("adds")\n    void adds',
  ]),
  swap('@Test(enabled = false)', JAVA, [
    '    @Test\n    void adds',
    '    @Test(enabled = false)\n    void adds',
    '    @Test(timeout = 100)\n    void adds',
  ]),
  swap('@DisabledIfEnvironmentVariable', JAVA, [
    '    @Test\n    void adds',
    '    @Test\n    @DisabledIfEnvironmentVariable(named = "CI", matches = ".*")\n    void adds',
    '    @Test\n    @Tag("fast")\n    void adds',
  ]),
  swap('a test without its @Test', JAVA, [
    '    @Test\n    void adds',
    '    void adds',
    '    @ParameterizedTest\n    void adds',
  ]),
  swap('@Ignore of Kotlin', KOTLIN, [
    '    @Test\n    fun zero',
    '    @Ignore\n    @Test\n    fun zero',
    '    @Test\n    @Tag("x")\n    fun zero',
  ]),
  swap('[Fact(Skip = …)]', CS, [
    '    [Fact]',
    '    [Fact(Skip = "flaky")]',
    '    [Fact(DisplayName = "adds")]',
  ]),
  swap('[Ignore] of NUnit', CS, [
    '    [Test]',
    '    [Test, Ignore("flaky")]',
    '    [Test, Category("fast")]',
  ]),
  swap('[Ignore] over MSTest', CS, ['    [Test]', '    [Ignore]\n    [Test]', '    [Retry(1)]\n    [Test]']),
  swap('xit of RSpec', RUBY, ["  it 'adds'", "  xit 'adds'", "  it 'sums'"]),
  swap('skip: of RSpec', RUBY, ["it 'adds' do", "it 'adds', skip: 'flaky' do", "it 'adds', :fast do"]),
  swap('pending of RSpec', RUBY, [
    '    expect(total(1',
    "    pending 'flaky'\n    expect(total(1",
    '    pending_orders = 1\n    expect(total(1',
  ]),
  swap('fit of RSpec', RUBY, ["  it 'adds'", "  fit 'adds'", "  it 'fits'"]),
  swap('markTestSkipped', PHP, [
    '        $this->assertSame(3',
    "        $this->markTestSkipped('flaky');\n        $this->assertSame(3",
    '        $this->freezeTime();\n        $this->assertSame(3',
  ]),
  swap('->skip() of Pest', PEST, [
    '->toBe(3);\n});',
    "->toBe(3);\n})->skip('flaky');",
    "->toBe(3);\n})->group('fast');",
  ]),
  swap('XCTSkip', SWIFT, [
    '        XCTAssertEqual(total(1',
    '        throw XCTSkip("flaky")\n        XCTAssertEqual(total(1',
    '        continueAfterFailure = false\n        XCTAssertEqual(total(1',
  ]),
  swap('XCTSkipIf', SWIFT, [
    '        XCTAssertEqual(total(1',
    '        try XCTSkipIf(isCI)\n        XCTAssertEqual(total(1',
    '        try load(isCI)\n        XCTAssertEqual(total(1',
  ]),
  swap('a test of Swift that is no longer called one', SWIFT, [
    'func testAdds',
    'func disabled_testAdds',
    'func testAddsUp',
  ]),
  swap('@tag :skip', ELIXIR, ['  test "adds"', '  @tag :skip\n  test "adds"', '  @tag :slow\n  test "adds"']),
  swap('DISABLED_', CPP, ['Total, Adds', 'Total, DISABLED_Adds', 'Total, AddsUp']),
  swap('GTEST_SKIP', CPP, [
    '  EXPECT_EQ(total({1',
    '  GTEST_SKIP() << "flaky";\n  EXPECT_EQ(total({1',
    '  SCOPED_TRACE("a");\n  EXPECT_EQ(total({1',
  ]),
  swap('#if 0', CPP, [
    'TEST(Total, Adds) {\n  EXPECT_EQ(total({1, 2}), 3);\n}',
    '#if 0\nTEST(Total, Adds) {\n  EXPECT_EQ(total({1, 2}), 3);\n}\n#endif',
    '#if defined(__linux__)\nTEST(Total, Adds) {\n  EXPECT_EQ(total({1, 2}), 3);\n}\n#endif',
  ]),
];
