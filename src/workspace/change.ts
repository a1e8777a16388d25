// What a range of commits changes, read once for whoever judges it: files with their modes, sizes and added lines. Git runs
// over a git dir of our own that only borrows the objects, so nothing that stands beside them (configuration, attributes,
// grafts, hooks) has a say.
import { writeGitDir } from './bare-repository.ts';
import { type Beside, readBeside } from './beside.ts';
import { loadBlobs, loadSizes } from './blobs.ts';
import type { Git } from './git.ts';
import { type AddedLines, parsePatch, type RemovedLines } from './patch.ts';
import { withTempFolder } from './temp-folders.ts';

/** One side of a change: git's mode (`100644`, `120000`…), object name, and size where the object is there. */
export type Side = Readonly<{ mode: string; sha: string; sizeBytes: number | undefined }>;

export type FileChange = Readonly<{
  path: string;
  /** The former name of a renamed file. */
  oldPath?: string;
  kind: 'added' | 'deleted' | 'modified' | 'renamed';
  before?: Side;
  after?: Side;
  /** One of the sides has a NUL byte near its start. */
  isBinary: boolean;
  /** Of a binary file too: then with U+FFFD in the place of what is no text. */
  added: readonly AddedLines[];
  /** Of the old file; of a renamed one only what differs. */
  removed: readonly RemovedLines[];
  /** Too large, or missing: `added` and `removed` say nothing. */
  isUnread: boolean;
  /** The whole text of the sides that were asked for. */
  whole: Readonly<{ before?: string; after?: string }>;
}>;

export type Change = Readonly<{
  files: readonly FileChange[];
  /** What only commits in between hold: a push would publish it as well. */
  interim: readonly FileChange[];
  /** What stands around them afterwards; empty where no file changed. */
  beside: Beside;
  /** The messages of the range's commits, with those who signed them. */
  messages: readonly CommitWords[];
  /** What could not be looked at, beside single files. */
  gaps: readonly string[];
}>;

export type CommitWords = Readonly<{ sha: string; text: string }>;

/** Which texts the judge needs beyond added lines. */
export type Wants = Readonly<{
  /** Of a changed file the whole text, before and after. */
  whole: (path: string, mode: string) => boolean;
  /** Of any file of the tree, changed or not. */
  beside: (path: string) => boolean;
}>;

/** Where the objects lie, and which trees (or commits) to compare. `from` undefined: nothing was there before. */
export type ChangeQuestion = Readonly<{
  objects: Objects;
  from: string | undefined;
  to: string;
  /** Objects of commits in between, with the path each was found at. */
  history?: readonly Readonly<{ path: string; sha: string }>[];
  messages?: readonly CommitWords[];
  wants: Wants;
  signal?: AbortSignal | undefined;
  gaps?: readonly string[];
  /** Where a folder for the time of the reading can be made. */
  tmp: string;
}>;

export type Objects = Readonly<{ dir: string; format: string }>;

/** A file beyond this, and all beyond the sum, is not read: a minute of patterns is no answer before a push. */
const MOST_FILE_BYTES = 5_000_000;
const MOST_BYTES = 24_000_000;
const MOST_FILES = 20_000;

type Raw = Pick<FileChange, 'path' | 'kind'> & { oldPath?: string; before?: Side; after?: Side };

/** Reads a change. Bounded in memory and time; what was left out is said. */
export async function readChange(git: Git, question: ChangeQuestion): Promise<Change> {
  return withTempFolder(question.tmp, async (gitDir) => {
    await borrowObjects(gitDir, question.objects);
    return readFrom(git, { gitDir, signal: question.signal }, question);
  });
}

type Call = Readonly<{ gitDir: string; signal: AbortSignal | undefined }>;

