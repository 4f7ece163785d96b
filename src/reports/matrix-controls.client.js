import { MatrixPicture } from './confusion-matrix.client.js';
import { byId, counted, element, percent } from './element.client.js';

/** @import { TrainingData } from './training-data.ts' */
/** @import { Cell } from './confusion-matrix.client.js' */

const nearer = 1 / 1.7;
const farther = 1.7;

/**
 * Makes the picture of the matrix answer to a pointer and to keys: a cell is named under the pointer, stays marked when it
 * is pressed, and the arrow keys go from one to the next.
 * @param {TrainingData} data
 * @returns {{ show: (cell: Cell) => void, whenKept: (told: (cell: Cell | null) => void) => void }}
 */
export function matrixControls(data) {
  const frame = byId('matrix-frame', HTMLDivElement);
  const read = byId('read', HTMLDivElement);
  const tools = byId('matrix-tools', HTMLFormElement);
  const picture = new MatrixPicture(data);
  const unread = [...read.childNodes];
  /** @type {((cell: Cell | null) => void)[]} */
  const listeners = [];
  /** The cell that stays marked when the pointer leaves. @type {Cell | null} */
  let kept = null;

  /**
   * @param {Cell | null} cell
   * @param {{ isBrought?: boolean }} [how]
   */
  const mark = (cell, how) => {
    picture.mark(cell, how);
    read.replaceChildren(...(cell === null ? unread : reading(cell, data)));
  };
  /** @param {Cell | null} cell */
  const keep = cell => {
    kept = cell;
    mark(cell, { isBrought: true });
    for (const told of listeners) told(cell);
  };

  const buttons = zoomButtons(picture, data.labels.length);
  followPointer(frame, picture, {
    hover: cell => mark(cell ?? kept),
    press: cell => keep(cell === null || isSame(cell, kept) ? null : cell),
    zoomed: buttons.update,
  });
  frame.tabIndex = 0;
  frame.setAttribute('role', 'application');
  frame.setAttribute('aria-label', picture.picture.getAttribute('aria-label') ?? '');
  frame.setAttribute('aria-describedby', 'matrix-keys');
  frame.parentElement?.append(
    element(
      'p',
      { class: 'quiet keys', id: 'matrix-keys' },
      'Press a cell to keep it marked; drag what is zoomed; zoom in where not every name has room. Keys: arrows go to the next cell, with Shift to the next that is not empty; + − 0 zoom; Esc lets go.',
    ),
  );
  frame.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = arrows[event.key];
    if (direction !== undefined) keep(nextCell(kept, direction, event.shiftKey, data.matrix, picture.window));
    else if (event.key === '+' || event.key === '=') picture.zoom(nearer);
    else if (event.key === '-') picture.zoom(farther);
    else if (event.key === '0') picture.zoom(Number.POSITIVE_INFINITY);
    else if (event.key === 'Escape') keep(null);
    else return;
    event.preventDefault();
    buttons.update();
  });
  const choose = () => {
    const chosen = new FormData(tools);
    picture.isByShare = chosen.get('colour') !== 'counts';
    picture.hasDiagonal = !chosen.has('hide');
    picture.draw();
  };
  tools.addEventListener('input', choose);
  tools.addEventListener('submit', event => event.preventDefault());
  new ResizeObserver(() => picture.fit(frame.clientWidth)).observe(frame);
  picture.fit(frame.clientWidth);
  choose();

  return {
    show: cell => {
      keep(cell);
      frame.scrollIntoView({ block: 'nearest' });
    },
    whenKept: told => listeners.push(told),
  };
}

/** @type {Readonly<Record<string, { readonly down: number, readonly across: number }>>} */
const arrows = {
  ArrowUp: { down: -1, across: 0 },
  ArrowDown: { down: 1, across: 0 },
  ArrowLeft: { down: 0, across: -1 },
  ArrowRight: { down: 0, across: 1 },
};

/**
 * @param {Cell} a
 * @param {Cell | null} b
 */
const isSame = (a, b) => b !== null && a.actual === b.actual && a.predicted === b.predicted;

/**
 * One cell further, or at the next that is not empty; where there is none, the cell itself. The first is the first that is seen.
 * @param {Cell | null} from
 * @param {{ readonly down: number, readonly across: number }} direction
 * @param {boolean} isFar
 * @param {TrainingData['matrix']} matrix
 * @param {{ row: number, column: number }} window
 * @returns {Cell}
 */
