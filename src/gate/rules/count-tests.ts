// Counts the tests of a file that would run and what they check, in many languages, without reading any of them closely:
// enough to see that a file was emptied. Pure; takes time in proportion to the text.

export type TestCount = Readonly<{
  /** Tests that run. */
  active: number;
  /** Tests that are there but switched off. */
  off: number;
  /** Places that check something. */
  checks: number;
}>;

/** Longer files are judged by their beginning. */
const MOST_CHARS = 400_000;

const LINE_COMMENT = /^[ \t]*(?:\/\/|#(?!\[|!\[|include|define|if|endif)|--|\*|;)[^\n]*/gm;

/** Without comments. By hand, since a pattern would begin anew at each opening that is never closed. */
function withoutComments(text: string): string {
  let kept = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('/*', at);
    const end = start < 0 ? -1 : text.indexOf('*/', start + 2);
    if (end < 0) break;
    kept += text.slice(at, start);
    at = end + 2;
  }
  return (kept + text.slice(at)).replace(LINE_COMMENT, '');
}

/** Each begins one test: mocha and kin, Python, Go, Rust, JUnit, NUnit, xUnit, PHPUnit, RSpec, C++, bats, Elixir, Gherkin. */
const TEST =
  /(?<![\w.$])(?:it|test|specify|scenario|testCase)(?:\.(?:each|for|concurrent|sequential|fails|serial|step))*\s*(?:\(|`|<|\s["'])|\bdef\s+test\w*|\bfunc\s{1,4}(?:\([^)\n]{0,80}\)\s{0,4})?(?:Test|Benchmark|Fuzz|Example|test)\w*\s*\(|#\[(?:\w+::)?test\b|#\[rstest\b|@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Property)\b|\[(?:Test|TestCase|TestMethod|Fact|Theory|DataTestMethod)\b|\bfunction\s+test\w*\s*\(|\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|TEST_CASE|BOOST_AUTO_TEST_CASE|SCENARIO)\s*\(|^[ \t]*@test\s+["']|^[ \t]*(?:Scenario|Scenario Outline|Example):|\bDeno\.test\s*\(|@testset\b|^[ \t]*(?:public\s+)?void\s+test\w*\s*\(/gm;

const OFF =
  /(?<![\w.$])(?:it|test|specify|scenario)\.(?:skip|todo|fixme|skipIf\(true\)|failing)\b|(?<![\w.$])(?:xit|xtest|xspecify|xscenario|pending)\s*(?:\(|\s["'])|@(?:pytest\.mark\.(?:skip|xfail)|unittest\.skip|skip)\b|\bt\.Skip(?:f|Now)?\s*\(|#\[ignore\b|@(?:Disabled|Ignore)\b|\[Ignore\b|\bSkip\s*=\s*"|\bmarkTestSkipped\s*\(|@tag\s+:skip\b|\bGTEST_SKIP\s*\(|\(\s*DISABLED_|,\s*DISABLED_|\{\s*skip:\s*(?:true|["'])|\bthis\.skip\s*\(|\bself\.skipTest\s*\(|(?<![.\w])pytest\.skip\s*\(|^[ \t]*@(?:skip|wip|ignore)\b/gm;

/** The whole file is switched off at once. */
const ALL_OFF =
  /^[ \t]*pytestmark[ \t]*=[ \t]*\[?\s{0,100}pytest\.mark\.skip|pytest\.skip\([^)\n]*allow_module_level\s*=\s*True|^(?:\/\/go:build ignore|\/\/ \+build ignore)|^#!\[cfg\((?:any\(\)|FALSE|never)\)\]|@(?:Disabled|Ignore)\b[^\n]*\n(?:[ \t]*@[^\n]*\n){0,10}[ \t]*(?:public\s+|internal\s+|final\s+|open\s+){0,3}class\b|\[Ignore\b[^\n]*\n(?:[ \t]*\[[^\n]*\n){0,10}[ \t]*(?:public\s+|sealed\s+){0,3}class\b|@unittest\.skip\([^\n]*\n[ \t]*class\b/m;
const SUITE =
  /(?<![\w.$])(?:describe|suite|context|test\.describe)(?:\.(?:each|concurrent|serial|parallel))*\s*(?:\(|\s["'])/g;
const SUITE_OFF =
  /(?<![\w.$])(?:(?:describe|suite|context|test\.describe)\.(?:skip|todo|fixme)|xdescribe|xcontext)\b/g;
const CHECK =
  /\b(?:assert|expect|should|verify|check|ensure|must|require|refute|fail|raises|XCTAssert|EXPECT_|ASSERT_|CHECK|REQUIRE|Then)\w*|\bt\.(?:Error|Fatal|is|equal|ok|true|throws|deepEqual|same|snapshot)\w*/g;
/** Says nothing about any program. */
const HOLLOW =
  /\b(?:expect\(\s*(?:true|1|!0)\s*\)\.(?:toBe|toEqual|toStrictEqual)\(\s*(?:true|1|!0)\s*\)|expect\(\s*(?:true|1)\s*\)\.toBeTruthy\(\)|assert(?:True|\.ok|\.isTrue|That)?\s*\(\s*(?:true|True|1)\s*\)|assert(?:\.equal|Equals?|_eq!|\.strictEqual)\s*\(\s*(?:true|1|True)\s*,\s*(?:true|1|True)\s*\)|assert\s+(?:True|1\b(?!\s*[=<>+]))|assert!\(true\))/g;

/** What a file of tests holds. */
export function countTests(text: string): TestCount {
  const head = text.slice(0, MOST_CHARS);
  const isAllOff = ALL_OFF.test(head);
  const code = withoutComments(head);
  const all = countOf(code, TEST);
  const off = countOf(code, OFF);
  const suitesOff = countOf(code, SUITE_OFF);
  const isOff = isAllOff || ALL_OFF.test(code) || (suitesOff > 0 && countOf(code, SUITE) === 0);
  return {
    // A test that is switched off by a word within it was counted as one that runs.
    active: isOff ? 0 : Math.max(0, all - countOf(code, OFF_WITHIN)),
    off: isOff ? all + off : off + suitesOff,
    checks: countOf(code.replace(HOLLOW, ''), CHECK),
  };
}

/** Those of `OFF` that stand beside or in a test that `TEST` counts too. */
const OFF_WITHIN =
  /@(?:pytest\.mark\.skip|unittest\.skip|skip)\b|\bt\.Skip(?:f|Now)?\s*\(|#\[ignore\b|@(?:Disabled|Ignore)\b|\[Ignore\b|\bSkip\s*=\s*"|\bmarkTestSkipped\s*\(|@tag\s+:skip\b|\bGTEST_SKIP\s*\(|,\s*DISABLED_|\{\s*skip:\s*(?:true|["'])|\bthis\.skip\s*\(|\bself\.skipTest\s*\(|(?<![.\w])pytest\.skip\s*\(/g;

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
