// What takes the force out of a test while its assertions stay: errors that are swallowed, mocks of what is tested, more time
// and more tries.
import { addedLines, type FileRule, type Found } from '../found.ts';
import { readAssertions } from './assertions.ts';
import { quote } from './quote.ts';
import { isRunnerFile } from './runner-settings.ts';
import { indentOf, type TestBlock } from './test-blocks.ts';
import { mayHoldTests, stemOf } from './test-names.ts';
import { readBothSides } from './test-pairs.ts';

/** `before` is absent for a new test. */
type Side = Readonly<{ path: string; before?: TestBlock; after: TestBlock }>;

export function softened({ path, before, after }: Side): Found[] {
  const say = (line: number, how: string): Found => ({
    rule: 'weakened_test',
    path,
    line,
    severity: 'warn',
    say: `${how}. Look at whether the test would still fail where the code is wrong.`,
  });
  const known = new Set(before?.lines.map((line) => line.trim()));
  const name = quote(after.name);
  const found: Found[] = [];
  const swallowed = swallows(after, known);
  if (swallowed !== undefined) found.push(say(swallowed, `swallows failed assertions in ${name}`));
  const echoed = after.lines.findIndex((line) => ECHO.test(line) && !known.has(line.trim()));
  if (echoed >= 0)
    found.push(say(after.firstLine + echoed, `takes what it got in ${name} for what it wanted`));
  const planned = before === undefined ? undefined : unplanned(before, after);
  if (planned !== undefined)
    found.push(say(after.line, `no longer counts the assertions of ${name} (${quote(planned)})`));
  const mocked = mocks(path, after, known);
  if (mocked !== undefined)
    found.push(say(mocked.line, `replaces in ${name} what it tests (${quote(mocked.text)})`));
  const patient = before === undefined ? undefined : patience(before, after);
  if (patient !== undefined)
    found.push(say(patient.line, `gives ${name} more time or more tries (${quote(patient.text)})`));
  return found;
}

/** `want = got` */
const ECHO =
  /^\s*(?:(?:const|let|var|val|final)\s+)?(?:want\w*|expect\w*|golden\w*)\s*:?=\s*(?:got|actual|result|received|output)\w*\s*;?$/i;

