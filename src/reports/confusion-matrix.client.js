import { crosshair } from './crosshair.client.js';
import { byId, svg } from './element.client.js';
import { layoutFor, lettering, shortened } from './matrix-layout.client.js';
import { showing, within, zoomed } from './matrix-window.client.js';

/** @import { TrainingData } from './training-data.ts' */
/** @import { Window } from './matrix-window.client.js' */

/** @typedef {{ actual: number, predicted: number }} Cell */

/** From these sizes of a cell on, in pixels, lines part the cells, and numbers stand in them. */
const forLines = 11;
const forNumbers = 22;

/** The last name of an axis may be higher than its cell. */
const spare = 5;

/**
 * The picture of the matrix, laid out for the screen: a window onto its cells with the names that belong to it, and a
 * crosshair on one of them.
 */
export class MatrixPicture {
  /** @param {TrainingData} data */
  constructor({ labels, matrix }) {
    this.labels = labels;
    this.matrix = matrix;
    this.picture = byId('picture', SVGSVGElement);
    this.cells = byId('cells', SVGSVGElement);
    this.rowNames = byId('row-names', SVGSVGElement);
    this.columnNames = byId('column-names', SVGSVGElement);
    this.numbers = svg('g', { class: 'numbers' });
    this.cross = svg('g', { class: 'cross-hair', 'aria-hidden': 'true' });
    this.picture.append(this.numbers, this.cross);
    this.axes = [...this.picture.querySelectorAll(':scope > .axis')];
    this.border = this.picture.querySelector('.border');
    this.names = labels.map(({ name }) => name);
    /** @type {Window} */
    this.window = { row: 0, column: 0, size: labels.length };
    /** @type {Cell | null} */
    this.marked = null;
    this.layout = { side: 0, names: 0 };
    this.isByShare = true;
    this.hasDiagonal = true;
  }

  /** @param {number} width */
  fit(width) {
    const next = layoutFor(width, innerHeight, this.names);
    if (next.side === this.layout.side && next.names === this.layout.names) return;
    this.layout = next;
    this.draw();
  }

  /**
   * @param {number} factor above 1: farther
   * @param {{ across: number, down: number }} [at]
   */
  zoom(factor, at) {
    const { row, column, size } = this.window;
    const { marked } = this;
    const marks = marked && {
      across: (marked.predicted + 0.5 - column) / size,
      down: (marked.actual + 0.5 - row) / size,
    };
    const isSeen = marks !== null && [marks.across, marks.down].every(part => part > 0 && part < 1);
    const around = at ?? (isSeen ? marks : undefined);
    this.look(zoomed(this.window, this.names.length, factor, around));
  }

  /** @param {Window} window */
  look(window) {
    this.window = within(window, this.names.length);
    this.draw();
  }

  /** After a drag: whole labels again. */
  settle() {
    const { row, column, size } = this.window;
    this.look({ row: Math.round(row), column: Math.round(column), size });
  }

  /**
   * Puts the crosshair on that cell, and brings it into sight if asked to.
   * @param {Cell | null} cell
   * @param {{ isBrought?: boolean }} [how]
   */
  mark(cell, { isBrought = false } = {}) {
    this.marked = cell;
    if (cell !== null && isBrought) this.look(showing(this.window, this.names.length, cell));
    else this.drawCross();
  }

  /**
   * The cell at that place of the screen.
   * @param {{ clientX: number, clientY: number }} place
   * @returns {Cell | null}
   */
  cellAt(place) {
    const { across, down } = this.partsAt(place);
    if (across < 0 || across >= 1 || down < 0 || down >= 1) return null;
    const { row, column, size } = this.window;
    return { actual: Math.floor(row + down * size), predicted: Math.floor(column + across * size) };
  }

  /**
   * A place of the screen in parts of the square of cells.
   * @param {{ clientX: number, clientY: number }} place
   */
  partsAt({ clientX, clientY }) {
    // The box of the cells themselves would hold those, too, that are cut off when it is zoomed.
    const { left, top, width } = this.picture.getBoundingClientRect();
    const { side, names } = this.layout;
    const pixel = width / (side + names);
    return { across: ((clientX - left) / pixel - names) / side, down: ((clientY - top) / pixel - names) / side };
  }

