// Looks for keys, tokens and passwords in added lines, names and messages: secretlint's rules, and forms that it leaves out,
// also where they are encoded or put together. What it found is told by kind and line, never by value.
import type { CommitWords, FileChange } from '../workspace/change.ts';
import { openEncoded, putTogether, unwrap } from './encoded.ts';
import { type Found, foldPath } from './found.ts';
import { isLockfile } from './rules/lockfile-names.ts';
import { looksRandom, SECRET_FORMS } from './secret-forms.ts';
import type { Hit, Scan } from './secret-scan.ts';

/** Files hold one secret each as a rule; more are told as one. */
const MOST = 5;

/** Findings in one file's added lines. `isInterim`: a commit in between holds it, the last one no longer does. */
export async function findSecrets(scan: Scan, file: FileChange, isInterim: boolean): Promise<Found[]> {
  if (file.after === undefined || file.after.mode === '160000') return [];
  const found = new Map<number | undefined, Found>();
  const when = isInterim ? ' in a commit of the range, although it is gone in the end' : '';
  const add = ({ what, isGuess = false }: Pick<Hit, 'what' | 'isGuess'>, line?: number) => {
    const say = `holds what looks like ${what}${when}. Take it out${isInterim ? ' of the history' : ''}, and replace it where it is valid.`;
    const old = found.get(line);
    if (old !== undefined && (old.severity === 'block' || isMild(file.path, what, isGuess))) return;
    found.set(line, {
      rule: 'secret',
      path: file.path,
      ...(line === undefined ? {} : { line }),
      severity: isMild(file.path, what, isGuess) ? 'warn' : 'block',
      say,
    });
  };
  if (file.before === undefined && isKeyFile(file.path)) add({ what: 'a store of keys' });
  if (file.before === undefined || file.oldPath !== undefined) {
    for (const hit of await findIn(scan, file.path, file.path))
      if (!hit.isGuess) add({ what: `${hit.what} in its name` });
  }
  const { text, lineAt } = joinAdded(file);
  for (const hit of await findIn(scan, text, file.path)) {
    add(hit, file.isBinary ? undefined : lineAt(hit.from));
    if (found.size >= MOST) break;
  }
  return [...found.values()];
}

/** Findings in what a commit says: it is pushed with it. */
export async function findInMessage(scan: Scan, { sha, text }: CommitWords): Promise<Found[]> {
  const hit = (await findIn(scan, text, 'message')).find(({ isGuess }) => !isGuess);
  if (hit === undefined) return [];
  const say = `has a message that holds what looks like ${hit.what}. Write the commit anew without it, and replace it where it is valid.`;
  return [{ rule: 'secret', path: `commit ${sha.slice(0, 12)}`, severity: 'block', say }];
}

async function findIn(scan: Scan, text: string, path: string): Promise<Hit[]> {
  const plain: Hit[] = [];
  for (const { piece, offset } of piecesOf(text)) {
    for (const hit of await scan(piece, path))
      plain.push({ ...hit, from: hit.from + offset, to: hit.to + offset });
  }
  const isLock = isLockfile(path);
  const hits = [...plain, ...findForms(text, { isLock, path })].filter(
    (hit) => !isStandIn(text.slice(hit.from, hit.to), hit.what),
  );
  // The sure ones first: only so many are told, and guesses must not crowd them out.
  return [...hits, ...findHidden(text)].toSorted(
    (a, b) => Number(a.isGuess ?? false) - Number(b.isGuess ?? false),
  );
}

/** The scanner's patterns were made for files of people; a huge text is given to it in pieces. */
const PIECE = { chars: 256_000, overlap: 8_000 };

function* piecesOf(text: string): Generator<{ piece: string; offset: number }> {
  for (let offset = 0; offset < text.length; offset += PIECE.chars - PIECE.overlap) {
    yield { piece: text.slice(offset, offset + PIECE.chars), offset };
    if (offset + PIECE.chars >= text.length) return;
  }
}

