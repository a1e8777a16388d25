// The repository that the demo and the playground work on: a tiny shop with one real bug, its failing test and its issues.
//
// The bug (issue #1): `cartTotal` in src/cart.js takes a discount in percent but multiplies the sum with it as if it were
// a fraction, so `npm test` fails in test/cart.test.js. The right fix is to divide by 100:
//   Math.round(sum * discountPercent)  →  Math.round((sum * discountPercent) / 100)

type SampleIssue = {
  title: string;
  body: string;
  author: string;
  labels: string[];
  state: 'open' | 'closed';
  comments: { author: string; body: string }[];
};
export type SampleRepository = {
  owner: string;
  name: string;
  /** Path → content of the first commit. */
  files: Record<string, string>;
  /** In the order of their numbers: #1, #2, #3. */
  issues: SampleIssue[];
};

const PACKAGE = `${JSON.stringify(
  {
    name: 'shop',
    version: '1.4.0',
    private: true,
    description: 'The till of a small shop: adds up a cart and prints the amount',
    type: 'module',
    scripts: { test: 'node --test' },
    engines: { node: '>=20' },
  },
  null,
  2,
)}\n`;

const README = `# shop

The till of a small shop. It adds up a cart, takes off a discount and prints the amount. All amounts are whole cents.

\`\`\`js
import { cartTotal } from './src/cart.js';
import { formatCents } from './src/format.js';

const lines = [{ name: 'Teapot', priceCents: 1999, quantity: 3 }];
console.log(formatCents(cartTotal(lines))); // €59.97
\`\`\`

Run the tests with \`npm test\`. There is nothing to install.
`;

const CART = `// Adds up a cart. All amounts are whole cents, so that no cent gets lost in fractions.

/** The sum of all lines before any discount. */
export function cartSum(lines) {
  return lines.reduce((sum, line) => sum + line.priceCents * line.quantity, 0);
}

/** What the customer pays: the sum less the discount, which is given in percent (10 means 10 %). */
export function cartTotal(lines, discountPercent = 0) {
  const sum = cartSum(lines);
  const discount = Math.round(sum * discountPercent);
  return sum - discount;
}
`;

const FORMAT = `// Prints amounts for people.

/** 5997 → "€59.97" */
export function formatCents(cents) {
  const sign = cents < 0 ? '-' : '';
  const amount = (Math.abs(cents) / 100).toFixed(2);
  return \`\${sign}€\${amount}\`;
}
`;

const CART_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cartTotal } from '../src/cart.js';

const lines = [{ name: 'Teapot', priceCents: 1999, quantity: 3 }];

test('an empty cart costs nothing', () => {
  assert.equal(cartTotal([]), 0);
});

test('quantities count', () => {
  assert.equal(cartTotal(lines), 5997);
});

test('a discount of 10 percent takes off a tenth', () => {
  assert.equal(cartTotal(lines, 10), 5397);
});
`;

const FORMAT_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCents } from '../src/format.js';

test('amounts have two decimals', () => {
  assert.equal(formatCents(5990), '€59.90');
});
`;

/** Builds the sample afresh; changing what it returns changes nobody else's. */
export function sampleRepository(): SampleRepository {
  return {
    owner: 'acme',
    name: 'shop',
    files: {
      'package.json': PACKAGE,
      'README.md': README,
      '.gitignore': 'node_modules/\n',
      'src/cart.js': CART,
      'src/format.js': FORMAT,
      'test/cart.test.js': CART_TEST,
      'test/format.test.js': FORMAT_TEST,
    },
    issues: [
      {
        title: 'Discount codes make the total negative',
        body: [
          'A customer used the code SPRING10 (10 % off) on three teapots and our till asked for **-€539.73**. ',
          'Without the code it says €59.97, which is right. With 10 % off it should be €53.97.\n\n',
          '`npm test` shows it too: "a discount of 10 percent takes off a tenth" fails.\n\n',
          'It must have come with 1.4, when we went from fractions (0.1) to percent (10) for discounts.',
        ].join(''),
        author: 'mira',
        labels: ['bug'],
        state: 'open',
        comments: [
          {
            author: 'jonas',
            body: 'Same here with SPRING20. No code, no problem, so it is only the discount.',
          },
        ],
      },
      {
        title: 'Free shipping from €50',
        body: 'Please add `shippingCents(total)`: €4.90, and nothing once the total (after the discount) is €50 or more.',
        author: 'jonas',
        labels: ['enhancement'],
        state: 'open',
        comments: [],
      },
      {
        title: 'Amounts show only one decimal',
        body: '€59.90 is printed as €59.9.',
        author: 'mira',
        labels: ['bug'],
        state: 'closed',
        comments: [{ author: 'acme', body: 'Done in 1.3.' }],
      },
    ],
  };
}
