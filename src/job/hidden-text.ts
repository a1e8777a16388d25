// Characters that a reader does not see and a machine does: they make text mean something else than it shows ("Trojan
// Source", CVE-2021-42574; instructions smuggled as tag characters or variation selectors). Pure.

/**
 * Zero-width and direction-changing characters, fillers, tags and the second block of variation selectors, soft hyphen,
 * and control characters other than tab and line feed. The two joiners stay: they hold emoji and some scripts together.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to remove
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]/gu;

/** Removes what nobody can see. A line that ends in CR LF ends in LF. */
export function dropHidden(text: string): string {
  return text.replaceAll(HIDDEN, '');
}

/** Names what nobody can see instead: `[U+202E]`. Whoever judges a text should know that it holds more than it shows. */
export function showHidden(text: string): string {
  return text.replaceAll(
    HIDDEN,
    (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/** True where a name holds something that nobody can see. */
export function hasHidden(text: string): boolean {
  return text.search(HIDDEN) >= 0;
}
