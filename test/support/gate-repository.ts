// Little repositories for the tests of the gate: two commits written straight into git's objects, so that modes, links,
// submodules and names that no disk would take are as easy as files.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { execa } from 'execa';
import { runGate } from '../../src/commands/gate.ts';
import type { Finding } from '../../src/job/gate-rules.ts';

/** A file's content, or more than that: `link` and `submodule` say where to, `executable` sets the bit. */
export type Entry =
  | string
  | Buffer
  | Readonly<{ link: string } | { submodule: string } | { executable: string }>;
/** Path → entry. */
export type Tree = Readonly<Record<string, Entry>>;

export type Verdict = Readonly<{
  range: string;
  findings: readonly Finding[];
  blocked: boolean;
  exitCode: number;
  text: string;
}>;

const IDENTITY = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

/** Writes loose objects as git does (gitformat-loose, git-mktree): a process for each would take most of a test's time. */
function createObjects(dir: string) {
  function write(type: 'blob' | 'tree' | 'commit', content: Buffer): string {
    const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    const sha = createHash('sha1').update(whole).digest('hex');
    const path = join(dir, sha.slice(0, 2), sha.slice(2));
    if (existsSync(path)) return sha;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, deflateSync(whole, { level: 1 }));
    return sha;
  }

  function writeTree(entries: readonly Readonly<{ name: string; mode: string; sha: string }>[]): string {
    const made = entries.map(({ name, mode, sha }) => {
      // A name with ÿ stands for bytes that are no UTF-8.
      const bytes = Buffer.from(name, name.includes('\u00ff') ? 'latin1' : 'utf8');
      // Folders are sorted as if a slash stood behind their name.
      const key = mode === '40000' ? Buffer.concat([bytes, Buffer.from('/')]) : bytes;
      const line = Buffer.concat([Buffer.from(`${mode} `), bytes, Buffer.from([0]), Buffer.from(sha, 'hex')]);
      return { key, line };
    });
    made.sort((a, b) => Buffer.compare(a.key, b.key));
    return write('tree', Buffer.concat(made.map(({ line }) => line)));
  }

  return { write, writeTree };
}

/** A bare repository; `commit` adds one commit that holds exactly these files. */
export async function createGateRepository() {
  const dir = await mkdtemp(join(tmpdir(), 'errand-gate-test-'));
  const { PATH = '/usr/bin:/bin' } = process.env;
  const env = { PATH, HOME: dir, GIT_DIR: dir, GIT_CONFIG_NOSYSTEM: '1', ...IDENTITY };
  const git = async (args: readonly string[], input: string | Buffer = '') => {
    const { stdout } = await execa('git', args, { cwd: dir, env, extendEnv: false, input });
    return stdout;
  };
  await git(['init', '-q', '--bare', '--initial-branch=main', dir]);

  const objects = createObjects(join(dir, 'objects'));

  function writeEntry(entry: Entry): { mode: string; sha: string } {
    const blob = (content: string | Buffer) => objects.write('blob', Buffer.from(content));
    if (typeof entry === 'string' || Buffer.isBuffer(entry)) return { mode: '100644', sha: blob(entry) };
    if ('submodule' in entry) return { mode: '160000', sha: entry.submodule };
    if ('link' in entry) return { mode: '120000', sha: blob(entry.link) };
    return { mode: '100755', sha: blob(entry.executable) };
  }

  function writeTree(files: Tree): string {
    const entries: { name: string; mode: string; sha: string }[] = [];
    const folders = new Map<string, Record<string, Entry>>();
    for (const [path, entry] of Object.entries(files)) {
      const at = path.indexOf('/');
      if (at > 0) {
        const folder = path.slice(0, at);
        folders.set(folder, { ...folders.get(folder), [path.slice(at + 1)]: entry });
      } else entries.push({ name: path, ...writeEntry(entry) });
    }
    for (const [name, inside] of folders) entries.push({ name, mode: '40000', sha: writeTree(inside) });
    return objects.writeTree(entries);
  }

  /** Commits on top of `parents` and answers the SHA. */
  async function commit(files: Tree, parents: readonly string[] = [], message = 'A step'): Promise<string> {
    const by = `a <a@example.com> ${Math.floor(Date.now() / 1000)} +0000`;
    const lines = [
      `tree ${writeTree(files)}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${by}`,
      `committer ${by}`,
    ];
    return objects.write('commit', Buffer.from(`${lines.join('\n')}\n\n${message}\n`));
  }

  return {
    dir,
    git,
    commit,
    /** A file beside the repository, for an option of the command; answers its path. */
    note: async (text: string) => {
      const path = join(dir, `note-${createHash('sha1').update(text).digest('hex')}`);
      await writeFile(path, text);
      return path;
    },
    /** Runs the command as a person would. */
    gate: (range: string, ...more: readonly string[]) => runGateOn(dir, range, ...more),
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

export type GateRepository = Awaited<ReturnType<typeof createGateRepository>>;

/** `errand gate --git-dir DIR RANGE --json`, read back. */
export async function runGateOn(dir: string, range: string, ...more: readonly string[]): Promise<Verdict> {
  let [text, said] = ['', ''];
  const exitCode = await runGate(['--git-dir', dir, range, '--json', ...more], {
    write: (part) => {
      text += part;
    },
    complain: (part) => {
      said += part;
    },
  });
  const empty = { range, findings: [] as Finding[], blocked: false };
  return { ...(text === '' ? empty : JSON.parse(text)), exitCode, text: `${text}${said}` };
}
