// What stands around a change in the same tree: all names, where links lead, and the texts of files that decide what others
// are. Bounded; what was left out is said.
import { loadBlobs, loadSizes } from './blobs.ts';
import type { Git } from './git.ts';

export type Beside = Readonly<{
  /** The names of all files. */
  names: readonly string[];
  /** Symbolic links and what they hold. */
  links: ReadonlyMap<string, string>;
  /** The texts that were asked for, by path. */
  texts: ReadonlyMap<string, string>;
}>;

export const NOTHING_BESIDE: Beside = { names: [], links: new Map(), texts: new Map() };

const MOST_NAMES_BYTES = 96_000_000;
const MOST_LINKS = 5_000;
const MOST_TEXTS = 500;
/** No path is longer on any system. */
const MOST_LINK_BYTES = 4_096;
const MOST_TEXT_BYTES = 200_000;

type Call = Readonly<{ gitDir: string; signal: AbortSignal | undefined }>;

/** Reads the whole tree's names and the few texts that are wanted of it; nothing where there is no tree. */
export async function readBeside(
  git: Git,
  call: Call,
  { tree, wants }: { tree: string | undefined; wants: (path: string) => boolean },
): Promise<{ beside: Beside; gaps: readonly string[] }> {
  if (tree === undefined) return { beside: NOTHING_BESIDE, gaps: [] };
  const limitBytes = MOST_NAMES_BYTES;
  const said = await git.attempt(['ls-tree', '-r', '-z', tree], { ...call, limitBytes });
  const entries = said.stdout.split('\0').flatMap((line) => {
    const [, mode, sha, path] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
    return mode && sha && path ? [{ mode, sha, path }] : [];
  });
  const links = entries.filter(({ mode }) => mode === '120000');
  const texts = entries.filter(({ mode, path }) => mode.startsWith('100') && wants(path));
  const beside = {
    names: entries.map(({ path }) => path),
    links: await loadTexts(git, call, { entries: links.slice(0, MOST_LINKS), mostBytes: MOST_LINK_BYTES }),
    texts: await loadTexts(git, call, { entries: texts.slice(0, MOST_TEXTS), mostBytes: MOST_TEXT_BYTES }),
  };
  const gaps = [
    ...(said.cut ? ['There are too many files to look for names that are one on some systems.'] : []),
    ...(links.length > MOST_LINKS ? ['There are too many links to follow each of them.'] : []),
  ];
  return { beside, gaps };
}

async function loadTexts(
  git: Git,
  call: Call,
  { entries, mostBytes }: { entries: readonly { sha: string; path: string }[]; mostBytes: number },
): Promise<ReadonlyMap<string, string>> {
  const sizes = await loadSizes(
    git,
    call,
    entries.map(({ sha }) => sha),
  );
  const small = entries.filter((_, at) => (sizes[at]?.sizeBytes ?? Number.POSITIVE_INFINITY) <= mostBytes);
  const texts = await loadBlobs(
    git,
    call,
    small.map(({ sha }) => sha),
  );
  return new Map(
    small.flatMap(({ path, sha }) => {
      const text = texts.get(sha);
      return text === undefined ? [] : [[path, text] as const];
    }),
  );
}
