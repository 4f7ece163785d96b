/**
 * Scripts that are written without spaces between words: next to one of their characters a word may begin or end
 * anywhere.
 */
const unspaced = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map(script => `\\p{Script=${script}}`)
  .join('');
/** A character of a word, as Unicode Technical Standard 18 (annex C) defines `\w`, in a script with spaces. */
const wordCharacter = `(?![${unspaced}])[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]`;

/**
 * Whether a text holds one of `terms` as a whole word: with no character of a word directly before or after it. Case
 * does not count, nor does the normal form (composed or decomposed); accents do: `resume` is not found in `résumé`.
 * Characters of a term that are special in regular expressions have no meaning here; white space matches any white
 * space.
 * @param terms none of them blank
 */
export function wholeWordFinder(terms: readonly string[]): (text: string) => boolean {
  if (terms.length === 0) return () => false;
  const pattern = new RegExp(`(?<!${wordCharacter})(?:${terms.map(literal).join('|')})(?!${wordCharacter})`, 'u');
  return text => pattern.test(folded(text));
}

function literal(term: string): string {
  return folded(term)
    .trim()
    .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    .replace(/\s+/g, '\\s+');
}

/**
 * A form in which two texts are equal that differ by case or normal form only. Upper case first, because only it joins
 * `ß` with `SS`; the dotless ı is kept apart from i, as in Unicode's case folding.
 */
function folded(text: string): string {
  return text
    .normalize('NFD')
    .split('ı')
    .map(part => part.toUpperCase())
    .join('ı')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .normalize('NFD');
}
