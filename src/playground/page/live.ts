// Keeps a viewer's page up to date over server-sent events. A new connection gets everything, later only what differs: so a
// page that lost its connection has missed nothing once it is back, whatever happened meanwhile.
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Item } from './markup.ts';
import type { Regions } from './regions.ts';

/** Many changes come together (a message, its reaction, a log entry); they are drawn once. */
const GATHER_MS = 60;
/** Connections that say nothing are cut by whatever is in between; ours are local, but the page notices its own death so. */
const PING_EVERY_MS = 15_000;

type Change = Readonly<{ order: readonly string[]; items: Readonly<Record<string, string>> }>;
export type Update = Readonly<Record<string, Change>>;

/** What of `now` is not in `before` yet. Pure. */
export function difference(before: Regions, now: Regions): Update {
  return Object.fromEntries(
    Object.entries(now).flatMap(([region, items]): [string, Change][] => {
      const known = before[region];
      const had = new Map((known ?? []).map(({ key, html }) => [key, html]));
      const changed = items.filter(({ key, html }) => had.get(key) !== html);
      const isSameOrder = known !== undefined && sameKeys(known, items);
      if (changed.length === 0 && isSameOrder) return [];
      const order = items.map(({ key }) => key);
      return [[region, { order, items: Object.fromEntries(changed.map(({ key, html }) => [key, html])) }]];
    }),
  );
}

function sameKeys(before: readonly Item[], now: readonly Item[]): boolean {
  return before.length === now.length && before.every(({ key }, at) => key === now[at]?.key);
}

/** Streams until the viewer leaves. `onChange` says when to look again. */
export function streamRegions(
  context: Context,
  options: Readonly<{ draw: () => Promise<Regions>; onChange: (listener: () => void) => () => void }>,
): Response {
  return streamSSE(context, async (stream) => {
    let isOpen = true;
    let shown: Regions = {};
    let wake = () => {};
    let isStale = true;
    const stopListening = options.onChange(() => {
      isStale = true;
      wake();
    });
    stream.onAbort(() => {
      isOpen = false;
      wake();
    });
    const pause = (ms: number) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    try {
      while (isOpen) {
        if (isStale) {
          isStale = false;
          const now = await options.draw();
          const update = difference(shown, now);
          shown = now;
          if (Object.keys(update).length > 0)
            await stream.writeSSE({ event: 'update', data: JSON.stringify(update) });
          await stream.sleep(GATHER_MS);
        } else {
          await pause(PING_EVERY_MS);
          if (isOpen && !isStale) await stream.writeSSE({ event: 'ping', data: '' });
        }
      }
    } finally {
      stopListening();
    }
  });
}
