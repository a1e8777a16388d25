// What test runners print, as they printed it: how many tests ran, and which of them failed.
import { describe, expect, test } from 'vitest';
import { runsTests } from '../../src/job/test-loss.ts';
import { createTestReader, newFailures } from '../../src/job/test-report.ts';

function read(output: string) {
  const reader = createTestReader();
  for (const line of output.split('\n')) reader.add(line);
  return reader.report();
}

const tests = (ran: number, skipped = 0) => ({ ran, skipped, unit: 'tests' });

const OUTPUTS: Readonly<Record<string, Readonly<{ output: string; counts: object; failures: string[] }>>> = {
  vitest: {
    output:
      '\u001b[41m\u001b[1m FAIL \u001b[22m\u001b[49m a.test.ts\u001b[2m > \u001b[22msum\u001b[2m > \u001b[22mfails it\n\u001b[2m Test Files \u001b[22m \u001b[1m\u001b[31m1 failed\u001b[39m\u001b[22m\u001b[90m (1)\u001b[39m\n\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[31m1 failed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[1m\u001b[32m1 passed\u001b[39m\u001b[22m\u001b[2m | \u001b[22m\u001b[33m1 skipped\u001b[39m\u001b[90m (3)\u001b[39m',
    counts: tests(2, 1),
    failures: ['a.test.ts > sum > fails it'],
  },
  'vitest with nothing but skipped tests': {
    output: ' ↓ a.test.ts (3 tests | 3 skipped)\n\n Test Files  1 skipped (1)\n      Tests  3 skipped (3)',
    counts: tests(0, 3),
    failures: [],
  },
  'vitest --passWithNoTests': {
    output: 'No test files found, exiting with code 0\n\nfilter: nope',
    counts: tests(0),
    failures: [],
  },
  jest: {
    output:
      'FAIL ./s.test.js\n  sum\n    ✓ adds (1 ms)\n    ✕ fails it (3 ms)\n    ○ skipped later\n    ✎ todo soon\n\n  ● sum › fails it\n\n    expect(received).toBe(expected) // Object.is equality\n\nTest Suites: 1 failed, 1 total\nTests:       1 failed, 1 skipped, 1 todo, 1 passed, 4 total\nSnapshots:   0 total\nTime:        0.299 s',
    counts: tests(2, 2),
    failures: ['./s.test.js', 'sum › fails it'],
  },
  'jest --passWithNoTests': {
    output: 'No tests found, exiting with code 0',
    counts: tests(0),
    failures: [],
  },
  mocha: {
    output:
      '  sum\n    ✔ adds\n    1) fails it\n    - later\n    deep\n      2) falls\n\n\n  1 passing (12ms)\n  1 pending\n  2 failing\n\n  1) sum\n       fails it:\n',
    counts: tests(3, 1),
    failures: ['fails it', 'falls', 'sum'],
  },
  'mocha with a filter that fits nothing': {
    output: '\n\n  0 passing (1ms)\n',
    counts: tests(0),
    failures: [],
  },
  ava: {
    output:
      '  - [skip] later\n  ✔ adds\n  ✘ [fail]: fails it\n  ─\n\n  1 test failed\n  1 test passed\n  1 test skipped',
    counts: tests(2, 1),
    failures: ['fails it'],
  },
  'node:test': {
    output:
      '▶ sum\n  ✔ adds (1.112454ms)\n  ✖ fails it (1.115128ms)\n  ﹣ later (0.179547ms) # SKIP\n✖ sum (4.321936ms)\nℹ tests 3\nℹ suites 1\nℹ pass 1\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 167.993677\n\n✖ failing tests:\n',
    counts: tests(2, 1),
    failures: ['fails it', 'sum'],
  },
  'node:test as TAP': {
    output:
      '# Subtest: sum\n    # Subtest: adds\n    ok 1 - adds\n    not ok 2 - fails it\n    ok 3 - later # SKIP\n    1..3\nnot ok 1 - sum\n1..1\n# tests 3\n# suites 1\n# pass 1\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0',
    counts: tests(2, 1),
    failures: ['fails it', 'sum'],
  },
  'TAP without a summary': {
    output: 'TAP version 13\nok 1 - one\nnot ok 2 - two\nok 3 - three # SKIP no network\n1..3',
    counts: tests(2),
    failures: ['two'],
  },
  pytest: {
    output:
      '=========================== short test summary info ============================\nFAILED test_a.py::test_fails - assert 1 == 2\nFAILED test_a.py::A::test_v - AssertionError: no\n============== 2 failed, 2 passed, 2 skipped, 1 xfailed in 1.61s ===============',
    counts: tests(5, 2),
    failures: ['test_a.py::test_fails', 'test_a.py::A::test_v'],
  },
  'pytest -q': { output: '...s\n3 passed, 1 skipped in 0.02s', counts: tests(3, 1), failures: [] },
  'pytest for a minute': {
    output: '=========== 41 passed, 2 warnings in 75.10s (0:01:15) ============',
    counts: tests(41),
    failures: [],
  },
  'pytest with a filter that fits nothing': {
    output: 'collected 7 items / 7 deselected / 0 selected\n\n==== 7 deselected in 2.08s ====',
    counts: tests(0),
    failures: [],
  },
  unittest: {
    output: 'FAIL: test_v (test_a.A.test_v)\n------\nRan 3 tests in 0.001s\n\nFAILED (failures=1, skipped=1)',
    counts: tests(2, 1),
    failures: ['test_v (test_a.A.test_v)'],
  },
  'go test': {
    output:
      'ok  \tshop/cart\t0.004s\nok  \tshop/price\t(cached)\nok  \tshop/tax\t0.003s [no tests to run]\n?   \tshop/cmd\t[no test files]',
    counts: { ran: 2, skipped: 0, unit: 'packages' },
    failures: [],
  },
  'go test, red': {
    output:
      '--- FAIL: TestSum (0.00s)\n    --- FAIL: TestSum/negative (0.00s)\n        sum_test.go:9: got 1\nFAIL\nFAIL\tshop/cart\t0.004s\nok  \tshop/price\t0.003s\nFAIL',
    counts: { ran: 2, skipped: 0, unit: 'packages' },
    failures: ['TestSum', 'TestSum/negative', 'shop/cart'],
  },
  'go test -v': {
    output:
      '=== RUN   TestSum\n=== RUN   TestSum/negative\n--- PASS: TestSum (0.00s)\n    --- PASS: TestSum/negative (0.00s)\n=== RUN   TestLater\n--- SKIP: TestLater (0.00s)\nPASS\nok  \tshop/cart\t0.004s',
    counts: tests(2),
    failures: [],
  },
  'go test -json': {
    output:
      '{"Time":"2025-03-01T10:00:00Z","Action":"run","Package":"shop","Test":"TestSum"}\n{"Time":"2025-03-01T10:00:00Z","Action":"pass","Package":"shop","Test":"TestSum","Elapsed":0}\n{"Time":"2025-03-01T10:00:00Z","Action":"fail","Package":"shop","Test":"TestTax","Elapsed":0}\n{"Time":"2025-03-01T10:00:00Z","Action":"pass","Package":"shop","Elapsed":0.002}',
    counts: tests(2),
    failures: ['TestTax'],
  },
  'cargo test': {
    output:
      'running 3 tests\ntest tests::adds ... ok\ntest tests::later ... ignored\ntest tests::fails_it ... FAILED\n\nfailures:\n    tests::fails_it\n\ntest result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.13s\n\n   Doc-tests c\n\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
    counts: tests(4, 1),
    failures: ['tests::fails_it'],
  },
  'cargo nextest': {
    output:
      '        FAIL [   0.005s] shop tests::fails_it\n------------\n     Summary [   0.012s] 3 tests run: 2 passed, 1 failed, 1 skipped',
    counts: tests(3, 1),
    failures: ['shop tests::fails_it'],
  },
  rspec: {
    output: '3 examples, 1 failure, 1 pending\n\nFailed examples:\n\nrspec ./spec/sum_spec.rb:3 # Sum adds',
    counts: tests(2, 1),
    failures: ['Sum adds'],
  },
  minitest: {
    output: '5 runs, 9 assertions, 0 failures, 0 errors, 2 skips',
    counts: tests(3, 2),
    failures: [],
  },
  exunit: { output: '2 doctests, 5 tests, 0 failures, 1 skipped', counts: tests(4, 1), failures: [] },
  phpunit: { output: 'OK (3 tests, 5 assertions)', counts: tests(3), failures: [] },
  'phpunit, red': {
    output:
      'There was 1 failure:\n\n1) SumTest::testAdds\nFailed asserting\n\nFAILURES!\nTests: 3, Assertions: 5, Failures: 1, Skipped: 1.',
    counts: tests(2, 1),
    failures: ['SumTest::testAdds'],
  },
  pest: { output: '  Tests:    1 skipped, 3 passed (5 assertions)', counts: tests(3, 1), failures: [] },
  'maven, two modules': {
    output:
      '[INFO] Running shop.CartTest\n[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in shop.CartTest\n[INFO] Results:\n[INFO] \n[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 1\n[ERROR] Tests run: 2, Failures: 1, Errors: 0, Skipped: 0\n[ERROR]   PriceTest.rounds:12 expected: <1> but was: <2>',
    counts: tests(6, 1),
    failures: ['PriceTest.rounds'],
  },
  'gradle, red': {
    output: 'shop.PriceTest > rounds FAILED\n\n5 tests completed, 1 failed, 1 skipped',
    counts: tests(4, 1),
    failures: ['shop.PriceTest > rounds'],
  },
  'JUnit console': {
    output:
      '[         4 tests found           ]\n[         1 tests skipped         ]\n[         3 tests successful      ]\n[         0 tests failed          ]',
    counts: tests(3, 1),
    failures: [],
  },
  dotnet: {
    output:
      '  Failed Shop.Tests.Rounds [12 ms]\nFailed!  - Failed:     1, Passed:     4, Skipped:     1, Total:     6, Duration: 10 ms - Shop.Tests.dll (net8.0)',
    counts: tests(5, 1),
    failures: ['Shop.Tests.Rounds'],
  },
  'a task runner with packages': {
    output:
      '@shop/cart:test:  Test Files  1 passed (1)\n@shop/cart:test:       Tests  3 passed (3)\npackages/tax test:       Tests  4 passed (4)',
    counts: tests(7),
    failures: [],
  },
};

