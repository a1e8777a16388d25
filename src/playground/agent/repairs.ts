// The few things the demo agent knows how to do, as pure rules over a file's text. It would be dishonest to call it more.

/** A change to one file; `content` is its whole new text. */
export type Change = Readonly<{ path: string; content: string; what: string }>;
export type Files = Readonly<Record<string, string>>;

type Repair = Readonly<{ search: RegExp; replace: string; title: string; what: string }>;

const REPAIRS: readonly Repair[] = [
  {
    search: /Math\.round\((\w+) \* (\w*[pP]ercent)\)/g,
    replace: 'Math.round(($1 * $2) / 100)',
    title: 'Take the discount as percent, not as a fraction',
    what: 'the discount is given in percent, so it is now divided by 100 before it is taken off',
  },
  {
    search: /\.toFixed\(1\)/g,
    replace: '.toFixed(2)',
    title: 'Print amounts with two decimals',
    what: 'amounts are printed with two decimals',
  },
  {
    search: /(for \(let \w+ = 0; \w+ )<=( \w+\.length;)/g,
    replace: '$1<$2',
    title: 'Stop the loop at the last element',
    what: 'the loop no longer runs one step past the end',
  },
];

/** The first rule that fits any source file; undefined when none does. */
export function findRepair(files: Files): { title: string; changes: Change[] } | undefined {
  const sources = Object.entries(files).filter(([path]) => /^(src|lib)\/.*\.[jt]s$/.test(path));
  for (const { search, replace, title, what } of REPAIRS) {
    const changes = sources.flatMap(([path, text]) => {
      const content = text.replace(search, replace);
      return content === text ? [] : [{ path, content, what }];
    });
    if (changes.length > 0) return { title, changes };
  }
  return undefined;
}

const SHIPPING = `// What sending a cart costs. All amounts are whole cents.

const SHIPPING_CENTS = 490;
const FREE_FROM_CENTS = 5000;

/** Shipping for a total after the discount: free from €50. */
export function shippingCents(totalCents) {
  return totalCents >= FREE_FROM_CENTS ? 0 : SHIPPING_CENTS;
}
`;

const SHIPPING_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippingCents } from '../src/shipping.js';

test('shipping costs €4.90 below €50', () => {
  assert.equal(shippingCents(4999), 490);
});

test('shipping is free from €50', () => {
  assert.equal(shippingCents(5000), 0);
});
`;

/** A small feature that the task may ask for by name. */
export function findFeature(task: string, files: Files): { title: string; changes: Change[] } | undefined {
  if (!task.includes('shippingCents') || 'src/shipping.js' in files) return undefined;
  return {
    title: 'Add free shipping from €50',
    changes: [
      { path: 'src/shipping.js', content: SHIPPING, what: '`shippingCents(total)`: €4.90, nothing from €50' },
      { path: 'test/shipping.test.js', content: SHIPPING_TEST, what: 'two tests for the limit' },
    ],
  };
}

const DISCOUNT_TEST = (name: string, percent: number, cents: number) => `
test('${name}', () => {
  assert.equal(cartTotal(lines, ${percent}), ${cents});
});
`;

/** What a person asks for on the way: a further test, a line in the changelog or the readme; else it is noted down. */
export function grantWish(wish: string, files: Files): Change {
  const words = wish.replace(/\s+/g, ' ').trim();
  const cartTest = 'test/cart.test.js';
  if (/\btests?\b/i.test(words) && files[cartTest] !== undefined) {
    const full = /\b(100|hundred|full|everything)\b/i.test(words);
    const name = full
      ? 'a discount of 100 percent takes off everything'
      : 'a discount of zero takes off nothing';
    const content = `${files[cartTest].trimEnd()}\n${DISCOUNT_TEST(name, full ? 100 : 0, full ? 0 : 5997)}`;
    return { path: cartTest, content, what: `a further test: ${name}` };
  }
  if (/\breadme\b/i.test(words)) return appendLine('README.md', '# Readme', words, files);
  if (/\bchange ?log\b/i.test(words)) return appendLine('CHANGELOG.md', '# Changelog', words, files);
  return appendLine('TODO.md', '# To do', words, files);
}

function appendLine(path: string, heading: string, words: string, files: Files): Change {
  const before = files[path]?.trimEnd() ?? heading;
  const line = words.length > 300 ? `${words.slice(0, 299)}…` : words;
  return { path, content: `${before}\n\n- ${line}\n`, what: `noted “${line}”` };
}
