// The few emoji of a thread as small drawings, because every machine's emoji look and measure differently. Pure.

const TICK =
  '<path d="M4 8.4 7 11.4 12.2 5" fill="none" stroke="#ffffff" stroke-width="2" stroke-linecap="round"/>';

const DRAWINGS: Readonly<Record<string, string>> = {
  white_check_mark: `<rect width="16" height="16" rx="4" fill="#2e9e5b"/>${TICK}`,
  tada: `<circle cx="8" cy="8" r="8" fill="#8250df"/>${TICK}`,
  arrow_forward:
    '<rect width="16" height="16" rx="4" fill="#3b82c4"/><path d="M6 4.2 12 8 6 11.8z" fill="#ffffff"/>',
  white_large_square: '<rect x="1" y="1" width="14" height="14" rx="3.5" fill="none" class="empty"/>',
  large_green_circle: '<circle cx="8" cy="8" r="6.5" fill="#2e9e5b"/>',
  large_yellow_circle: '<circle cx="8" cy="8" r="6.5" fill="#e0b100"/>',
  red_circle: '<circle cx="8" cy="8" r="6.5" fill="#d1453b"/>',
  eyes: '<circle cx="8" cy="8" r="7" fill="#3b82c4"/><circle cx="8" cy="8" r="2.8" fill="#ffffff"/>',
  hammer_and_wrench:
    '<circle cx="8" cy="8" r="6.5" fill="none" stroke="#3b82c4" stroke-width="2.5" stroke-dasharray="29 12"/>',
  warning:
    '<path d="M8 1 15.5 14.5H.5z" fill="#e0a100" stroke="#e0a100" stroke-linejoin="round"/><path d="M8 5.5V10M8 12v.8" stroke="#ffffff" stroke-width="1.8"/>',
};

/** Room an icon takes in a line, in pixels. */
export const ICON_ROOM = 24;

/** Splits `:name: words` where the name has a drawing. */
export function takeIcon(line: string): Readonly<{ icon: string | undefined; rest: string }> {
  const [whole = '', name = ''] = /^:([a-z_]+):\s*/.exec(line) ?? [];
  return name in DRAWINGS ? { icon: name, rest: line.slice(whole.length) } : { icon: undefined, rest: line };
}

/** The drawing, 16 pixels wide and high at the given place; nothing for an unknown name. */
export function drawIcon(name: string, at: { x: number; y: number }): string {
  return `<g transform="translate(${at.x} ${at.y})">${DRAWINGS[name] ?? ''}</g>`;
}