async function readFrom(git: Git, call: Call, question: ChangeQuestion): Promise<Change> {
  const from = question.from ?? (await makeTrees(git, call, [[]]))[0] ?? '';
  const { raw, hasMore } = await listRaw(git, call, { from, to: question.to });
  const past = await readPast(git, call, { question, from, present: raw });
  const sized = await withSizes(git, call, [...raw, ...past]);
  const files = await withText(git, call, { raw: sized, wantsWhole: question.wants.whole });
  const { beside, gaps } = await readBeside(git, call, {
    tree: raw.length === 0 ? undefined : question.to,
    wants: question.wants.beside,
  });
  return {
    files: files.slice(0, raw.length),
    interim: files.slice(raw.length),
    beside,
    messages: question.messages ?? [],
    gaps: [
      ...(question.gaps ?? []),
      ...(hasMore ? [`More than ${MOST_FILES} files changed; the rest was not looked at.`] : []),
      ...gaps,
    ],
  };
}

async function borrowObjects(gitDir: string, { dir, format }: Objects): Promise<void> {
  const sha256 = format === 'sha256';
  const config = `[core]\n\trepositoryformatversion = ${sha256 ? 1 : 0}\n\tbare = true\n${sha256 ? '[extensions]\n\tobjectformat = sha256\n' : ''}`;
  await writeGitDir(gitDir, { branch: 'none', config, borrow: dir });
}

/** Git's own `--raw` records, with renames found. */
async function listRaw(
  git: Git,
  call: Call,
  { from, to }: { from: string; to: string },
): Promise<{ raw: Raw[]; hasMore: boolean }> {
  const args = ['diff-tree', '-r', '-z', '-M', '-l2000', '--raw', '--no-ext-diff', '--no-textconv', from, to];
  const fields = (await git.run(args, call)).split('\0');
  const raw: Raw[] = [];
  for (let at = 0; at < fields.length; at++) {
    const head = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(fields[at] ?? '');
    if (head === null) continue;
    const [, oldMode = '', mode = '', oldSha = '', sha = '', letter = 'M'] = head;
    const first = fields[++at] ?? '';
    const isRename = letter === 'R' || letter === 'C';
    const path = isRename ? (fields[++at] ?? '') : first;
    raw.push({
      path,
      kind: letter === 'A' ? 'added' : letter === 'D' ? 'deleted' : isRename ? 'renamed' : 'modified',
      ...(isRename ? { oldPath: first } : {}),
      ...(letter === 'A' ? {} : { before: { mode: oldMode, sha: oldSha, sizeBytes: undefined } }),
      ...(letter === 'D' ? {} : { after: { mode, sha, sizeBytes: undefined } }),
    });
  }
  return { raw: raw.slice(0, MOST_FILES), hasMore: raw.length > MOST_FILES };
}

/** Files as commits in between hold them, each beside what stood there before the range. */
async function readPast(
  git: Git,
  call: Call,
  { question, from, present }: { question: ChangeQuestion; from: string; present: readonly Raw[] },
): Promise<Raw[]> {
  const known = new Set(present.map(({ after }) => after?.sha));
  const lines = (question.history ?? []).filter(
    ({ path, sha }) => path !== '' && !path.includes('\n') && !known.has(sha),
  );
  if (lines.length === 0) return [];
  const asked = await loadSizes(
    git,
    call,
    lines.flatMap(({ path, sha }) => [sha, `${from}:${path}`]),
  );
  return lines.flatMap(({ path }, at): Raw[] => {
    const [now, old] = [asked[2 * at], asked[2 * at + 1]];
    if (now?.type !== 'blob') return [];
    const side = (sha: string): Side => ({ mode: '100644', sha, sizeBytes: undefined });
    const before = old?.type === 'blob' ? { before: side(old.sha) } : {};
    return [{ path, kind: before.before ? 'modified' : 'added', ...before, after: side(now.sha) }];
  });
}

async function withSizes(git: Git, call: Call, raw: readonly Raw[]): Promise<Raw[]> {
  const sides = raw.flatMap(({ before, after }) => [before, after]).filter((side) => isBlob(side));
  const shas = [...new Set(sides.map((side) => side?.sha ?? ''))];
  const sizes = new Map((await loadSizes(git, call, shas)).map((each, at) => [shas[at], each?.sizeBytes]));
  const measured = (side: Side) => (isBlob(side) ? { ...side, sizeBytes: sizes.get(side.sha) } : side);
  return raw.map((each) => ({
    ...each,
    ...(each.before ? { before: measured(each.before) } : {}),
    ...(each.after ? { after: measured(each.after) } : {}),
  }));
}

