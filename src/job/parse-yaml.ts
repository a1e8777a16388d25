// Reads YAML that people keep in a repository against a schema: a value, or mistakes that each name the file, the line and
// what is allowed there. Pure.
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

export type YamlAnswer<Value> =
  | Readonly<{ kind: 'value'; value: Value }>
  | Readonly<{ kind: 'mistakes'; mistakes: readonly string[] }>;

/** Where the text comes from: for the mistakes. `firstLine` is where it begins in its file. */
export type YamlSource = Readonly<{ file: string; text: string; firstLine?: number }>;

/** An empty text says nothing and is read as an empty map; a mistake is never guessed away. */
export function parseYaml<Value>(
  schema: z.ZodType<Value>,
  { file, text, firstLine = 1 }: YamlSource,
): YamlAnswer<Value> {
  const lines = new LineCounter();
  const mistakes = (found: readonly Mistake[]): YamlAnswer<Value> => ({
    kind: 'mistakes',
    mistakes: found.map(({ at, say }) => {
      const line = at === undefined ? '' : `, line ${lines.linePos(at).line + firstLine - 1}`;
      return `${file}${line}: ${say}`;
    }),
  });
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0)
    return mistakes(document.errors.map((error) => ({ at: error.pos[0], say: error.message })));
  let value: unknown;
  try {
    // Aliases are how small files become huge ones; settings need none.
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return mistakes([{ say: 'anchors and aliases are not read here; write the values out' }]);
  }
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return { kind: 'value', value: parsed.data };
  return mistakes(
    parsed.error.issues.map((issue) => ({
      at: findStart(document, pathOf(issue)),
      say: describeIssue(schema, issue),
    })),
  );
}

/** `at`: where it stands in the text, in characters. */
type Mistake = Readonly<{ at?: number | undefined; say: string }>;

/** A key that nobody knows is itself what is to be found. */
function pathOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return unknown === undefined ? issue.path : [...issue.path, unknown];
}

function describeIssue(schema: z.ZodType, issue: z.core.$ZodIssue): string {
  const at = issue.path.length > 0 ? `\`${issue.path.map(String).join('.')}\`` : 'the file';
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schema, issue.path);
      const names = issue.keys.map((key) => `\`${key}\``).join(', ');
      return `${names} is not a setting here${known.length > 0 ? `; there are ${known.join(', ')}` : ''}`;
    }
    case 'invalid_value':
      return `${at} must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_type': {
      const type = describeType(issue.expected, knownKeys(schema, issue.path));
      return issue.message.endsWith('received undefined')
        ? `${at} is missing; it must be ${type}`
        : `${at} must be ${type}`;
    }
    case 'invalid_format':
      return `${at} must be ${issue.message}`;
    case 'invalid_key':
      return `${at} must be called ${issue.issues[0]?.message}`;
    default:
      return `${at}: ${issue.message}`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, such as `[one, two]`',
  record: 'names with something behind each, such as `name: …`',
};

function describeType(expected: string, known: readonly string[]): string {
  if (expected !== 'object') return TYPES[expected] ?? `a value of the kind ${expected}`;
  return known.length > 0 ? `a group of settings: ${known.join(', ')}` : 'a group of settings';
}

/** What may stand where a path leads to. */
function knownKeys(schema: unknown, [next, ...rest]: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional)
    return knownKeys(schema.unwrap(), next === undefined ? [] : [next, ...rest]);
  if (schema instanceof z.ZodObject)
    return next === undefined ? Object.keys(schema.shape) : knownKeys(schema.shape[String(next)], rest);
  if (schema instanceof z.ZodRecord && next !== undefined) return knownKeys(schema.valueType, rest);
  return [];
}

/** Of the innermost thing that stands in the text: of an entry its key, of a list's element the element. */
function findStart(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const above = document.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    const pair = isMap(above)
      ? above.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
      : undefined;
    const node = pair?.key ?? document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0];
}
