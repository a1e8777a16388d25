// The files that pages load: our own style and modules, and the style of diffs. Read once, named by their content, so that a
// browser keeps them until they change.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

type Asset = Readonly<{ body: string; type: string }>;

const CSS = 'text/css; charset=utf-8';
const JS = 'text/javascript; charset=utf-8';

const SVG = 'image/svg+xml';
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f5fbf"/><path d="M8 17l5 5 11-12" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>';

const own = (name: string) => readFileSync(new URL(`../browser/${name}`, import.meta.url), 'utf8');

function readAssets(): ReadonlyMap<string, Asset> {
  const diffStyle = createRequire(import.meta.url).resolve('diff2html/bundles/css/diff2html.min.css');
  return new Map<string, Asset>([
    ['pages.css', { body: own('pages.css'), type: CSS }],
    ['diff2html.css', { body: readFileSync(diffStyle, 'utf8'), type: CSS }],
    ['icon.svg', { body: ICON, type: SVG }],
    ['times.js', { body: own('times.js'), type: JS }],
    ['job-head.js', { body: own('job-head.js'), type: JS }],
    ['job-page.js', { body: own('job-page.js'), type: JS }],
    ['stream-faults.js', { body: own('stream-faults.js'), type: JS }],
  ]);
}

export type Assets = ReturnType<typeof createAssets>;

export function createAssets() {
  const assets = readAssets();
  const hashes = new Map(
    [...assets].map(([name, { body }]) => [
      name,
      createHash('sha256').update(body).digest('base64url').slice(0, 12),
    ]),
  );
  return {
    find: (name: string) => assets.get(name),
    /** The address of an asset. */
    at: (name: string) => `/assets/${name}?${hashes.get(name) ?? ''}`,
    /** Whether it is asked for by the content that it has: during an update others may ask for another. */
    isCurrent: (name: string, query: string) => query === `?${hashes.get(name)}`,
  };
}
