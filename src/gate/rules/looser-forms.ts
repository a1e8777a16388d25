// Forms of an assertion that look like what they were and check less: any error, a snapshot that writes itself, a promise
// that nobody waits for. Pure.
import type { Assertion } from './assertions.ts';

const ANY_ERROR =
  /(?:toThrow\w*|raises|assertRaises|assertThrows|throws\w*|raise_error)\s*[(<]\s*(?:Error|Exception|BaseException|Throwable|StandardError)(?:\.class)?\s*[,)>]/i;
const AWAITED = /^(?:await|return)\b/;

/** Whether `is` says less than `was` by its form. */
export function isLooserForm(was: Assertion, is: Assertion): boolean {
  if (ANY_ERROR.test(is.text) && /throw|raise/i.test(was.text) && !ANY_ERROR.test(was.text)) return true;
  if (is.matcher === 'toMatchSnapshot' && was.strength === 3 && !/snapshot/i.test(was.matcher)) return true;
  const isPromise = /\.(?:rejects|resolves)\b/.test(is.text);
  return isPromise && AWAITED.test(was.text) && !AWAITED.test(is.text);
}

/** The same, and whatever the language takes for equal. */
const LOOSELY: Readonly<Record<string, string>> = {
  assertSame: 'assertEquals',
  toStrictEqual: 'toEqual',
};

/** Whether what had to be the same has only to be equal now. */
export function isOnlyEqual(was: Assertion, is: Assertion): boolean {
  return LOOSELY[was.matcher] === is.matcher;
}
