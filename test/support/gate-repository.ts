// Little repositories for the tests of the gate: two commits written straight into git's objects, so that modes, links,
// submodules and names that no disk would take are as easy as files.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  const blobs = new Map<string | Buffer, Promise<string>>();

  async function writeEntry(entry: Entry): Promise<{ mode: string; sha: string }> {
    const blob = (content: string | Buffer) => {
      const known = blobs.get(content) ?? git(['hash-object', '-w', '--stdin'], content);
      blobs.set(content, known);
      return known;
    };
    if (typeof entry === 'string' || Buffer.isBuffer(entry))
      return { mode: '100644', sha: await blob(entry) };
    if ('submodule' in entry) return { mode: '160000', sha: entry.submodule };
    if ('link' in entry) return { mode: '120000', sha: await blob(entry.link) };
    return { mode: '100755', sha: await blob(entry.executable) };
  }

  async function writeTree(files: Tree): Promise<string> {
    const lines: string[] = [];
    const folders = new Map<string, Record<string, Entry>>();
    for (const [path, entry] of Object.entries(files)) {
      const at = path.indexOf('/');
      if (at > 0) {
        const folder = path.slice(0, at);
        folders.set(folder, { ...folders.get(folder), [path.slice(at + 1)]: entry });
      } else {
        const { mode, sha } = await writeEntry(entry);
        lines.push(`${mode} ${mode === '160000' ? 'commit' : 'blob'} ${sha}\t${path}\0`);
      }
    }
    for (const [name, inside] of folders) lines.push(`040000 tree ${await writeTree(inside)}\t${name}\0`);
    // A name with ÿ stands for bytes that are no UTF-8.
    const isBytes = lines.some((line) => line.includes('\u00ff'));
    return git(['mktree', '-z', '--missing'], Buffer.from(lines.join(''), isBytes ? 'latin1' : 'utf8'));
  }

  /** Commits on top of `parents` and answers the SHA. */
  async function commit(files: Tree, parents: readonly string[] = [], message = 'A step'): Promise<string> {
    const tree = await writeTree(files);
    return git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', message]);
  }

  return {
    dir,
    git,
    commit,
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
