// Symbolic links on the way to what a sandboxed command may read. The sandbox library opens a folder under the name it is
// given (0.0.83, `pushReadDenyDirMounts`): bubblewrap refuses a name that is a link in a folder that is open as well, and a
// name that leads out of what is hidden is not there at all. So folders are opened where they really lie, and the links
// that led there are made again where they are hidden.
import { readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { quote } from './command-line.ts';

export type Link = Readonly<{ at: string; target: string }>;

/** As the kernel says (path_resolution(7)); whoever passes that goes in circles. */
const MOST_LINKS = 40;
const HIDING = / --tmpfs (\S+)(?= )/g;

/**
 * Where the absolute `path` leads and all links on the way, each as it is written, the first met first. What is not there
 * leads to itself.
 */
export function followLinks(path: string): Readonly<{ real: string; links: readonly Link[] }> {
  const links: Link[] = [];
  const left = partsOf(path);
  let real: string = sep;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    const at = part === '..' ? dirname(real) : join(real, part);
    const target = part === '..' ? undefined : readLink(at);
    if (target === undefined) {
      real = at;
      continue;
    }
    if (links.length === MOST_LINKS) return { real: path, links: [] };
    links.push({ at, target });
    if (isAbsolute(target)) real = sep;
    left.unshift(...partsOf(target));
  }
  return { real, links };
}

/**
 * Adds links to a bubblewrap command line, each right behind every mount that hides the place where it lies. A folder that
 * is opened around such a place is mounted later, and holds the link itself.
 */
export function keepLinks(line: string, links: readonly Link[]): string {
  // What follows `--` is the command's own and may hold anything.
  const end = line.indexOf(' -- ') + 1;
  const options = line.slice(0, end).replaceAll(HIDING, (mount, hidden: string) => {
    const inside = links.filter(({ at }) => at.startsWith(hidden + sep));
    return mount + inside.map(({ at, target }) => ` --symlink ${quote(target)} ${quote(at)}`).join('');
  });
  return `${options}${line.slice(end)}`;
}

function partsOf(path: string): string[] {
  return path.split(sep).filter((part) => part !== '' && part !== '.');
}

/** Undefined for what is no link, and for what we cannot look at: no command of ours can follow that either. */
function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