function findForms(text: string, { isLock, path }: { isLock: boolean; path: string }): Hit[] {
  const forms = SECRET_FORMS.filter(({ files }) => files === undefined || files.test(path));
  return forms.flatMap(({ what, pattern, group, isGuess = false }) =>
    [...text.matchAll(pattern)].flatMap((match): Hit[] => {
      const value = match[group ?? 0] ?? '';
      if (group !== undefined && (isLock || !looksRandom(value))) return [];
      return [{ what, from: match.index, to: match.index + match[0].length, isGuess }];
    }),
  );
}

/** Forms that are sure, where the text has them in parts or in another writing. */
function findHidden(text: string): Hit[] {
  const hits: Hit[] = [];
  const look = (hidden: string, at: (offset: number) => number, how: string) => {
    for (const hit of findForms(hidden, { isLock: false, path: '' })) {
      if (hit.isGuess || isStandIn(hidden.slice(hit.from, hit.to), hit.what)) continue;
      const from = at(hit.from);
      hits.push({ what: `${hit.what} ${how}`, from, to: from });
    }
  };
  const whole = putTogether(text);
  if (whole) look(whole.text, whole.at, 'in parts');
  const unwrapped = unwrap(text);
  for (const { text: opened, from } of openEncoded(unwrapped.text)) {
    look(opened, () => unwrapped.at(from), 'in another encoding');
    if (hits.length >= MOST) break;
  }
  return hits;
}

/** Values that documentation uses, and logins of a machine's own services. */
function isStandIn(value: string, what: string): boolean {
  if (/EXAMPLE\b|EXAMPLEKEY|[-_]your[-_]|x{8,}|\*{4,}|0{8,}/i.test(value)) return true;
  if (!/login/.test(what)) return false;
  const [, user = '', password = '', host = ''] = /\/\/([^:/@\s]*):([^@\s]*)@([\w.-]*)/.exec(value) ?? [];
  if (
    /^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?|db|postgres|mysql|mongo|redis|rabbitmq|host)$/i.test(host)
  )
    return true;
  if (/(^|\.)example\.(com|org|net)$|\.(test|example|invalid|localhost)$/i.test(host)) return true;
  return (
    /^(pass(word)?|pw|secret|user(name)?|test|token|foo|bar|\$.*|<.*|%.*|\{.*|your.*|x+)$/i.test(password) ||
    password === user
  );
}

/** Tests and documentation are full of made-up passwords. */
function isTry(path: string): boolean {
  return /(^|\/)(tests?|__tests__|specs?|e2e|docs?|examples?|samples?|fixtures|__fixtures__|mocks?|__mocks__|testdata)\/|[._-](test|spec|example|sample|template)\b|\.(md|rst|adoc)$|_test\.\w+$/i.test(
    path,
  );
}

/** Keys that are kept whole in a file of their own. */
function isKeyFile(path: string): boolean {
  return /(^|\/)(id_(rsa|dsa|ecdsa|ed25519)(_sk)?|\.netrc|\.git-credentials|\.htpasswd|\.pgpass)$|\.(p12|pfx|jks|keystore|kdbx|ppk|ovpn)$/.test(
    foldPath(path),
  );
}

/** Guesses are for a reader; only where settings are kept they count as sure. Made-up logins are common in tests. */
function isMild(path: string, what: string, isGuess: boolean): boolean {
  if (isGuess) return isTry(path) || !/(^|\/)\.env(\.\w+)*$/.test(foldPath(path));
  return /^(a|the) login/.test(what) && isTry(path);
}

/** All added lines as one text, since keys go over several, and the line of each place in it. */
function joinAdded(file: FileChange): { text: string; lineAt: (offset: number) => number } {
  const starts: { offset: number; line: number }[] = [];
  let text = '';
  for (const run of file.added) {
    starts.push({ offset: text.length, line: run.line });
    // UTF-16 has a NUL beside each plain letter.
    text += `${file.isBinary ? run.text.replaceAll('\0', '') : run.text}\n`;
  }
  const lineAt = (offset: number) => {
    const start = starts.findLast((each) => each.offset <= offset) ?? { offset: 0, line: 1 };
    return start.line + (text.slice(start.offset, offset).match(/\n/g)?.length ?? 0);
  };
  return { text, lineAt };
}
