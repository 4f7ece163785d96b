/**
 * Sizes of the picture in pixels of the screen: the square of cells, and the room for names above and left of it.
 * @typedef {{ side: number, names: number }} Layout
 */

/** What a letter is wide, in parts of its size. */
const letter = 0.59;
const largestFont = 12;

/**
 * @param {number} width that the picture may have
 * @param {number} height of the screen
 * @param {readonly string[]} names
 * @returns {Layout}
 */
export function layoutFor(width, height, names) {
  const longest = Math.max(8, ...names.map(name => [...name].length));
  const wanted = Math.max(84, Math.min(longest, 26) * largestFont * letter + 10);
  const room = Math.max(240, Math.min(width, Math.max(480, height - 60)));
  const forNames = Math.round(Math.min(wanted, room * 0.34));
  return { names: forNames, side: Math.round(Math.max(120, Math.min(room - forNames, names.length * 44))) };
}

const smallestLine = 7.5;
/** Where not every name is there, those that are must not look like more than they are. */
const fontOfSome = 9;

/**
 * The font size of an axis whose labels are `cell` apart; if there is no room for every name, every second or third is
 * there.
 * @param {number} cell
 */
export function lettering(cell) {
  const every = Math.max(1, Math.ceil(smallestLine / cell));
  return { every, font: Math.min(every === 1 ? largestFont : fontOfSome, cell * every * 0.9) };
}

/**
 * As much of a name as fits: both its ends, since names often start alike.
 * @param {string} name
 * @param {number} room
 * @param {number} font
 */
export function shortened(name, room, font) {
  const letters = [...name];
  const most = Math.floor(room / (font * letter));
  if (letters.length <= most) return name;
  const start = Math.ceil((most - 1) / 2);
  const end = Math.max(0, most - 1 - start);
  return `${letters.slice(0, start).join('')}…${letters.slice(letters.length - end).join('')}`;
}
