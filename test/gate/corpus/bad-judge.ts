// The corpus: what a judge who had not read the rules got past them, and what resembles it and is none of it.
import type { Texts } from '../../support/change-of.ts';
import { type Diff, edit, move, together } from './diff.ts';

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

const within = (diff: Diff, beside: Texts): Diff => ({
  name: diff.name,
  before: { ...diff.before, ...beside },
  after: { ...diff.after, ...beside },
});
const WORKSPACES: readonly [string, string] = [
  'package.json',
  '{\n  "name": "root",\n  "workspaces": ["packages/a", "packages/b"]\n}\n',
];
const PACKAGES: Texts = { 'packages/a/index.js': 'a();\n', 'packages/b/index.js': 'b();\n' };
const CRATES: Texts = { 'a/src/lib.rs': 'pub fn a() {}\n', 'b/src/lib.rs': 'pub fn b() {}\n' };
const PROJECTS: readonly [string, string] = [
  'A.sln',
  'Project("{1}") = "Calc", "src\\Calc\\Calc.csproj", "{2}"\nEndProject\nProject("{1}") = "Calc.Tests", "tests\\Calc.Tests\\Calc.Tests.csproj", "{3}"\nEndProject\n',
];
const GRADLE: readonly [string, string] = [
  'settings.gradle.kts',
  'rootProject.name = "a"\ninclude(":core", ":web")\n',
];
const MODULES: readonly [string, string] = [
  'pom.xml',
  '<project>\n  <modules>\n    <module>core</module>\n    <module>web</module>\n  </modules>\n</project>\n',
];
const GO =
  'package slug\n\nimport "testing"\n\nfunc TestSlug(t *testing.T) {\n\tif Slug("A") != "a" {\n\t\tt.Fatal("no")\n\t}\n}\n';

/** Parts of a project that nobody reaches any more. */
const LOST: readonly Diff[] = [
  move('lost: a test of go for one system', ['slug_test.go', 'slug_windows_test.go'], GO),
  within(edit('lost: a workspace', WORKSPACES, [', "packages/b"', '']), PACKAGES),
  within(
    edit('lost: a workspace by an exclamation mark', WORKSPACES, [
      '"packages/b"',
      '"packages/*", "!packages/b"',
    ]),
    PACKAGES,
  ),
  within(
    edit(
      'lost: a package of pnpm',
      ['pnpm-workspace.yaml', "packages:\n  - 'packages/a'\n  - 'packages/b'\n"],
      ["  - 'packages/b'\n", ''],
    ),
    PACKAGES,
  ),
  within(edit('lost: a module of gradle', GRADLE, [', ":web"', '']), {
    'web/build.gradle.kts': 'plugins {}\n',
  }),
  within(edit('lost: a module of maven', MODULES, ['    <module>web</module>\n', '']), {
    'web/pom.xml': '<project/>\n',
  }),
  within(edit('lost: a crate', ['Cargo.toml', '[workspace]\nmembers = ["a", "b"]\n'], [', "b"', '']), CRATES),
  within(
    edit(
      'lost: a crate by exclude',
      ['Cargo.toml', '[workspace]\nmembers = ["*"]\n'],
      ['["*"]\n', '["*"]\nexclude = ["b"]\n'],
    ),
    CRATES,
  ),
  within(edit('lost: a module of go', ['go.work', 'go 1.24\n\nuse (\n\t./a\n\t./b\n)\n'], ['\t./b\n', '']), {
    'b/b.go': 'package b\n',
  }),
  within(
    edit('lost: a project of tests', PROJECTS, [
      'Project("{1}") = "Calc.Tests", "tests\\Calc.Tests\\Calc.Tests.csproj", "{3}"\nEndProject\n',
      '',
    ]),
    { 'tests/Calc.Tests/Calc.Tests.csproj': '<Project/>\n' },
  ),
];

const HONEST_LOST: readonly Diff[] = [
  together('parts: a package that is gone', edit('', WORKSPACES, [', "packages/b"', '']), {
    name: '',
    before: { 'packages/b/index.js': 'b();\n' },
    after: {},
  }),
  within(
    edit('parts: all packages at once', WORKSPACES, ['"packages/a", "packages/b"', '"packages/*"']),
    PACKAGES,
  ),
  within(edit('parts: one more', WORKSPACES, ['"packages/b"', '"packages/b", "packages/c"']), PACKAGES),
  within(
    edit('parts: another order', MODULES, [
      '<module>core</module>\n    <module>web</module>',
      '<module>web</module>\n    <module>core</module>',
    ]),
    {
      'web/pom.xml': '<project/>\n',
      'core/pom.xml': '<project/>\n',
    },
  ),
  move('parts: a test of go by another name', ['slug_test.go', 'slugs_test.go'], GO),
];

export const JUDGED: readonly Diff[] = [...HEADS, ...LOST];
export const HONEST_JUDGED: readonly Diff[] = [...HONEST_HEADS, ...HONEST_LOST];
