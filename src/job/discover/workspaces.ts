// The packages of a JavaScript monorepo: where its root says they lie. Pure.
import { z } from 'zod';
import { parseYaml } from '../parse-yaml.ts';

/** More folders are no project whose checks are obvious. */
const MOST_PATTERNS = 20;

const list = z.array(z.string());
const ofManifest = z.object({ workspaces: z.union([list, z.object({ packages: list })]) });
const ofPnpm = z.object({ packages: list });

/** `packages/*` is the one star that projects use: all folders in a folder. */
const PATTERN = /^(?:\.\/)?((?:[\w.@-]+\/)*)([\w.@-]+|\*)\/?$/;

/**
 * Where packages lie: `name` is a folder in `parent` (which ends in `/` or is empty), or `*` for all of them. Patterns of
 * another form are left out.
 */
export function readWorkspaces(
  texts: Readonly<Record<string, string>>,
): readonly Readonly<{ parent: string; name: string }>[] {
  const file = 'pnpm-workspace.yaml';
  const text = texts[file];
  const read = text === undefined ? undefined : parseYaml(ofPnpm, { file, text });
  const pnpm = read?.kind === 'value' ? read.value.packages : undefined;
  const said = ofManifest.safeParse(parseJson(texts['package.json'] ?? '')).data?.workspaces;
  const npm = said === undefined || 'packages' in said ? said?.packages : said;
  return (pnpm ?? npm ?? []).slice(0, MOST_PATTERNS).flatMap((pattern) => {
    const [, parent = '', name] = PATTERN.exec(pattern) ?? [];
    return name === undefined || `${parent}${name}`.split('/').includes('..') ? [] : [{ parent, name }];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
