// The words by which tests are left out, in the languages and frameworks that have them. Sources: the documentation of each
// framework. Pure.
import { indentOf, type TestBlock } from './test-blocks.ts';

/** `off`: it never runs. `sometimes`: a condition decides. `alone`: it runs, and the others of its file do not. */
export type Skip = 'off' | 'sometimes' | 'alone';

/** In what opens a test or a suite, with its attributes. */
const OFF_HEAD: readonly RegExp[] = [
  /(?:^|\n)\s*(?:await\s+)?(?:(?:t|tc|ctx|Deno)\.)?[\w.]+\.(?:skip|todo|fixme|failing|fails|ignore|skipIf\(\s*true\s*\)|runIf\(\s*false\s*\))\b/,
  /(?:^|\n)\s*(?:RSpec\.)?(?:xit|xtest|xspecify|xscenario|xdescribe|xcontext|pending|[PX](?:It|Specify|Describe|Context|When|DescribeTable))\b/,
  /[{,]\s*["']?(?:skip|todo|ignore|fixme)["']?\s*:\s*(?!false\b|undefined\b|process|!|\w+\s*[=!]=)/,
  /@(?:pytest\.mark\.(?:skip|xfail)|unittest\.(?:skip|expectedFailure)|skip|expectedFailure)\b(?!\w)/,
  /@(?:[\w.]+\.)?(?:Disabled|Ignore|Ignored)\b(?!\w)|@Test\s*\([^)\n]{0,100}enabled\s*=\s*false/,
  /#\[ignore\b|#!?\[cfg\((?:any\(\)|FALSE|never)\)\]/,
  /\[(?:\w+\s*,\s*)?(?:Ignore|Explicit)\b|\bSkip\s*=\s*(?:"|nameof)|\bExplicit\s*=\s*true|\bIgnore\s*=\s*"/,
  /@(?:module)?tag\s+:skip\b|@(?:module)?tag\s+skip:\s*(?!false)|@describetag\s+:skip\b/,
  /,\s*(?::skip|:pending|skip:\s*(?:true|["'])|pending:\s*(?:true|["']))/,
  /\bDISABLED_|(?:TEST_CASE|SCENARIO)[^\n]{0,300}\[(?:\.|!hide|!mayfail|!shouldfail)[^\]\n]{0,60}\]|\*\s*boost::unit_test::disabled/,
  /\.disabled\s*\(|\.config\s*\(\s*enabled\s*=\s*false|\.withKnownIssue\b/,
  /(?:^|\n)\s*@(?:skip|wip|ignore|pending|disabled)\b/i,
  /->(?:skip|todo)\s*\(/,
];
const SOMETIMES_HEAD: readonly RegExp[] = [
  /\.(?:skipIf|runIf)\s*\(/,
  /@(?:pytest\.mark\.skipif|unittest\.skip(?:If|Unless)|skip(?:If|Unless|_if|_unless))\b/,
  /@(?:Disabled|Enabled)(?:On|For|If|In)\w*|@(?:IgnoreIf|Requires|EnabledIf)\b/,
  /#\[cfg_attr\([^\n]{0,200}\bignore\b|\.enabled\s*\(\s*if:/,
  /[{,]\s*["']?skip["']?\s*:\s*(?:process|!|\w+\s*[=!]=)/,
];
const ALONE_HEAD: readonly RegExp[] = [
  /(?:^|\n)\s*(?:(?:t|Deno)\.)?(?:it|test|specify|describe|context|suite|scenario)(?:\.\w+)*\.only\b/,
  /(?:^|\n)\s*(?:RSpec\.)?(?:fit|ftest|fspecify|fdescribe|fcontext|F(?:It|Describe|Context|Specify))\s*[("']/,
  /,\s*(?::focus\b|focus:\s*true)|[{,]\s*only\s*:\s*true|->only\s*\(/,
];

/** A statement of a body that ends the test where it stands. */
const OFF_BODY =
  /^(?:(?:if|unless)\b.{0,200}?)?(?:throw\s+|return\s+|await\s+)?(?:(?:t|b|s|tc|ctx|context|this|self|test|it|vm|error|\$this|pytest|unittest|Assert|Assume|Skip)(?:\.|->|::))?(?:SkipZigTest|Skip(?:f|Now|Test)?|skipTest|skip!?|fixme|xfail|importorskip|GTEST_SKIP|SKIP|markTestSkipped|markTestIncomplete|XCTSkip|Ignore|Inconclusive|pending|todo)\s*(?:\(|["'](?!\s*=>)|;?$)/;
const ASSUMED_FALSE = /^(?:[\w.]+\.)?assume(?:True\s*\(\s*false|False\s*\(\s*true|That\s*\(\s*false)/;
const SOMETIMES_BODY =
  /\bXCTSkip(?:If|Unless)\s*\(|^(?:[\w.]+\.)?assume(?:True|False|That)?\s*\(|^prop_assume!|^fc\.pre\(|\bSkip\.(?:If|IfNot)\s*\(/;
/** Words of other things: streams, cursors, queries. */
const OTHER = /\.(?:skip|Skip)\s*\(\s*(?:\d|offset|page|n\b|skip\b|count)/;

/** How a test or suite is left out; undefined where it runs. */
export function skipOf(block: TestBlock): Skip | undefined {
  if (ALONE_HEAD.some((pattern) => pattern.test(block.head))) return 'alone';
  if (SOMETIMES_HEAD.some((pattern) => pattern.test(block.head))) return 'sometimes';
  if (OFF_HEAD.some((pattern) => pattern.test(block.head)) || isOffBehind(block)) return 'off';
  return skipInside(block);
}

/** Pest says it behind the test. */
function isOffBehind({ lines }: TestBlock): boolean {
  return /^\s*\}\)->(?:skip|todo)\s*\(/.test(lines.at(-1) ?? '');
}

function skipInside({ lines, head }: TestBlock): Skip | undefined {
  const body = lines.slice(head.split('\n').length).filter((line) => !/^\s*\{?\s*$/.test(line));
  const first = body[0];
  if (first === undefined) return undefined;
  const indent = indentOf(first);
  for (const line of body) {
    const bare = line.trim();
    if (bare.length > 400 || OTHER.test(bare)) continue;
    if (SOMETIMES_BODY.test(bare)) {
      if (ASSUMED_FALSE.test(bare)) return 'off';
      return 'sometimes';
    }
    if (!OFF_BODY.test(bare)) continue;
    // With a condition of its own (`test.skip(isMobile, 'why')`), or below one.
    const isConditional =
      /^(?:if|unless)\b/.test(bare) ||
      /\b(?:if|unless)\s+\S/.test(bare) ||
      indentOf(line) > indent ||
      /\.(?:skip|fixme)\s*\(\s*(?!["'`)])[^,)]{1,200}/.test(bare);
    return isConditional ? 'sometimes' : 'off';
  }
  return undefined;
}

/** Lines that leave out a whole file. */
export const FILE_OFF: readonly RegExp[] = [
  /^\s*pytestmark\s*=.{0,100}pytest\.mark\.(?:skip|xfail)/,
  /^\s*pytest\.skip\([^)\n]{0,200}allow_module_level\s*=\s*True|^\s*pytest\.importorskip\(/,
  /^\/\/go:build\s+(?!ignore_never)\S|^\/\/ \+build\s+\S/,
  /^\s*@moduletag\s+:?skip|^\s*skip_all\b|^\s*plan\s+skip_all/,
  /^\s*@Skip\(/,
  /^\s*(?:jest|vi)\.disable|^\s*self\.skip\b/,
  /^\s*(?:collect_ignore(?:_glob)?|__test__\s*=\s*False\b)/,
];

/** A way out of a test before it has checked anything. */
export const BARE_RETURN = /^return(?:\s+(?:undefined|None|nil|true|done\(\)|null|Ok\(\(\)\)))?;?$/;
export const GUARDED_RETURN =
  /^if\b.{1,200}\breturn(?:\s+(?:undefined|None|nil|true|done\(\)|null|Ok\(\(\)\)))?\s*;?\s*\}?$|^return(?:\s+nil)?\s+(?:if|unless)\b/;
