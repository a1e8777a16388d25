// Gives a sandboxed command the names back by which NixOS and Guix find their programs: links below /run, which is hidden
// whole because sockets and secrets lie beside them, into a store, which is open. The sandbox library restores no name that
// leads out of what is hidden (0.0.83, `pushReadDenyDirMounts`).
import { realpathSync } from 'node:fs';
import { quote } from './command-line.ts';

const LINKS = ['/run/current-system'];
const HIDDEN_RUN = / --tmpfs \/run(?= )/g;

/**
 * Adds the links to a bubblewrap command line, right behind each mount that hides /run; a machine without them gets its
 * line as it was.
 */
export function keepSystemLinks(line: string, resolve: typeof resolveLink = resolveLink): string {
  const links = LINKS.flatMap((name) => {
    const target = resolve(name);
    return target === undefined || target === name ? [] : [` --symlink ${quote(target)} ${name}`];
  });
  // What follows `--` is the command's own and may hold anything.
  const end = line.indexOf(' -- ') + 1;
  return `${line.slice(0, end).replaceAll(HIDDEN_RUN, (mount) => mount + links.join(''))}${line.slice(end)}`;
}

/** Where `name` leads in the end; on Guix through links that are hidden themselves. */
function resolveLink(name: string): string | undefined {
  try {
    return realpathSync(name);
  } catch {
    return undefined;
  }
}
