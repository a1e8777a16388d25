// Reads what the statements of a test claim, in the forms that people write in many languages: what is looked at, how
// strictly, and what is expected. Pure.
import { type Parts, type Strength, strengthOf } from './assertion-strength.ts';
import { linesInStrings } from './strings.ts';
import type { TestBlock } from './test-blocks.ts';

/** `text` stands on one line. */
export type Assertion = Parts & Readonly<{ text: string; line: number; strength: Strength }>;

const MOST_STATEMENT = { lines: 40, characters: 4_000 };
const MOST_ASSERTIONS = 300;

/** Begins a statement that checks something. */
const BEGINS =
  /(?:^|[^\w.$'"`])(?:expect(?:TypeOf)?\s*[(<{]|expect\.soft\(|(?:Expect|Eventually|Consistently)\(|pytest\.(?:raises|warns)\(|assert\w*[!?]?(?:\.\w+)?\s*[(<\s]|Assert\.\w+|Assertions\.\w+|assertThat|require\.\w+|verify\w*\s*\(|XCT(?:Assert\w*|Unwrap|Fail)\s*\(|(?:EXPECT|ASSERT|CHECK|REQUIRE)(?:_\w+)?\s*\(|#(?:expect|require)\(|refute\w*\s*[\s(]|must_\w+|is_expected|should\b|BOOST_\w+\s*\(|(?:self|this|\$this|t|tap)(?:\.|->|::)(?:assert\w*|expect\w*|is|not|deepEqual|equal|equals|same|like|true|false|truthy|falsy|throws|throwsAsync|notThrows|snapshot|regex|ok|plan|strictSame|Error|Errorf|Fatal|Fatalf|Fail|FailNow)\s*\()|\.(?:should|Should|ShouldBe|ShouldEqual|must|to_equal|shouldBe)\b|^\s*(?:Then|And|But)\s+\S/;
/** Go has no words for it: a condition, and the test fails below it. */
const GO_FAILS = /\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\s*\(/;

/** All that a test checks, in its order. */
export function readAssertions(block: TestBlock): Assertion[] {
  const found: Assertion[] = [];
  const { lines } = block;
  const quoted = linesInStrings(lines);
  for (let at = 0; at < lines.length && found.length < MOST_ASSERTIONS; at++) {
    const line = lines[at] ?? '';
    if (!BEGINS.test(line) || quoted.has(at)) continue;
    if (GO_FAILS.test(line)) {
      const condition = goCondition(lines, at);
      found.push(parse(condition ?? line.trim(), block.firstLine + at));
      continue;
    }
    const { text, end } = statementAt(lines, at);
    found.push(parse(text, block.firstLine + at));
    at = end;
  }
  return found;
}

function goCondition(lines: readonly string[], at: number): string | undefined {
  for (let up = at; up >= Math.max(0, at - 4); up--) {
    const condition = /^\s*(?:\}\s*else\s+)?if\s+(.{1,600}?)\s*\{/.exec(lines[up] ?? '')?.[1];
    if (condition !== undefined) return condition.replace(/^.{1,300};\s*/, '');
  }
  return undefined;
}

/** Joins the lines of one statement: until its brackets are closed and no chain goes on. */
function statementAt(lines: readonly string[], at: number): { text: string; end: number } {
  let text = '';
  let end = at;
  for (let down = at; down < lines.length && down - at < MOST_STATEMENT.lines; down++) {
    text += `${text === '' ? '' : ' '}${(lines[down] ?? '').trim()}`;
    end = down;
    if (text.length > MOST_STATEMENT.characters) break;
    const isOpen = depthOf(text) > 0 || /(?:[=!<>&|,.]|\b(?:and|or|to|is|in))$/.test(text);
    const goesOn = /^\s*(?:\.|->|\?\.|&&|\|\||and\b|or\b|==)/.test(lines[down + 1] ?? '');
    if (!isOpen && !goesOn) break;
  }
  return { text: text.slice(0, MOST_STATEMENT.characters).replace(/;$/, ''), end };
}

/** Open brackets at the end, strings left out. */
function depthOf(text: string): number {
  const bare = text.replace(STRINGS, '""');
  let depth = 0;
  for (const one of bare) {
    if (one === '(' || one === '[' || one === '{') depth += 1;
    else if (one === ')' || one === ']' || one === '}') depth -= 1;
  }
  return depth;
}

const STRINGS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/g;

function parse(text: string, line: number): Assertion {
  const parts = readParts(text);
  return { text, line, ...parts, strength: strengthOf(text, parts) };
}

function readParts(text: string): Parts {
  return (
    chained(text) ??
    wrapped(text) ??
    called(text) ??
    compared(text) ?? { subject: '', matcher: '', expected: '' }
  );
}

/** `expect(a).not.toBe(b)`, `expect(a).to eq(b)`, `assertThat(a).isEqualTo(b)`, `a.Should().Be(b)`, `a.should.equal(b)`. */
function chained(text: string): Parts | undefined {
  const opened =
    /\b(?:expect(?:TypeOf)?|assertThat|assert_that|[Tt]hat|is_expected)\s*(?:<[^>]{0,80}>)?([({])/.exec(text);
  if (opened) {
    const start = opened.index + opened[0].length;
    const end = closing(text, start - 1);
    const rest = text.slice(end + 1);
    if (/^\s*(?:\.|->|\?\.)/.test(rest) || /^\s*(?:not_)?to(?:_not)?\b/.test(rest)) {
      return { subject: text.slice(start, end).trim(), ...readChain(rest) };
    }
    // Hamcrest: the matcher is the second argument.
    const [subject = '', ...matchers] = splitArguments(text.slice(start, end));
    return matchers.length === 0 ? undefined : { subject, ...readChain(matchers.join(', ')) };
  }
  const dot = /^(.{1,600}?)(?:\.|->)(?:[Ss]hould|must)(?=[.A-Z_(])(.*)$/s.exec(text);
  const [, subject, rest] = dot ?? [];
  return subject === undefined || rest === undefined
    ? undefined
    : { subject: subject.trim(), ...readChain(rest) };
}

/** The last call of a chain, with `not` where it stands before it. */
function readChain(rest: string): Omit<Parts, 'subject'> {
  const bare = rest.replace(STRINGS, (string) => '"'.padEnd(string.length, '_'));
  const depths = depthsOf(bare);
  const names = [...bare.matchAll(/[A-Za-z_]\w*/g)].filter(({ index }) => depths[index] === 0);
  const words = names
    .map(([name]) => name)
    .filter(
      (name) =>
        !/^(?:to|be|been|have|that|which|and|with|has|is|resolves|rejects|deep|a|an|the|toBe)$/.test(name),
    );
  const last = names.at(-1);
  const open = bare.indexOf('(', last === undefined ? 0 : last.index);
  const close = open < 0 ? -1 : closing(rest, open);
  const loose = last === undefined ? '' : rest.slice(last.index + last[0].length).trim();
  const expected = open < 0 || close < 0 ? loose : rest.slice(open + 1, close).trim();
  const isNot = /(?:^|\W)(?:not|not_to|to_not|never|isNot|NotBe|nothing)(?:\W|$)/i.test(
    bare.slice(0, last?.index ?? 0) || bare.slice(0, 12),
  );
  const name = words.at(-1) ?? names.at(-1)?.[0] ?? '';
  return { matcher: `${isNot && !/^not/i.test(name) ? 'not ' : ''}${name}`, expected };
}

/** How many brackets are open before each character. */
function depthsOf(text: string): readonly number[] {
  let depth = 0;
  return text.split('').map((one) => {
    if (one === '(' || one === '[' || one === '{') depth += 1;
    else if (one === ')' || one === ']' || one === '}') depth -= 1;
    return depth;
  });
}

/** `assert(a === b)`, `assert!(a == b, "why")`; in Python the brackets may end before the statement does. */
function wrapped(text: string): Parts | undefined {
  const opened =
    /^(?:debug_)?(?:assert!?|ensure!|console\.assert|assert\.ok|Assert\.(?:IsTrue|True))\s*\(/.exec(text);
  if (opened === null || closing(text, opened[0].length - 1) < text.length - 1) return undefined;
  const [claim = ''] = splitArguments(text.slice(opened[0].length, -1));
  return compared(`assert ${claim}`);
}

const CALLED =
  /(?:^|[^\w])(pytest\.(?:raises|warns)|(?:self|this|t|tap|\$this|Assert|Assertions|assert|require|TestCase|is)(?:\.|->|::)\w+|assert\w+!?|verify\w*|refute\w*|XCT\w+|(?:EXPECT|ASSERT|CHECK|REQUIRE|BOOST)(?:_\w+)?|#expect|#require)(?:<[^>]{0,80}>)?\s*(\(|\s)/;

/** `assertEquals(a, b)`, `assert.equal(a, b)`, `EXPECT_EQ(a, b)`, `assert_equal a, b`, `require.Equal(t, a, b)`. */
function called(text: string): Parts | undefined {
  const found = CALLED.exec(text);
  const name = found?.[1];
  if (found === null || name === undefined) return undefined;
  const end = found.index + found[0].length;
  if (/^assert$/.test(name)) return undefined;
  const inside = found[2] === '(' ? text.slice(end, closing(text, end - 1)) : text.slice(end);
  const given = splitArguments(inside).filter((each, at) => !(at === 0 && /^t$/.test(each)));
  const [one = '', other] = given;
  const matcher = name.replace(/^.*(?:\.|->|::)/, '');
  if (other === undefined) {
    const inner = compared(`assert ${one}`);
    return inner?.matcher ? inner : { subject: one, matcher, expected: '' };
  }
  // Frameworks do not agree on which of the two comes first; the value written out is what is expected.
  return isValue(one) && !isValue(other)
    ? { subject: other, matcher, expected: [one, ...given.slice(2)].join(', ') }
    : { subject: one, matcher, expected: given.slice(1).join(', ') };
}

/** Written out: a string, a number, a list, a word for nothing. */
export function isValue(text: string): boolean {
  return /^(?:[-+]?\d|["'`[{:]|[bfru]?["']|true\b|false\b|null\b|None\b|nil\b|True\b|False\b|undefined\b|new\s|vec!|&\[|Decimal\(|list\(|array\()/.test(
    text.trim(),
  );
}

/** `assert a == b`, `a is not None`, `got != 3`. */
function compared(text: string): Parts | undefined {
  const bare = text.replace(/^(?:assert|refute)\s+/, '');
  const hidden = bare.replace(STRINGS, (string) => '"'.padEnd(string.length, '_'));
  const depths = depthsOf(hidden);
  for (const found of hidden.matchAll(/\s(===?|!==?|=~|<=|>=|<|>|is not|is|not in|in|=)\s/g)) {
    const { index } = found;
    if (depths[index] !== 0) continue;
    const subject = bare.slice(0, index).trim();
    const expected = bare
      .slice(index + found[0].length)
      .replace(/,\s*f?["'].*$/s, '')
      .trim();
    return isValue(subject) && !isValue(expected)
      ? { subject: expected, matcher: found[1] ?? '', expected: subject }
      : { subject, matcher: found[1] ?? '', expected };
  }
  return { subject: bare.replace(/,\s*f?["'].*$/s, '').trim(), matcher: '', expected: '' };
}

/** Where the bracket at `open` is closed; the end of the text where it is not. */
export function closing(text: string, open: number): number {
  const hidden = text.replace(STRINGS, (string) => '"'.padEnd(string.length, '_'));
  let depth = 0;
  for (let at = open; at < hidden.length; at++) {
    const one = hidden[at] ?? '';
    if ('([{'.includes(one)) depth += 1;
    else if (')]}'.includes(one)) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return hidden.length;
}

/** What stands between the commas that no bracket within encloses. */
export function splitArguments(inside: string): string[] {
  const hidden = inside.replace(STRINGS, (string) => '"'.padEnd(string.length, '_'));
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < hidden.length; at++) {
    const one = hidden[at] ?? '';
    if ('([{'.includes(one)) depth += 1;
    else if (')]}'.includes(one)) depth -= 1;
    else if (one === ',' && depth === 0) {
      parts.push(inside.slice(from, at).trim());
      from = at + 1;
    }
  }
  const last = inside.slice(from).trim();
  return last === '' ? parts : [...parts, last];
}
