import { newerCharacters } from './reference-characters.ts';

/** A letter that no uncased BERT vocabulary holds: a word with it is unknown as a whole. */
const unknownLetter = '\ua000';

/** Ideographs outside the Basic Multilingual Plane that the reference takes for words of their own: extensions B to E. */
const ideographs = '[\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2b81f}\\u{2b920}-\\u{2ceaf}\\u{2f800}-\\u{2fa1f}]';

/** What the reference replaces otherwise than transformers.js, and by what; every character is in one of these at most. */
const rules = [
  // Lower case is taken character by character: a sigma at the end of a word is one as any other.
  { characters: 'Σ', replacement: 'σ' },
  { characters: ideographs, replacement: ' $& ' },
  { characters: `[${rangesOf(newerCharacters)}]`, replacement: unknownLetter },
  // Two that were punctuation, and two that were marks, when the reference's tables were made.
  { characters: '[\\u{166d}\\u{111c9}]', replacement: ` ${unknownLetter} ` },
  { characters: '[\\u{1734}\\u{1171e}]', replacement: '' },
].map(({ characters, replacement }) => ({ pattern: new RegExp(characters, 'gu'), replacement }));

/**
 * `text` with the characters replaced that transformers.js takes otherwise than the reference (the Rust `tokenizers` that
 * sentence-transformers uses): its token ids are then those of the reference. For models of uncased BERT.
 */
export function referenceText(text: string): string {
  // Most texts have none of these, all of which are above Latin.
  if (!/[^\0-\u02ff]/.test(text)) return text;
  return rules.reduce((result, { pattern, replacement }) => result.replace(pattern, replacement), text);
}

function rangesOf(hexadecimal: string): string {
  return hexadecimal
    .trim()
    .split(/\s+/)
    .map(range => range.replace(/[0-9a-f]+/g, '\\u{$&}'))
    .join('');
}
