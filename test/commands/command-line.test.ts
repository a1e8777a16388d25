// What is typed after `errand`: each command is explained, and what is not known is named with what was probably meant.
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { COMMANDS, type CommandName, formatHelp, readCommandLine } from '../../src/commands/command-line.ts';
import { runCommand } from '../support/errand-command.ts';

const errand = (...words: readonly string[]) =>
  runCommand({ dir: tmpdir(), databaseUrl: 'postgres://x/y', environment: {} }, words);

describe('reading it', () => {
  test('a command, its word, its flags and values are told apart', () => {
    expect(readCommandLine(['audit', 'J-12', '--since', '36h', '--json'])).toEqual({
      kind: 'command',
      command: 'audit',
      word: 'J-12',
      flags: new Set(['json']),
      values: { since: '36h' },
    });
    expect(readCommandLine([])).toEqual({ kind: 'help' });
    expect(readCommandLine(['--version'])).toEqual({ kind: 'version' });
    for (const words of [
      ['help', 'gc'],
      ['gc', '--help'],
      ['gc', '-h', '--nonsense'],
    ])
      expect(readCommandLine(words)).toEqual({ kind: 'help', of: 'gc' });
  });

  test.for([
    ['dcotor', 'errand does not know "dcotor". Did you mean doctor?'],
    ['sart', 'errand does not know "sart". Did you mean start?'],
    ['help gcc', 'errand does not know "gcc". Did you mean gc?'],
    ['constructor', 'errand does not know "constructor".'],
    ['bananas', 'errand does not know "bananas".'],
    ['gc --yse', 'errand gc has no option --yse. Did you mean --yes?'],
    ['gc --since 3d', 'errand gc has no option --since.'],
    ['gc --constructor', 'errand gc has no option --constructor.'],
    [
      'doctor --setings --jsn bot runner',
      'errand doctor has no option --setings. Did you mean --settings? errand doctor has no option --jsn. Did you mean --json?',
    ],
    ['audit --since', '--since needs a value: --since WHEN.'],
    ['gc --yes=no', '--yes takes no value.'],
    ['gc now', 'errand gc takes no further words (got "now").'],
    ['audit J-1 J-2', 'errand audit takes one word, [J-12] (got "J-1 J-2").'],
    ['--json doctor', 'errand takes a command before the option --json.'],
  ])('errand %s is refused: %s', ([line = '', refusal = '']) => {
    expect(readCommandLine(line.split(' '))).toEqual({ code: 'bad_usage', refusal });
  });
});

describe('the help', () => {
  const names = Object.keys(COMMANDS) as CommandName[]; // Object.keys forgets

  test.for(names.map((name) => ({ name })))('of $name names every option', ({ name }) => {
    const command: Readonly<{ say: string; options?: Readonly<Record<string, unknown>> }> = COMMANDS[name];
    for (const option of Object.keys(command.options ?? {}))
      expect(formatHelp(name)).toContain(`  --${option}`);
    expect(formatHelp()).toContain(`  errand ${name} `);
  });
});

describe('the command itself', () => {
  test('says its version and its help, and ends with 2 for what it does not know', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await errand('--version')).toMatchObject({ exitCode: 0, stdout: `errand ${version}`, stderr: '' });
    expect((await errand('gc', '--help')).stdout).toMatch(/^errand gc: .*\n\n {2}--yes /);
    expect(await errand('help', 'gate')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Exit code: 0 nothing blocks'),
    });
    expect(await errand('gate', '--jsn')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean --json?'),
    });
    expect(await errand('doctr')).toEqual(
      expect.objectContaining({
        exitCode: 2,
        stdout: '',
        stderr:
          'errand does not know "doctr". Did you mean doctor? Type `npm run errand -- help` to see what it knows.',
      }),
    );
  });
});
