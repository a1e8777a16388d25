// Words of a change in a sentence for people. Pure.

/** In quotes, on one line, and no longer than anybody reads. */
export function quote(text: string, most = 80): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return JSON.stringify(line.length > most ? `${line.slice(0, most)}…` : line);
}
