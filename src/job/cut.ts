// Cuts text that others wrote to a length. Pure.

/** The first `most` UTF-16 units at the most, without half of a surrogate pair at the end. */
export function cutHead(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}
