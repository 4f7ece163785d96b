const separators = [
  { character: ';', name: 'semicolons' },
  { character: '\t', name: 'tabs' },
  { character: '|', name: 'vertical bars' },
] as const;

/**
 * Why a CSV header does not have the names that are wanted, and what to do; `null` where the header does not show it.
 * @param names the header's fields, as separated by commas and without quotes
 * @param wanted column names; one of them in the header is enough to recognize its separator
 */
export function headerHint(names: readonly string[], wanted: readonly string[]): string | null {
  const [first = ''] = names;
  const own = /^sep=(.?)\s*$/i.exec(first);
  if (own !== null && names.length <= 2)
    return `the first line is "${first.trim()}${names.length === 2 ? ',' : ''}", which only spreadsheet programs understand. Remove this line, and separate the fields by commas`;
  for (const { character, name } of separators)
    if (names.join(',').split(character).some(isWanted))
      return `the fields are separated by ${name}. Separate them by commas, and write decimals with a point`;
  if (names.some(each => !wanted.includes(each) && isWanted(each)))
    return 'the column names have spaces or quotes around them. Remove the spaces next to the commas';
  const other = names.find(each => !wanted.includes(each) && wanted.includes(each.toLowerCase()));
  if (other !== undefined) return `the column ${other} must be written ${other.toLowerCase()}, in lower case`;
  return null;

  function isWanted(field: string): boolean {
    return wanted.includes(
      field
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .trim(),
    );
  }
}
