// Code that others wrote or a build made, kept in the tree and changed by hand: nobody reviews it there, and installing or building
// it again would say something else. And lines that start programs when a project is built. Pure.
import type { Change, FileChange } from '../../workspace/change.ts';
import { addedLines, baseName, extensionOf, type FileRule, type Found, perChange } from '../found.ts';
import { isLockfile } from './lockfile-names.ts';
import { isManifest } from './manifest-names.ts';
import { quote } from './quote.ts';
import { CODE } from './test-names.ts';

const COPY =
  /(?:^|\/)(?:node_modules|site-packages|third_party|vendor|dist)\/|(?:^|\/)patches\/[^/]+\.(?:patch|diff)$/;
const OF_TESTS = /(?:^|\/)(?:tests?|specs?|__tests__|__fixtures__|fixtures?|testdata|examples?)\//;
/** Lists of what was copied, by programs that copy. */
const COPY_LIST =
  /(?:^|\/)(?:modules\.txt|go\.(?:mod|sum|work)|vendor\.(?:conf|json)|installed\.(?:json|php)|\.vendor\w*|\.gitmodules|METADATA|README\.chromium)$/;
/** A web application's own scripts. */
const OWN = /(?:^|\/)(?:vendor|app)\/assets\//;

export const copiedCode: FileRule = (file, change) => {
  if (file.after === undefined || file.after.sha === file.before?.sha || !isCopy(file)) return [];
  const { first, others, isExplained } = copies(change);
  const isBuilt = /(?:^|\/)dist\//.test(file.path);
  if (first !== file || (isBuilt ? hasSource(change) : isExplained)) return [];
  const more = others > 0 ? ` (with ${others} more such ${others === 1 ? 'file' : 'files'})` : '';
  const without = isBuilt ? 'the source that it is built of' : 'a manifest or a lockfile';
  const say = `is code that others wrote or a build made, and changed without ${without}${more}. Look at what it does now and where it comes from.`;
  return [{ rule: 'install_script', path: file.path, severity: 'warn', say }];
};

function isCopy({ path, isBinary }: FileChange): boolean {
  const isCode = CODE.test(extensionOf(path)) || /\.(?:patch|diff)$/.test(path);
  return !isBinary && isCode && COPY.test(path) && !OF_TESTS.test(path) && !OWN.test(path);
}

const copies = perChange(({ files }: Change) => {
  const all = files.filter((file) => file.after !== undefined && isCopy(file));
  const isExplained = files.some(({ path }) => isManifest(path) || isLockfile(path) || COPY_LIST.test(path));
  return { first: all[0], others: all.length - 1, isExplained };
});

const hasSource = perChange(({ files }: Change): boolean =>
  files.some((file) => CODE.test(extensionOf(file.path)) && !COPY.test(file.path)),
);

type Start = Readonly<{ files: RegExp; line: RegExp; rule: Found['rule'] }>;

const STARTS: readonly Start[] = [
  {
    files: /\.go$/,
    line: /^\/\/go:generate\s+(?:\S*\/)?(?:(?:ba|z|da)?sh|curl|wget|python\d?|perl|node)\b/,
    rule: 'install_script',
  },
  {
    files: /(?:^|\/)cmakelists\.txt$|\.cmake$/i,
    line: /\bexecute_process\s*\(\s*COMMAND\s+(?!"?(?:\$\{)?git)/i,
    rule: 'install_script',
  },
  {
    files: /(?:^|\/)pom\.xml$/,
    line: /\b(?:exec-maven-plugin|maven-antrun-plugin)\b/,
    rule: 'install_script',
  },
  { files: /\.(?:cs|fs|vb)proj$|\.targets$/, line: /<Exec\s/, rule: 'install_script' },
  {
    files: /\.(?:sh|bash|ps1|py|[cm]?js|ts|rb|mk)$|(?:^|\/)makefile$/i,
    line: /\bcore\.hooksPath\b|\binsteadOf\b/i,
    rule: 'git_hooks',
  },
];

/** Lines that start a program when the project is built, or lead git elsewhere. */
export const startingLines: FileRule = (file) => {
  const starts = STARTS.filter(({ files }) => files.test(file.path));
  if (starts.length === 0 || file.isBinary) return [];
  const gone = new Set(file.removed.flatMap(({ text }) => text.split('\n').map((line) => line.trim())));
  for (const { line, text } of addedLines(file)) {
    const hit =
      gone.has(text.trim()) || text.length > 2_000 ? undefined : starts.find((one) => one.line.test(text));
    if (hit === undefined || (hit.rule === 'git_hooks' && /^\s*(?:#|\/\/|\*)/.test(text))) continue;
    const how =
      hit.rule === 'git_hooks'
        ? 'tells git to run hooks or to fetch from elsewhere'
        : 'starts a program when the project is built';
    return [
      {
        rule: hit.rule,
        path: file.path,
        line,
        severity: 'warn',
        say: `${how} (${quote(text.replace(/\/\/[^@\s]*@/, '//'))}). Look at what it starts.`,
      },
    ];
  }
  return [];
};

/** Requirements that pip compared with a checksum, and no longer does. */
export const lostHashes: FileRule = (file) => {
  if (!/requirements|constraints/.test(file.path) || !/\.(?:txt|in)$/.test(baseName(file.path))) return [];
  const has = (runs: FileChange['added']) => runs.some(({ text }) => text.includes('--hash='));
  if (!has(file.removed) || has(file.added) || file.added.length === 0) return [];
  const say = 'lost the checksums of packages that it still names. Look at why they are no longer compared.';
  return [{ rule: 'lockfile_source', path: file.path, severity: 'warn', say }];
};