async function withText(
  git: Git,
  call: Call,
  { raw, wantsWhole }: { raw: readonly Raw[]; wantsWhole: Wants['whole'] },
): Promise<FileChange[]> {
  const readable = chooseReadable(raw);
  const wanted = [...readable].flatMap((at) => {
    const { path, before, after } = raw[at] ?? { path: '' };
    if (!wantsWhole(path, after?.mode ?? before?.mode ?? '')) return [];
    return [before, after].flatMap((side) => (side && isBlob(side) ? [side.sha] : []));
  });
  const [patch, texts] = await Promise.all([
    readPatch(git, call, { raw, readable }),
    loadBlobs(git, call, wanted),
  ]);
  return raw.map((each, at) => {
    const isRead = readable.has(at) && at <= patch.lastWhole;
    const [before, after] = [texts.get(each.before?.sha ?? ''), texts.get(each.after?.sha ?? '')];
    return {
      ...each,
      isBinary: patch.binary.has(at),
      added: isRead ? (patch.lines.get(at)?.added ?? []) : [],
      removed: isRead ? (patch.lines.get(at)?.removed ?? []) : [],
      isUnread: !isRead && isBlob(each.after),
      whole: { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
    };
  });
}

/** The small ones first, so that one huge file does not keep the others from being read. */
function chooseReadable(raw: readonly Raw[]): Set<number> {
  const sized = raw.map(({ before, after }, at) => {
    const sides = [before, after].flatMap((side) => (side && isBlob(side) ? [side.sizeBytes] : []));
    const isThere = sides.every((size) => size !== undefined && size <= MOST_FILE_BYTES);
    return { at, isThere, bytes: sides.reduce<number>((sum, size) => sum + (size ?? 0), 0) };
  });
  const chosen = new Set<number>();
  let sum = 0;
  for (const { at, bytes, isThere } of sized.toSorted((a, b) => a.bytes - b.bytes)) {
    if (!isThere || sum + bytes > MOST_BYTES) continue;
    sum += bytes;
    chosen.add(at);
  }
  return chosen;
}

/** Two flat trees of numbered files are compared: names, modes and kinds of a stranger's play no part in it. */
async function readPatch(
  git: Git,
  call: Call,
  { raw, readable }: { raw: readonly Raw[]; readable: ReadonlySet<number> },
) {
  const entry = (side: Side | undefined, at: number) =>
    side && isBlob(side) && readable.has(at)
      ? [`100644 blob ${side.sha}\t${String(at).padStart(6, '0')}\n`]
      : [];
  const [from = '', to = ''] = await makeTrees(git, call, [
    raw.flatMap(({ before }, at) => entry(before, at)),
    raw.flatMap(({ after }, at) => entry(after, at)),
  ]);
  const diff = ['diff-tree', '-r', '--no-renames', '--no-ext-diff', '--no-textconv', '--no-color'];
  const [patch, counts] = await Promise.all([
    git.attempt([...diff, '-p', '--text', '-U0', from, to], { ...call, limitBytes: 3 * MOST_BYTES }),
    git.run([...diff, '--numstat', from, to], call),
  ]);
  const binary = new Set([...counts.matchAll(/^-\t-\t(\d+)$/gm)].map(([, at]) => Number(at)));
  return { ...parsePatch(patch.stdout, patch.cut), binary };
}

/** Makes a tree of each list of entries, which end in a newline. An empty line ends a tree, also an empty one. */
async function makeTrees(git: Git, call: Call, trees: readonly (readonly string[])[]): Promise<string[]> {
  const input = trees.map((entries) => `${entries.join('')}\n`).join('');
  return (await git.run(['mktree', '--batch'], { ...call, input })).trim().split('\n');
}

function isBlob(side: Side | undefined): boolean {
  return side !== undefined && side.mode !== '160000';
}
