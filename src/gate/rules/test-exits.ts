// Ways out of a run of tests before it tells what failed: the process ends, or says at its end that all is well.
import { addedLines, baseName, extensionOf, type FileRule } from '../found.ts';
import { quote } from './quote.ts';
import { isTestCode } from './test-files.ts';
import { CODE } from './test-names.ts';

/** In tests, and in what stands around all of them. */
const IN_TESTS =
  /\b(?:process|Deno|Bun)\.exit\(\s*(?:0\s*)?\)|\bos\._exit\(\s*0?\s*\)|\b(?:pytest|_pytest\.\w+)\.exit\([^)\n]{0,200}returncode\s*=\s*0|\bos\.Exit\(\s*0\s*\)|\bexit!?\(\s*0\s*\)|\bSystem\.exit\(\s*0\s*\)/;
/** What is asked for as the process ends, wherever it stands. */
const AT_EXIT =
  /\.(?:on|once|addListener|prependListener)\(\s*["'](?:exit|beforeExit)["'][^\n]{0,300}(?:exitCode\s*=\s*0|\.exit\(\s*0?\s*\)|reallyExit\(\s*0)|\batexit\.register\([^\n]{0,200}_exit|\bsession\.exitstatus\s*=\s*0|\bexitCode\s*=\s*0\b[^\n]{0,40}\}\s*\)/;
const SYS_EXIT = /\bsys\.exit\(\s*(?:0\s*)?\)/;

export const testExits: FileRule = (file) => {
  const { path } = file;
  if (file.after === undefined || !CODE.test(extensionOf(path))) return [];
  const isOfTests = isTestCode(path) || baseName(path) === 'conftest.py';
  const hit = [...addedLines(file)].find(({ text }) => {
    if (text.length > 1_000 || /^\s*(?:\/\/|#|\*)/.test(text)) return false;
    if (AT_EXIT.test(text)) return true;
    if (!isOfTests) return false;
    // A program that a test writes down may well end.
    const code = text.replaceAll(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/g, '""');
    return IN_TESTS.test(code) || (baseName(path) === 'conftest.py' && SYS_EXIT.test(code));
  });
  if (hit === undefined) return [];
  const say = `may end the tests before they tell what failed (${quote(hit.text)}). Look at whether a failing test still fails the run.`;
  return [{ rule: 'weakened_test', path, line: hit.line, severity: 'warn', say }];
};
