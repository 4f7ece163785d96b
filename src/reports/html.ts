/** Markup that may be shown as it is: its parts have been escaped. Made by `html` alone. */
export class Html {
  readonly #markup: string;

  constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }
}

export type Content = Html | string | number | null | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as markup that shows it, within an element or within a quoted attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? '');
}

function markup(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.toString();
  if (typeof content === 'object') return content.map(markup).join('');
  return escaped(String(content));
}

/**
 * Markup as it is written, with everything put into it escaped, unless that is markup itself; lists are joined, and
 * `null` is nothing. A value belongs into an element's text or into a quoted attribute, nowhere else.
 */
export function html(written: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(written.map((part, index) => part + markup(contents[index] ?? null)).join(''));
}

/** A name that may be broken where it is long: names of labels are words joined without spaces. */
export function breakable(name: string): Content {
  return name.split(/(?<=[_\-./:])/).map((part, index) => (index === 0 ? part : html`<wbr>${part}`));
}

/**
 * An element that holds a value as JSON, for the page's script to read by the element's id: `<` is escaped, so that no
 * text in it can end the element.
 */
export function jsonElement(id: string, value: unknown): Html {
  const json = JSON.stringify(value).replaceAll('<', '\\u003c');
  return html`<script type="application/json" id="${id}">${new Html(json)}</script>`;
}
