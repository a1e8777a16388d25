// The gate's rules as data: tests that the settings of their runner leave out, that get more time, or whose stored output is
// written anew.

import type { Case } from './cases.ts';
import { edit } from './edit-case.ts';

const left = edit('skipped_test');
const weak = edit('weakened_test');
const bent = edit('bent_test');

const jest = (more: string) => `module.exports = {\n  testEnvironment: 'node',\n${more}};\n`;
const snap = (count: number, mark = '') =>
  Array.from(
    { length: count },
    (_, at) => `exports[\`shows ${at} 1\`] = \`\n<p>${at}${mark}</p>\n\`;\n`,
  ).join('\n');

export const RUNNER_CASES: readonly Case[] = [
  left('testPathIgnorePatterns', [
    'jest.config.js',
    jest(''),
    jest("  testPathIgnorePatterns: ['cart.test.js'],\n"),
    jest("  testPathIgnorePatterns: ['/node_modules/', '/dist/'],\n"),
  ]),
  left('passWithNoTests', [
    'vitest.config.ts',
    'export const a = {\n  test: {\n  },\n};\n',
    'export const a = {\n  test: {\n    passWithNoTests: true,\n  },\n};\n',
    'export const a = {\n  test: {\n    globals: true,\n  },\n};\n',
  ]),
  left('exclude', [
    'vitest.config.ts',
    'export const a = {\n  test: {\n    exclude: [\n      "node_modules",\n    ],\n  },\n};\n',
    'export const a = {\n  test: {\n    exclude: [\n      "node_modules",\n      "src/cart.test.ts",\n    ],\n  },\n};\n',
    'export const a = {\n  test: {\n    exclude: [\n      "node_modules",\n      "**/dist/**",\n    ],\n  },\n};\n',
  ]),
  left('testIgnore', [
    'playwright.config.ts',
    'export const a = {\n  workers: 2,\n};\n',
    'export const a = {\n  workers: 2,\n  testIgnore: "**/cart.spec.ts",\n};\n',
    'export const a = {\n  workers: 4,\n};\n',
  ]),
  left('addopts', [
    'pytest.ini',
    '[pytest]\naddopts = -q\n',
    '[pytest]\naddopts = -q -k "not cart"\n',
    '[pytest]\naddopts = -q --strict-markers\n',
  ]),
  left('--ignore', [
    'pyproject.toml',
    '[tool.pytest.ini_options]\naddopts = "-q"\n',
    '[tool.pytest.ini_options]\naddopts = "-q --ignore=tests/test_cart.py"\n',
    '[tool.pytest.ini_options]\naddopts = "-q --durations=5"\n',
  ]),
  left('surefire', [
    'pom.xml',
    '<a>\n</a>\n',
    '<a>\n<exclude>**/CartTest.java</exclude>\n</a>\n',
    '<a>\n<exclude>**/*.properties</exclude>\n</a>\n',
  ]),
  left('a part of Cargo', [
    'Cargo.toml',
    '[lib]\nname = "shop"\n',
    '[lib]\nname = "shop"\ntest = false\n',
    '[lib]\nname = "shop"\nbench = false\n',
  ]),
  left('tags of ExUnit', [
    'test/test_helper.exs',
    'ExUnit.start()\n',
    'ExUnit.start(exclude: [:cart])\n',
    'ExUnit.start(capture_log: true)\n',
  ]),
  weak('retries', [
    'playwright.config.ts',
    'export const a = {\n  retries: 0,\n};\n',
    'export const a = {\n  retries: 3,\n};\n',
    'export const a = {\n  retries: 0,\n  workers: 3,\n};\n',
  ]),
  weak('time of a runner', [
    'vitest.config.ts',
    'export const a = {\n  testTimeout: 5_000,\n};\n',
    'export const a = {\n  testTimeout: 60_000,\n};\n',
    'export const a = {\n  testTimeout: 1_000,\n};\n',
  ]),
  weak('a mock of what is tested', [
    'src/cart.test.ts',
    "import { cart } from './cart';\n\ntest('adds', () => {\n  expect(cart()).toBe(3);\n});\n",
    "import { cart } from './cart';\n\nvi.mock('./cart', () => ({ cart: () => 3 }));\n\ntest('adds', () => {\n  expect(cart()).toBe(3);\n});\n",
    "import { cart } from './cart';\n\nvi.mock('./tax', () => ({ tax: () => 3 }));\n\ntest('adds', () => {\n  expect(cart()).toBe(3);\n});\n",
  ]),
  weak('more tries for all', [
    'src/cart.test.ts',
    "test('adds', () => {\n  expect(cart()).toBe(3);\n});\n",
    "jest.retryTimes(4);\n\ntest('adds', () => {\n  expect(cart()).toBe(3);\n});\n",
    "jest.useFakeTimers();\n\ntest('adds', () => {\n  expect(cart()).toBe(3);\n});\n",
  ]),
  weak('stored output that is written anew', [
    'src/__snapshots__/cart.test.ts.snap',
    snap(30),
    snap(30, '!'),
    snap(31),
  ]),
  bent('stored output that changed', [
    'src/__snapshots__/cart.test.ts.snap',
    snap(30),
    snap(30).replace('<p>4<', '<p>five<'),
    snap(32),
  ]),
];