describe.each(Object.entries(OUTPUTS))('%s', (_name, { output, counts, failures }) => {
  const report = read(output);
  test('says how many tests ran', () => expect(report.tests).toEqual(counts));
  test('names what failed', () => expect([...new Set(report.failures)]).toEqual(failures));
});

test.each(['', 'ready\nDone in 3s', '5 problems (5 errors, 0 warnings)', 'Tests are important: 3 reasons'])(
  '%j says nothing of tests',
  (output) => expect(read(output).tests).toBeUndefined(),
);

test.each([
  [
    "src/a.ts(3,5): error TS2322: Type 'string' is not a number.",
    "src/a.ts: error TS2322: Type 'string' is not a number.",
  ],
  ["src/a.ts:30:50 - error TS2322: Type 'x'.", "src/a.ts: error TS2322: Type 'x'."],
  ['shop/a.py:3:1: F401 `os` imported but unused', 'shop/a.py: F401 `os` imported but unused'],
  ['shop/a.py:3: error: Missing return  [return]', 'shop/a.py: error: Missing return [return]'],
  ['./cart.go:3:5: undefined: sum', './cart.go: undefined: sum'],
  ["  3:5  error  'a' is not defined  no-undef", "'a' is not defined no-undef"],
  ['error[E0308]: mismatched types', 'error[E0308]: mismatched types'],
])('an error is told by its file and its words: %s', (line, name) => {
  expect(read(line).failures).toEqual([name]);
});

