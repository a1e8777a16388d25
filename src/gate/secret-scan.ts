// The well-kept scanner, secretlint, as one function over a text.
import { baseName, extensionOf } from './found.ts';

export type Hit = Readonly<{
  what: string;
  from: number;
  to: number;
  /** Only its name and its randomness speak for it. */
  isGuess?: boolean;
}>;
export type Scan = (text: string, path: string) => Promise<readonly Hit[]>;

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
