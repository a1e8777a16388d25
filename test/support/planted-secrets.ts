// Distinctive secrets for every setting, and eyes for all the places in which they must not turn up.
import { glob, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import pg from 'pg';

/** A different value for each name; `mark` is in all of them. */
export const PLANTED = {
  SLACK_BOT_TOKEN: 'xoxb-PLANTED01-aQ7/zR+botbotbot',
  SLACK_APP_TOKEN: 'xapp-PLANTED02-bW8=zS+appappapp',
  SLACK_SIGNING_SECRET: 'PLANTED03cE9signing0123456789abcd',
  SLACK_CLIENT_SECRET: 'PLANTED04dR0client0123456789abcdef',
  GITHUB_WEBHOOK_SECRET: 'PLANTED05 eT1 webhook secret of words',
  ANTHROPIC_API_KEY: 'sk-ant-PLANTED06fY2anthropic0123456789',
  OPENAI_API_KEY: 'sk-PLANTED07gU3openai0123456789',
} as const;

/** How a secret may be written; the test has its own idea of it. */
function waysToWrite(secret: string): string[] {
  const base64 = [`${secret}`, `x${secret}`, `xx${secret}`].map((text, shift) => {
    const whole = Buffer.from(text).toString('base64');
    return whole.slice(shift === 0 ? 0 : 4, -4);
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64];
}

export type Needles = ReadonlyMap<string, readonly string[]>;

export function needlesOf(secrets: Readonly<Record<string, string>>): Needles {
  return new Map(Object.entries(secrets).map(([name, value]) => [name, waysToWrite(value)]));
}

/** The names of the secrets that stand in a text, in whatever way. */
export function findPlanted(needles: Needles, text: string): string[] {
  return [...needles].flatMap(([name, ways]) => (ways.some((way) => text.includes(way)) ? [name] : []));
}

/** Every file below `dir`, and every object of every git folder among them, unpacked. */
export async function searchFiles(needles: Needles, dir: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob('**/*', { cwd: dir })) {
    const file = join(dir, path);
    const kind = await stat(file).catch(() => undefined);
    if (kind?.isFile()) {
      const text = await readFile(file, 'latin1').catch(() => '');
      found.push(...findPlanted(needles, text).map((name) => `${name} in ${path}`));
    }
    if (kind?.isDirectory() && path.endsWith('.git')) {
      const args = ['--git-dir', file, 'cat-file', '--batch-all-objects', '--batch'];
      const { stdout } = await execa('git', args, { encoding: 'latin1', reject: false });
      found.push(...findPlanted(needles, stdout).map((name) => `${name} in an object of ${path}`));
    }
  }
  return found;
}

/** Every row of every table. */
export async function searchDatabase(needles: Needles, url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      for (const { row } of rows)
        found.push(...findPlanted(needles, row).map((secret) => `${secret} in ${name}`));
    }
    return [...new Set(found)];
  } finally {
    await client.end();
  }
}

/**
 * Looks at the processes below `parents` again and again until it is stopped: nothing in any argument list, nothing in the
 * environment of anything they start (they themselves are given the settings that way). Linux only.
 */
export function watchProcesses(needles: Needles, parents: () => readonly number[]) {
  const found = new Set<string>();
  const seen = new Set<string>();
  let stopped = false;
  const looking = (async () => {
    while (!stopped) {
      await look(needles, { parents: new Set(parents()), found, seen });
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  return {
    /** The programs that were looked at, to show that there were any. */
    seen: seen as ReadonlySet<string>,
    async stop(): Promise<string[]> {
      stopped = true;
      await looking;
      return [...found];
    },
  };
}

async function look(
  needles: Needles,
  at: { parents: ReadonlySet<number>; found: Set<string>; seen: Set<string> },
): Promise<void> {
  const ids = (await readdir('/proc').catch(() => [])).filter((id) => /^\d+$/.test(id)).map(Number);
  const parentOf = new Map<number, number>();
  await Promise.all(
    ids.map(async (id) => {
      const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
      parentOf.set(id, Number(/\) \S (\d+)/.exec(text)?.[1] ?? 0));
    }),
  );
  const isBelow = (id: number): boolean => {
    const parent = parentOf.get(id);
    return parent !== undefined && parent > 1 && (at.parents.has(parent) || isBelow(parent));
  };
  for (const id of ids.filter((one) => at.parents.has(one) || isBelow(one))) {
    const line = await readFile(`/proc/${id}/cmdline`, 'latin1').catch(() => '');
    // For a moment between fork and exec a child still is the image of its parent.
    const parent = await readFile(`/proc/${parentOf.get(id)}/cmdline`, 'latin1').catch(() => '');
    if (line === parent) continue;
    const environment = at.parents.has(id)
      ? ''
      : await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '');
    const program = line.split('\0').slice(0, 3).join(' ');
    if (!at.parents.has(id) && program !== '') at.seen.add(program);
    for (const name of findPlanted(needles, line)) at.found.add(`${name} in the arguments of ${program}`);
    for (const name of findPlanted(needles, environment))
      at.found.add(`${name} in the environment of ${program}`);
  }
}
