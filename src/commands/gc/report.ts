// How the findings of errand gc are shown: a table for people, one JSON object a line for programs. Pure.
import type { GcItem } from './judge.ts';

/** One thing with its size and, once it was tried, what became of it. */
export type Weighed = GcItem & Readonly<{ bytes: number }> & Outcome;

/** Nothing of it while nothing was tried. */
export type Outcome = Readonly<{ removed?: true; failed?: string }>;

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;

/** Lines for programs. */
export function formatGcJson(items: readonly Weighed[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join('');
}

/** A table for people, the largest first, with what would be freed or was. */
export function formatGc(items: readonly Weighed[], { yes }: { yes: boolean }): string {
  if (items.length === 0) return 'Nothing lies here yet.\n';
  const rows = items.toSorted((a, b) => b.bytes - a.bytes).map(toRow);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const going = items.filter(({ remove, removed }) => (yes ? removed : remove));
  // A home's folder holds its tree: what goes with it is not counted twice.
  const homes = new Set(going.filter(({ part }) => part === 'home').map(({ name }) => name));
  const counted = going.filter(({ part, name }) => part !== 'tree' || !homes.has(name));
  const bytes = formatBytes(counted.reduce((sum, item) => sum + item.bytes, 0));
  const end = yes
    ? `${going.length} removed, ${bytes} freed.`
    : `${going.length} can go (${bytes}). Nothing was removed; \`errand gc --yes\` does it.`;
  return `${lines.join('\n')}\n${end}\n`;
}

function toRow({ part, name, bytes, ageMs, remove, why, removed, failed }: Weighed): readonly string[] {
  const verdict = failed !== undefined ? 'failed' : removed ? 'removed' : remove ? 'can go' : 'stays';
  return [verdict, part, name, formatBytes(bytes), formatAge(ageMs), failed ?? why];
}

/** `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  const power = Math.min(bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10), units.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

function formatAge(ms: number): string {
  return ms < DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`;
}
