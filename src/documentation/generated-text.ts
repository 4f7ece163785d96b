import { MlopsError } from '../errors.ts';

/**
 * `document` with what is between `<!-- generated: name -->` and `<!-- end -->` replaced.
 * @throws MlopsError INTERNAL where the markers are missing
 */
export function withGenerated(document: string, name: string, content: string): string {
  const start = `<!-- generated: ${name} -->\n`;
  const end = '<!-- end -->';
  const from = document.indexOf(start);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new MlopsError('INTERNAL', `the document has no "${start.trim()}" … "${end}"`);
  return `${document.slice(0, from + start.length)}${content}${document.slice(to)}`;
}

/** A Markdown table. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`.replaceAll('|  |', '| |');
  return line(header) + line(header.map(() => '---')).replaceAll(' --- ', '---') + rows.map(line).join('');
}
