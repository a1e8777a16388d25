// The rooms of the house: who may import whom, where each SDK lives, and that tables which belong together agree.
// A failure's message is the reason for the rule, followed by the places that break it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { listAgents } from '../src/agent/registry.ts';
import { AGENT_KEYS, AGENT_SURROUNDINGS, describeConfig } from '../src/config/settings.ts';
import { findCircle } from './support/find-circle.ts';
import { HOMES, MAY_IMPORT, WHY, WHY_ELSE } from './support/rooms.ts';
import { type Import, isNode, nameOf, ROOT, readSources, type SourceFile } from './support/source-tree.ts';

const sources = readSources('src');

function roomOf(path: string): string {
  return path.split('/')[1]?.replace(/\.ts$/, '') ?? '';
}

function isAllowed(room: string, wanted: Import & { path: string }): boolean {
  const allowed = MAY_IMPORT[room];
  const target = roomOf(wanted.path);
  if (allowed === 'all' || target === room) return true;
  return (allowed ?? []).some((entry) => {
    if (entry === target || `src/${entry}` === wanted.path) return true;
    return entry === `${target} (types)` && wanted.typeOnly;
  });
}

type Found = Readonly<{ file: SourceFile; imported: Import }>;
const allImports: readonly Found[] = sources.flatMap((file) =>
  file.imports.map((imported) => ({ file, imported })),
);
const show = ({ file, imported }: Found) => `${file.path}:${imported.line} imports ${imported.specifier}`;

describe('every room', () => {
  test('is in the import table', () => {
    const rooms = [...new Set(sources.map(({ path }) => roomOf(path)))];
    const unknown = rooms.filter((room) => !(room in MAY_IMPORT));
    expect(
      unknown,
      'A new room needs a line in the table above and in DESIGN §3: say whom it may know.',
    ).toEqual([]);
  });

  test.for(Object.keys(MAY_IMPORT))('%s imports only the rooms it may', (room) => {
    const wrong = allImports.filter(({ file, imported }) => {
      const { path } = imported;
      return roomOf(file.path) === room && path !== undefined && !isAllowed(room, { ...imported, path });
    });
    expect(wrong.map(show), WHY[room] ?? WHY_ELSE).toEqual([]);
  });

  test('imports our own files by their full name, and nothing outside src', () => {
    const wrong = allImports.filter(
      ({ imported: { path } }) => path !== undefined && !/^src\/.*\.ts$/.test(path),
    );
    expect(
      wrong.map(show),
      'Node runs the files as they are: it adds no extension and builds nothing.',
    ).toEqual([]);
  });
});

test('no file needs itself in a circle to run', () => {
  const graph = new Map(
    sources.map(({ path, imports }) => [
      path,
      imports.flatMap((each) => (each.path && !each.typeOnly ? [each.path] : [])),
    ]),
  );
  const why = 'In a circle nothing can be understood first. Move what both need into a file of its own.';
  expect(findCircle(graph), why).toBeUndefined();
});

test('no room imports another in a circle', () => {
  const graph = new Map<string, string[]>();
  for (const { file, imported } of allImports) {
    const [from, to] = [roomOf(file.path), imported.path && roomOf(imported.path)];
    if (to && to !== from) graph.set(from, [...(graph.get(from) ?? []), to]);
  }
  expect(findCircle(graph), WHY_ELSE).toBeUndefined();
});

describe('every SDK', () => {
  test.for(HOMES)('$sdk stays in its home', ({ packages, rooms, why }) => {
    const wrong = allImports.filter(
      ({ file, imported }) => packages.test(imported.specifier) && !rooms.includes(roomOf(file.path)),
    );
    expect(wrong.map(show), why).toEqual([]);
  });

  test('stays out of job, which needs zod and a reader of YAML alone', () => {
    const wrong = allImports.filter(
      ({ file, imported }) =>
        roomOf(file.path) === 'job' &&
        imported.path === undefined &&
        !/^(zod|yaml)$/.test(imported.specifier),
    );
    expect(wrong.map(show), WHY['job']).toEqual([]);
  });

  test('stays out of the playground, which needs only built-ins, ws, execa, zod, ACP and what draws its page', () => {
    const allowed =
      /^(node:.*|ws|execa|zod|@agentclientprotocol\/sdk|hono(\/.*)?|@hono\/node-server|react|react-dom\/server|slack-blocks-to-jsx|diff2html)$/;
    const wrong = allImports.filter(
      ({ file, imported }) =>
        roomOf(file.path) === 'playground' &&
        imported.path === undefined &&
        !allowed.test(imported.specifier),
    );
    expect(wrong.map(show), WHY['playground']).toEqual([]);
  });
});

