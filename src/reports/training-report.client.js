import { byId, count, counted, element } from './element.client.js';
import { f1Chart } from './f1-chart.client.js';
import { matrixControls } from './matrix-controls.client.js';
import { makeSortable } from './sortable-table.client.js';

/** @import { LabelData, LabelSortKey, TrainingData } from './training-data.ts' */

/** @type {TrainingData} */
const data = JSON.parse(byId('data', HTMLScriptElement).text);

/** @type {Record<LabelSortKey, (label: LabelData) => string | number>} */
const sortValues = {
  name: label => label.name,
  support: label => label.support,
  predicted: label => label.predicted,
  precision: label => label.precision,
  recall: label => label.recall,
  f1: label => label.f1,
  mistaken: label => label.mistaken,
};

/**
 * @param {string} key
 * @returns {key is LabelSortKey}
 */
const isSortKey = key => key in sortValues;

/**
 * Shows the rows whose name or id contains the text.
 * @param {readonly HTMLTableRowElement[]} rows
 */
function makeFilter(rows) {
  const form = byId('filters', HTMLFormElement);
  const shown = byId('shown', HTMLOutputElement);
  const nothing = byId('no-match', HTMLParagraphElement);
  const texts = rows.map(row => (row.cells[0]?.textContent ?? '').toLowerCase());
  const filter = () => {
    const wanted = String(new FormData(form).get('text') ?? '')
      .trim()
      .toLowerCase();
    let matches = 0;
    for (const [index, row] of rows.entries()) {
      row.hidden = !texts[index]?.includes(wanted);
      if (!row.hidden) matches += 1;
    }
    shown.value =
      matches === rows.length ? counted(matches, 'label') : `${count(matches)} of ${counted(rows.length, 'label')}`;
    nothing.hidden = matches > 0;
  };
  form.addEventListener('input', filter);
  form.addEventListener('submit', event => event.preventDefault());
  form.hidden = false;
  filter();
}

/** Makes a button of whatever names a cell of the matrix; it shows the cell in the picture. */
function makeCellButtons() {
  const { show, whenKept } = matrixControls(data);
  const buttons = [...document.querySelectorAll('[data-cell]')].map(named => {
    const [actual = 0, predicted = 0] = (named.getAttribute('data-cell') ?? '').split(' ').map(Number);
    const title = 'Show in the picture';
    const button = element('button', { type: 'button', class: 'cell', 'aria-pressed': 'false', title });
    button.append(...named.childNodes);
    named.replaceChildren(button);
    button.addEventListener('click', () => show({ actual, predicted }));
    return { button, actual, predicted };
  });
  whenKept(cell => {
    for (const { button, actual, predicted } of buttons) {
      const isKept = cell !== null && cell.actual === actual && cell.predicted === predicted;
      button.setAttribute('aria-pressed', String(isKept));
    }
  });
}

const table = byId('label-table', HTMLTableElement);
const rows = [...(table.tBodies[0]?.rows ?? [])];
const labels = new Map(rows.map((row, index) => [row, data.labels[index]]));
makeSortable(table, (row, key) => {
  const label = labels.get(row);
  return label === undefined || !isSortKey(key) ? null : sortValues[key](label);
});
makeFilter(rows);
makeCellButtons();
const chart = document.getElementById('f1-chart');
if (data.thresholds !== null && chart !== null) {
  chart.hidden = false;
  chart.append(f1Chart(data.thresholds, chart.clientWidth));
}