test.each([
  'src/a.ts:3:5: warning: unused',
  '    at Object.toBe (s.test.js:1:73)',
  'see https://a.example/b: it',
  'server.js:12: listening on port 34123',
])('%j names no failure', (line) => expect(read(line).failures).toEqual([]));

describe('what is new among failures', () => {
  test('is what the base does not have', () => {
    expect(newFailures(['a', 'b', 'c'], ['b', 'a'])).toEqual(['c']);
    expect(newFailures(['a'], ['b', 'a'])).toEqual([]);
  });
  test('is one more error of a kind, but not a test that a summary names again', () => {
    const error = 'src/a.ts: error TS2322: No.';
    expect(newFailures([error, error], [error])).toEqual([error]);
    expect(newFailures(['adds', 'adds'], ['adds'])).toEqual([]);
  });
  test('is said where there are too many to name', () => {
    expect(newFailures(undefined, ['a'])).toEqual(['more than 500 failures']);
  });
  test('is not known where one of the two names none', () => {
    expect(newFailures(['a'], [])).toBeUndefined();
    expect(newFailures([], ['a'])).toBeUndefined();
    expect(newFailures(undefined, [])).toBeUndefined();
  });
  test('is the same for numbers that differ from run to run', () => {
    expect(read('FAILED test_a.py::t[/tmp/x-1/f]').failures).toEqual(
      read('FAILED test_a.py::t[/tmp/x-2/f]').failures,
    );
    expect(read('✖ waits for 12ms (1.2ms)').failures).toEqual(read('✖ waits for 9ms (3.456ms)').failures);
  });
});

test.each([
  ['tests', 'make all', true],
  ['unit', 'npm test', true],
  ['all', 'node --test test/*.test.js', true],
  ['speaks', 'test "$TZ" = UTC', false],
  ['built', 'cd dist && test -f index.js', false],
  ['lint', 'eslint .', false],
])('%s: `%s` is expected to run tests: %s', (name, command, expected) => {
  expect(runsTests({ name, command })).toBe(expected);
});
