// Files that an installation runs although the manifest that names them did not change: `postinstall: node scripts/x.js`.
import { posix } from 'node:path';
import type { Change } from '../../workspace/change.ts';
import { baseName, type FileRule, folderOf, foldPath, perChange } from '../found.ts';
import { asObject, readJson } from './json.ts';
import { COMPOSER, LIFECYCLE } from './manifests.ts';

type Start = Readonly<{ script: string; manifest: string }>;

const ENDINGS = ['', '.js', '.mjs', '.cjs', '.ts', '.sh', '.py', '/index.js'];
const RUNNER =
  /^(node|nodejs|bun|deno|tsx|ts-node|esno|jiti|sh|bash|zsh|dash|python[23]?|ruby|perl|php|source|\.|require)$/;
/** Scripts that call scripts. */
const MOST_DEPTH = 4;

/** Path → what runs it by itself. */
const startedFiles = perChange(({ beside }: Change): ReadonlyMap<string, Start> => {
  const names = new Set(beside.names);
  const started = new Map<string, Start>();
  for (const [manifest, text] of beside.texts) {
    for (const { script, command } of commandsOf(manifest, text)) {
      for (const word of filesIn(command)) {
        const path = posix.join(folderOf(manifest), word);
        const file = ENDINGS.map((ending) => `${path}${ending}`).find((each) => names.has(each));
        if (file !== undefined && !started.has(file)) started.set(file, { script, manifest });
      }
    }
  }
  return started;
});

export const startedByInstall: FileRule = (file, change) => {
  if (file.after === undefined) return [];
  const start = startedFiles(change).get(file.path);
  if (start === undefined) return [];
  const say = `is run by \`${start.script}\` of ${JSON.stringify(start.manifest.slice(0, 200))} when the project is installed or built. Look at what it does there.`;
  return [{ rule: 'install_script', path: file.path, severity: 'warn', say }];
};

function commandsOf(manifest: string, text: string): { script: string; command: string }[] {
  const name = baseName(foldPath(manifest));
  if (name === 'cargo.toml') {
    const build = /^\s*build\s*=\s*["']([^"']+)["']/m.exec(text)?.[1];
    return build ? [{ script: 'build', command: `./${build}` }] : [];
  }
  if (name === 'pyproject.toml') {
    const hook = /^\s*(?:script|custom-hook|path)\s*=\s*["']([^"']+\.py)["']/m.exec(text)?.[1];
    return hook ? [{ script: 'build', command: `./${hook}` }] : [];
  }
  const scripts = asObject(readJson(text)?.['scripts']);
  const pattern = name === 'package.json' ? LIFECYCLE : COMPOSER;
  return Object.keys(scripts)
    .filter((script) => pattern.test(script))
    .flatMap((script) => unfold(scripts, script, 0).map((command) => ({ script, command })));
}

/** A script's commands, with those of the scripts that it calls. */
function unfold(scripts: Readonly<Record<string, unknown>>, script: string, depth: number): string[] {
  const given = scripts[script];
  const commands = (Array.isArray(given) ? given : [given]).filter((one) => typeof one === 'string');
  if (depth >= MOST_DEPTH) return commands;
  const calls = commands.flatMap((command) =>
    [
      ...command.matchAll(
        /\b(?:npm|pnpm|yarn|bun|composer)\s+(?:run(?:-script)?\s+)?(?:-s\s+)?([\w:.-]+)|(?:^|\s)@([\w:.-]+)/g,
      ),
    ].map(([, one, other]) => one ?? other ?? ''),
  );
  const called = [...new Set(calls)].filter((one) => one !== script && Object.hasOwn(scripts, one));
  return [...commands, ...called.slice(0, 10).flatMap((one) => unfold(scripts, one, depth + 1))];
}

/** Words of a command that may be files. */
function filesIn(command: string): string[] {
  const words = command
    .slice(0, 4_000)
    .split(/[\s"'`;&|()=<>]+/)
    .filter(Boolean);
  return words.filter(
    (word, at) => !word.startsWith('-') && (/[./]/.test(word) || RUNNER.test(words[at - 1] ?? '')),
  );
}
