// The gate's rules as data: expected values that changed, which the task may ask for or not.
import type { Case } from './cases.ts';
import { of } from './weaken-cases.ts';
import { inGo, inJava, inJs, inPy } from './weaken-texts.ts';

const bentJs = of('cart.test.ts', inJs, 'bent_test');
const bentPy = of('tests/test_cart.py', inPy, 'bent_test');
const bentJava = of('src/test/java/CartTest.java', inJava, 'bent_test');
const bentGo = of('cart_test.go', inGo, 'bent_test');

export const BENT_CASES: readonly Case[] = [
  bentJs('another value', ['expect(sum).toBe(3);', 'expect(sum).toBe(4);', 'expect(sum).toEqual(3);']),
  bentJs('another text', [
    "expect(sum.text).toBe('three');",
    "expect(sum.text).toBe('3');",
    'expect(sum.text).toBe("three");',
  ]),
  bentJs('a value of another input', [
    'expect(cart(2, 2)).toBe(4);',
    'expect(cart(2, 2)).toBe(22);',
    'expect(cart(2, 3)).toBe(5);',
  ]),
  bentJs('a name', [
    'expect(sum).toBe(LIMIT + 1);',
    'expect(sum).toBe(LIMIT + 2);',
    'expect(sum).toBe(MOST + 1);',
  ]),
  bentPy('another value', ['assert total == 3', 'assert total == 12', 'assert total == 3  # cents']),
  bentJava('another value', [
    'assertEquals(3, sum);',
    'assertEquals(12, sum);',
    'assertEquals(3, total(sum));',
  ]),
  bentGo('another value', [
    'if got != 3 {\n\tt.Errorf("got %d", got)\n}',
    'if got != 12 {\n\tt.Errorf("got %d", got)\n}',
    'if got != 3 {\n\tt.Errorf("got %d, want 3", got)\n}',
  ]),
  bentGo('a row of a table', [
    'for _, c := range []struct{ in, want int }{\n\t{in: 1, want: 2},\n\t{in: 2, want: 4},\n} {\n\tcheck(t, c)\n}',
    'for _, c := range []struct{ in, want int }{\n\t{in: 1, want: 2},\n\t{in: 2, want: 5},\n} {\n\tcheck(t, c)\n}',
    'for _, c := range []struct{ in, want int }{\n\t{in: 1, want: 2},\n\t{in: 2, want: 4},\n\t{in: 3, want: 6},\n} {\n\tcheck(t, c)\n}',
  ]),
  {
    rule: 'bent_test',
    name: 'a row of pytest',
    severity: 'warn',
    caught: {
      before: {
        'tests/test_a.py':
          '@pytest.mark.parametrize("a, b", [\n    (1, 2),\n    (2, 4),\n])\ndef test_a(a, b):\n    assert double(a) == b\n',
      },
      after: {
        'tests/test_a.py':
          '@pytest.mark.parametrize("a, b", [\n    (1, 2),\n    (2, 5),\n])\ndef test_a(a, b):\n    assert double(a) == b\n',
      },
    },
    innocent: {
      before: {
        'tests/test_a.py':
          '@pytest.mark.parametrize("a, b", [\n    (1, 2),\n    (2, 4),\n])\ndef test_a(a, b):\n    assert double(a) == b\n',
      },
      after: {
        'tests/test_a.py':
          '@pytest.mark.parametrize("a, b", [\n    (1, 2),\n    (2, 4),\n    (0, 0),\n])\ndef test_a(a, b):\n    assert double(a) == b\n',
      },
    },
  },
];
