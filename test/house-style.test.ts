// The budgets and manners of every file (CONTRIBUTING.md). Biome holds what it has rules for; this holds the rest.
// A failure's message is the reason for the rule, followed by the places that break it.
import { describe, expect, test } from 'vitest';
import {
  isInside,
  isNode,
  type Node,
  nameOf,
  type Place,
  parseSource,
  readSources,
  type SourceFile,
  walk,
} from './support/source-tree.ts';

const sources = readSources('src');
const tests = readSources('test');

const FILE_LINES = 300;
const FUNCTION_LINES = 60;
const PARAMETERS = 4;

/** Runs a rule over every node of the files; answers the places where it says something. */
function findPlaces(
  files: readonly SourceFile[],
  rule: (node: Node, place: Place) => string | undefined,
): string[] {
  return files.flatMap(({ places, at }) =>
    places.flatMap((place) => {
      const { node } = place;
      const said = rule(node, place);
      return said === undefined ? [] : [`${at(node.start)} ${said}`];
    }),
  );
}

describe('a file', () => {
  test('fits in one sitting', () => {
    const long = [...sources, ...tests]
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > FILE_LINES);
    expect(
      long,
      `Over ${FILE_LINES} lines a file has more than one thing to say: split it by what changes together.`,
    ).toEqual([]);
  });

  test('opens with what it is for', () => {
    const silent = [...sources, ...tests]
      .filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text))
      .map(({ path }) => path);
    expect(silent, 'One to three comment lines at the top save the reader the rest of the file.').toEqual([]);
  });

  test('has a name that says what is in it', () => {
    const vague = /(^|\/|-)(utils?|helpers?|common|misc|shared|stuff)(-|\.|\/)/;
    const wrong = [...sources, ...tests]
      .map(({ path }) => path)
      .filter((path) => vague.test(path) || /[A-Z_]/.test(path));
    expect(
      wrong,
      'Nobody looks for anything in "utils". Names are kebab-case, since some disks ignore case.',
    ).toEqual([]);
  });

  test('exports by name', () => {
    const wrong = findPlaces(sources, (node) =>
      node.type === 'ExportDefaultDeclaration' ? 'exports a default' : undefined,
    );
    expect(wrong, 'A default export has another name in every file that imports it.').toEqual([]);
  });
});

describe('a function', () => {
  test(`has at most ${FUNCTION_LINES} lines`, () => {
    const wrong = sources.flatMap(({ places, text, at }) =>
      places.flatMap(({ node }) => {
        const lines = isFunction(node) ? text.slice(node.start, node.end).split('\n').length : 0;
        return lines > FUNCTION_LINES && !isFactory(node) ? [`${at(node.start)} has ${lines} lines`] : [];
      }),
    );
    expect(wrong, 'A function that must be scrolled hides its steps: give them names.').toEqual([]);
  });

  test(`takes at most ${PARAMETERS} parameters in a row`, () => {
    const wrong = findPlaces(sources, (node) => {
      const { params } = node;
      const count = isFunction(node) && Array.isArray(params) ? params.length : 0;
      return count > PARAMETERS ? `takes ${count} parameters` : undefined;
    });
    expect(wrong, 'Nobody remembers an order of five: pass one object with names.').toEqual([]);
  });
});

describe('types', () => {
  test('are never any, and never an enum', () => {
    const wrong = findPlaces(sources, ({ type }) =>
      type === 'TSAnyKeyword' || type === 'TSEnumDeclaration' ? type : undefined,
    );
    expect(wrong, '`any` switches the checker off; an enum is code that Node cannot strip.').toEqual([]);
  });

  test('are asserted only with a reason beside it', () => {
    const wrong = sources.flatMap(({ places, text, at }) =>
      places.flatMap(({ node }) =>
        node.type === 'TSAsExpression' && !isHarmless(node) && !hasReason(text, node) ? [at(node.start)] : [],
      ),
    );
    expect(wrong, '`as` says "trust me": a comment on its line, or just above, says why.').toEqual([]);
  });
});

describe('output', () => {
  test('goes to the log or, from a command, to standard output', () => {
    const wrong = findPlaces(sources, (node) =>
      node.type === 'MemberExpression' && nameOf(node['object']) === 'console' ? 'uses console' : undefined,
    );
    expect(wrong, 'The log leaves secrets out; console prints whatever it is given.').toEqual([]);
  });
});

describe('a process that we start', () => {
  test('inherits nothing of our environment', () => {
    const wrong = findPlaces(sources, (node, place) =>
      startsProcess(node) && !hasOwnEnvironment(node, place) ? 'hands our environment on' : undefined,
    );
    const why =
      "Our environment holds tokens, ours and the operator's other ones: write `extendEnv: false` and an `env` at the call itself (surroundings() is enough for most), for git `.env(…)`.";
    expect(wrong, why).toEqual([]);
  });

  test.each([
    ["execa('du', ['-s'])", 1],
    ["execa('du', { env: {} })", 1],
    ["execa('du', { extendEnv: false })", 1],
    ["execaSync('du', [], { ...options })", 1],
    ['execa`du -s`', 1],
    ['$({ shell: true })`du -s`', 2],
    ['simpleGit({}).version()', 1],
    ["execa('du', [], { env: {}, extendEnv: false })", 0],
    ['simpleGit({}).env({}).version()', 0],
  ])('is found where it would: %s', (text, count) => {
    const source = parseSource('src/some.ts', text);
    const found = source.places.filter(
      (place) => startsProcess(place.node) && !hasOwnEnvironment(place.node, place),
    );
    expect(found).toHaveLength(count);
  });
});

