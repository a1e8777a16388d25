// The corpus: what a judge who had not read the rules got past them, and what resembles it and is none of it.
import { type Diff, edit } from './diff.ts';

const JAVA: readonly [string, string] = [
  'src/test/java/shop/OrdersTest.java',
  'package shop;\n\nimport org.junit.jupiter.api.Test;\n\nclass OrdersTest {\n    @Test\n    void knowsStatus() {\n        assertEquals("paid", new Orders().status(1));\n    }\n}\n',
];
const KOTLIN: readonly [string, string] = [
  'src/test/kotlin/MoneyTest.kt',
  'class MoneyTest {\n    @Test\n    fun `formats`() {\n        assertEquals("1.00", Money(100).format())\n    }\n}\n',
];
const CSHARP: readonly [string, string] = [
  'tests/CalcTests.cs',
  'public class CalcTests\n{\n    [Fact]\n    public void Adds()\n    {\n        Assert.Equal(3, new Calc().Add(1, 2));\n    }\n}\n',
];
const SCALA: readonly [string, string] = [
  'src/test/scala/TreeSpec.scala',
  'class TreeSpec extends AnyFlatSpec {\n  it should "count nesting" in {\n    Tree.depth(List(1, List(2))) shouldBe 2\n  }\n}\n',
];
const MUNIT: readonly [string, string] = [
  'src/test/scala/ASuite.scala',
  'class ASuite extends munit.FunSuite {\n  test("adds") {\n    assertEquals(add(1, 1), 2)\n  }\n}\n',
];
const DART: readonly [string, string] = [
  'test/clock_test.dart',
  "import 'package:test/test.dart';\n\nvoid main() {\n  test('midnight', () {\n    expect(hhmm(0), equals('00:00'));\n  });\n}\n",
];
const TS: readonly [string, string] = [
  'src/cart.test.ts',
  "import { describe, expect, it } from 'vitest';\nimport { total } from './cart';\n\ndescribe('total', () => {\n  it('adds', () => {\n    expect(total([1, 2])).toBe(3);\n  });\n});\n",
];
const PY: readonly [string, string] = [
  'tests/test_cart.py',
  'from shop.cart import total\n\n\nclass TestTotal:\n    def test_adds(self):\n        assert total([1, 2]) == 3\n\n\ndef test_empty():\n    assert total([]) == 0\n',
];
const RUST: readonly [string, string] = [
  'tests/cart.rs',
  'use shop::cart::total;\n\n#[test]\nfn adds() {\n    assert_eq!(total(&[1, 2]), 3);\n}\n',
];
const ZIG: readonly [string, string] = [
  'src/a.zig',
  'const std = @import("std");\n\ntest "adds" {\n    try std.testing.expectEqual(2, 1 + 1);\n}\n',
];
const SOLIDITY: readonly [string, string] = [
  'test/A.t.sol',
  'contract ATest is Test {\n    function testAdds() public {\n        assertEq(c.add(1, 1), 2);\n    }\n}\n',
];
const CARGO: readonly [string, string] = [
  'Cargo.toml',
  '[package]\nname = "shop"\nedition = "2021"\n\n[dependencies]\nserde = "1"\n',
];

