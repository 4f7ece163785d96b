import { svg } from './element.client.js';
import { shortened } from './matrix-layout.client.js';

/** @import { Layout } from './matrix-layout.client.js' */
/** @import { Window } from './matrix-window.client.js' */

const font = 12;
const letter = 0.6;

/**
 * What marks a cell: bands over its row and its column, a frame, and its two names on the axes, in letters that can be
 * read however small the others are. Nothing of it lies outside of what is seen.
 * @param {{ actual: number, predicted: number }} cell
 * @param {readonly string[]} labels
 * @param {Layout} layout
 * @param {Window} window
 */
export function crosshair({ actual, predicted }, labels, { side, names }, { row, column, size }) {
  const cell = side / size;
  const [x, y] = [names + (predicted - column) * cell, names + (actual - row) * cell];
  const isIn = (/** @type {number} */ place) => place + cell / 2 >= names && place + cell / 2 <= names + side;
  const room = names - 8;
  const parts = [];
  if (isIn(y)) {
    const text = shortened(labels[actual] ?? '', room, font);
    const width = Math.min(names, [...text].length * font * letter + 10);
    parts.push(
      svg('rect', { class: 'over-row', x: names, y, width: side, height: cell }),
      svg('rect', { class: 'tag', x: names - width, y: y + cell / 2 - 9, width, height: 18, rx: 3 }),
      svg('text', { class: 'tagged', x: names - 5, y: y + cell / 2, 'text-anchor': 'end' }, text),
    );
  }
  if (isIn(x)) {
    const text = shortened(labels[predicted] ?? '', room, font);
    const width = Math.min(names, [...text].length * font * letter + 10);
    const turned = `translate(${x + cell / 2} ${names - 5}) rotate(-90)`;
    parts.push(
      svg('rect', { class: 'over-column', x, y: names, width: cell, height: side }),
      svg('rect', { class: 'tag', x: x + cell / 2 - 9, y: names - width, width: 18, height: width, rx: 3 }),
      svg('text', { class: 'tagged', transform: turned }, text),
    );
  }
  if (isIn(x) && isIn(y)) {
    // A cell may be smaller than what could be seen of a frame.
    const frame = Math.max(cell + 2, 8);
    const middle = (/** @type {number} */ start) => start + cell / 2 - frame / 2;
    parts.push(svg('rect', { class: 'frame', x: middle(x), y: middle(y), width: frame, height: frame }));
  }
  return parts;
}
