// The gate's rules as data: files that the plan does not name, and changes that nobody can read in one sitting.
import { type Case, manifest, type Step } from './cases.ts';

const lines = (count: number) => Array.from({ length: count }, (_, at) => `line(${at});\n`).join('');
const many = (count: number, path: (at: number) => string, text = 'x\n') =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [path(at), text]));

const outside = (
  name: string,
  plan: readonly string[],
  [caught, innocent]: readonly [caught: Step['after'], innocent: Step['after']],
  more: Partial<Case> = {},
): Case => ({
  rule: 'outside_plan',
  name,
  severity: 'warn',
  plan,
  caught: { after: { 'src/cart.js': 'cart\n', ...caught } },
  innocent: { after: { 'src/cart.js': 'cart\n', ...innocent } },
  ...more,
});
const large = (name: string, caught: Step, innocent: Step, more: Partial<Case> = {}): Case => ({
  rule: 'too_large',
  name,
  caught,
  innocent,
  ...more,
});

export const PLAN_CASES: readonly Case[] = [
  outside('another file than planned', ['src/cart.js'], [{ 'src/auth.js': 'a\n' }, {}], {
    file: 'src/auth.js',
  }),
  outside(
    'a test of another file',
    ['./src/cart.js:12', '`src/price.js`'],
    [
      { 'test/auth.test.js': 'a\n' },
      { 'test/cart.test.js': 'a\n', 'test/__snapshots__/cart.test.js.snap': 'a\n' },
    ],
    { file: 'test/auth.test.js' },
  ),
  outside(
    'a file beside the planned folder',
    ['src/', 'docs/*.md'],
    [
      { 'srcs/a.js': 'a\n', 'docs/a/b.md': 'b\n' },
      { 'src/a/b.js': 'a\n', 'docs/a.md': 'a\n' },
    ],
  ),
  outside(
    'a file that no pattern fits',
    ['src/**/*.{js,ts}', 'lib'],
    [{ 'src/a.css': 'a\n' }, { 'src/a/b/c.ts': 'a\n', 'lib/x/y.rb': 'a\n' }],
  ),
  outside(
    'a lockfile whose manifest nobody planned',
    ['package.json', 'src'],
    [{ 'Cargo.lock': 'a\n' }, {}],
    {
      innocent: {
        before: { 'package.json': manifest({}) },
        after: {
          'package.json': manifest({ dependencies: { a: '1' } }),
          'package-lock.json': '{}\n',
          'src/cart.js': 'x\n',
        },
      },
    },
  ),
  outside('a file that was removed', ['src/cart.js', 'cart.css'], [{}, { 'src/styles/cart.css': 'a\n' }], {
    caught: { before: { 'src/a.js': 'a\n' }, after: { 'src/cart.js': 'x\n' } },
    file: 'src/a.js',
  }),
  large(
    'a thousand lines',
    { after: { 'src/a.js': lines(700), 'src/b.js': lines(301) } },
    { after: { 'src/a.js': lines(700), 'src/b.js': lines(300) } },
  ),
  large(
    'lines that go count as well',
    { before: { 'src/a.js': lines(1001) }, after: { 'src/a.js': '' } },
    { before: { 'src/a.js': lines(2001) }, after: { 'lib/a.js': lines(2001) } },
  ),
  large(
    'many files',
    { after: many(51, (at) => `src/a${at}.js`) },
    {
      after: {
        ...many(50, (at) => `src/a${at}.js`),
        'package-lock.json': lines(2000),
      },
    },
  ),
  large(
    'a name alone makes no file a generated one',
    { after: { 'src/graph.generated.ts': lines(1001) } },
    { after: { 'package-lock.json': lines(2000), 'go.sum': lines(2000) } },
  ),
  large(
    'what programs made by the word of the base',
    {
      before: { '.gitattributes': '*.pb.go linguist-generated\nsrc/own.pb.go -linguist-generated\n' },
      after: {
        '.gitattributes': '*.pb.go linguist-generated\nsrc/own.pb.go -linguist-generated\n',
        'src/own.pb.go': lines(1001),
      },
    },
    {
      before: {
        '.gitattributes': '*.pb.go linguist-generated\n',
        'web/.gitattributes': '/api/** linguist-generated=true\n',
      },
      after: {
        '.gitattributes': '*.pb.go linguist-generated\n',
        'web/.gitattributes': '/api/** linguist-generated=true\n',
        'src/graph.pb.go': lines(2000),
        'web/api/client.ts': lines(2000),
      },
    },
  ),
  large(
    'a change that calls its own files generated',
    { after: { '.gitattributes': 'src/** linguist-generated\n', 'src/a.js': lines(1001) } },
    { after: { '.gitattributes': '*.png binary\n', 'src/a.js': lines(900) } },
  ),
  large(
    'a limit of the repository',
    { after: { 'src/a.js': lines(60) } },
    { after: { 'src/a.js': lines(40) } },
    { config: 'limits:\n  diff_lines: 50\n' },
  ),
  large(
    'a limit of files',
    { after: many(5, (at) => `src/a${at}.js`) },
    { after: many(4, (at) => `src/a${at}.js`) },
    { config: 'limits:\n  diff_files: 4\ngates:\n  too_large: warn\n', severity: 'warn' },
  ),
];
