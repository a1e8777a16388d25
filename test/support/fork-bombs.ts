// Commands that multiply without end, and a look at what is left of one.
import { readdirSync, readFileSync } from 'node:fs';

/** Each carries a name of its own in its command line, by which what is left of it would be found. */
export const FORK_BOMBS = [
  ['a shell', (name: string) => `run bash -c ': ${name}; bomb() { bomb | bomb & }; bomb; wait; sleep 60'`],
  [
    'perl, each in a session of its own',
    (name: string) => `run perl -MPOSIX -e 'POSIX::setsid() while fork >= 0 or sleep 1' ${name}`,
  ],
] as const;

let count = 0;

/** A name that no other bomb of any run has. */
export function nameBomb(): string {
  count += 1;
  return `bomb-${process.pid}-${Date.now().toString(36)}-${count}`;
}

/** How many processes of this machine carry the name. */
export function countBombs(name: string): number {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(name) && Number(pid) !== process.pid;
    } catch {
      return false;
    }
  }).length;
}
