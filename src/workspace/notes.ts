// What a runner remembers of a repository beside its mirror, so that it need not find it out again. A cache: whoever removes
// it loses time and nothing else.
import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repo } from '../job/repo.ts';
import type { Mirrors } from './mirror.ts';

const NAME = 'errand-notes.json';
/** The oldest go first. */
const MOST_NOTES = 300;

type Entry = readonly [key: string, value: unknown];

/** Creates the two verbs. Values are JSON; whoever reads them checks what they are. */
export function createNotes({ mirrors }: { mirrors: Pick<Mirrors, 'open'> }) {
  const pathOf = async (repo: Repo) => join(await mirrors.open(repo), NAME);

  return {
    /** Undefined where nothing was noted under the key, or the notes cannot be read. */
    async readNote(repo: Repo, key: string): Promise<unknown> {
      return (await readAll(await pathOf(repo))).find(([name]) => name === key)?.[1];
    },

    /** Of two that write at the same time one is lost, as a cache may lose it. */
    async writeNote(repo: Repo, key: string, value: unknown): Promise<void> {
      const path = await pathOf(repo);
      const others = (await readAll(path)).filter(([name]) => name !== key);
      const own = `${path}.${randomUUID()}`;
      await writeFile(own, JSON.stringify([...others.slice(1 - MOST_NOTES), [key, value]]));
      await rename(own, path);
    },
  };
}

async function readAll(path: string): Promise<readonly Entry[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]');
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is Entry {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}
