// Code that is fetched or unpacked and run at once, so that nobody can have read it. What only reads what was fetched
// (`| python -m json.tool`), what is said to people and what is a comment is left alone.
import { addedLines, extensionOf, type FileRule, type Found, isProse } from '../found.ts';
import { isLockfile } from './lockfile-names.ts';

/** A tool that fetches, with something to fetch. */
const FETCH = String.raw`(?<![\w.-])(?:(?:curl|wget|aria2c|lwp-request|lwp-download|invoke-webrequest|invoke-restmethod)(?:\.exe)?\s+[^\s|;&]|(?:fetch|https?|iwr|irm|xh|lynx|w3m)\s+(?:-\S+\s+){0,8}["'(]?(?:https?:\/\/|ftp:|\$))`;
const PIPE = String.raw`(?<!\|)\|(?!\|)&?\s*[({]?\s*`;
/** Commands that start another one. */
const LAUNCH = String.raw`(?:(?:sudo|doas|env|exec|command|nohup|time|nice|timeout|xargs|busybox|ssh|chroot|runuser|su)\b(?:\s+[-\w.@:/=]+){0,6}?\s+)?`;
/** The end of a command, or of the text that holds it. */
const ENDS = String.raw`\s*(?=$|[|;&)}'"\x60#>,\\])`;
const SHELL = String.raw`(?:["']?\$\{?SHELL\}?["']?|\\?(?:[\w./-]{0,60}\/)?(?:ba|z|k|da|a|fi|c|tc)?sh)(?![\w./=-])`;
const INTERPRETER = String.raw`(?:[\w./-]{0,60}\/)?(?:python[\d.]*|nodejs|node|perl|ruby|php|bun|deno|pwsh|powershell(?:\.exe)?|iex|invoke-expression|lua|osascript|source|tclsh)(?![\w./-])`;
const SHELL_READS = String.raw`${SHELL}(?:${ENDS}|\s+-(?!c\b)|\s+\/dev\/(?:stdin|fd\/0)|\s+-c\s+["']?\$\(cat)`;
const INTERPRETER_READS = String.raw`${INTERPRETER}(?:\s+(?:-[uSOBI]+|run|-NoProfile|-NonInteractive|-Command|--allow-\S+)){0,6}(?:\s+(?:-|\/dev\/stdin|\/dev\/fd\/0))?${ENDS}`;