  draw() {
    const { side, names } = this.layout;
    const { row, column, size } = this.window;
    const whole = side + names;
    const cell = side / size;
    attributes(this.picture, { width: whole, height: whole, viewBox: `0 0 ${whole} ${whole}` });
    attributes(this.cells, {
      x: names,
      y: names,
      width: side,
      height: side,
      viewBox: `${column} ${row} ${size} ${size}`,
    });
    attributes(this.rowNames, { y: names, width: names, height: side + spare });
    attributes(this.columnNames, { x: names, width: side + spare, height: names });
    if (this.border !== null) attributes(this.border, { x: names, y: names, width: side, height: side });
    for (const [index, axis] of this.axes.entries())
      attributes(axis, { x: names - 6, y: names - (index === 0 ? 18 : 5) });
    this.cells.classList.toggle('parted', cell >= forLines);
    this.drawNames(cell);
    this.drawNumbers(cell);
    this.drawCross();
  }

  /** @param {number} cell */
  drawNames(cell) {
    const { every, font } = lettering(cell);
    const room = this.layout.names - 8;
    const at = (/** @type {number} */ index, /** @type {number} */ from) =>
      // The first name may be higher than its cell.
      rounded(Math.max((index + 0.5 - from) * cell, index + 0.5 > from ? font / 2 : Number.NEGATIVE_INFINITY));
    const isSeen = (/** @type {number} */ index, /** @type {number} */ from) =>
      index % every === 0 && index + 1 > from && index < from + this.window.size;
    for (const [index, name] of this.names.entries()) {
      const text = shortened(name, room, font);
      const [across, down] = [this.columnNames.children[index], this.rowNames.children[index]];
      const [x, y] = [at(index, this.window.column), at(index, this.window.row)];
      for (const each of [across, down]) {
        if (each === undefined) continue;
        if (each.textContent !== text) each.textContent = text;
        each.setAttribute('font-size', String(rounded(font)));
      }
      if (across !== undefined) {
        attributes(across, { transform: `translate(${x} ${this.layout.names - 5}) rotate(-90)` });
        across.classList.toggle('unseen', !isSeen(index, this.window.column));
      }
      if (down !== undefined) {
        attributes(down, { x: this.layout.names - 5, y });
        down.classList.toggle('unseen', !isSeen(index, this.window.row));
      }
    }
  }

  /** @param {number} cell */
  drawNumbers(cell) {
    this.numbers.replaceChildren();
    if (cell < forNumbers) return;
    const { names } = this.layout;
    const { row, column, size } = this.window;
    const view = `.view.${this.isByShare ? 'share' : 'counts'}.${this.hasDiagonal ? 'all' : 'mistakes'}`;
    const strong = Number(this.cells.querySelector(view)?.getAttribute('data-strong'));
    const seen = (/** @type {number} */ place, /** @type {number} */ from) => place >= from && place + 1 <= from + size;
    for (const [actual, counts] of this.matrix.entries()) {
      if (!seen(actual, row)) continue;
      for (const [predicted, count] of counts.entries()) {
        if (count === 0 || !seen(predicted, column) || (actual === predicted && !this.hasDiagonal)) continue;
        const share = count / (this.labels[actual]?.support || 1);
        const shown = this.isByShare ? wholePercent(share) : String(count);
        const kind = (this.isByShare ? share : count) > strong ? 'on-strong' : null;
        const [x, y] = [names + (predicted + 0.5 - column) * cell, names + (actual + 0.5 - row) * cell];
        this.numbers.append(svg('text', { x: rounded(x), y: rounded(y), class: kind }, shown));
      }
    }
  }

  drawCross() {
    this.cross.replaceChildren();
    const { marked, layout, window } = this;
    if (marked === null) return;
    this.cross.append(...crosshair(marked, this.names, layout, window));
  }
}

/** @param {number} share */
const wholePercent = share => (share < 0.005 ? '<1' : String(Math.round(share * 100)));

/** @param {number} value */
const rounded = value => Math.round(value * 10) / 10;

/**
 * @param {Element} target
 * @param {Record<string, string | number>} values
 */
function attributes(target, values) {
  for (const [name, value] of Object.entries(values)) target.setAttribute(name, String(value));
}
