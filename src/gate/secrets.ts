// Looks for keys, tokens and passwords in added lines: secretlint's rules, and forms that it leaves out. What it found is
// told by kind and line, never by value.
import type { FileChange } from '../workspace/change.ts';
import { baseName, extensionOf, type Found, foldPath } from './found.ts';
import { isLockfile } from './rules/lockfile-names.ts';
import { looksRandom, SECRET_FORMS } from './secret-forms.ts';

type Hit = Readonly<{
  what: string;
  from: number;
  to: number;
  /** Only its name and its randomness speak for it. */
  isGuess?: boolean;
}>;
export type Scan = (text: string, path: string) => Promise<readonly Hit[]>;

/** Files hold one secret each as a rule; more are told as one. */
const MOST = 5;

/** Words of people who do not know secretlint. */
const KINDS: Readonly<Record<string, string>> = {
  aws: 'an AWS key',
  basicauth: 'a login in an address',
  'database-connection-string': 'the login of a database',
  gcp: "a Google service account's key",
  github: 'a GitHub token',
  gitlab: 'a GitLab token',
  npm: 'an npm token',
  privatekey: 'a private key',
  slack: 'a Slack token or webhook',
};

/** Loads the scanner; only whoever gates needs its memory. */
export async function openScan(): Promise<Scan> {
  const [{ lintSource }, { rules }, { secretLintProfiler }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
    import('@secretlint/profiler'),
  ]);
  // It would keep a mark of every file for as long as the process lives.
  secretLintProfiler.setEnabled(false);
  // A comment of the author's must not switch the scanner off.
  const used = rules
    .filter(({ meta }) => !meta.id.endsWith('filter-comments'))
    .map((rule) => ({ id: rule.meta.id, rule }));
  return async (text, path) => {
    const { messages } = await lintSource({
      source: {
        content: text,
        filePath: `/${baseName(path)}`,
        ext: `.${extensionOf(path)}`,
        contentType: 'text',
      },
      options: { config: { rules: used }, noPhysicFilePath: true, maskSecrets: true },
    });
    return messages.map(({ ruleId, range }) => {
      const name = ruleId.replace(/^.*secretlint-rule-/, '');
      return { what: KINDS[name] ?? `a key or token (${name})`, from: range[0], to: range[1] };
    });
  };
}

/** Findings in one file's added lines. `isInterim`: a commit in between holds it, the last one no longer does. */
export async function findSecrets(scan: Scan, file: FileChange, isInterim: boolean): Promise<Found[]> {
  if (file.after === undefined || file.after.mode === '160000') return [];
  const found = new Map<number | undefined, Found>();
  const add = ({ what, isGuess }: Pick<Hit, 'what' | 'isGuess'>, line?: number) => {
    const when = isInterim ? ' in a commit of the range, although it is gone in the end' : '';
    const say = `holds what looks like ${what}${when}. Take it out${isInterim ? ' of the history' : ''}, and replace it where it is valid.`;
    if (!found.has(line)) {
      found.set(line, {
        rule: 'secret',
        path: file.path,
        ...(line === undefined ? {} : { line }),
        severity: isGuess && isTry(file.path) ? 'warn' : 'block',
        say,
      });
    }
  };
  if (file.before === undefined && isKeyFile(file.path)) add({ what: 'a store of keys' });
  const { text, lineAt } = joinAdded(file);
  const hits = [...(await scan(text, file.path)), ...findForms(text, isLockfile(file.path))];
  for (const hit of hits) {
    if (isStandIn(text.slice(hit.from, hit.to), hit.what)) continue;
    add(hit, file.isBinary ? undefined : lineAt(hit.from));
    if (found.size >= MOST) break;
  }
  return [...found.values()];
}

function findForms(text: string, isLock: boolean): Hit[] {
  return SECRET_FORMS.flatMap(({ what, pattern, group, isGuess = false }) =>
    [...text.matchAll(pattern)].flatMap((match): Hit[] => {
      const value = match[group ?? 0] ?? '';
      if (group !== undefined && (isLock || !looksRandom(value))) return [];
      return [{ what, from: match.index, to: match.index + match[0].length, isGuess }];
    }),
  );
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
