/**
 * The part of a matrix that is seen: where it starts, and how many labels it is wide and high. While it is dragged it
 * may start within a label.
 * @typedef {object} Window
 * @property {number} row
 * @property {number} column
 * @property {number} size
 */

/** Nothing is gained by fewer labels than this in the whole picture. */
const fewest = 6;

/**
 * Seen from nearer or from farther; the place at `at`, in parts of the picture, stays where it is.
 * @param {Window} window
 * @param {number} labels all that there are
 * @param {number} factor above 1: farther
 * @param {{ across: number, down: number }} [at]
 * @returns {Window}
 */
export function zoomed({ row, column, size }, labels, factor, { across, down } = { across: 0.5, down: 0.5 }) {
  const next = Math.min(labels, Math.max(Math.min(fewest, labels), Math.round(size * factor)));
  const [top, left] = [row + (size - next) * down, column + (size - next) * across].map(Math.round);
  return within({ row: top ?? 0, column: left ?? 0, size: next }, labels);
}

/**
 * The same size with that cell in it: in the middle if it was not seen.
 * @param {Window} window
 * @param {number} labels
 * @param {{ actual: number, predicted: number }} cell
 * @returns {Window}
 */
export function showing(window, labels, { actual, predicted }) {
  const { row, column, size } = window;
  const start = (/** @type {number} */ from, /** @type {number} */ place) =>
    place >= from && place + 1 <= from + size ? from : Math.round(place + 0.5 - size / 2);
  return within({ row: start(row, actual), column: start(column, predicted), size }, labels);
}

/**
 * As near to the window as lies within the matrix.
 * @param {Window} window
 * @param {number} labels
 * @returns {Window}
 */
export function within({ row, column, size }, labels) {
  const last = labels - size;
  return { row: Math.max(0, Math.min(last, row)), column: Math.max(0, Math.min(last, column)), size };
}
