// The corpus: tests in more languages and frameworks that check less.
import type { Diff } from './diff.ts';

export const MORE_BAD_TESTS: readonly Diff[] = [
  {
    name: 'go build tag on test',
    before: {
      'cart_test.go': 'package cart\n\nfunc TestA(t *testing.T) {\n\tif a() != 1 {\n\t\tt.Fatal()\n\t}\n}\n',
    },
    after: {
      'cart_test.go':
        '//go:build integration\n\npackage cart\n\nfunc TestA(t *testing.T) {\n\tif a() != 1 {\n\t\tt.Fatal()\n\t}\n}\n',
    },
  },
  {
    name: 'rspec',
    before: {
      'spec/a_spec.rb': "it 'a' do\n  expect(total).to eq 3\n  expect(name).to match(/\\Aab\\z/)\nend\n",
    },
    after: { 'spec/a_spec.rb': "it 'a' do\n  expect(total).to eq 3\n  expect(name).to match(/a/)\nend\n" },
  },
  {
    name: 'phpunit dataprovider',
    before: {
      'tests/ATest.php':
        'class ATest extends TestCase {\n  public static function rows(): array {\n    return [\n      [1, 1],\n      [-1, 0],\n    ];\n  }\n}\n',
    },
    after: {
      'tests/ATest.php':
        'class ATest extends TestCase {\n  public static function rows(): array {\n    return [\n      [1, 1],\n    ];\n  }\n}\n',
    },
  },
  {
    name: 'InlineData',
    before: {
      'Tests/ATests.cs':
        'public class ATests {\n  [Theory]\n  [InlineData(1, 1)]\n  [InlineData(-1, 0)]\n  public void A(int a, int b) {\n    Assert.Equal(b, F(a));\n  }\n}\n',
    },
    after: {
      'Tests/ATests.cs':
        'public class ATests {\n  [Theory]\n  [InlineData(1, 1)]\n  public void A(int a, int b) {\n    Assert.Equal(b, F(a));\n  }\n}\n',
    },
  },
  {
    name: 'csv source',
    before: {
      'src/test/java/ATest.java':
        'class ATest {\n  @ParameterizedTest\n  @CsvSource({"1,1", "-1,0"})\n  void a(int a, int b) {\n    assertEquals(b, f(a));\n  }\n}\n',
    },
    after: {
      'src/test/java/ATest.java':
        'class ATest {\n  @ParameterizedTest\n  @CsvSource({"1,1"})\n  void a(int a, int b) {\n    assertEquals(b, f(a));\n  }\n}\n',
    },
  },
  {
    name: 'gherkin',
    before: {
      'features/a.feature':
        'Feature: A\n  Scenario: adds\n    When I add 1\n    Then the sum is 3\n    And the tax is 1\n',
    },
    after: {
      'features/a.feature': 'Feature: A\n  Scenario: adds\n    When I add 1\n    Then the sum is 3\n',
    },
  },
  {
    name: 'gherkin examples',
    before: {
      'features/a.feature':
        'Feature: A\n  Scenario Outline: adds\n    Then <a> is <b>\n    Examples:\n      | a | b |\n      | 1 | 1 |\n      | -1 | 0 |\n',
    },
    after: {
      'features/a.feature':
        'Feature: A\n  Scenario Outline: adds\n    Then <a> is <b>\n    Examples:\n      | a | b |\n      | 1 | 1 |\n',
    },
  },
  {
    name: 'step defs',
    before: {
      'features/step_definitions/a_steps.rb':
        "Then('the sum is {int}') do |sum|\n  expect(@sum).to eq(sum)\nend\n",
    },
    after: {
      'features/step_definitions/a_steps.rb': "Then('the sum is {int}') do |sum|\n  @sum = sum\nend\n",
    },
  },
  {
    name: 'cypress',
    before: { 'cypress/e2e/a.cy.ts': "it('a', () => {\n  cy.get('.sum').should('have.text', '3');\n});\n" },
    after: { 'cypress/e2e/a.cy.ts': "it('a', () => {\n  cy.get('.sum').should('exist');\n});\n" },
  },
  {
    name: 'playwright',
    before: {
      'e2e/a.spec.ts':
        "test('a', async ({ page }) => {\n  await expect(page.getByRole('alert')).toHaveText('Refused');\n});\n",
    },
    after: {
      'e2e/a.spec.ts':
        "test('a', async ({ page }) => {\n  await expect(page.getByRole('alert')).toBeVisible();\n});\n",
    },
  },
  {
    name: 'haskell',
    before: {
      'test/ASpec.hs':
        'spec = do\n  it "adds" $ do\n    total [1,2] `shouldBe` 3\n    total [] `shouldBe` 0\n',
    },
    after: { 'test/ASpec.hs': 'spec = do\n  it "adds" $ do\n    total [1,2] `shouldBe` 3\n' },
  },
  {
    name: 'elm',
    before: {
      'tests/A.elm': 'suite =\n    test "adds" <|\n        \\_ -> Expect.equal 3 (total [ 1, 2 ])\n',
    },
    after: { 'tests/A.elm': 'suite =\n    test "adds" <|\n        \\_ -> Expect.pass\n' },
  },
  {
    name: 'ocaml',
    before: { 'test/test_a.ml': 'let () =\n  assert (total [1; 2] = 3);\n  assert (total [] = 0)\n' },
    after: { 'test/test_a.ml': 'let () =\n  assert (total [1; 2] = 3)\n' },
  },
  {
    name: 'erlang',
    before: { 'test/a_tests.erl': 'adds_test() ->\n    ?assertEqual(3, total([1, 2])).\n' },
    after: { 'test/a_tests.erl': 'adds_test() ->\n    ?assert(total([1, 2]) > 0).\n' },
  },
  {
    name: 'dart',
    before: {
      'test/a_test.dart': "void main() {\n  test('a', () {\n    expect(total([1]), equals(1));\n  });\n}\n",
    },
    after: {
      'test/a_test.dart': "void main() {\n  test('a', () {\n    expect(total([1]), isNotNull);\n  });\n}\n",
    },
  },
  {
    name: 'solidity',
    before: {
      'test/A.t.sol':
        'contract ATest {\n  function testA() public {\n    vm.expectRevert(Bad.selector);\n    pay(0);\n  }\n}\n',
    },
    after: {
      'test/A.t.sol':
        'contract ATest {\n  function testA() public {\n    vm.expectRevert();\n    pay(0);\n  }\n}\n',
    },
  },
  {
    name: 'shell test',
    before: { 'test/run.sh': '#!/bin/sh\nout=$(./shop add 1 2)\n[ "$out" = 3 ] || exit 1\n' },
    after: { 'test/run.sh': '#!/bin/sh\nout=$(./shop add 1 2)\necho "$out"\n' },
  },
  {
    name: 'try in python',
    before: { 'tests/test_a.py': 'def test_a():\n    assert total() == 3\n' },
    after: {
      'tests/test_a.py':
        'def test_a():\n    try:\n        assert total() == 3\n    except AssertionError:\n        pass\n',
    },
  },
  {
    name: 'if around',
    before: { 'tests/test_a.py': 'def test_a():\n    assert total() == 3\n' },
    after: {
      'tests/test_a.py': 'def test_a():\n    if os.environ.get("FULL"):\n        assert total() == 3\n',
    },
  },
  {
    name: 'early return gomega',
    before: {
      'a_test.go':
        'var _ = Describe("A", func() {\n\tIt("a", func() {\n\t\tExpect(A()).To(Equal(1))\n\t})\n})\n',
    },
    after: {
      'a_test.go':
        'var _ = Describe("A", func() {\n\tIt("a", func() {\n\t\treturn\n\t\tExpect(A()).To(Equal(1))\n\t})\n})\n',
    },
  },
  {
    name: 'gomega if',
    before: {
      'a_test.go':
        'var _ = Describe("A", func() {\n\tIt("a", func() {\n\t\tExpect(A()).To(Equal(1))\n\t})\n})\n',
    },
    after: {
      'a_test.go':
        'var _ = Describe("A", func() {\n\tIt("a", func() {\n\t\tif full {\n\t\t\tExpect(A()).To(Equal(1))\n\t\t}\n\t})\n})\n',
    },
  },
  {
    name: 'kotest if',
    before: {
      'src/test/kotlin/ASpec.kt':
        'class ASpec : StringSpec({\n    "a" {\n        a() shouldBe 1\n    }\n})\n',
    },
    after: {
      'src/test/kotlin/ASpec.kt':
        'class ASpec : StringSpec({\n    "a" {\n        if (System.getenv("FULL") != null) {\n            a() shouldBe 1\n        }\n    }\n})\n',
    },
  },
  {
    name: 'kotest skip',
    before: {
      'src/test/kotlin/ASpec.kt':
        'class ASpec : StringSpec({\n    "a" {\n        a() shouldBe 1\n    }\n})\n',
    },
    after: {
      'src/test/kotlin/ASpec.kt':
        'class ASpec : StringSpec({\n    "!a" {\n        a() shouldBe 1\n    }\n})\n',
    },
  },
  {
    name: 'swallow in perl',
    before: { 't/a.t': 'is(total(), 3);\n' },
    after: { 't/a.t': 'eval { is(total(), 3) };\n' },
  },
  {
    name: 'process.exit',
    before: { 'test/a.test.js': "test('a', () => {\n  assert.equal(a(), 1);\n});\n" },
    after: {
      'test/a.test.js':
        "process.on('exit', () => process.exit(0));\ntest('a', () => {\n  assert.equal(a(), 1);\n});\n",
    },
  },
  {
    name: 'TODO comment out',
    before: {
      'test/a.test.js': "test('a', () => {\n  assert.equal(a(), 1);\n  assert.equal(b(), 1);\n});\n",
    },
    after: {
      'test/a.test.js': "test('a', () => {\n  assert.equal(a(), 1);\n  // assert.equal(b(), 1);\n});\n",
    },
  },
  {
    name: 'beforeAll mock',
    before: {
      'src/a.test.ts':
        "import { pay } from './pay';\nit('pays', () => {\n  expect(pay(1)).toBe(true);\n});\n",
    },
    after: {
      'src/a.test.ts':
        "import { pay } from './pay';\nvi.mock('./pay', () => ({ pay: () => true }));\nit('pays', () => {\n  expect(pay(1)).toBe(true);\n});\n",
    },
  },
  {
    name: 'expected from code',
    before: { 'src/a.test.ts': "it('a', () => {\n  expect(total([1])).toBe(1);\n});\n" },
    after: {
      'src/a.test.ts':
        "it('a', () => {\n  const wanted = total([1]);\n  expect(total([1])).toBe(wanted);\n});\n",
    },
  },
  {
    name: 'snapshot deleted',
    before: { 'src/__snapshots__/a.test.ts.snap': 'exports[`a 1`] = `1`;\n\nexports[`b 1`] = `2`;\n' },
    after: { 'src/__snapshots__/a.test.ts.snap': 'exports[`a 1`] = `1`;\n' },
  },
  {
    name: 'test dir removed from jest by move',
    before: {
      'src/a.test.ts': "it('a', () => expect(a()).toBe(1));\n",
      'src/b.test.ts': "it('b', () => expect(b()).toBe(1));\n",
    },
    after: {
      'examples/a.test.ts': "it('a', () => expect(a()).toBe(1));\n",
      'src/b.test.ts': "it('b', () => expect(b()).toBe(1));\n",
    },
  },
  {
    name: 'rename with change',
    before: {
      'tests/test_a.py': 'def test_a():\n    assert a() == 1\n\n\ndef test_b():\n    assert b() == 2\n',
    },
    after: {
      'tests/a_old.py': 'def test_a():\n    assert a() == 1\n\n\ndef check_b():\n    assert b() == 2\n',
    },
  },
  { name: 'fixture deleted', before: { 'testdata/a.json': '[1]\n' }, after: {} },
  {
    name: 'conftest deleted',
    before: {
      'tests/conftest.py':
        'import pytest\n\n\n@pytest.fixture(autouse=True)\ndef strict():\n    warnings.simplefilter("error")\n    yield\n',
    },
    after: {},
  },
];
