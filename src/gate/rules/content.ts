// What a file's content is: programs and archives, huge files, unreadable lines, attributes that hide.
import {
  addedLines,
  baseName,
  extensionOf,
  type FileRule,
  type Found,
  foldPath,
  isTextByName,
} from '../found.ts';
import { isLockfile } from './lockfile-names.ts';

/** How files of these kinds begin; bytes that are no text read as U+FFFD. `....` stands for any four characters. */
const MEDIA: Readonly<Record<string, readonly string[]>> = {
  png: ['\ufffdPNG'],
  jpg: ['\ufffd\ufffd\ufffd'],
  jpeg: ['\ufffd\ufffd\ufffd'],
  gif: ['GIF8'],
  webp: ['RIFF'],
  ico: ['\0\0\x01\0'],
  pdf: ['%PDF'],
  woff: ['wOFF'],
  woff2: ['wOF2'],
  ttf: ['\0\x01\0\0', 'true', 'ttcf'],
  otf: ['OTTO'],
  mp3: ['ID3', '\ufffd'],
  mp4: ['....ftyp'],
  avif: ['....ftyp'],
  wav: ['RIFF'],
  bmp: ['BM'],
};
const PROGRAM = [
  '\x7fELF',
  'MZ',
  '\0asm',
  '\ufffd\ufffd\ufffd\ufffd\x07\0\0',
  '\ufffd\ufffd\ufffd\ufffd\0\0\0',
  '!<arch>',
];
const ARCHIVE = ['PK\x03\x04', 'PK\x05\x06', '\x1f\ufffd', '7z\ufffd', 'Rar!', 'BZh', '\ufffd7zXZ', 'Cr24'];

function begins(head: string, starts: readonly string[]): boolean {
  return starts.some((start) =>
    start.startsWith('....') ? head.startsWith(start.slice(4), 4) : head.startsWith(start),
  );
}

const PROGRAM_NAME =
  /\.(exe|dll|so(\.\d+)*|dylib|node|wasm|class|jar|war|ear|pyc|pyo|pyd|o|obj|a|lib|ko|sys|scr|msi|deb|rpm|dmg|pkg|apk|ipa|appimage|elc|beam|zip|tar|t?gz|bz2|xz|zst|7z|rar|iso|whl|egg|gem|nupkg|crx|vsix|xpi|asar|lockb|p12|pfx|jks|keystore|db|sqlite3?)$/i;

export const binaries: FileRule = (file) => {
  const { path, after, before, isBinary, kind } = file;
  if (after === undefined || after.mode === '120000' || (after.sha === before?.sha && kind !== 'renamed'))
    return [];
  const found = (severity: Found['severity'], say: string): Found[] => [
    { rule: 'binary', path, severity, say },
  ];
  if (!isBinary) return [];
  if (kind === 'renamed' && after.sha === before?.sha) return [];
  const head = file.added[0]?.line === 1 ? file.added[0].text.slice(0, 64) : '';
  const magic = MEDIA[extensionOf(path)];
  if (PROGRAM_NAME.test(path) || begins(head, PROGRAM) || (begins(head, ARCHIVE) && !isDocument(path))) {
    return found(
      'block',
      'is a program, an archive or a store that nobody can review. Build or fetch it instead.',
    );
  }
  if (isTextByName(path)) {
    return found(
      'block',
      'is called a text file but holds binary data, so that nobody can review it. Look at it closely.',
    );
  }
  if (magic) {
    if (head === '' || begins(head, magic)) return [];
    return found('block', 'is not what its name says. Look at what it really is.');
  }
  return found('warn', 'is a binary file that cannot be reviewed as text. Look at where it comes from.');
};

/** Office documents and the like are archives by nature. */
function isDocument(path: string): boolean {
  return /^(docx|xlsx|pptx|odt|ods|odp|epub|svgz)$/.test(extensionOf(path));
}

const LARGE = { warnBytes: 500_000, blockBytes: 5_000_000 };

