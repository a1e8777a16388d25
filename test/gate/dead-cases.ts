// The gate's rules as data: assertions that stay word for word and no longer run, and forms that look alike and check less.
import type { Case } from './cases.ts';
import { off } from './check-cases.ts';
import { of } from './weaken-cases.ts';
import { inGo, inJs, inPy } from './weaken-texts.ts';

const js = of('cart.test.ts', inJs);
const py = of('tests/test_cart.py', inPy);
const go = of('cart_test.go', inGo);
const KEEP = 'expect(sum).toBe(3);';

export const DEAD_CASES: readonly Case[] = [
  js('behind a comment', [KEEP, `use(sum); // ${KEEP}`, `${KEEP} // a sum`]),
  js('within a comment of lines', [KEEP, `use(sum); /*\n${KEEP}\n*/`, `use(sum); /* all */\n${KEEP}`]),
  js('in a string of lines', [KEEP, `const text = \`\n${KEEP}\n\`;`, `const text = \`\n1\n\`;\n${KEEP}`]),
  js('in a branch', [KEEP, `if (sum === 3) {\n  ${KEEP}\n}`, `if (sum === 3) {\n  log();\n}\n${KEEP}`]),
  js('in a branch of one line', [KEEP, `if (false) ${KEEP}`, `if (isOpen) close();\n${KEEP}`]),
  js('in a function that nobody calls', [
    KEEP,
    `const check = () => {\n  ${KEEP}\n};`,
    `const check = () => {\n  ${KEEP}\n};\ncheck();`,
  ]),
  js('in a loop over nothing', [
    'for (const a of all) {\n  expect(a).toBe(3);\n}',
    'for (const a of all.slice(0, 0)) {\n  expect(a).toBe(3);\n}',
    'for (const a of everything) {\n  expect(a).toBe(3);\n}',
  ]),
  js('behind a return', [KEEP, `return;\n${KEEP}`, `if (!sum) {\n  return;\n}\n${KEEP}`]),
  py('in a branch', [
    'assert total == 3',
    'if False:\n    assert total == 3',
    'with closing(total):\n    assert total == 3',
  ]),
  go('never', [
    'if got != 3 {\n\tt.Errorf("got %d", got)\n}',
    'if false && got != 3 {\n\tt.Errorf("got %d", got)\n}',
    'if got := Sum(); got != 3 {\n\tt.Errorf("got %d", got)\n}',
  ]),
  js('any error', [
    'expect(() => cart(-1)).toThrow(RangeError);',
    'expect(() => cart(-1)).toThrow(Error);',
    'expect(() => cart(-1)).toThrow(TypeError);',
  ]),
  py('any exception', [
    'with pytest.raises(ValueError):\n    cart(-1)',
    'with pytest.raises(Exception):\n    cart(-1)',
    'with pytest.raises(KeyError):\n    cart(-1)',
  ]),
  js('a snapshot', [KEEP, 'expect(sum).toMatchSnapshot();', 'expect(sum).toMatchInlineSnapshot(`3`);']),
  js('a promise that nobody waits for', [
    "await expect(cart(-1)).rejects.toThrow('negative');",
    "expect(cart(-1)).rejects.toThrow('negative');",
    "return expect(cart(-1)).rejects.toThrow('negative');",
  ]),
  py('a tuple', ['assert total == 3', 'assert (total == 3, "a sum")', 'assert (total == 3), "a sum"']),
  py('a member', [
    'self.assertIn(2, total.items())',
    'self.assertIsNotNone(total.items())',
    'assert 2 in total.items()',
  ]),
  off('what codecov forgives', [
    'codecov.yml',
    'coverage:\n  status:\n    project:\n      default:\n        threshold: 5%\n',
    'coverage:\n  status:\n    project:\n      default:\n        threshold: 50%\n',
    'coverage:\n  status:\n    project:\n      default:\n        threshold: 1%\n',
  ]),
];