describe('a test', () => {
  test('never replaces a module', () => {
    const wrong = findPlaces(tests, (node) => {
      const called = calledOn(node, 'vi');
      return called && /^(mock|doMock|hoisted)$/.test(called) ? `calls vi.${called}` : undefined;
    });
    expect(
      wrong,
      'A replaced module proves what we believe of it. Use the real thing or a local peer.',
    ).toEqual([]);
  });

  test('never sleeps for a fixed time', () => {
    // A scripted agent is the other side of a test: being slow is its part.
    const files = tests.filter(({ path }) => !path.includes('scripted-agent'));
    const wrong = findPlaces(files, (node, place) => {
      const isSleep = node.type === 'AwaitExpression' && isSleepCall(node['argument']);
      return isSleep && !isInside(place, isLoop) ? 'sleeps' : undefined;
    });
    expect(
      wrong,
      'A fixed sleep is too short on a busy machine and too long everywhere else: wait for a condition.',
    ).toEqual([]);
  });

  test('is never skipped, but where a machine may lack a binary, and then loudly', () => {
    const files = tests.filter(({ path }) => !/^test\/(sandbox|agents)\//.test(path));
    const wrong = findPlaces(files, (node) => {
      const runner = ['test', 'it', 'describe'].find((name) => calledOn(node, name) !== undefined);
      const called = runner && calledOn(node, runner);
      return called && /^(skip|skipIf|runIf|todo|only|fails)$/.test(called)
        ? `${runner}.${called}`
        : undefined;
    });
    expect(wrong, 'A skipped test looks green and says nothing. Mend it or delete it.').toEqual([]);
  });
});

/** The ways to start a process that the rooms leave open: execa's and simple-git's. */
function startsProcess({ type, callee, tag }: Node): boolean {
  const name = nameOf(
    type === 'TaggedTemplateExpression' ? tag : type === 'CallExpression' ? callee : undefined,
  );
  return name !== undefined && /^(execa\w*|\$|simpleGit)$/.test(name)
    ? true
    : isNode(tag) && startsProcess(tag);
}

function hasOwnEnvironment(node: Node, { above }: Place): boolean {
  if (nameOf(node['callee']) === 'simpleGit')
    return above?.node.type === 'MemberExpression' && nameOf(above.node['property']) === 'env';
  const options = Array.isArray(node['arguments']) ? node['arguments'].at(-1) : undefined;
  if (!isNode(options) || !Array.isArray(options['properties'])) return false;
  const given = new Map(
    options['properties'].filter(isNode).map((one) => [nameOf(one['key']), one['value']]),
  );
  const extend = given.get('extendEnv');
  return given.has('env') && isNode(extend) && extend['value'] === false;
}

function isFunction({ type }: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);
}

/** `createX` (or `connectX`) only puts its parts together: its length is that of the list it returns. */
function isFactory(node: Node): boolean {
  return /^(create|connect)[A-Z]/.test(nameOf(node['id']) ?? '');
}

/** `as const`, `as readonly X[]` (which only takes rights away) and the type of an empty list promise nothing untrue. */
function isHarmless(node: Node): boolean {
  const { typeAnnotation: type, expression } = node;
  if (isNode(expression) && expression.type === 'ArrayExpression') return true;
  if (!isNode(type)) return false;
  if (type.type === 'TSTypeOperator') return type['operator'] === 'readonly';
  return type.type === 'TSTypeReference' && nameOf(type['typeName']) === 'const';
}

function hasReason(text: string, { start, end }: Node): boolean {
  const first = text.slice(0, start).split('\n').length - 1;
  const last = text.slice(0, end).split('\n').length - 1;
  const lines = text.split('\n').slice(Math.max(0, first - 2), last + 1);
  return lines.some((line) => /\/\/|\*\/|^\s*\*/.test(line));
}

/** The method in `object.method(…)` or `object.method`. */
function calledOn(node: Node, object: string): string | undefined {
  if (node.type !== 'MemberExpression' || nameOf(node['object']) !== object) return undefined;
  return nameOf(node['property']);
}

function isLoop({ type }: Node): boolean {
  return /^(While|DoWhile|For|ForOf|ForIn)Statement$/.test(type);
}

/** `sleep(…)`, `delay(…)`, or a promise that a timer resolves. */
function isSleepCall(value: unknown): boolean {
  if (!isNode(value)) return false;
  if (value.type === 'CallExpression')
    return /^(sleep|delay|setTimeout)$/.test(nameOf(value['callee']) ?? '');
  if (value.type !== 'NewExpression' || nameOf(value['callee']) !== 'Promise') return false;
  return walk(value).some(
    ({ node }) => node.type === 'CallExpression' && nameOf(node['callee']) === 'setTimeout',
  );
}
