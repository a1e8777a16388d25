// Keeps what is no protocol message (banners, warnings, npm's notices) out of the protocol stream: many agents' start
// scripts print such lines. Decides by a line's first character, so nothing is held in memory.

const NEWLINE = 0x0a;
const OPENING_BRACE = 0x7b;
const STRAY_CHARS = 500;

/** Passes on lines that begin with `{`; the start of every other line that is not empty goes to `onStray`. */
export function createStdoutGuard(onStray: (line: string) => void): TransformStream<Uint8Array, Uint8Array> {
  let state: 'start' | 'message' | 'stray' = 'start';
  let stray = Buffer.alloc(0);

  const endStray = () => {
    onStray(stray.toString('utf8').trimEnd());
    stray = Buffer.alloc(0);
  };
  const take = (piece: Uint8Array, controller: TransformStreamDefaultController<Uint8Array>) => {
    if (state === 'message') controller.enqueue(piece);
    else stray = Buffer.concat([stray, piece.subarray(0, STRAY_CHARS - stray.length)]);
  };

  return new TransformStream({
    transform(chunk, controller) {
      let from = 0;
      while (from < chunk.length) {
        if (state === 'start') {
          while (from < chunk.length && isSpace(chunk[from])) from += 1;
          if (from === chunk.length) return;
          state = chunk[from] === OPENING_BRACE ? 'message' : 'stray';
        }
        const newline = chunk.indexOf(NEWLINE, from);
        const to = newline === -1 ? chunk.length : newline + 1;
        take(chunk.subarray(from, to), controller);
        from = to;
        if (newline === -1) return;
        if (state === 'stray') endStray();
        state = 'start';
      }
    },
    flush() {
      if (state === 'stray') endStray();
    },
  });
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === NEWLINE;
}
