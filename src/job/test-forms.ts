// How well-known test runners say how many tests they ran: one expression for each line that counts. Checks nothing by
// itself. The forms are those of the runners' own output, version by version the same for years.

/**
 * Lines that sum a run up. Groups: `ran`, or `total` less `skipped`; `less` takes from what an earlier line counted as run.
 * Where there is no group the words of the line are read: `1 failed, 2 passed, 1 skipped`.
 */
export const SUMMARIES: readonly RegExp[] = [
  // vitest, jest and Pest
  /^\s*Tests\s+(?:\d+ (?:failed|passed|skipped|todo)\b|no tests)/,
  /^\s*Tests:\s+\d+ [a-z]/,
  // pytest
  /^(?:=+ )?(?:no tests ran|\d+ [a-z]+(?:, \d+ [a-z]+)*) in \d[\d.]*s\b/,
  // mocha, AVA, Playwright
  /^\s+\d+ (?:passing|failing|pending)\b/,
  /^\s+\d+ tests? (?:passed|failed|skipped|todo)$/,
  /^\s+\d+ (?:passed|failed|flaky|skipped)(?: \([\d.]+\w+\))?$/,
  // node:test and tape
  /^[ℹ#] (?:pass|fail)\s+(?<ran>\d+)$/,
  /^[ℹ#] (?:skipped|todo)\s+(?<skipped>\d+)$/,
  // cargo test, cargo nextest, Deno
  /^test result: /,
  /^\s+Summary \[/,
  /^(?:ok|FAILED) \| \d+ passed/,
  // unittest (and Django), Bun
  /^Ran (?<total>\d+) tests? (?:in|across) /,
  /^(?:OK|FAILED) \((?:.*, )?skipped=(?<less>\d+)/,
  // RSpec, minitest and test-unit, ExUnit
  /^(?<total>\d+) examples?, \d+ failures?(?:, (?<skipped>\d+) pending)?/,
  /^(?<total>\d+) (?:runs|tests), \d+ assertions, \d+ failures, \d+ errors(?:, (?<skipped>\d+) (?:skips|pendings))?/,
  /^(?:\d+ (?:doctests?|propert(?:y|ies)), )*(?<total>\d+) tests?, \d+ failures?(?:, \d+ excluded)?(?:, (?<skipped>\d+) skipped)?$/,
  // PHPUnit, JUnit 4
  /^OK \((?<total>\d+) tests?\b/,
  /^Tests: (?<total>\d+), Assertions: \d+(?:.*\bSkipped: (?<skipped>\d+))?/,
  /^Tests run: (?<total>\d+), {2}Failures: \d+$/,
  // Maven's Surefire sums up each module; its lines for each class name a time. sbt, Gradle, JUnit's own console
  /^(?:\[\w+\]\s+)?Tests run: (?<total>\d+), Failures: \d+, Errors: \d+, Skipped: (?<skipped>\d+)$/,
  /^\[\w+\] (?:Passed|Failed): Total (?<total>\d+),/,
  /^(?<total>\d+) tests? completed(?:, \d+ failed)?(?:, (?<skipped>\d+) skipped)?/,
  /^\[\s+\d+ tests (?:successful|failed|skipped)\s+\]/,
  // dotnet test, in its three forms
  /^(?:Passed|Failed|Skipped)!\s+-\s+Failed:\s+\d+, Passed:\s+\d+, Skipped:\s+(?<skipped>\d+), Total:\s+(?<total>\d+)/,
  /^Total tests: (?<total>\d+)$/,
  /^\s+Skipped: (?<less>\d+)$/,
  /^Test summary: total: (?<total>\d+), failed: \d+, succeeded: \d+, skipped: (?<skipped>\d+)/,
  // CTest, gotestsum
  /tests passed, \d+ tests? failed out of (?<total>\d+)/,
  /^DONE (?<total>\d+) tests?(?:, (?<skipped>\d+) skipped)?/,
];

/** What counts as run, and what does not, in the words of a summary. */
export const RAN = /^(?:passed|failed|passing|failing|pass|fail|xfailed|xpassed|successful|succeeded|flaky)$/;
export const SKIPPED = /^(?:skipped|pending|todo|ignored)$/;

/** Lines of one test each: `go test -v` and `-json`, TAP, Gradle's test logging. They count where no summary does. */
export const PASSED: readonly RegExp[] = [
  /^\s*--- PASS: /,
  /"Action":"pass".*"Test":"/,
  /^ok \d+(?!.*# (?:SKIP|TODO))/i,
  /^\S.* > .+ PASSED$/,
];
export const FAILED: readonly RegExp[] = [
  /^\s*--- FAIL: /,
  /"Action":"fail".*"Test":"/,
  /^not ok \d+(?!.*# TODO)/i,
  /^\S.* > .+ FAILED$/,
];

/** A line for each package is all that `go test` prints while its tests are green. */
export const PACKAGES = /^(?:ok {2}|FAIL)\t\S+\t(?!.*\[(?:no tests to run|build failed|setup failed)\])/;

/** Runners that say in words that there was nothing to run. */
export const NOTHING_RAN: readonly RegExp[] = [
  /^No test(?:s| files) found\b/,
  /^No tests (?:were )?(?:executed|found)!/,
  /^NO TESTS RAN\b/,
  /^No test is available in /,
  /^testing: warning: no tests to run$/,
  /\[no test(?:s to run| files)\]$/,
  /^\S+: Error: No tests found/,
  /^Error: No tests found/,
];

/** Before lines of a task that Turborepo, Nx, Lerna or `pnpm -r` runs in a package. */
export const TASK_PREFIX = /^@?[\w./-]+(?::| )[\w:.-]*test[\w:.-]*:\s/;