function nextCell(from, { down, across }, isFar, matrix, { row, column }) {
  if (from === null) return { actual: Math.ceil(row), predicted: Math.ceil(column) };
  let next = { actual: from.actual + down, predicted: from.predicted + across };
  const countAt = (/** @type {Cell} */ cell) => matrix[cell.actual]?.[cell.predicted];
  while (isFar && countAt(next) === 0) next = { actual: next.actual + down, predicted: next.predicted + across };
  return countAt(next) === undefined ? from : next;
}

/**
 * What there is to say of a cell.
 * @param {Cell} cell
 * @param {TrainingData} data
 */
function reading({ actual, predicted }, { labels, matrix }) {
  const [of, as] = [labels[actual], labels[predicted]];
  const count = matrix[actual]?.[predicted] ?? 0;
  const support = of?.support ?? 0;
  const share = support === 0 ? '–' : percent(count / support);
  return [
    element('span', {}, 'actual ', element('b', {}, of?.name ?? '')),
    ' ',
    element('span', {}, 'predicted ', element('b', {}, as?.name ?? '')),
    ' ',
    element('span', { class: 'amount' }, element('b', {}, count), ` of ${counted(support, 'utterance')}, ${share}`),
  ];
}

/**
 * @param {MatrixPicture} picture
 * @param {number} labels
 */
function zoomButtons(picture, labels) {
  const place = byId('zoom', HTMLFieldSetElement);
  /**
   * @param {string} text
   * @param {string} name
   * @param {number} factor
   */
  const button = (text, name, factor) => {
    const made = element('button', { type: 'button', class: 'choice', 'aria-label': name, title: name }, text);
    made.addEventListener('click', () => {
      picture.zoom(factor);
      update();
    });
    return made;
  };
  const [closer, further, all] = [
    button('+', 'Zoom in', nearer),
    button('−', 'Zoom out', farther),
    button('Whole', 'The whole matrix', Number.POSITIVE_INFINITY),
  ];
  const update = () => {
    const isWhole = picture.window.size >= labels;
    further.disabled = isWhole;
    all.disabled = isWhole;
    picture.picture.classList.toggle('zoomed', !isWhole);
  };
  place.append(closer, further, all);
  place.hidden = labels < 9;
  update();
  return { update };
}

/**
 * Reports the cell under the pointer and the pressed cell; drags the zoomed picture.
 * @param {HTMLElement} frame
 * @param {MatrixPicture} picture
 * @param {{ hover: (cell: Cell | null) => void, press: (cell: Cell | null) => void, zoomed: () => void }} told
 */
function followPointer(frame, picture, { hover, press, zoomed }) {
  /** @type {{ place: PointerEvent, window: MatrixPicture['window'], hasMoved: boolean } | null} */
  let held = null;
  const target = picture.picture;
  target.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    held = { place: event, window: picture.window, hasMoved: false };
  });
  target.addEventListener('pointermove', event => {
    if (held === null) {
      hover(picture.cellAt(event));
      return;
    }
    const [right, down] = [event.clientX - held.place.clientX, event.clientY - held.place.clientY];
    if (!held.hasMoved && Math.hypot(right, down) < 5) return;
    if (!held.hasMoved) target.setPointerCapture(event.pointerId);
    held.hasMoved = true;
    const cell = picture.layout.side / picture.window.size;
    picture.look({ ...held.window, row: held.window.row - down / cell, column: held.window.column - right / cell });
  });
  target.addEventListener('pointerup', event => {
    if (held?.hasMoved) picture.settle();
    else if (held !== null) press(picture.cellAt(event));
    held = null;
  });
  target.addEventListener('pointercancel', () => {
    held = null;
  });
  target.addEventListener('pointerleave', () => {
    if (held === null) hover(null);
  });
  frame.addEventListener(
    'wheel',
    event => {
      // The wheel alone scrolls the page; with Ctrl, as a pinch on a touchpad says it, it zooms.
      if (!event.ctrlKey) return;
      event.preventDefault();
      picture.zoom(event.deltaY < 0 ? 1 / 1.2 : 1.2, picture.partsAt(event));
      zoomed();
    },
    { passive: false },
  );
}
