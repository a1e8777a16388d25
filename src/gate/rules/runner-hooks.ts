// Hooks with which code that tests share decides which of them run, or what a failure counts for.
import type { FileChange } from '../../workspace/change.ts';
import { addedLines, extensionOf, type FileRule } from '../found.ts';
import { quote } from './quote.ts';
import { isTestCode } from './test-files.ts';

/** Of pytest (its reference of hooks), mocha, JUnit, PHPUnit and unittest. */
const DECIDES =
  /\bdef\s+pytest_(?:collection_modifyitems|ignore_collect|pycollect_\w+|collect_file|itemcollected|runtestloop|runtest_(?:protocol|makereport|call)|pyfunc_call|report_teststatus|sessionfinish|exception_interact|cmdline_main)\b|\bcurrentTest\.(?:state|err)\s*=(?!=)|\bhandleTestExecutionException\b|\bfunction\s+onNotSuccessfulTest\b|\badd(?:Failure|Error)\s*=(?!=)/;
/** Within a hook of pytest: what takes tests away, marks them, or says that they passed. */
const WITHIN_HOOK =
  /\bitems\s*(?:\[[^\]\n]*\]\s*)?=(?!=)|\bitems\.(?:remove|clear|pop)\(|\bdel\s+items\b|\.add_marker\(|\bdeselected\(|\.outcome\s*=(?!=)|\.force_result\(|\.exitstatus\s*=(?!=)|\.wasxfail\s*=(?!=)/;

export const runnerHooks: FileRule = (file) => {
  const { path, after } = file;
  if (after === undefined || !isTestCode(path)) return [];
  const hit = [...addedLines(file)].find(
    ({ line, text }) =>
      text.length < 1_000 &&
      !/^\s*(?:#|\/\/|\*)/.test(text) &&
      (DECIDES.test(text) || (WITHIN_HOOK.test(text) && isInHook(file, line))),
  );
  if (hit === undefined) return [];
  const say = `decides which tests run or what a failure counts for (${quote(hit.text)}). Look at which tests no longer run, or no longer fail.`;
  return [{ rule: 'skipped_test', path, line: hit.line, severity: 'warn', say }];
};

/** The function that a line of Python stands in is one that pytest calls. */
function isInHook({ path, whole }: FileChange, line: number): boolean {
  if (extensionOf(path) !== 'py') return false;
  const over = (whole.after ?? '').split('\n').slice(0, line - 1);
  return /^def\s+pytest_/.test(over.findLast((each) => /^(?:async\s+)?(?:def|class)\s/.test(each)) ?? '');
}
