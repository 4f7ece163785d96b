import { byId, count, element } from './element.client.js';
import { intentDetail } from './intent-detail.client.js';
import { detailOf, makeSortable } from './sortable-table.client.js';

/** @import { IntentData, SortKey, TuningData } from './tuning-data.ts' */

/** @type {TuningData} */
const data = JSON.parse(byId('data', HTMLScriptElement).text);

/** @typedef {ReturnType<typeof openable>} OpenableRow */

/**
 * Makes a button of the row's name, which opens what there is to see of its intent. That is drawn when it is first
 * asked for: a page has a thousand of them.
 * @param {HTMLTableRowElement} row
 * @param {IntentData | undefined} intent
 */
function openable(row, intent) {
  const [heading] = row.cells;
  if (intent === undefined || heading === undefined) throw new Error(`the row #${row.id} has no intent`);
  const name = heading.querySelector('b')?.textContent ?? '';
  const text = (heading.textContent ?? '').toLowerCase();
  const button = element('button', { type: 'button', class: 'opens', 'aria-expanded': 'false' }, ...heading.childNodes);
  heading.replaceChildren(button);

  /** @param {boolean} isOpen */
  const open = isOpen => {
    let detail = detailOf(row);
    if (detail === null) {
      const id = `${row.id}-detail`;
      detail = element(
        'tr',
        { class: 'detail', id },
        element('td', { colspan: row.cells.length }, intentDetail(name, intent, data)),
      );
      row.after(detail);
      button.setAttribute('aria-controls', id);
    }
    detail.hidden = !isOpen;
    button.setAttribute('aria-expanded', String(isOpen));
  };
  button.addEventListener('click', () => open(button.getAttribute('aria-expanded') === 'false'));
  return {
    row,
    intent,
    name,
    text,
    /** @param {boolean} isShown */
    show: isShown => {
      row.hidden = !isShown;
      const detail = detailOf(row);
      if (detail !== null) detail.hidden = !isShown || button.getAttribute('aria-expanded') === 'false';
    },
    /** Shows and opens the row, whatever is filtered. */
    reveal: () => {
      if (row.hidden) byId('filters', HTMLFormElement).reset();
      open(true);
      row.scrollIntoView({ block: 'start' });
      button.focus({ preventScroll: true });
    },
  };
}

/** @type {Record<SortKey, (row: OpenableRow) => string | number | null>} */
const sortValues = {
  name: ({ name }) => name,
  threshold: ({ intent }) => intent.threshold,
  interval: ({ intent: { interval } }) => (interval === null ? null : interval[1] - interval[0]),
  jScore: ({ intent }) => intent.jScore,
  rocAuc: ({ intent }) => intent.rocAuc,
  positives: ({ intent }) => intent.positives,
  negatives: ({ intent }) => intent.negatives,
  tpr: ({ intent }) => intent.rounded?.tpr ?? null,
  fpr: ({ intent }) => intent.rounded?.fpr ?? null,
  notes: ({ intent }) => intent.flags.length + intent.warnings.length,
};

/**
 * @param {string} key
 * @returns {key is SortKey}
 */
const isSortKey = key => key in sortValues;

/**
 * Shows the rows of the chosen kind whose name or id contains the text.
 * @param {readonly OpenableRow[]} rows
 */
function makeFilter(rows) {
  const form = byId('filters', HTMLFormElement);
  const shown = byId('shown', HTMLOutputElement);
  const nothing = byId('no-match', HTMLParagraphElement);
  /** @type {Record<string, (intent: IntentData) => boolean>} */
  const kinds = {
    flagged: ({ flags }) => flags.length > 0,
    warned: ({ warnings }) => warnings.length > 0,
    held: ({ isPushable }) => !isPushable,
  };
  const filter = () => {
    const fields = new FormData(form);
    const wanted = String(fields.get('text') ?? '')
      .trim()
      .toLowerCase();
    const isKind = kinds[String(fields.get('kind'))] ?? (() => true);
    let matches = 0;
    for (const row of rows) {
      const isShown = isKind(row.intent) && row.text.includes(wanted);
      row.show(isShown);
      if (isShown) matches += 1;
    }
    shown.value =
      matches === rows.length ? `${count(matches)} intents` : `${count(matches)} of ${count(rows.length)} intents`;
    nothing.hidden = matches > 0;
  };
  form.addEventListener('input', filter);
  // The fields have their first values again only after the event.
  form.addEventListener('reset', () => queueMicrotask(filter));
  form.addEventListener('submit', event => event.preventDefault());
  form.hidden = false;
  filter();
}

if (data.intents.length > 0) {
  const table = byId('intent-table', HTMLTableElement);
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((row, index) => openable(row, data.intents[index]));
  const byRow = new Map(rows.map(each => [each.row, each]));
  makeSortable(table, (row, key) => {
    const opened = byRow.get(row);
    return opened === undefined || !isSortKey(key) ? null : sortValues[key](opened);
  });
  makeFilter(rows);
  const openLinked = () => rows.find(({ row }) => `#${row.id}` === location.hash)?.reveal();
  addEventListener('hashchange', openLinked);
  openLinked();
}
