// How much an assertion claims, by the words with which frameworks compare. Pure.

/** 3: exactly this. 2: a part of it, or a bound. 1: that there is something. 0: nothing about any program. */
export type Strength = 0 | 1 | 2 | 3;

/** What is looked at, the words that compare, as the framework calls them, and what is expected; empty where it cannot be told. */
export type Parts = Readonly<{ subject: string; matcher: string; expected: string }>;

const STRINGS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/g;

export function strengthOf(text: string, parts: Parts): Strength {
  return isHollow(text, parts) ? 0 : ofClaim(text, parts);
}

const WEAK =
  /^(?:not )?(?:toBeTruthy|toBeFalsy|toBeDefined|toBeInstanceOf|toBeInTheDocument|toExist|exists?|ok|truthy|falsy|be_truthy|be_falsey|present|defined|notNull|NotNull|isNotNull|IsNotNull|NotNil|notNil|assertNotNull|assertIsNotNull|assertNotNil|assert_not_nil|assert_not_null|refute_nil|assertIsNotNone|assertIsInstance|assertInstanceOf|assert_instance_of|IsType|isInstanceOf|instanceOf|IsInstanceOf|be_a|be_an|be_kind_of|be_an_instance_of|toBeTypeOf|assertDoesNotThrow|doesNotThrow|DoesNotThrow|NotThrow|notThrows|NoError|XCTAssertNotNil|XCTAssertNoThrow|EXPECT_NO_THROW|ASSERT_NO_THROW|REQUIRE_NOTHROW|CHECK_NOTHROW|assertNotEmpty|isNotEmpty|NotEmpty|assertNotSame|toHaveBeenCalled|toBeCalled|called|have_received|BeNull|BeEmpty|assertIsArray|assertIsString|assertIsInt|isArray|isString|function|object|string|number|array|raise_error|anything|notNullValue|anyOf|instance)$/i;
const NEGATED =
  /^not |^(?:assert|Are|refute|XCTAssert|assert_)?_?not_?(?:equal|eq|same|deepEqual|identical|be)\w*$|^(?:EXPECT|ASSERT)_NE$|^assert_ne!?$/i;
const PARTIAL =
  /(?:contain|include|match(?!Snapshot|InlineSnapshot)|regex|starts?_?with|ends?_?with|greater|less|above|below|least|most|within|between|haslength|length_?of|_len$|^len$|tohavelength|count|superset|subset|like|partial|haveproperty|throws?$|raises?$)/i;
const IS_BOOLEAN =
  /^(?:assert_?true|true|istrue|tobetrue|be_?true|xctasserttrue|xctassert|expect_true|assert_true|ok|assert|check|require|that|isTrue|assert!?|#expect|#require|)$/i;
const ANY =
  /\b(?:anything\(\)|any\(|ANY\b|It\.IsAny|mock\.ANY|Matchers\.any|Arg\.Any|_\.isAny|not\.objectContaining)/;

function ofClaim(text: string, { subject, matcher, expected }: Parts): Strength {
  if (/^not toThrow|^not raise_error|^not throw/i.test(matcher)) return 1;
  if (/^not toBeNull$|^not toBeUndefined$|^not be_nil$|^not null$|^not (?:BeNull|toBeNil)$/i.test(matcher))
    return 1;
  if (WEAK.test(matcher)) return 1;
  if (ANY.test(expected)) return 1;
  if (IS_BOOLEAN.test(matcher)) return ofCondition(subject);
  if (/^(?:!==?|is not|not in)$/.test(matcher)) return GO_CONDITION.test(text) ? 3 : 1;
  if (/^(?:<=?|>=?|in|=~)$/.test(matcher)) return 2;
  if (/^assert_?(?:not_?)?in$/i.test(matcher)) return 2;
  if (NEGATED.test(matcher)) return 1;
  if (/(?:object|array|string)Containing|stringMatching|hasItem|containsString/i.test(expected)) return 2;
  if (/^toThrow|^throws?$|^raises?$|assertRaises|assertThrows/i.test(matcher)) return expected === '' ? 2 : 3;
  return PARTIAL.test(matcher) ? 2 : 3;
}

/** A condition of Go's stands without `assert` before it. */
const GO_CONDITION = /^(?!.*\bassert)/;

/** What a boolean claims depends on what it is made of. */
function ofCondition(subject: string): Strength {
  if (/[._](?:is_?ok|is_?some|is_?present|is_?defined|any\?|present\?|is_?not_?empty)\b/i.test(subject))
    return 1;
  if (/\s===?\s|\.equals\(|\.isEqual\(|deepEqual\(/.test(subject)) return 3;
  if (/!=|is not|instanceof|isinstance\(|typeof|\bis\s+\w+\?|!==/.test(subject)) return 1;
  if (
    /\.(?:includes|contains|match|test|startsWith|endsWith|some|any|include\?)\s*\(|\sin\s|[<>]=?/.test(
      subject,
    )
  )
    return 2;
  // A question that the program answers, against a bare name.
  return /[(?]/.test(subject) ? 2 : 1;
}

const ALWAYS = /^(?:true|!0|!!1|1|True|"[^"]*"|'[^']*'|:ok)$/;

function isHollow(text: string, { subject, matcher, expected }: Parts): boolean {
  if (/\|\|\s*(?:true|1)\b|\bor\s+(?:True|1)\b|\bor\s+true\b/.test(text.replace(STRINGS, '""'))) return true;
  // A tuple of Python's is true.
  if (/^assert \([^\n]*,\s*f?(?:"[^"]*"|'[^']*')\s*\)$/.test(text) && !text.includes('===')) return true;
  // A condition of Go's under which a test would fail.
  if (GO_CONDITION.test(text) && /^\(*(?:false|0)\s*&&|&&\s*false\b/.test(text)) return true;
  const isTruth = /^(?:(?:assert_?)?(?:is_?)?true|toBe|toEqual|toBeTruthy|be|ok|assert|equal|eq|)$/i.test(
    matcher.replace(/!$/, ''),
  );
  if (isTruth && ALWAYS.test(subject) && (expected === '' || ALWAYS.test(expected))) return true;
  if (subject === '' || expected === '' || NEGATED.test(matcher)) return false;
  const isEqual =
    /^(?:===?|is|toBe|toEqual|toStrictEqual|equals?|eq|eql|assert_?equals?|assertSame|AreEqual|Equal|assert_eq!?|EXPECT_EQ|ASSERT_EQ|XCTAssertEqual|strictEqual|deepEqual|same|isEqualTo|be|Be)$/i.test(
      matcher,
    );
  return isEqual && subject === expected;
}
