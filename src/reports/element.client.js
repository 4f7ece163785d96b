/**
 * What a page shows is built of elements and text, never of markup: a name is text, whatever it looks like.
 * @typedef {Node | string | number | null} Child
 * @typedef {Record<string, string | number | boolean | null>} Attributes
 */

/**
 * An element of HTML with its attributes (`null` and `false`: none) and children.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
export function element(name, attributes, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/**
 * An element of SVG.
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
export function svg(name, attributes, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/**
 * @template {Element} Filled
 * @param {Filled} target
 * @param {Attributes} attributes
 * @param {Child[]} children
 */
function filled(target, attributes, children) {
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== false) target.setAttribute(name, value === true ? '' : String(value));
  for (const child of children) if (child !== null) target.append(typeof child === 'number' ? String(child) : child);
  return target;
}

/**
 * The page's element of that id, which must be there and be of that kind.
 * @template {Element} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`this page has no ${kind.name} #${id}`);
  return found;
}

/** @param {number} value */
export const fixed = value => value.toFixed(3);

/** @param {readonly [number, number]} interval */
export const range = ([low, high]) => `${fixed(low)}–${fixed(high)}`;

/** @param {number} value */
export const count = value => value.toLocaleString('en-US');

/**
 * A share within 0..1 as a percentage with one decimal.
 * @param {number} share
 */
export const percent = share => `${(share * 100).toFixed(1)} %`;

/**
 * A count and what is counted, whose plural has an s.
 * @param {number} value
 * @param {string} one
 */
export const counted = (value, one) => `${count(value)} ${value === 1 ? one : `${one}s`}`;
