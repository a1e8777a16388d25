// Loads many objects' sizes or texts in one process.
import { randomUUID } from 'node:crypto';
import type { Git } from './git.ts';

type Call = Readonly<{ gitDir: string; signal?: AbortSignal | undefined }>;
type Sized = Readonly<{ sha: string; type: string; sizeBytes: number }>;

/** What git knows by these names, in their order; undefined where there is nothing. No name may hold a line end. */
export async function loadSizes(
  git: Git,
  call: Call,
  names: readonly string[],
): Promise<(Sized | undefined)[]> {
  if (names.length === 0) return [];
  const input = names.map((name) => `${name}\n`).join('');
  const said = await git.run(['cat-file', '--batch-check'], { ...call, input });
  return said
    .split('\n')
    .slice(0, names.length)
    .map((line) => {
      const [, sha, type, size] = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line) ?? [];
      return sha && type ? { sha, type, sizeBytes: Number(size) } : undefined;
    });
}

/** The texts of blobs by their object names; those that are not there are absent. What is no UTF-8 reads as U+FFFD. */
export async function loadBlobs(git: Git, call: Call, shas: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(shas)];
  if (wanted.length === 0) return new Map();
  // A mark that no file can contain tells where one ends: sizes count bytes, and ours is text already.
  const mark = randomUUID();
  const input = wanted.map((sha) => `${sha}\n`).join('');
  const said = await git.run(['cat-file', `--batch=${mark} %(objectname)`], { ...call, input });
  const texts = new Map<string, string>();
  for (const part of said.split(`${mark} `).slice(1)) {
    const end = part.indexOf('\n');
    texts.set(part.slice(0, end), part.slice(end + 1, -1));
  }
  return texts;
}
