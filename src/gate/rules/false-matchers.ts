// Matchers and comparisons that say yes to everything, and those of the framework that are defined anew: what tests claim with
// them is true whatever the program does.
import type { FileChange } from '../../workspace/change.ts';
import { extensionOf, type FileRule } from '../found.ts';
import { closing, splitArguments } from './assertions.ts';
import { quote } from './quote.ts';
import { withoutComments } from './test-blocks.ts';
import { isTestCode } from './test-files.ts';

const MOST_CHARS = 200_000;

export const falseMatchers: FileRule = (file) => {
  const { path, whole } = file;
  if (file.after === undefined || !isTestCode(path)) return [];
  const had = new Set(readFalse(path, whole.before ?? '').map(({ text }) => text));
  const hit = readFalse(path, whole.after ?? addedText(file)).find(({ text }) => !had.has(text));
  if (hit === undefined) return [];
  const say = `${hit.how} (${quote(hit.text)}). Look at whether a test would still fail where the code is wrong.`;
  return [{ rule: 'weakened_test', path, line: hit.line, severity: 'warn', say }];
};

function addedText({ added }: FileChange): string {
  return added.map(({ text }) => text).join('\n');
}

type Hit = Readonly<{ text: string; line: number; how: string }>;

function readFalse(path: string, given: string): Hit[] {
  const text = withoutComments(path, given.slice(0, MOST_CHARS)).join('\n');
  const at = (index: number) => text.slice(0, index).split('\n').length;
  const equal = [...text.matchAll(SAYS_YES)].map(({ 0: found, index }) => ({
    text: found.trim(),
    line: at(index) + (found.length - found.trimStart().length > 0 ? 1 : 0),
    how: 'compares so that all is equal',
  }));
  return [...equal, ...(/^[cm]?[jt]sx?$/.test(extensionOf(path)) ? matchersIn(text, at) : [])];
}

/** A function by whose name others compare, and all that it does is to agree. */
const SAYS_YES = new RegExp(
  [
    String.raw`(?:\b(?:[eE]quals|eq|__eq__|eql\?|[mM]atch|[mM]atches|matchesSafely|asymmetricMatch|[cC]ompare|passes|Comparer)|operator\s*==)\s*\(${'[^()\\n]{0,200}(?:\\([^()\\n]{0,80}\\)[^()\\n]{0,60}){0,3}'}\)[^;{}=\n]{0,80}(?:\{|:|=>|(?<![<>!=])=(?!=))\s*(?:return\s+)?(?:true|True|!0|0|\(?true, nil\)?)\s*(?=[;,}\n)]|$)`,
    String.raw`\b(?:match|match_unless_raises)\s*(?:\{|do\b)\s*(?:\|[^|\n]{0,80}\|)?\s*true\s*(?:\}|end\b)`,
    String.raw`\bRSpec::Matchers\.define\s*\(?\s*:(?:eq|eql|equal|be|include|match|raise_error|be_\w+|have_\w+|change)\b`,
    String.raw`\boverwrite(?:Method|Property|ChainableMethod)\(\s*["'][\w]+["']|\baddEqualityTesters\(`,
    String.raw`\bMatcherResult\(\s*true\b`,
  ].join('|'),
  'g',
);

/** Matchers of Jest and Vitest, whose results say whether they `pass`. */
const EXTENDS = /\bexpect\.extend\(\s*\{/g;
const OF_FRAMEWORK =
  /^to(?:Be|Equal|StrictEqual|Match|MatchObject|Contain|ContainEqual|HaveLength|HaveProperty|Throw|ThrowError|Be(?:Null|Undefined|Defined|Truthy|Falsy|CloseTo|InstanceOf|GreaterThan\w*|LessThan\w*|NaN)|HaveBeenCalled(?:With|Times)?|Match(?:Inline)?Snapshot)$/;

function matchersIn(text: string, lineAt: (index: number) => number): Hit[] {
  return [...text.matchAll(EXTENDS)].slice(0, MOST_BLOCKS).flatMap(({ 0: { length }, index }) => {
    const open = index + length - 1;
    const line = lineAt(index);
    return splitArguments(text.slice(open + 1, closing(text, open))).flatMap((matcher): Hit[] => {
      const name = /^(?:async\s+)?(?:function\s+)?["']?([A-Za-z]\w*)/.exec(matcher)?.[1] ?? '';
      if (OF_FRAMEWORK.test(name))
        return [{ text: `expect.extend: ${name}`, line, how: 'defines a matcher of the framework anew' }];
      return alwaysPasses(matcher)
        ? [{ text: `${name}: pass is true`, line, how: 'has a matcher that always passes' }]
        : [];
    });
  });
}

const MOST_BLOCKS = 20;

function alwaysPasses(matcher: string): boolean {
  const values = (form: RegExp) => [...matcher.matchAll(form)].map(([, value = '']) => value.trim());
  const isShort = /[{,]\s*pass\s*[,}]/.test(matcher);
  const results = [
    ...values(/\bpass["']?\s*:\s*([^,;}\n]{1,200})/g),
    ...(isShort ? values(/\bpass\s*=(?!=)\s*([^;\n]{1,200})/g) : []),
  ];
  return results.length > 0 && results.every((value) => /^(?:true|!0|!this\.isNot)\W*$/.test(value));
}
