// The playground as a page on this machine: a Slack-like workspace beside a small GitHub, drawn from the local peers alone.
// The real bot talks to the same peers over their real protocols; this file knows nothing of it.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type ServerType, serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { LocalGitHub } from '../github/server.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import { act } from './acts.ts';
import type { Names } from './blocks.ts';
import { createFaultPanel } from './faults.ts';
import { createGuard } from './guard.ts';
import { streamRegions } from './live.ts';
import { readPlace } from './place.ts';
import { drawRegions, type Scene } from './regions.ts';
import { drawShell } from './shell.ts';
import { createSeen } from './sidebar.ts';

/** A slash command as the app's manifest tells it. */
export type Command = Readonly<{ command: string; description: string; usageHint: string }>;

export type PageOptions = Readonly<{
  slack: LocalSlack;
  github: LocalGitHub;
  githubUrl: string;
  /** `owner/name` of the repository beside the workspace. */
  repo: string;
  /** Who looks first, by name, and where. */
  me: string;
  channel: string;
  commands: readonly Command[];
  shortcuts: readonly Readonly<{ name: string; callbackId: string }>[];
  /** Sentences for the foot of the page, such as which agent works. */
  notes: readonly string[];
  /** Ends the runner's process without a word and starts another. */
  killRunner: () => Promise<void>;
}>;

const BODY_LIMIT_BYTES = 200_000;
const ASSETS: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };
const DIFF_STYLES = 'diff2html/bundles/css/diff2html.min.css';

export type PlaygroundPage = Awaited<ReturnType<typeof servePage>>;

/** Serves the page on 127.0.0.1. `port` 0 takes any free one. */
export async function servePage(options: PageOptions, port: number) {
  const { slack, github, repo } = options;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const broken = createFaultPanel({ slack, github, repo, killRunner: options.killRunner, changed });
  const stops = [slack.onChange(changed), github.onChange(changed), broken.stop];
  const scene: Omit<Scene, 'names'> = { ...options, broken, seen: createSeen(slack) };
  const names = nameCache(options);
  const app = new Hono();
  let listening = 0;

  app.use(createGuard(() => listening));
  app.get('/', (context) => context.html(drawShell(options)));
  app.get('/live', (context) => {
    const place = readPlace(context.req.query(), slack, options);
    return streamRegions(context, {
      draw: () => drawRegions({ ...scene, names: names() }, place),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
  });
  const tooLong = (context: Context) => context.json({ say: 'That is too long.' }, 413);
  app.post('/act', bodyLimit({ maxSize: BODY_LIMIT_BYTES, onError: tooLong }), async (context) => {
    const text = await context.req.text();
    const place = readPlace(context.req.query(), slack, options);
    const outcome = await act({ ...scene, names: names() }, place.userId, parseJson(text));
    changed();
    return context.json(outcome);
  });
  app.get('/browser/:file{[a-z-]+\\.js}', (context) => sendAsset(context.req.param('file')));
  app.get('/look/diff.css', async () =>
    sendFile(createRequire(import.meta.url).resolve(DIFF_STYLES), '.css'),
  );
  app.get('/look/:file{[a-z-]+\\.css}', (context) => sendAsset(context.req.param('file')));

  const server = await listen(app, port);
  listening = server.port;
  return {
    url: `http://127.0.0.1:${server.port}`,
    async stop(): Promise<void> {
      for (const stop of stops) stop();
      await server.close();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Read anew at each request: whoever works on the page reloads it. */
function sendAsset(file: string): Promise<Response> {
  const path = fileURLToPath(new URL(`../browser/${file}`, import.meta.url));
  return sendFile(path, file.slice(file.lastIndexOf('.')));
}

async function sendFile(path: string, ending: string): Promise<Response> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return new Response('There is no such file.', { status: 404 });
  const type = `${ASSETS[ending] ?? 'text/plain'}; charset=utf-8`;
  return new Response(text, { headers: { 'content-type': type, 'cache-control': 'no-cache' } });
}

/** Names as blocks want them, made anew only when somebody or some channel is new. */
function nameCache({ slack, githubUrl }: PageOptions): () => Names {
  let known: Names = { users: [], channels: [], githubUrl };
  return () => {
    const users = slack.users();
    const channels = slack.channels();
    if (users.length !== known.users.length || channels.length !== known.channels.length)
      known = {
        users: users.map(({ id, realName }) => ({ id, name: realName })),
        channels: channels.map(({ id, name }) => ({ id, name })),
        githubUrl,
      };
    return known;
  };
}

async function listen(app: Hono, port: number) {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server: ServerType = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) =>
    resolve(info.port),
  );
  server.on('error', reject);
  const listening = await promise;
  return {
    port: listening,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        // Live connections never end by themselves.
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