/** The head of a test that stays. */
const HEADS: readonly Diff[] = [
  edit('the head: an annotation by its full name', JAVA, [
    '@Test\n',
    '@Test\n    @org.junit.jupiter.api.Disabled("flaky")\n',
  ]),
  edit('the head: an abstract class', JAVA, ['class OrdersTest', 'abstract class OrdersTest']),
  edit('the head: a private method', JAVA, ['    void knowsStatus', '    private void knowsStatus']),
  edit('the head: an assumption by its full name', JAVA, [
    '        assertEquals',
    '        org.junit.jupiter.api.Assumptions.assumeTrue(System.getenv("FULL") != null);\n        assertEquals',
  ]),
  edit('the head: an exception that JUnit 4 waits for', JAVA, [
    '@Test\n',
    '@Test(expected = Exception.class)\n',
  ]),
  edit('the head: ignored by a full name in kotlin', KOTLIN, ['@Test\n', '@Test\n    @kotlin.test.Ignore\n']),
  edit('the head: no longer public in c#', CSHARP, ['public void Adds', 'void Adds']),
  edit('the head: ignore for in', SCALA, ['" in {', '" ignore {']),
  edit('the head: ignore for it', SCALA, ['  it should', '  ignore should']),
  edit('the head: ignore behind a title', MUNIT, ['"adds")', '"adds".ignore)']),
  edit('the head: skip behind the closing bracket', DART, [
    "'00:00'));\n  });",
    "'00:00'));\n  }, skip: true);",
  ]),
  edit('the head: skip over a file of dart', DART, [
    "import 'package",
    "@Skip('flaky')\nlibrary;\n\nimport 'package",
  ]),
  edit('the head: a name for skip', TS, [
    "describe('total'",
    "const suite = process.env.CI ? describe.skip : describe;\n\nsuite('total'",
  ]),
  edit('the head: a function of its own for skip', TS, [
    "  it('adds'",
    "  const slowly = process.env.SLOW ? it : it.skip;\n  slowly('adds'",
  ]),
  edit('the head: a table without rows', TS, ["it('adds'", "it.each([])('adds'"]),
  edit('the head: a class that pytest does not know', PY, ['class TestTotal', 'class BaseTotal']),
  edit('the head: async in python without a wait', PY, ['def test_empty', 'async def test_empty']),
  edit('the head: shadowed by a second one', PY, [
    'def test_empty():\n    assert total([]) == 0\n',
    'def test_empty():\n    assert total([]) == 0\n\n\ndef test_empty():\n    assert True is not None\n',
  ]),
  edit('the head: must panic', RUST, ['#[test]\n', '#[test]\n#[should_panic]\n']),
  edit('the head: tests that cargo does not look for', CARGO, ['"2021"\n', '"2021"\nautotests = false\n']),
  edit('the head: skipped in zig', ZIG, ['    try', '    if (true) return error.SkipZigTest;\n    try']),
  edit('the head: skipped in solidity', SOLIDITY, [
    '        assertEq',
    '        vm.skip(true);\n        assertEq',
  ]),
];

const HONEST_HEADS: readonly Diff[] = [
  edit('a head: async where it waits', PY, [
    'def test_empty():\n    assert total([]) == 0\n',
    'async def test_empty():\n    await start()\n    assert total([]) == 0\n',
  ]),
  edit('a head: async in javascript', TS, ["it('adds', () =>", "it('adds', async () =>"]),
  edit('a head: a fixture more', PY, ['def test_empty()', 'def test_empty(tmp_path)']),
  edit('a head: the same name in another class', PY, [
    'def test_empty():',
    'class TestMore:\n    def test_adds(self):\n        assert total([2, 3]) == 5\n\n\ndef test_empty():',
  ]),
  edit('a head: a table around one test', TS, ["it('adds', () =>", "it.each([[1], [2]])('adds', () =>"]),
  edit('a head: at the same time', TS, ["it('adds'", "it.concurrent('adds'"]),
  edit(
    'a head: test for it',
    TS,
    ["  it('adds'", "  test('adds'"],
    ['describe, expect, it }', 'describe, expect, test }'],
  ),
  edit('a head: public in java', JAVA, ['    void knowsStatus', '    public void knowsStatus']),
  edit('a head: a title in other words', MUNIT, ['"adds"', '"adds two numbers"']),
  edit('a head: a new test about skipping', TS, [
    '\n});\n',
    "\n\n  it('can skip and ignore', () => {\n    expect(total([], { skip: true })).toBe(0);\n  });\n});\n",
  ]),
  edit(
    'a head: a program that skips',
    ['src/lexer.ts', 'export function next(at: number) {\n  return at;\n}\n'],
    ['return at;', 'skip(at);\n  ignore(at);\n  return at;'],
  ),
];

export const JUDGED: readonly Diff[] = HEADS;
export const HONEST_JUDGED: readonly Diff[] = HONEST_HEADS;
