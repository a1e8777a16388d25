// What an event source does not tell of its connection: why it was refused, and that it died without a word.

/** The server says something every ten seconds. */
const LONGEST_SILENCE_MS = 30_000;

/**
 * No error comes of a network that swallows everything; silence does.
 * @param {() => void} onSilence
 * @returns {() => void} to be called whenever something was heard
 */
export function watchSilence(onSilence) {
  let timer = 0;
  const heard = () => {
    clearTimeout(timer);
    timer = window.setTimeout(onSilence, LONGEST_SILENCE_MS);
  };
  heard();
  return heard;
}

/** Whether asking again is of no use. @param {string} address */
export async function isFinalAnswer(address) {
  const asking = new AbortController();
  try {
    const { status } = await fetch(address, { signal: asking.signal });
    return [401, 403, 404].includes(status);
  } catch {
    return false;
  } finally {
    asking.abort();
  }
}