const REMOTE: readonly RegExp[] = [
  new RegExp(
    String.raw`${FETCH}[^|\n;]*(?:${PIPE}[^|\n;]*){0,3}${PIPE}${LAUNCH}(?:${SHELL_READS}|${INTERPRETER_READS})`,
    'i',
  ),
  new RegExp(String.raw`${FETCH}[^\n;]*>\(\s*${LAUNCH}${SHELL}`, 'i'),
  new RegExp(
    String.raw`(?<![\w./-])(?:${SHELL}|${INTERPRETER}|eval\b|\.)\s+(?:-\w+\s+){0,8}["']?(?:<\(|\$\(|\x60)\s*${FETCH}`,
    'i',
  ),
  new RegExp(String.raw`\b(?:iex|invoke-expression)\b[^\n]*(?:${FETCH}|downloadstring|webclient)`, 'i'),
  /(?:downloadstring|downloadfile)\s*\([^\n]*\|\s*(?:iex|invoke-expression)/i,
  new RegExp(
    String.raw`\b(?:base64|base32|xxd|openssl\s+(?:enc|base64))\s[^|\n]{0,60}?-{1,2}(?:d|D|decode|r)\w*\b[^|\n]{0,100}${PIPE}(?:(?:gunzip|zcat|gzip|xz|bunzip2)[^|\n]{0,60}${PIPE})?${LAUNCH}(?:${SHELL_READS}|${INTERPRETER_READS})`,
    'i',
  ),
  new RegExp(
    String.raw`(?<![\w./-])(?:${SHELL}\s+-\w{0,8}c|eval)\s+["']?(?:\$\(|\x60)[^)\n]*\b(?:base64|base32)\s+(?:-\w+\s+)?-{1,2}(?:d|D|decode)\b`,
    'i',
  ),
  /\b(?:eval|exec|new Function)\s*\(\s*(?:await\s+)?\(?\s*(?:await\s+)?(?:fetch|requests\.get|urllib\.request\.urlopen|urlopen|axios\.get|got)\s*\(/,
  /\b(?:eval|exec|Function)\s*\(\s*(?:atob|Buffer\.from|base64\.b64decode|zlib\.\w+|bytes\.fromhex|codecs\.decode|marshal\.loads)\s*\(/,
];

const FETCHES = new RegExp(FETCH, 'i');
/** Before the name of what was fetched. */
const RUNS =
  /(?:\b(?:(?:ba|z|da)?sh|python[\d.]*|node|perl|ruby|php)(?:\s+-\S+)*|chmod\s+\S*[x7]\S*|\bsource|(?:^|[\s;&|(])\.\/?)\s*["']?$/i;
/** What was fetched is compared with what it should be. */
const CHECKED =
  /sha\d+sum|shasum|\bgpgv?\b|cosign|minisign|signify|get-filehash|checksum|openssl\s+dgst|\bslsa-verifier\b|--hash\b/i;
/** Attempts per line; a real one has one or two. */
const MOST_DOWNLOADS = 20;

/** Names under which a line keeps what it fetches, each with the place behind it. */
function downloadsIn(text: string): { name: string; from: number }[] {
  const fetch = text.search(FETCHES);
  if (fetch < 0) return [];
  const call = text.slice(fetch);
  const kept = [...call.matchAll(/(?:\s-o|\s-O|>|--output(?:-document)?[ =])\s*["']?([^\s"';&|]{1,200})/gi)];
  const named = /\bwget\b(?![^;&|]*\s-\w*O)|\bcurl\b[^;&|]*\s(?:-\w*O\b|--remote-name\b)/.test(call)
    ? [...call.matchAll(/https?:\/\/[^\s"';&|?#]{1,500}\/([^\s"';&|?#/]{1,200})/g)]
    : [];
  return [...kept, ...named].slice(0, MOST_DOWNLOADS).flatMap((match) => {
    const name = (match[1] ?? '').replace(/^\.\//, '');
    // Printed, or thrown away.
    if (name === '' || name === '-' || /^(https?:|-)|^\/dev\//.test(name)) return [];
    return [{ name, from: fetch + match.index + match[0].length }];
  });
}

/** Whether a text runs the named file behind a place. No back reference: it would cost minutes. */
function runsFile(text: string, name: string, from: number): boolean {
  const parts = text.slice(from).split(name).slice(0, MOST_DOWNLOADS);
  let before = text.slice(Math.max(0, from - 200), from);
  for (const part of parts.slice(0, -1)) {
    before += part;
    if (RUNS.test(before.slice(-80))) return !CHECKED.test(before);
  }
  return false;
}

/** A download into a file that a later command of the same line runs. */
function runsDownload(text: string): boolean {
  return downloadsIn(text).some(
    ({ name, from }) => /&&|;/.test(text.slice(from)) && runsFile(text, name, from),
  );
}

const HASH_COMMENTS =
  /^(sh|bash|zsh|fish|ya?ml|py|rb|toml|mk|dockerfile|ps1|pl|r|tf|cfg|conf|ini|properties|)$/;
const STROKE_COMMENTS =
  /^(js|mjs|cjs|jsx|ts|mts|cts|tsx|go|rs|java|kt|kts|scala|swift|c|h|cc|cpp|hpp|cs|php|dart|groovy|gradle|css|scss|zig)$/;

function isComment(path: string, text: string): boolean {
  const extension = extensionOf(path);
  if (HASH_COMMENTS.test(extension)) return /^\s*#(?!!)/.test(text);
  return STROKE_COMMENTS.test(extension) && /^\s*(\/\/|\*|\/\*(?!.*\*\/\s*\S))/.test(text);
}

const SAYS =
  /^\s*(?:[-\w:]+:\s+|-\s+|run:\s*)?(?:@?echo|printf|print|println!?|puts|warn|info|log|console\.\w+|log(?:ger)?\.\w+|fmt\.Print\w*|System\.out\.print\w*|write-(?:host|output))\b\s*(?:-\w+\s+)*\(?\s*f?(["'`])/i;

/** Tells people what they may run: one text, and nothing behind it takes it up. */
function isSaid(text: string): boolean {
  const opening = SAYS.exec(text);
  if (opening === null) return false;
  const [all, quote = ''] = opening;
  const end = text.lastIndexOf(quote);
  if (end < all.length) return false;
  const inside = text.slice(all.length, end);
  const runs = quote === "'" ? false : /\$\(|`/.test(inside);
  return !inside.includes(quote) && !runs && /^[\s);,\\]*(>&2|1>&2)?[\s);,\\]*$/.test(text.slice(end + 1));
}

/** As much of a line as is looked at in one go; the next piece begins a little before its end. */
const PIECE = { chars: 4_000, overlap: 500 };

function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length || at === 0; at += PIECE.chars - PIECE.overlap) {
    yield text.slice(at, at + PIECE.chars);
    if (at + PIECE.chars >= text.length) return;
  }
}

/** Lines between a download and its run. */
const NEAR_LINES = 30;

export const remoteCode: FileRule = (file) => {
  if (file.isBinary || isProse(file.path) || isLockfile(file.path)) return [];
  const found: Found[] = [];
  let held = '';
  let recent: { name: string; line: number; since: string }[] = [];
  for (const { line, text } of addedLines(file)) {
    if (isComment(file.path, text)) continue;
    const whole = `${held}${text}`;
    // A backslash at the end goes on in the next line.
    held = /\\\r?$/.test(text) && whole.length < PIECE.chars ? `${whole.replace(/\\\r?$/, '')} ` : '';
    if (held !== '') continue;
    if (!isSaid(whole) && [...piecesOf(whole)].some(isRemote)) {
      const say =
        'fetches or unpacks code and runs it at once, unseen. Look at where it comes from; pin it and check its hash.';
      found.push({ rule: 'remote_code', path: file.path, line, severity: 'block', say });
    } else if (
      recent.some(({ name, since }) =>
        runsFile(`${since}\n${whole.slice(0, PIECE.chars)}`, name, since.length),
      )
    ) {
      const say =
        'runs what was fetched a few lines before, unchecked. Look at where it comes from; check its hash.';
      found.push({ rule: 'remote_code', path: file.path, line, severity: 'warn', say });
    }
    if (found.length >= 5) break;
    recent = recall(recent, line, whole.slice(0, PIECE.chars));
  }
  return found;
};

function isRemote(text: string): boolean {
  return runsDownload(text) || REMOTE.some((pattern) => pattern.test(text));
}

/** Downloads that a later line may run, with the words since then. */
function recall<T extends { name: string; line: number; since: string }>(
  recent: readonly T[],
  line: number,
  text: string,
) {
  const kept = recent
    .filter((one) => line - one.line < NEAR_LINES)
    .map((one) => ({ ...one, since: `${one.since}\n${text}`.slice(-2_000) }));
  const fresh = downloadsIn(text).map(({ name }) => ({ name, line, since: '' }));
  return [...kept, ...fresh].slice(-MOST_DOWNLOADS);
}
