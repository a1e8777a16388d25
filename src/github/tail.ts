// The end of an answer that may be of any length, without ever holding more than that end.

/** A fetch that gives the last `mostBytes` of whatever is answered; it throws when that takes longer than `timeoutMs`. */
export function fetchTail(options: Readonly<{ timeoutMs: number; mostBytes: number }>): typeof fetch {
  return async (url, init) => {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(options.timeoutMs) });
    const end = answer.body === null ? undefined : await readTail(answer.body, options.mostBytes);
    const { status, statusText, headers } = answer;
    return new Response(end?.byteLength ? end : null, { status, statusText, headers });
  };
}

/** The last `mostBytes` of a stream, which is read to its end. */
export async function readTail(
  stream: AsyncIterable<Uint8Array>,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    kept.push(chunk);
    size += chunk.byteLength;
    while (kept[0] !== undefined && size - kept[0].byteLength >= mostBytes)
      size -= kept.shift()?.byteLength ?? 0;
  }
  return new Uint8Array(Buffer.concat(kept).subarray(-mostBytes));
}
