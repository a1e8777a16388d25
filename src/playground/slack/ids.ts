// Makes ids and timestamps that look like Slack's.
import { randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** An id such as `U0K2ZQ7X91B`. */
export function newId(prefix: string): string {
  const letters = Array.from({ length: 9 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${prefix}0${letters}`;
}

/** Gives timestamps such as `1785000000.000100`, each greater than the one before even within one microsecond. */
export function createTimestamps(now: () => Date) {
  let last = 0;
  return {
    next(): string {
      last = Math.max(last + 1, now().getTime() * 1000);
      const micros = String(last % 1_000_000).padStart(6, '0');
      return `${Math.floor(last / 1_000_000)}.${micros}`;
    },
  };
}

export type Timestamps = ReturnType<typeof createTimestamps>;
