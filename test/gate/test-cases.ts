// The gate's rules as data: tests that went, and tests that only look as if they were there.
import type { Case, Step } from './cases.ts';
import { testOf } from './cases.ts';

const step = (before: Step['after'], after: Step['after']): Step => ({ before, after });
const lost = (name: string, caught: Step, innocent: Step, more: Partial<Case> = {}): Case => ({
  rule: 'deleted_test',
  name,
  caught,
  innocent,
  ...more,
});
const edit = (path: string, before: string, after: string): Step =>
  step({ [path]: before }, { [path]: after });

const test = (name: string, more = '') =>
  `test${more}('${name}', () => {\n  expect(${name}()).toBe(1);\n});\n`;
const SUITE = ['a', 'b', 'c', 'd'].map((name) => test(name)).join('\n');
const PY = 'def test_a():\n    assert a() == 1\n\n\ndef test_b():\n    assert b() == 2\n';
const GO = 'package a\n\nfunc TestA(t *testing.T) {\n\tif A() != 1 {\n\t\tt.Error("no")\n\t}\n}\n';
const JAVA = 'class CartTest {\n  @Test\n  void adds() {\n    assertEquals(1, cart.add());\n  }\n}\n';

export const TEST_CASES: readonly Case[] = [
  lost(
    'a test beside a gutted one of the same name',
    step(
      { 'test/cart.test.js': SUITE },
      { 'spec/cart.test.js': "test('all', () => {});\n// and much\n".repeat(6) },
    ),
    step({ 'test/cart.test.js': SUITE }, { 'spec/cart.test.js': `// moved\n${SUITE}${test('e')}` }),
    { file: 'test/cart.test.js' },
  ),
  lost(
    'two tests of one name that became one',
    step(
      { 'a/index.test.js': SUITE, 'b/index.test.js': SUITE.replaceAll('a', 'x') },
      { 'c/index.test.js': SUITE.replace('toBe(1)', 'toBe(3)') },
    ),
    step(
      { 'a/index.test.js': SUITE, 'b/index.test.js': SUITE.replaceAll('a', 'x') },
      { 'c/index.test.js': `${SUITE}\n${SUITE.replaceAll('a', 'x')}` },
    ),
  ),
  lost(
    'tests that are all skipped',
    edit('test/cart.test.js', SUITE, SUITE.replaceAll('test(', 'test.skip(')),
    edit('test/cart.test.js', SUITE, SUITE.replaceAll('toBe(1)', 'toEqual(1)')),
    { file: 'test/cart.test.js' },
  ),
  lost(
    'a suite that is skipped',
    edit(
      'test/cart.test.js',
      `describe('cart', () => {\n${SUITE}});\n`,
      `describe.skip('cart', () => {\n${SUITE}});\n`,
    ),
    edit(
      'test/cart.test.js',
      `describe('cart', () => {\n${SUITE}});\n`,
      `describe('the cart', () => {\n${SUITE}});\n`,
    ),
  ),
  lost(
    'tests that became xit',
    edit(
      'spec/cart_spec.rb',
      "it 'adds' do\n  expect(1).to eq 1\nend\n",
      "xit 'adds' do\n  expect(1).to eq 1\nend\n",
    ),
    edit(
      'spec/cart_spec.rb',
      "it 'adds' do\n  expect(1).to eq 1\nend\n",
      "it 'counts' do\n  expect(1).to eq 1\nend\n",
    ),
  ),
  lost(
    'tests that are commented out',
    edit('test/cart.test.js', SUITE, SUITE.replaceAll(/^/gm, '// ')),
    edit('test/cart.test.js', SUITE, `// Of the cart.\n${SUITE}`),
  ),
  lost(
    'tests that check nothing any more',
    edit('test/cart.test.js', SUITE, SUITE.replaceAll(/expect\(.*\)\.toBe\(1\)/g, 'expect(true).toBe(true)')),
    edit('test/cart.test.js', SUITE, SUITE.replaceAll(/expect\(.*\)\.toBe\(1\)/g, 'expectCart(1)')),
  ),
  lost(
    'a module of pytest that is skipped',
    edit('tests/test_cart.py', PY, `import pytest\n\npytestmark = pytest.mark.skip(reason="slow")\n\n${PY}`),
    edit('tests/test_cart.py', PY, `import pytest\n\npytestmark = pytest.mark.django_db\n\n${PY}`),
  ),
  lost(
    'a test of Go that skips itself',
    edit('a_test.go', GO, GO.replace('\tif', '\tt.Skip("later")\n\tif')),
    edit('a_test.go', GO, GO.replace('\tif', '\tt.Parallel()\n\tif')),
  ),
  lost(
    'a class of tests that is disabled',
    edit('src/test/java/CartTest.java', JAVA, `@Disabled("flaky")\n${JAVA}`),
    edit('src/test/java/CartTest.java', JAVA, `@Tag("cart")\n${JAVA}`),
  ),
  lost(
    'a test file that became a link',
    step({ 'a.test.js': testOf('a'), 'b.js': 'b\n' }, { 'a.test.js': { link: 'b.js' }, 'b.js': 'b\n' }),
    step({ 'a.js': testOf('a'), 'b.js': 'b\n' }, { 'a.js': { link: 'b.js' }, 'b.js': 'b\n' }),
  ),
];
