import { element } from './element.client.js';

const order = new Intl.Collator('en', { numeric: true });

/** @typedef {string | number | null} Value */

/**
 * Makes a button of each heading of a table that names, as `data-sort`, what its column is sorted by. It sorts the rows,
 * and the other way round when it is pressed again: numbers first from the highest, text from its start, and what has no
 * value at the end, always. Rows of equal values keep their order. A row of the class `detail` stays behind the one that
 * it belongs to.
 * @param {HTMLTableElement} table with one body
 * @param {(row: HTMLTableRowElement, key: string) => Value} valueIn
 */
export function makeSortable(table, valueIn) {
  const headings = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const heading of headings) {
    const key = heading.dataset.sort;
    if (key === undefined) continue;
    const button = element('button', { type: 'button', class: 'sorts' }, ...heading.childNodes);
    heading.replaceChildren(button);
    button.addEventListener('click', () => {
      const rows = rowsOf(table, row => valueIn(row, key));
      const first = rows.some(({ value }) => typeof value === 'string') ? 'ascending' : 'descending';
      const other = first === 'ascending' ? 'descending' : 'ascending';
      const direction = heading.getAttribute('aria-sort') === first ? other : first;
      for (const each of headings) each.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', direction);
      rows.sort((a, b) => compare(a.value, b.value, direction === 'ascending' ? 1 : -1));
      table.tBodies[0]?.append(...rows.flatMap(({ row, detail }) => (detail === null ? [row] : [row, detail])));
    });
  }
}

/**
 * @param {HTMLTableElement} table
 * @param {(row: HTMLTableRowElement) => Value} valueIn
 */
function rowsOf(table, valueIn) {
  return [...(table.tBodies[0]?.rows ?? [])]
    .filter(row => !row.classList.contains('detail'))
    .map(row => ({ row, value: valueIn(row), detail: detailOf(row) }));
}

/**
 * The row that belongs to this one and follows it.
 * @param {HTMLTableRowElement} row
 */
export function detailOf(row) {
  const next = row.nextElementSibling;
  return next instanceof HTMLTableRowElement && next.classList.contains('detail') ? next : null;
}

/**
 * @param {Value} a
 * @param {Value} b
 * @param {1 | -1} direction
 */
function compare(a, b, direction) {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return (a - b) * direction;
  return order.compare(String(a), String(b)) * direction;
}
