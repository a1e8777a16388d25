// Labels by which runners choose tests, put on tests that ran without: a marker, a tag, a group, a category, a feature.
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, type FileRule, type Found, perChange } from '../found.ts';
import { quote } from './quote.ts';
import { skipOf } from './skip-marks.ts';
import type { TestBlock } from './test-blocks.ts';
import { mayHoldTests } from './test-names.ts';
import { pairTests, readBothSides } from './test-pairs.ts';

export const testLabels: FileRule = (file, change) => {
  if (!mayHoldTests(file.path) || file.before === undefined) return [];
  const ofTests = labelled(change).filter(({ path }) => path === file.path);
  return [...ofTests, ...ofSuites(file), ...ofFile(file)].slice(0, MOST);
};

const MOST = 5;

const labelled = perChange((change: Change): readonly Found[] =>
  pairTests(change).pairs.flatMap(({ path, before, after }) => compare(path, before, after)),
);

function ofSuites(file: FileChange): Found[] {
  const { before, after } = readBothSides(file);
  const had = Map.groupBy(before.suites, ({ name }) => name);
  return after.suites.flatMap((suite) => {
    const was = had.get(suite.name)?.shift();
    return was === undefined ? [] : compare(file.path, was, suite);
  });
}

/** A marker over all tests of a file of Python. */
function ofFile(file: FileChange): Found[] {
  const hit = [...addedLines(file)].find(
    ({ text }) => /^\s*pytestmark\s*=/.test(text) && !HARMLESS.test(`@${text.split('=')[1]?.trim() ?? ''}`),
  );
  return hit === undefined ? [] : [tell(file.path, hit.line, `puts ${quote(hit.text)} on all of its tests`)];
}

function compare(path: string, before: TestBlock, after: TestBlock): Found[] {
  // That it is skipped is told as such.
  if (skipOf(after) !== undefined) return [];
  const had = new Set(labelsOf(before));
  const come = labelsOf(after).find(
    (label) => !had.has(label) && (SORTS.test(label) || !HARMLESS.test(label)),
  );
  return come === undefined
    ? []
    : [tell(path, after.line, `puts the label ${quote(come)} on ${quote(after.name)}`)];
}

function tell(path: string, line: number, how: string): Found {
  const say = `${how}, by which a runner may leave it out. Look at whether it still runs where it did.`;
  return { rule: 'test_changed', path, line, severity: 'warn', say };
}

const ATTRIBUTE = /(?<![\w.])@[A-Za-z][\w.:]*(?:\([^()\n]*\))?|(?:^|\s)#?\[[A-Za-z][^\]\n]*\]/g;
/** `:slow` of RSpec and ExUnit, `tag: '@slow'` of Playwright, `@slow` in a title. */
const IN_OPENING =
  /(?<=,\s*):[a-z]\w*(?=\s*(?:,|\)|do\b))|\btags?\s*:\s*(?:\[[^\]\n]*\]|["'][^"'\n]*["'])|(?<=["'`\s])@[a-z][\w-]*(?=[\s"'`])/g;

function labelsOf({ head, line, firstLine }: TestBlock): string[] {
  const lines = head.split('\n');
  const over = lines.slice(0, line - firstLine);
  const opening = lines[line - firstLine] ?? '';
  const isCall = /^\s*[\w.]+\s*[(\s]\s*["'`]/.test(opening);
  return [
    ...[...over, isCall ? '' : opening.split(/\b(?:def|func|fun|function|fn|void|class)\b/)[0]].flatMap(
      (each) => each?.match(ATTRIBUTE) ?? [],
    ),
    ...(isCall ? (opening.match(IN_OPENING) ?? []) : []),
  ].map((label) => label.trim());
}

/** Among others in one attribute: `[Fact, Trait(…)]`, `@Test(groups = …)`. */
const SORTS = /\b(?:Category|TestCategory|Trait|Tags?|Group|Explicit)\b|\bgroups?\s*=/;
/** Says how a test is run, and not when. */
const HARMLESS =
  /^(?:@|#?\[)\s*\[?(?:pytest\.mark\.(?:parametrize|asyncio|anyio|trio|usefixtures|django_db|filterwarnings|timeout)\b|pytest\.fixture|parameterized|data\b|unpack|ddt|given|example|settings|hypothesis|(?:mock\.)?patch|mock|responses|freeze_time|time_machine|override_settings|staticmethod|classmethod|property|functools|respx|httpretty|moto|asyncio|(?:Parameterized|Repeated)?Test(?:Factory|Template|Instance)?\b|DisplayName|\w+Source\b|Override|SuppressWarnings|Suppress\b|Timeout|Order\b|Nested|Transactional|Sql\b|With\w+|ExtendWith|\w+Test\b|Import\b|ActiveProfiles|Property|Fact|Theory|InlineData|MemberData|ClassData|TestCase\w*|TestMethod|TestClass|TestFixture|DataTestMethod|DataRow|SetUp|Description|test\b|(?:\w+::)*test\b|rstest|case\b|should_panic|test_case|serial|traced_test|DataProvider\w*|TestWith|TestDox|Covers\w*|Uses\w*|RunIn\w*|covers|Throws|Deprecated|Jvm\w+|Experimental\w+|OptIn|allow\b|expect\b|derive\b)/;