/** Beside the settings: what of our surroundings a program that we start gets. The playground knows nothing of us. */
const MAY_READ_ENVIRONMENT =
  /^src\/(config|surroundings|playground\/agent\/\w+|playground\/github\/git)\.ts$/;

describe('settings', () => {
  test('process.env is read in src/config.ts alone', () => {
    const wrong = sources
      .filter(({ path }) => !MAY_READ_ENVIRONMENT.test(path))
      .flatMap(({ places, at }) =>
        places.flatMap(({ node }) =>
          node.type === 'MemberExpression' &&
          nameOf(node['object']) === 'process' &&
          nameOf(node['property']) === 'env'
            ? [at(node.start)]
            : [],
        ),
      );
    const why =
      'Settings that are read in one place are judged in one place, and what a file needs stands in its arguments.';
    expect(wrong, why).toEqual([]);
  });

  test('every name that is read is described', () => {
    const described = new Set<string>([...describeConfig().map(({ name }) => name), ...AGENT_SURROUNDINGS]);
    const read = sources
      .filter(({ path }) => ['config', 'commands'].includes(roomOf(path)))
      .flatMap((file) => environmentNames(file));
    expect(read.length).toBeGreaterThan(20);
    const wrong = read
      .filter(({ name }) => !described.has(name))
      .map(({ name, at }) => `${at} reads ${name}`);
    expect(
      wrong,
      'README and errand doctor list the settings from describeConfig: what is missing there cannot be found.',
    ).toEqual([]);
  });

  test('every variable of a known agent is handed on to it', () => {
    const wanted = listAgents().flatMap(({ keys, settings }) => [...keys, ...settings]);
    const missing = [...new Set(wanted)].filter((name) => !AGENT_KEYS.includes(name));
    expect(
      missing,
      'An agent sees only the variables in AGENT_KEYS: without these it cannot log in.',
    ).toEqual([]);
  });
});

describe('manifest.yml', () => {
  test('subscribes to exactly what the bot listens to', async () => {
    const { commands, events, shortcuts } = readManifest();
    const listeners = await readListeners();
    const heard = (kind: string) =>
      listeners
        .filter((each) => each.kind === kind)
        .map(({ id }) => id)
        .toSorted();
    const why = 'Slack sends what the manifest names: more is never answered, less is never heard.';
    expect({ commands, events, shortcuts }, why).toEqual({
      commands: heard('command'),
      events: heard('event'),
      shortcuts: heard('shortcut'),
    });
  });

  test('no listener stands in the table twice', async () => {
    const names = (await readListeners()).map(({ kind, id }) => `${kind} ${id}`);
    expect(names, 'Bolt runs every listener that fits: the second would do it all again.').toEqual([
      ...new Set(names),
    ]);
  });
});

/** Names of settings in a file: keys written in capitals, as in `{ PORT: … }` and `env['PORT']`. */
function environmentNames({ places, at }: SourceFile): { name: string; at: string }[] {
  return places.flatMap(({ node }) => {
    const isAccess = node.type === 'MemberExpression' && nameOf(node['object']) === 'env';
    const key = isAccess ? node['property'] : node.type === 'Property' ? node['key'] : undefined;
    const name = nameOf(key);
    const isName = name !== undefined && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(name) && name.length > 3;
    return isName && isNode(key) ? [{ name, at: at(key.start) }] : [];
  });
}

async function readListeners() {
  const table = sources.find(({ text }) => /^export const LISTENERS\b/m.test(text));
  expect(table, 'src/slack exports LISTENERS, the one table of what the bot listens to.').toBeDefined();
  const module: unknown = await import(join(ROOT, table?.path ?? ''));
  const schema = z.object({ LISTENERS: z.array(z.object({ kind: z.string(), id: z.string() })) });
  return schema.parse(module).LISTENERS;
}

function readManifest() {
  const schema = z.object({
    features: z.object({
      slash_commands: z.array(z.object({ command: z.string() })),
      shortcuts: z.array(z.object({ callback_id: z.string() })),
    }),
    settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
  });
  // What is subscribed to only where a workspace offers agents is heard as well.
  const source = readFileSync(join(ROOT, 'manifest.yml'), 'utf8').replace(/^( *)# AGENT: /gm, '$1');
  const { features, settings } = schema.parse(parse(source));
  // Bolt hears message.channels, message.im and so on under one name.
  const events = settings.event_subscriptions.bot_events.map((event) =>
    event.replace(/^message\..*/, 'message'),
  );
  return {
    commands: features.slash_commands.map(({ command }) => command).toSorted(),
    shortcuts: features.shortcuts.map((shortcut) => shortcut.callback_id).toSorted(),
    events: [...new Set(events)].toSorted(),
  };
}
