/** `Montagabend` is written as two words. */
const compound = /(tag|mittwoch|sonnabend)(?=(?:morgen|vormittag|nachmittag|mittag|abend)\b)/g;

/**
 * A phrase or a pattern without what people leave out or type differently: case, accents, the kind of apostrophe, space
 * and hyphen; German `ae`, `oe`, `ue` and `ß` are written as `a`, `o`, `u` and `ss`. Patterns and phrases are folded by
 * the same rule, so that they meet.
 */
export function fold(text: string, isGerman: boolean): string {
  const plain = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[’‘ʼ´]/g, "'")
    .replace(/[‐‑–]/g, '-')
    .replace(/ß/g, 'ss');
  return isGerman ? plain.replace(/([aou])e/g, '$1').replace(compound, '$1 ') : plain;
}

/** The words of a phrase with one space between them; commas between words are left out. */
export function words(phrase: string): string {
  return phrase
    .replace(/,(?=\s|$)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
