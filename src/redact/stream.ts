// Redacts text that comes in pieces: the last word is held back until it is whole, a private key until its end, and what
// may be the beginning of a known secret until more has come. Knows no time.

export type RedactedStream = Readonly<{
  /** Takes the next piece; gives what can be shown by now. */
  push(piece: string): string;
  /** Gives what is held back if it is an ordinary word that no more can turn into a secret. */
  settle(): string;
  /** Gives all that is held back. */
  end(): string;
}>;

const KEY_BEGINS = '-----BEGIN';
const KEY_ENDS = /-----END[A-Z ]*-----/;
/** More than any key or token takes; beyond it nothing is held back any longer. */
const MOST_HELD = 16_000;
const ORDINARY = /^[\p{L}'’.,;:!?()]{0,24}$/u;

/** `redact` is applied to whole words only; `beginsSecret` tells whether a text ends in the beginning of a known secret. */
export function openRedactedStream(options: {
  redact: (text: string) => string;
  beginsSecret: (text: string) => boolean;
}): RedactedStream {
  let held = '';
  const take = (length: number) => {
    const shown = options.redact(held.slice(0, length));
    held = held.slice(length);
    return shown;
  };
  return {
    push(piece) {
      held += piece;
      const end = held.length > MOST_HELD ? held.length : endOfWords(held);
      // A password of several words.
      return options.beginsSecret(held.slice(0, end)) && held.length <= MOST_HELD ? '' : take(end);
    },
    settle: () => (ORDINARY.test(held) && !options.beginsSecret(held) ? take(held.length) : ''),
    end: () => take(held.length),
  };
}

/** Up to here everything is whole. */
function endOfWords(text: string): number {
  let words = text.length;
  while (words > 0 && /\S/.test(text.charAt(words - 1))) words -= 1;
  const key = text.lastIndexOf(KEY_BEGINS);
  if (key === -1) return words;
  const end = KEY_ENDS.exec(text.slice(key));
  return end && key + end.index + end[0].length <= words ? words : Math.min(key, words);
}
