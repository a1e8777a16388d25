// What may be typed after `errand`: the commands, their words and options, and what is said of those that it does not know.
// Pure; who does what stands in main.ts.
import { parseArgs } from 'node:util';
import { closest, distance } from 'fastest-levenshtein';
import { type Refusal, refuse } from '../errors.ts';

type Option = Readonly<{ type: 'boolean' | 'string'; say: string; value?: string }>;

type Command = Readonly<{
  /** One line for the list of all. */
  say: string;
  /** The one word it takes, as shown; none without it. */
  word?: string;
  options?: Readonly<Record<string, Option>>;
}>;

const JSON_LINES: Option = { type: 'boolean', say: 'one JSON object a line, for programs' };

/** In the order of the help. */
export const COMMANDS = {
  start: { say: 'the whole of it in one process (starts its own Postgres when DATABASE_URL is unset)' },
  bot: { say: 'only the half that listens to Slack' },
  runner: { say: 'only the half that runs agents' },
  migrate: { say: "bring the database to this version's schema" },
  doctor: {
    say: 'check every setting, binary and connection, and say how to mend each',
    word: '[bot|runner]',
    options: {
      settings: { type: 'boolean', say: 'list every setting as well, and which are set' },
      json: JSON_LINES,
    },
  },
  audit: {
    say: 'everything that changed: who, what, when, which commit',
    word: '[J-12]',
    options: {
      since: {
        type: 'string',
        value: 'WHEN',
        say: 'from then on: 2026-03-01, 2026-03-01T09:00:00Z, 90m, 36h, 7d',
      },
      json: JSON_LINES,
    },
  },
  gc: {
    say: 'disk use by part, and what can go: shows it, does it with --yes',
    options: {
      yes: { type: 'boolean', say: 'remove what can go' },
      'dry-run': { type: 'boolean', say: 'remove nothing, also with --yes' },
      json: JSON_LINES,
    },
  },
  init: {
    say: 'open a pull with a starter set of .agents/ files for a repository',
    options: {
      repo: { type: 'string', value: 'OWNER/NAME', say: 'which one; else the only one in reach' },
    },
  },
  demo: { say: 'play the whole story on this machine, without any account', options: { json: JSON_LINES } },
  playground: {
    say: 'try all of it in a browser on this machine, without any account',
    options: {
      port: { type: 'string', value: 'N', say: 'where the page is; else 4600 or the next free one' },
      repo: {
        type: 'string',
        value: 'PATH',
        say: 'work on a copy of this git repository instead of the sample',
      },
    },
  },
  gate: {
    say: 'judge what a range of commits changes, as before every push',
    word: 'BASE..HEAD',
    options: {
      'git-dir': { type: 'string', value: 'DIR', say: 'the git directory, bare or not' },
      config: {
        type: 'string',
        value: 'FILE',
        say: 'the settings to judge by; else .agents/config.yml at BASE',
      },
      plan: { type: 'string', value: 'FILE', say: 'a JSON list of the files that were planned' },
      json: JSON_LINES,
    },
  },
  help: { say: 'this text, or that of a command', word: '[COMMAND]' },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof COMMANDS;

/** What was asked for; an option that was not given is absent. */
export type Asked =
  | Readonly<{ kind: 'help'; of?: CommandName | undefined }>
  | Readonly<{ kind: 'version' }>
  | Readonly<{
      kind: 'command';
      command: CommandName;
      word: string | undefined;
      flags: ReadonlySet<string>;
      values: Readonly<Record<string, string>>;
    }>;

const HELP: Option = { type: 'boolean', say: 'this text' };

/** Reads the words after `errand`. What is refused is named, all of it at once, with the nearest thing that is known. */
export function readCommandLine(args: readonly string[]): Asked | Refusal {
  const [first = 'help', ...rest] = args;
  if (first === '--version' || first === '-V') return { kind: 'version' };
  if (first === '--help' || first === '-h') return { kind: 'help' };
  if (first.startsWith('-')) return refuse('bad_usage', `errand takes a command before the option ${first}.`);
  if (!isCommand(first)) return refuse('bad_usage', `errand does not know "${first}".${meant(first, NAMES)}`);
  const known: Readonly<Record<string, Option>> = { ...optionsOf(first), help: HELP };
  const { tokens } = parseArgs({
    args: rest,
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(known).map(([name, { type }]) => [
        name,
        name === 'help' ? { type, short: 'h' } : { type },
      ]),
    ),
  });
  const words = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  const options = tokens.filter((token) => token.kind === 'option');
  if (options.some(({ name }) => name === 'help')) return { kind: 'help', of: first };
  const wrongOptions = options.flatMap((option) => judgeOption(first, known, option));
  // What follows an option that is not known may be its value.
  const wrong = wrongOptions.length > 0 ? wrongOptions : judgeWords(first, words);
  if (wrong.length > 0) return refuse('bad_usage', wrong.join(' '));
  const [word] = words;
  if (first === 'help') {
    if (word === undefined || isCommand(word)) return { kind: 'help', of: word };
    return refuse('bad_usage', `errand does not know "${word}".${meant(word, NAMES)}`);
  }
  return {
    kind: 'command',
    command: first,
    word,
    flags: new Set(options.filter(({ value }) => value === undefined).map(({ name }) => name)),
    values: Object.fromEntries(
      options.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
    ),
  };
}