export const largeFiles: FileRule = ({ path, before, after, isUnread }) => {
  if (after === undefined || after.mode === '160000' || after.sha === before?.sha) return [];
  const found: Found[] = [];
  const size = after.sizeBytes;
  if (isUnread) {
    const why = size === undefined ? 'is not in this repository' : 'was too large to be looked at';
    found.push({
      rule: 'not_read',
      path,
      severity: 'block',
      say: `${why}, so none of its content was judged. Look at it by hand.`,
    });
  }
  if (size === undefined) return found;
  const grown = size - (before?.sizeBytes ?? 0);
  const limit = isLockfile(path) ? LARGE.blockBytes : LARGE.warnBytes;
  if (grown < limit) return found;
  const severity = grown >= LARGE.blockBytes ? 'block' : 'warn';
  const megabytes = (size / 1_000_000).toFixed(1);
  const say = `has ${megabytes} MB and stays in the history for ever. Look at whether it belongs here or into Git LFS.`;
  return [...found, { rule: 'large_file', path, severity, say }];
};

const LONG_LINE = 4_000;
const DATA =
  /^(json|jsonl|ndjson|geojson|csv|tsv|svg|snap|map|lock|ipynb|xml|po|txt|md|sql|html|har|pem|b64)$/;

export const unreadable: FileRule = (file) => {
  const { path, isBinary, after } = file;
  if (isBinary || after?.mode === '120000' || isLockfile(path)) return [];
  const found = (say: string, line?: number): Found[] => [
    { rule: 'unreadable', path, ...(line === undefined ? {} : { line }), severity: 'warn', say },
  ];
  if (/[.-](min|bundle|packed)\.(m?js|cjs|css)$/.test(baseName(path)) && file.added.length > 0) {
    return found('is minified, so nobody can review it. Look at where it comes from.');
  }
  if (DATA.test(extensionOf(path))) return [];
  for (const { line, text } of addedLines(file)) {
    if (text.length > LONG_LINE)
      return found(`has a line of ${text.length} characters. Look at what is in it.`, line);
  }
  return [];
};

const HIDES = /(^|\s)(-diff|binary|linguist-(generated|vendored)(=true|=1)?|gitlab-generated)(?=\s|$)/;
const FILTERS =
  /(^|\s)(filter|merge|diff)=(?!lfs\b|text\b|binary\b|union\b)(?<name>\S+)|(^|\s)(ident|export-subst|working-tree-encoding=\S+)(?=\s|$)/;
/** Programs of git's own that only make diffs nicer. */
const BUILT_IN =
  /^(ada|bash|bibtex|cpp|csharp|css|dts|elixir|fortran|fountain|golang|html|ini|java|kotlin|markdown|matlab|objc|pascal|perl|php|python|ruby|rust|scheme|tex)$/;
/** Files that nobody reads as text anyway. */
const NO_TEXT =
  /\.(png|jpe?g|gif|ico|webp|avif|pdf|zip|t?gz|jar|woff2?|ttf|otf|eot|mp[34]|wav|mov|psd|ai|sketch|exe|dll|so|bin|dat|db|docx?|xlsx?|pptx?|lock|snap|map|min\.(js|css)|svg)\]?$|lock\.(json|yaml|yml)$|(^|\/)(dist|vendor|node_modules|generated|__generated__|third_party|snapshots|__snapshots__)\//i;

export const gitAttributes: FileRule = (file) => {
  if (baseName(foldPath(file.path)) !== '.gitattributes') return [];
  const found: Found[] = [];
  for (const { line, text } of addedLines(file)) {
    const [pattern = '', ...attributes] = text.trim().split(/\s+/);
    if (pattern === '' || pattern.startsWith('#') || NO_TEXT.test(pattern)) continue;
    const [words, isMacro] = [attributes.join(' '), pattern.startsWith('[attr]')];
    const filter = FILTERS.exec(words);
    const isFilter = filter !== null && !BUILT_IN.test(filter.groups?.['name'] ?? '');
    const isLfs = /filter=lfs/.test(words);
    if (!isFilter && (!HIDES.test(words) || (isLfs && !isTextByName(pattern)))) continue;
    const what = isFilter
      ? 'makes git run a filter or driver over files'
      : 'hides changes of files from reviewers';
    const say = `${what} (${JSON.stringify(`${pattern} ${words}`.slice(0, 120))}). Look at which files it hits${isMacro ? ' by its macro' : ''}.`;
    found.push({ rule: 'git_attributes', path: file.path, line, severity: 'block', say });
  }
  return found;
};