const TRY = /^(?:try\b|begin$|do\s*\{|with\s+(?:contextlib\.)?suppress\()/;
const CATCH = /^(?:\}\s*)?(?:catch\b|except\b|rescue\b)/;
/** What a handler does when it does nothing: it is left, or it talks. */
const QUIET =
  /^(?:pass|\.\.\.|continue|return;?|nil|[})\]]+;?|end|console\.\w+\(.*|print\w*[(\s].*|logger?\.\w+\(.*|log\.\w+\(.*|puts\s.*|System\.(?:out|err)\..*|t\.Log\w*\(.*|\w+\.printStackTrace\(\);?|\/\/.*|#.*|_ = \w+;?|finally\s*\{?|ensure)$/;

/** An attempt around assertions whose failure goes nowhere; the line where it opens. */
function swallows(after: TestBlock, known: ReadonlySet<string>): number | undefined {
  const { lines, firstLine } = after;
  const asserted = new Set(readAssertions(after).map(({ line }) => line));
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const bare = line.trim();
    // `expect(…).catch(() => {})`, `.should(…).rescue`
    if (
      !known.has(bare) &&
      asserted.has(firstLine + at) &&
      /\.catch\(\s*(?:\(\w*\)|\w+)?\s*=>\s*(?:\{\s*\}|undefined|null)\s*\)/.test(bare)
    ) {
      return firstLine + at;
    }
    if (!TRY.test(bare)) continue;
    const { inside, handler, isQuiet } = readTry(lines, at);
    const checks = inside.some((each) => asserted.has(firstLine + each));
    const isNew = !known.has(bare) || handler.some((each) => !known.has((lines[each] ?? '').trim()));
    // An assertion in the handler, or one after it that depends on it, still speaks.
    if (checks && isQuiet && isNew) return firstLine + at;
  }
  return undefined;
}

function readTry(
  lines: readonly string[],
  at: number,
): { inside: number[]; handler: number[]; isQuiet: boolean } {
  const indent = indentOf(lines[at] ?? '');
  const [inside, handler]: [number[], number[]] = [[], []];
  let isHandling = /suppress\(/.test(lines[at] ?? '');
  let hasHandler = isHandling;
  const isSuppressed = isHandling;
  if (isSuppressed) isHandling = false;
  let isLast = false;
  for (let down = at + 1; down < lines.length; down++) {
    const line = lines[down] ?? '';
    const bare = line.trim();
    if (bare === '') continue;
    if (indentOf(line) <= indent) {
      if (CATCH.test(bare)) {
        isHandling = true;
        hasHandler = true;
        handler.push(down);
        // `catch (error) { log(error) }` on one line.
        const rest = /^rescue\b/.test(bare)
          ? ''
          : bare.replace(/^(?:\}\s*)?(?:catch|except)\b[^{:]*[{:]?/, '').trim();
        if (rest !== '' && !QUIET.test(rest)) return { inside, handler, isQuiet: false };
        continue;
      }
      if (!/^[{}]|^(?:end|finally|ensure|else)\b/.test(bare)) break;
      if (!/catch|finally|\{$/.test(bare) && bare !== '{') break;
      isLast = /\b(?:finally|ensure)\b/.test(bare);
      continue;
    }
    if (isLast && /^return\b/.test(bare)) {
      // What is returned in the end takes the place of the error.
      hasHandler = true;
      handler.push(down);
    } else if (!isHandling) inside.push(down);
    else {
      handler.push(down);
      if (!QUIET.test(bare)) return { inside, handler, isQuiet: false };
    }
  }
  return { inside, handler, isQuiet: hasHandler };
}

const PLANNED =
  /\b(?:expect\.(?:assertions\(\s*(\d+)\s*\)|hasAssertions\(\))|t\.plan\(\s*(\d+)\s*\)|assert\.expect\(\s*(\d+)\s*\))/;

/** The count of assertions that a test promised, where it is gone or smaller. */
function unplanned(before: TestBlock, after: TestBlock): string | undefined {
  const was = PLANNED.exec(before.lines.join('\n'));
  if (was === null) return undefined;
  const is = PLANNED.exec(after.lines.join('\n'));
  if (is === null) return was[0];
  const [had, has] = [was, is].map(([, one, other, third]) => Number(one ?? other ?? third ?? 1));
  return had !== undefined && has !== undefined && has < had ? `${was[0]} became ${is[0]}` : undefined;
}

const MOCK_MODULE =
  /\b(?:jest|vi|mock|td|sinon|t)\.(?:mock|doMock|module|setMock|replace|stub|mockImport)\(\s*(?:import\()?["']([^"'\n]{1,200})["']/;
const MOCK_MEMBER =
  /\b(?:spyOn|stub|replace|patch\.object|setattr|method|allow|allow_any_instance_of)\(\s*[^,()\n]{1,80},\s*["']([A-Za-z_]\w*)["']|\bpatch\(\s*["'][\w.]{1,200}\.([A-Za-z_]\w*)["']|\bsetattr\(\s*["'][\w.]{1,200}\.([A-Za-z_]\w*)["']|\ballow(?:_any_instance_of)?\([^)\n]{1,80}\)\.to\s+receive\(:(\w+)|\bwhen\(\s*\w+\.(\w+)\(/;
const FAKED =
  /mockReturn|mockResolved|mockImplementation|returns\(|resolves\(|return_value|and_return|willReturn|thenReturn|callsFake|lambda|=>|side_effect/;

/** What is asserted is what the test itself put there. */
function mocks(
  path: string,
  after: TestBlock,
  known: ReadonlySet<string>,
): { line: number; text: string } | undefined {
  const called = readAssertions(after)
    .map(({ subject }) => subject)
    .join('\n');
  for (const [at, line] of after.lines.entries()) {
    const text = line.trim();
    if (known.has(text)) continue;
    const module = MOCK_MODULE.exec(text)?.[1];
    if (module !== undefined && isSubject(module, path)) return { line: after.firstLine + at, text };
    const member = MOCK_MEMBER.exec(text)
      ?.slice(1)
      .find((name) => name !== undefined);
    const near = after.lines.slice(at, at + 2).join(' ');
    if (member === undefined || !FAKED.test(near)) continue;
    // Ruby calls without brackets.
    const call = /\.rb$/.test(path) ? `\\.${member}\\b` : `\\b${member}\\s*\\(`;
    if (new RegExp(call).test(called)) return { line: after.firstLine + at, text };
  }
  return undefined;
}

/** Time that a test may take, and how often it may be tried. */
const PATIENCE =
  /(?:^|[\s,{(.@[])((?:set)?timeout(?:Ms|Seconds|_ms)?|retries|retry|retryTimes|retryCount|reruns|max_runs|flaky|RetryingTest|RepeatedIfExceptionsTest|waitFor|attempts|maxRetries|timelimit|testTimeout|hookTimeout)\b["']?\s*(?:[:=(]\s*(?:max_runs\s*=\s*|reruns\s*=\s*|value\s*=\s*)?)?(\d[\d_]*)?/gi;
const LAST_ARGUMENT = /^\}\s*,\s*(\d[\d_]{2,})\s*\)/;

function patience(before: TestBlock, after: TestBlock): { line: number; text: string } | undefined {
  const was = waits(before);
  for (const { key, value, isGiven, line, text } of waits(after)) {
    const had = was.filter((each) => each.key === key).toSorted((a, b) => b.value - a.value)[0];
    if (had === undefined ? value > 0 && !isGiven : value > had.value) return { line, text };
  }
  return undefined;
}

type Wait = Readonly<{
  key: string;
  value: number;
  /** An argument of what is tested, which may wait and try again as well. */
  isGiven: boolean;
  line: number;
  text: string;
}>;

function waits({ lines, firstLine }: Pick<TestBlock, 'lines' | 'firstLine'>): Wait[] {
  return lines.flatMap((line, at) => {
    const text = line.trim();
    const last = LAST_ARGUMENT.exec(text)?.[1];
    const own = [...text.matchAll(PATIENCE)].flatMap(({ 1: key = '', 2: value, index }) =>
      value === undefined && !/flaky|retryingtest|repeatedif/i.test(key)
        ? []
        : [{ key: key.toLowerCase(), value: toNumber(value ?? '2'), isGiven: isGivenToProgram(text, index) }],
    );
    return [
      ...own,
      ...(last === undefined ? [] : [{ key: 'timeout', value: toNumber(last), isGiven: false }]),
    ].map((each) => ({
      ...each,
      line: firstLine + at,
      text,
    }));
  });
}

/** Calls that wait for a test, or are one. */
const WAITS =
  /^(?:[\w$]+\.)*(?:it|test|specify|scenario|describe|suite|context|only|each|concurrent|set\w*|configure\w*|timeout|retries|retry\w*|waitFor\w*|waitUntil|wait|eventually|consistently|poll|toPass|flaky|Timeout|Retry\w*|Repeated\w*|within|step|get|find\w*|contains|click|fill|to[A-Z]\w*|define\w*|use|goto|locator|request|visit)$/;

/** Whether it stands in a call that is no runner's. */
function isGivenToProgram(text: string, index: number): boolean {
  let depth = 0;
  for (let at = index; at >= 0; at--) {
    const one = text[at];
    if (one === ')') depth += 1;
    else if (one === '(' && depth-- === 0) {
      const name = /[\w$.]+$/.exec(text.slice(0, at))?.[0];
      return name !== undefined && !/^[@#]/.test(text) && !WAITS.test(name);
    }
  }
  return false;
}

function toNumber(text: string): number {
  return Number(text.replaceAll('_', ''));
}

/** Of lines over all tests of a file, and of the settings of runners. */
export const softenedFiles: FileRule = (file) => {
  const { path, before, whole } = file;
  const isTests = mayHoldTests(path);
  if ((!isTests && !isRunnerFile(path)) || file.after === undefined) return [];
  const own = new Set(readBothSides(file).after.tests.flatMap(linesWithin));
  const gone = file.removed.flatMap(({ text }) => text.split('\n'));
  const goneLines = new Set(gone.map((line) => line.trim()));
  const was = waits({ lines: (whole.before ?? '').split('\n'), firstLine: 1 });
  const found: Found[] = [];
  for (const { line, text } of addedLines(file)) {
    if (own.has(line) || text.length > 1_000 || goneLines.has(text.trim()) || isComment(text)) continue;
    const module = isTests ? MOCK_MODULE.exec(text)?.[1] : undefined;
    if (module !== undefined && isSubject(module, path) && !hasActual(whole.after ?? '')) {
      found.push(tell(path, line, `replaces what it tests (${quote(text)})`));
    }
    const [wait] = before === undefined ? [] : waits({ lines: [text], firstLine: line });
    const had = wait && was.filter(({ key }) => key === wait.key).toSorted((a, b) => b.value - a.value)[0];
    if (wait && isPatience(wait.key, isTests) && (had ? wait.value > had.value : wait.value > 0)) {
      found.push(tell(path, line, `gives tests more time or more tries (${quote(text)})`));
    }
  }
  return found.slice(0, MOST_OF_FILE);
};

const MOST_OF_FILE = 3;

/** In settings of a whole project other things wait and retry as well. */
function isPatience(key: string, isTests: boolean): boolean {
  return isTests || /^(?:retries|retrytimes|reruns|testtimeout|hooktimeout|flaky|timeout)$/.test(key);
}

function linesWithin({ firstLine, lines }: TestBlock): number[] {
  return lines.map((_, at) => firstLine + at);
}

function isComment(line: string): boolean {
  return /^\s*(?:\/\/|#(?!\[)|\*|\/\*|<!--)/.test(line);
}

function isSubject(module: string, path: string): boolean {
  return /^[./@~#]/.test(module) && stemOf(module) === stemOf(path);
}

/** Replaced in a part only. */
function hasActual(text: string): boolean {
  return /importActual|requireActual|importOriginal|createMockFromModule/.test(text);
}

function tell(path: string, line: number, how: string): Found {
  const say = `${how}. Look at whether a test would still fail where the code is wrong.`;
  return { rule: 'weakened_test', path, line, severity: 'warn', say };
}