const NAMES = Object.keys(COMMANDS);

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function optionsOf(name: CommandName): Readonly<Record<string, Option>> {
  const command: Command = COMMANDS[name];
  return command.options ?? {};
}

function judgeOption(
  command: CommandName,
  known: Readonly<Record<string, Option>>,
  { name, rawName, value }: { name: string; rawName: string; value: string | undefined },
): readonly string[] {
  const option = Object.hasOwn(known, name) ? known[name] : undefined;
  if (option === undefined) {
    const near = meant(
      rawName,
      Object.keys(known).map((one) => `--${one}`),
    );
    return [`errand ${command} has no option ${rawName}.${near}`];
  }
  if (option.type === 'boolean' && value !== undefined) return [`${rawName} takes no value.`];
  if (option.type === 'string' && value === undefined)
    return [`${rawName} needs a value: ${rawName} ${option.value}.`];
  return [];
}

function judgeWords(command: CommandName, words: readonly string[]): readonly string[] {
  const { word }: Command = COMMANDS[command];
  if (words.length <= (word === undefined ? 0 : 1)) return [];
  if (word === undefined) return [`errand ${command} takes no further words (got "${words.join(' ')}").`];
  return [`errand ${command} takes one word, ${word} (got "${words.join(' ')}").`];
}

/** Two letters that changed places are two steps apart; nothing of a short name must be all of it. */
const NEAR = 2;

/** Nothing where nothing is near. */
function meant(given: string, known: readonly string[]): string {
  const near = closest(given.toLowerCase(), [...known]);
  const { length } = near.replace(/^-+/, '');
  return distance(given.toLowerCase(), near) <= Math.min(NEAR, length - 1) ? ` Did you mean ${near}?` : '';
}

/** All commands, or one with its options. */
export function formatHelp(of?: CommandName): string {
  if (of === undefined) return formatAll();
  const { say, word }: Command = COMMANDS[of];
  const options = Object.entries({ ...optionsOf(of), help: HELP });
  const named = options.map(([name, { value, say: what }]): readonly [string, string] => [
    `--${name}${value === undefined ? '' : ` ${value}`}`,
    what,
  ]);
  return `errand ${of}${word === undefined ? '' : ` ${word}`}: ${say}\n\n${columns(named)}`;
}

function formatAll(): string {
  const rows = Object.entries<Command>(COMMANDS).map(
    ([name, { say, word, options }]): readonly [string, string] => {
      const extra = Object.entries(options ?? {}).map(
        ([option, { value }]) => `[--${option}${value ? ` ${value}` : ''}]`,
      );
      const more = [...(word ? [word] : []), ...extra].join(' ');
      return [`errand ${name}`, more === '' ? say : `${say}   ${more}`];
    },
  );
  return [
    'errand: a Slack bot for fire-and-forget background coding agents\n\n',
    columns([...rows, ['errand --version', 'which version this is']]),
    '\n`errand help COMMAND` says more of one. Settings come from the environment or from a file named .env;\n',
    '`errand doctor --settings` lists them all.\n',
  ].join('');
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, say]) => `  ${name.padEnd(width)}  ${say}\n`).join('');
}

/** For `complain`: where to look next. */
export function whereToLook(args: readonly string[]): string {
  const [first = ''] = args;
  return isCommand(first) && first !== 'help' ? `npm run errand -- help ${first}` : 'npm run errand -- help';
}
