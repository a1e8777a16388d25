// What a screen reader says by itself: new messages alone. The panes are logs whose cards are drawn anew with every edit, so
// they themselves stay silent.

/** Longer ones are told by their beginning; who wants to know more goes there. */
const MOST_CHARACTERS = 200;

/** Tells of pieces that were not there before. @param {readonly Element[]} pieces */
export function tellNews(pieces) {
  const status = document.querySelector('[data-news]');
  const said = pieces.map(describe).filter((words) => words !== '');
  if (status && said.length > 0) status.textContent = said.join('. ');
}

/** Who, when and how it begins. @param {Element} piece */
function describe(piece) {
  const label = piece.querySelector('article')?.getAttribute('aria-label');
  if (!label) return '';
  const words = (piece.querySelector('.blocks')?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
  return `${label}: ${words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS)}…` : words}`;
}
