// The README promises nothing that the code does not know, and leaves out nothing that it does: settings, commands,
// agents, npm scripts, files. Its picture is the drawing of its recording.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { drawThread, recordingSchema } from '../docs/thread-picture.ts';
import { listAgents } from '../src/agent/registry.ts';
import { describeConfig } from '../src/config/settings.ts';
import { isRefusal } from '../src/errors.ts';
import { GATE_RULES } from '../src/job/gate-rules.ts';
import { parseRepoSettings } from '../src/job/repo-settings.ts';
import { parseCommand } from '../src/slack/parse-command.ts';
import { OPTION_NAMES } from '../src/slack/parse-options.ts';
import { helpText } from '../src/slack/words/answers.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const readme = read('README.md');
const lines = readme.split('\n');

describe('the README', () => {
  test.for(describeConfig())('explains the setting $name and says what holds when it is unset', (setting) => {
    const named = lines.filter((line) => line.includes(`\`${setting.name}\``));
    expect(named, `Describe ${setting.name} under Settings in README.md.`).not.toEqual([]);
    const row = named.find((line) => new RegExp(`^\\| (\`\\w+\`, )*\`${setting.name}\``).test(line));
    if (setting.fallback !== 'unset')
      expect(row).toMatch(new RegExp(`\\| ${forPattern(setting.fallback)} \\|$`));
  });

  test('names no setting that nothing reads', () => {
    const known = new Set(describeConfig().map(({ name }) => name));
    const rows = lines.filter((line) => /^\| `[A-Z]+_?[A-Z_]*`/.test(line));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(named.filter((name) => name !== undefined && !known.has(name))).toEqual([]);
  });

  test('lists every command that the help lists, and each is understood', () => {
    const verbsOf = (text: string) => new Set([...text.matchAll(/\/agent (\w+)/g)].map(([, verb]) => verb));
    const listed = verbsOf(lines.filter((line) => line.startsWith('| `/agent')).join('\n'));
    expect([...verbsOf(helpText())].filter((verb) => !listed.has(verb))).toEqual([]);
    const wordsAfter: Readonly<Record<string, string>> = {
      ask: 'how does it work?',
      review: '#34',
      fix: '#12',
      do: 'mend it',
      plan: '#12',
      stop: 'J-12',
      audit: 'J-12',
      retry: 'J-12',
    };
    for (const verb of listed) {
      const command = `${verb} ${wordsAfter[verb ?? ''] ?? ''}`.trim();
      const parsed = parseCommand(command, { freeWords: false, serverUrl: 'https://github.com' });
      expect(isRefusal(parsed), `/agent ${command}`).toBe(false);
    }
  });

  test.for(OPTION_NAMES.map((name) => ({ name })))('names the option $name=', ({ name }) => {
    expect(readme).toContain(`\`${name}=`);
  });

  test.for(listAgents().map((spec) => ({ name: spec.name, spec })))(
    'tells how $name is installed, how it logs in and whether it is proven',
    ({ name, spec }) => {
      const row = lines.find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
      expect(row).toContain(`| ${spec.title} | \`${spec.install}\` |`);
      expect(row).toMatch(spec.proven ? /\| yes \|$/ : /\| not yet \|$/);
      const ways = [...spec.keys, "a provider's key"];
      expect(ways.some((way) => row.includes(way))).toBe(true);
    },
  );

  test('has one row for each rule of the gate, in its own words', () => {
    const head = lines.indexOf('| rule | what it looks for |');
    const end = lines.findIndex((line, at) => at > head && line === '');
    const rows = Object.entries(GATE_RULES).map(([rule, meaning]) => `| \`${rule}\` | ${meaning} |`);
    expect(lines.slice(head + 2, end)).toEqual(rows);
  });

  test('names only npm scripts and errand commands that exist', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('package.json')));
    const named = [...readme.matchAll(/npm (?:run )?(?:(?<=run )([\w:]+)|(test))\b/g)].map(
      ([, run, short]) => run ?? short,
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => name !== undefined && !(name in scripts))).toEqual([]);
    const help = read('src/main.ts');
    const commands = [...readme.matchAll(/errand -- (\w+)/g)].map(([, command]) => command);
    expect(commands.filter((command) => !help.includes(`case '${command}':`))).toEqual([]);
  });

  test('links and folders lead somewhere', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map(([, path]) => path ?? '');
    const folders = [...readme.matchAll(/`((?:src|test|docs)\/[\w./-]+)`/g)].map(([, path]) => path ?? '');
    const lost = [...links, ...folders].filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)));
    expect(lost).toEqual([]);
  });

  test('shows one example with every repository setting, and Errand reads it', () => {
    const example = /```yaml\n(# \.agents\/config\.yml[\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const answer = parseRepoSettings(example);
    expect(answer.kind === 'mistakes' ? answer.mistakes : []).toEqual([]);
    const said = answer.kind === 'settings' ? answer.settings : {};
    // Whatever the schema knows and the example leaves out would be told as the mistake that it is here.
    const known = parseRepoSettings(`${example}\nnobody: 1\n`);
    const names =
      known.kind === 'mistakes' ? known.mistakes.join().split('; there are ')[1]?.split(', ') : [];
    expect(Object.keys(said).sort()).toEqual(names?.sort());
  });

  test('shows the drawing of its recording', () => {
    const recording = recordingSchema.parse(JSON.parse(read('docs/thread.json')));
    const picture = read('docs/thread.svg');
    expect(drawThread(recording) === picture, 'Run `node docs/draw-thread.ts --again`.').toBe(true);
  });
});

function forPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

describe('docs/promises.md', () => {
  const promises = read('docs/promises.md');
  const rows = promises.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  const shownBy = rows
    .filter((row) => (row.match(/ \| /g) ?? []).length === 2)
    .flatMap((row) => {
      const last = row.split(' | ').at(-1) ?? '';
      const inSandbox = last.indexOf('sandbox: ');
      return [...last.matchAll(/`([\w/*-]+)`/g)].map(({ 1: name = '', index }) =>
        inSandbox >= 0 && index > inSandbox ? `sandbox/${name}` : name,
      );
    });

  test('names at least one test for most promises', () => {
    expect(shownBy.length).toBeGreaterThan(40);
  });

  test.for([...new Set(shownBy)])('names a test that exists: %s', (name) => {
    const [folder = '', file = ''] = name.split('/');
    const path = file === '*' ? folder : `${name}.test.ts`;
    expect(existsSync(new URL(`../test/${path}`, import.meta.url)), path).toBe(true);
  });
});
