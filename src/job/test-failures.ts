// The name of what failed in a line of a check's output: a test, or the place and the words of an error. Two runs of the same
// failure give the same name. Pure.

/** Longer names tell nobody more. */
const MOST_CHARACTERS = 200;

/** Failed tests; the first group is the name. */
const TESTS: readonly RegExp[] = [
  // vitest and jest with their files, mocha and PHPUnit with their numbers, jest's titles
  /^\s*FAIL\s+([^\s[].*?)(?:\s+\(?[\d.]+ ?m?s\)?)?$/,
  /^\s*\d+\) (\S.*?):?$/,
  /^\s+● (\S.* › .+)$/,
  // node:test, AVA, Playwright's and vitest's lists
  /^\s*✖ (?!failing tests)(\S.*?)(?: \([\d.]+m?s\))?$/,
  /^\s*✘ \[fail\]: (\S.*)$/,
  /^\s*not ok \d+(?: -)? (\S.*?)(?: # time=.*)?$/,
  // pytest, unittest
  /^(?:FAILED|ERROR) (\S+\.py\S*)(?: - .*)?$/,
  /^(?:FAIL|ERROR): (\S.*)$/,
  // go, cargo, nextest, RSpec
  /^\s*--- FAIL: (\S+)/,
  /"Action":"fail".*"Test":"([^"]+)"/,
  /^test (\S+) \.\.\. FAILED$/,
  /^\s+FAIL \[.*?\]\s+(?:\(.*?\)\s+)?(\S.*)$/,
  /^rspec \S+ # (\S.*)$/,
  // Gradle, Surefire, dotnet, CTest
  /^(\S.* > .+) FAILED$/,
  /^\[ERROR\]\s+(\S+?):\d+\b/,
  /^\[ERROR\]\s+(\S+)\b.*<<< (?:FAILURE|ERROR)!/,
  /^\s+Failed (\S.*?)(?: \[.*\])?$/,
  /^\s+\d+ - (\S+) \((?:Failed|Timeout|SEGFAULT)\)/,
];

/** `src/a.ts(3,5): error TS2322: …`, `a.py:3:1: F401 …`, `src/a.c:3:5: error: …`: the file and the words, not the line. */
const PLACED = /^(?:ERROR in )?([\w@./\\-]+\.\w+)[:(]\d+(?:[:,]\d+)?\)?(?::| -)? +(\S.*)$/;
/** Programs name places in what is no error, too: only these words make it one, or a linter's code, or go's own form. */
const IS_ERROR = /^(?:fatal |internal compiler )?error\b|^[A-Z]{1,4}\d{2,5}\b/i;
const OF_GO = /^\S+\.go:\d+:\d+: /;
/** Of linters that name the file above: `  3:5  error  'a' is not defined  no-undef`. */
const LISTED = /^\s+\d+:\d+\s+error\s+(\S.*)$/;
/** rustc and others, with the place on the next line. */
const CODED = /^(error\[\w+\]: \S.*)$/;

/** Undefined where the line names no failure. */
export function readFailure(line: string): string | undefined {
  for (const form of TESTS) {
    const name = form.exec(line)?.[1];
    if (name !== undefined) return normalise(name);
  }
  const [, file = '', words = ''] = PLACED.exec(line) ?? [];
  if (file !== '' && (IS_ERROR.test(words) || OF_GO.test(line))) return normalise(`${file}: ${words}`);
  const listed = LISTED.exec(line)?.[1] ?? CODED.exec(line)?.[1];
  return listed === undefined ? undefined : normalise(listed);
}

/** Without what differs between two runs of the same: addresses, times, ids, temporary folders, spaces. */
function normalise(name: string): string {
  return name
    .replaceAll(/\b0x[0-9a-f]+\b/gi, '0x…')
    .replaceAll(/\/tmp\/[\w./-]+/g, '/tmp/…')
    .replaceAll(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '…')
    .replaceAll(/\b\d+(?:\.\d+)? ?(?:ms|s|sec|seconds)\b/g, '… s')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MOST_CHARACTERS);
}
